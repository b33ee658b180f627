# SPDX-License-Identifier: Apache-2.0
"""Names: what is one, and what looks like one. All material is made up here."""

import pytest

from auditor.detectors import Scanner
from auditor.detectors.persons.forms import has_family_ending

SCANNER = Scanner()


def names(text: str) -> list[str]:
    return [text[m.start : m.end] for m in SCANNER.scan(text, types={"PERSON"})]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Full name: Wilhelmina Ortega", "Wilhelmina Ortega"),
        ("What is your last name?\nBrzozowicz", "Brzozowicz"),
        ("Hi Freya, how are you?", "Freya"),
        ("we met Zuzka Kotorashvili there", "Zuzka Kotorashvili"),
        ("a letter from Quarvo T. Lindell about it", "Quarvo T. Lindell"),
        ("so Dr. Okonjabi said", "Dr. Okonjabi"),
        ("by order of Ludwig van der Broek today", "Ludwig van der Broek"),
        ("Met vriendelijke groet,\nPim Haverkort", "Pim Haverkort"),
        ("меня зовут Лариса", "Лариса"),
        ("私の名前は佐藤です", "佐藤です"),
    ],
)
def test_finds(text: str, name: str) -> None:
    assert name in names(text)


@pytest.mark.parametrize(
    "text",
    [
        "The Quick Start Guide explains Every Option",
        "a flight from San Marino to El Salvador and North Macedonia",
        "the Danish rules for Swedish clients",
        "class JohnSmith(Base): pass",
        "see docs/Peter/readme and <Anna> in the template",
        "Martin Industries Ltd was founded here",
        "What is the name?\nThe name of the option.",
    ],
)
def test_leaves_near_misses_alone(text: str) -> None:
    assert names(text) == []


def test_later_mentions_by_part_of_the_name() -> None:
    text = "Tadeusz Wrzesniewski called. Ask Wrzesniewski again; not wrzesniewski@example.org, not x.Wrzesniewski"
    assert names(text) == ["Tadeusz Wrzesniewski", "Wrzesniewski"]


@pytest.mark.parametrize("word", ["Kotorashvili", "Brandqvist", "Hondayama", "McAlloway", "Wiśniewska", "Rossi-Petrov"])
def test_endings_of_family_names(word: str) -> None:
    assert has_family_ending(word)


@pytest.mark.parametrize("word", ["Options", "Indian", "Sen", "Configuration", "Linda", "Between", "Series", "Clinic"])
def test_endings_of_other_words(word: str) -> None:
    assert not has_family_ending(word)
