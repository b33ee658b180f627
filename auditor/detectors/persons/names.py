# SPDX-License-Identifier: Apache-2.0
"""The gazetteer of names, and what a word in it may mean."""

from functools import cache
from importlib import resources
from typing import NamedTuple

from auditor.detectors.persons.forms import COUNTRIES, DEMONYMS
from auditor.detectors.words import words


class Names(NamedTuple):
    """Given names, family names, and common words, capitalised."""

    given: frozenset[str]
    family: frozenset[str]
    common: frozenset[str]

    def is_given(self, word: str) -> bool:
        """A given name, in the written or (for words in capitals) in the usual case."""
        return word in self.given or (word.isupper() and word.title() in self.given)

    def is_family(self, word: str) -> bool:
        """A family name, as above; each part of a double name counts."""
        parts = word.split("-")
        return any(part in self.family or (part.isupper() and part.title() in self.family) for part in parts)

    def is_common(self, word: str) -> bool:
        """Also a word of the language, a place or a product."""
        return word in self.common or (word.isupper() and word.title() in self.common)


_PLACES_AND_DAYS = words(
    "January February March April May June July August September October November December Monday Tuesday "
    "Wednesday Thursday Friday Saturday Sunday Paris London Jordan Georgia Virginia Chelsea Austin Dallas "
    "Brooklyn Sydney Florence Israel Kenya India China America Africa Asia Europe Holland England Scotland "
    "Ireland Britain Boston Houston Lincoln Washington Madison Jackson Columbus Phoenix Orlando Carolina Dakota "
    "Montana Alexandria Geneva Vienna Milan Verona Roma Siena Cairo Kent York Chester Lancaster Bristol Berlin "
    "Hamburg Odessa Victoria Adelaide Malta Cuba Chad Java Python Ruby Julia Perl Django Flask Jenkins Travis "
    "Apache Jasmine Sphinx Pandas Grafana Oracle Microsoft Google Amazon Apple Docker Linux Windows Ubuntu Debian "
    "Fedora Git Rust Swift Kotlin Scala Dart Elixir Angular React Vue Claude Gemini Llama Alexa Siri Cortana "
    "Watson Tesla Ford Mercedes Jupyter Jinja Celery Redis Mongo Maven Gradle English French German Spanish "
    "Italian Chinese Japanese Russian Christian Muslim Roman Greek Christmas Easter Bible Street Avenue Road Lane "
    "Drive University College School Church Hospital Hotel Park Bank Company Group Inc Corp Ltd The This That "
    "These Those What When Where Which Who Why How And But For Not You Your All Any Are Can Was Were Has Have Had "
    "Our Out Now New Old One Two See Use Used Using With From Into Over Under After Before Please Thanks Thank "
    "Sie Ich Wir Ihr Der Die Das Ein Eine Il La Le Les Los Las El Un Una Je Nous Vous Yo Eu Moro Vivo Abito "
    "Monday Dear Hello Hi Hey Best Kind Regards Yours Sincerely Cheers Sir Madam Team Support Customer Service "
    "Manager Director President Doctor Professor Lord Lady King Queen Prince Princess Saint God Jesus Christ Ms "
    "Mr Mrs Dr No Yes"
)


@cache
def load() -> Names:
    """The list as it was built (`auditor.detectors.data.build`)."""
    given, family, common = set(), set(), set(_PLACES_AND_DAYS | COUNTRIES | DEMONYMS)
    text = resources.files("auditor.detectors.data").joinpath("names.tsv").read_text("utf-8")
    words = resources.files("auditor.detectors.data").joinpath("words.txt").read_text("utf-8")
    common.update(word.capitalize() for word in words.splitlines() if not word.startswith("#"))
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        name, _, kinds = line.partition("\t")
        if "f" in kinds:
            given.add(name)
        if "l" in kinds:
            family.add(name)
    return Names(frozenset(given), frozenset(family), frozenset(common))
