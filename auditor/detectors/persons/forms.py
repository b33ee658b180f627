# SPDX-License-Identifier: Apache-2.0
"""What tells a name no list has: the endings of family names, and the first words of places.

Endings are patronymic and toponymic suffixes by language, as reference works on surnames list them
(https://en.wikipedia.org/wiki/List_of_family_name_affixes); only those that hardly any common word ends in.
"""

import re

from auditor.detectors.words import words

_ENDINGS = tuple(
    words(
        "ev eva ov ova inij iniy inyi yna ynij yniy ynyi ska skij skiy skyi cka ckij ckiy ckyi dzka dzkij dzkiy dzkyi "
        "evich ovich ovych evna ovna enko chuk czuk tchouk "  # East Slavic
        "ski sky cki cky dzki dzky owicz ewicz czyk czak ská cká ový "  # Polish, Czech, Slovak
        "ić ič ovic "  # South Slavic
        "escu eanu "  # Romanian
        "opoulos opoulou idis idou akis oglou "  # Greek
        "oğlu oglu "  # Turkish
        "shvili adze idze edze "  # Georgian
        "yant yants zade zadeh nejad "  # Armenian, Persian
        "sson dóttir dotter berg qvist kvist ström strøm gren lund dahl holm blad gaard gård "  # Scandinavian
        "inen onen "  # Finnish
        "vičius aitis onis auskas ienė aitė ytė iņš iņa "  # Baltic
        "mann stein berger meier meyer huber bauer feld wald "  # German
        "ucci azzi "  # Italian
        "wala walla swamy murthy singh krishnan nathan reddy gowda kumar "  # Indian
        "yama guchi kami moto mura kawa gawa shita bayashi hashi tani hara shima jima nishi matsu mizu "  # Japanese
        "sma huis"  # Frisian, Dutch
    )
)
"""Without those that words of everyday language have as well (-es, -sen, -ian, -ini): these ask for a given name."""
_BEFORE_ENDING = 2
"""Letters that stand before an ending at least."""
_HEADS = ("Mac", "Mc", "O'", "O’", "Fitz", "Van", "De")
_PATRONYMIC = re.compile(r"(?:Mac|Mc|O['’]|Fitz|Van[A-Z]|De[A-Z])\w{3,}")

PLACE_HEADS = words(
    "San Santa Santo São Saint Sankt Sainte St St. El Al Los Las La Le North South East West Northern Southern "
    "Eastern Western Central Upper Lower Great Greater New Old Fort Port Porto Puerto Mount Monte Lake Cape Villa "
    "Ville Den Bad Costa Isla Ciudad Rio Río Los Nova Novi Nowy Stary Stara Velika Mala Tel Abu Ulan Kuala Hong"
)
"""First words of places rather than of persons."""

DEMONYMS = words(
    "Afghan Albanian Algerian American Andorran Angolan Arab Arabic Argentine Argentinian Armenian Asian Australian "
    "Austrian Azerbaijani Bahraini Bangladeshi Basque Bavarian Belarusian Belgian Bolivian Bosnian Brazilian British "
    "Bulgarian Burmese Cambodian Cameroonian Canadian Catalan Chilean Chinese Colombian Croatian Cuban Cypriot Czech "
    "Danish Dominican Dutch Ecuadorian Egyptian English Estonian Ethiopian European Finnish Flemish French Georgian "
    "German Ghanaian Greek Guatemalan Hawaiian Hebrew Hungarian Icelandic Indian Indonesian Iranian Iraqi Irish "
    "Israeli Italian Japanese Jewish Jordanian Kazakh Kenyan Korean Kurdish Kuwaiti Latvian Lebanese Libyan "
    "Lithuanian Macedonian Malay Malaysian Maltese Mexican Moldovan Mongolian Moroccan Nepalese Nepali Nigerian "
    "Norwegian Pakistani Palestinian Persian Peruvian Philippine Polish Portuguese Romanian Russian Saudi Scottish "
    "Serbian Singaporean Slovak Slovenian Somali Spanish Sudanese Swedish Swiss Syrian Taiwanese Tanzanian Thai "
    "Tunisian Turkish Ugandan Ukrainian Uruguayan Uzbek Venezuelan Vietnamese Welsh Yemeni"
)
COUNTRIES = words(
    "Afghanistan Albania Algeria Andorra Angola Argentina Armenia Australia Austria Azerbaijan Bahrain Bangladesh "
    "Belarus Belgium Belize Benin Bhutan Bolivia Bosnia Botswana Brazil Brunei Bulgaria Burundi Cambodia Cameroon "
    "Canada Chile Colombia Congo Croatia Cyprus Czechia Denmark Djibouti Dominica Ecuador Egypt Eritrea Estonia "
    "Eswatini Ethiopia Fiji Finland France Gabon Gambia Germany Ghana Greece Grenada Guatemala Guinea Guyana Haiti "
    "Honduras Hungary Iceland Indonesia Iran Iraq Italy Jamaica Japan Kazakhstan Kiribati Korea Kosovo Kuwait "
    "Kyrgyzstan Laos Latvia Lebanon Lesotho Liberia Libya Liechtenstein Lithuania Luxembourg Madagascar Malawi "
    "Malaysia Maldives Mali Mauritania Mauritius Mexico Micronesia Moldova Monaco Mongolia Montenegro Morocco "
    "Mozambique Myanmar Namibia Nauru Nepal Netherlands Nicaragua Niger Nigeria Norway Oman Pakistan Palau Palestine "
    "Panama Paraguay Peru Philippines Poland Portugal Qatar Romania Russia Rwanda Samoa Senegal Serbia Seychelles "
    "Singapore Slovakia Slovenia Somalia Spain Sudan Suriname Sweden Switzerland Syria Taiwan Tajikistan Tanzania "
    "Thailand Togo Tonga Trinidad Tobago Tunisia Turkey Turkmenistan Tuvalu Uganda Ukraine Uruguay Uzbekistan Vanuatu "
    "Venezuela Vietnam Wales Yemen Zambia Zimbabwe Alabama Alaska Arizona Arkansas California Colorado Connecticut "
    "Delaware Florida Hawaii Idaho Illinois Indiana Iowa Kansas Kentucky Louisiana Maine Maryland Massachusetts "
    "Michigan Minnesota Mississippi Missouri Nebraska Nevada Ohio Oklahoma Oregon Pennsylvania Tennessee Texas Utah "
    "Vermont Wisconsin Wyoming Ontario Quebec Alberta Manitoba Bavaria Saxony Catalonia Tuscany Lombardy Normandy"
)


def has_family_ending(word: str) -> bool:
    """Whether a capitalised word ends (or begins) as family names do, and few other words."""
    bare = word.rpartition("-")[2]
    if len(bare) < 5:
        return False
    if bare.endswith(_ENDINGS, _BEFORE_ENDING):
        return "'" not in bare and "’" not in bare
    return bare.startswith(_HEADS) and _PATRONYMIC.fullmatch(bare) is not None
