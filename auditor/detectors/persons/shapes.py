# SPDX-License-Identifier: Apache-2.0
"""What a name looks like in scripts with capitals: runs of capitalised words, particles, titles."""

import re

from auditor.calls import Match
from auditor.detectors.masks import found
from auditor.detectors.persons.words import ORGANISATION
from auditor.detectors.view import View
from auditor.detectors.words import words


def _ranges(upper: bool) -> str:
    """Upper-case or lower-case letters of the cased scripts, as ranges of a character class."""
    letters = [chr(code) for code in range(0x41, 0x588) if (chr(code).isupper() if upper else chr(code).islower())]
    return "".join(re.escape(letter) for letter in letters)


UP, LOW = _ranges(True), _ranges(False)
_REST = rf"[{UP}{LOW}\u02bc]*(?:['’][{UP}][{UP}{LOW}]+)?"
_WORD = rf"[{UP}]{_REST}"
NAME = rf"{_WORD}(?:[-‑]{_WORD})*"
_PARTICLE = (
    r"(?:van der|van den|van de|van 't|von der|von dem|von|van|de la|de las|de los|de le|de|del|della|di|da|dos|"
    r"das|do|du|"
    r"des|le|la|el|al|bin|bint|ibn|ben|ter|ten|zu|af|av|y|e|bte|ap|mac|st\.)"
)
RUN = re.compile(  # what must not stand ahead is asked behind the first letter, so that the letter is looked for first
    rf"[{UP}](?<![\w@#$/\\.&-].){_REST}(?:[-‑]{_WORD})*(?:[ \u00a0](?:[{UP}]\.(?:[ ]?[{UP}]\.)*|{NAME})){{0,9}}"
)
_JOINED = re.compile(rf"[ \u00a0]{_PARTICLE}[ \u00a0]{NAME}(?:[ \u00a0]{NAME})*")
NO_END = re.compile(r"[\w@]|['’]t\b|\.\w|://|\(")
TOKEN = re.compile(r"\S+")
_TITLES = words(
    "mr mrs ms miss mx dr prof professor doctor sir madam rev hon judge senator herr frau hr fru dhr mevr mevrouw mme "
    "mlle monsieur madame mademoiselle maître sr sra srta señor señora senhor senhora doña dona sig sig.ra sig.na "
    "signor signora dott dott.ssa dr.ssa avv ing mag pan pani paní pán mgr mudr bc bay bayan sayın lic arq abg datuk "
    "dato puan bapak ibu ông bà mzee bwana г-н г-жа пан пані κος κα"
)


def is_title(word: str) -> bool:
    """Whether a word is a title ahead of a name, in any case, with its full stop or without."""
    return word.lower().removesuffix(".") in _TITLES


def is_organisation(text: str) -> bool:
    """Whether a word of a run is one that organisations and places carry."""
    return not ORGANISATION.isdisjoint(text.replace(",", " ").split())


def is_cased(letter: str) -> bool:
    """Whether a letter belongs to a script with capitals."""
    return letter.isupper() or letter.islower()


def person(view: View, start: int, end: int, score: float) -> Match:
    """The match of a name, with what particles join to it behind."""
    joined = _JOINED.match(view.text, end, end + 60)
    text = view.text[start : joined.end() if joined else end].rstrip(".,;: ")
    return found("PERSON", start, start + len(text), text, None, score)
