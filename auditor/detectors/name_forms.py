# SPDX-License-Identifier: Apache-2.0
"""What tells a name no list has: the endings of family names, and the first words of places.

Endings are patronymic and toponymic suffixes by language, as reference works on surnames list them
(https://en.wikipedia.org/wiki/List_of_family_name_affixes); only those that hardly any common word ends in.
"""

import re

from auditor.detectors.words import words

_FAMILY = re.compile(
    r"\w{2,}(?:"
    r"[eo]va?|(?:in|yn|sk|tsk|ck|dzk)(?:a|ij|iy|yi)|[eo]vich|ovych|[eo]vna|enko|chuk|czuk|tchouk|shenko|"  # East Slavic
    r"sk[iy]|ck[iy]|dzk[iy]|owicz|ewicz|czyk|czak|ská|cká|ový|"  # Polish, Czech, Slovak
    r"ovi[ćč]|evi[ćč]|i[ćč]|ovic|nik|"  # South Slavic
    r"escu|eanu|"  # Romanian
    r"opoulos|opoulou|idis|idou|akis|aki|oglou|ellis|"  # Greek
    r"o[ğg]lu|"  # Turkish
    r"shvili|adze|idze|edze|"  # Georgian
    r"[iy]an|yants?|"  # Armenian
    r"zadeh?|pour|nejad|"  # Persian
    r"sson|dóttir|dotter|sen|berg|qvist|kvist|ström|strøm|gren|lund|dahl|holm|blad|gaard|gård|"  # Scandinavian
    r"inen|onen|[aä]inen|"  # Finnish
    r"vičius|aitis|onis|auskas|iauskas|ienė|aitė|ytė|iņš|iņa|"  # Baltic
    r"mann|stein|berger|meier|meyer|huber|bauer|feld|"  # German
    r"[aeio]ńska|[aeio]ński|wald|"
    r"ez|es|"  # Spanish, Portuguese
    r"elli|etti|ini|ucci|azzi|"  # Italian
    r"wala|walla|swamy|murthy|singh|krishnan|nathan|reddy|gowda|kumar|"  # Indian
    r"yama|guchi|kami|moto|mura|[kg]awa|shita|[sz]aki|bayashi|"  # Japanese
    r"hashi|tani|hara|shima|jima|nishi|matsu|mizu|"
    r"stra|sma|inga|huis"  # Frisian, Dutch
    r")"
)
_PATRONYMIC = re.compile(r"(?:Mac|Mc|O['’]|Fitz|Van[A-Z]|De[A-Z])\w{3,}")
_WEAK = re.compile(r"\w+(?:[iy]an|in[aij]|sen|ez|es|nik|pour|ini|inga|stra|aki|elli|etti|ellis)")
"""Endings that words of everyday language have as well: these ask for a given name ahead."""

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
    return _PATRONYMIC.fullmatch(bare) is not None or (
        _FAMILY.fullmatch(bare) is not None and _WEAK.fullmatch(bare) is None
    )
