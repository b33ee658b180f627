# SPDX-License-Identifier: Apache-2.0
"""The organisation's own data: dictionaries, expressions, known documents, and the folder that names them."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.calls import Match
from auditor.detectors import Scanner
from auditor.detectors.own.dictionaries import Dictionaries, Dictionary
from auditor.detectors.own.organisation import FINGERPRINTS, TYPES, Organisation
from auditor.detectors.own.patterns import CustomPatterns
from auditor.detectors.view import View
from auditor.errors import InputError
from auditor.policy import POLICY
from auditor.policy.model import CustomPattern

WORDS = Dictionary(name="projects", terms=("Acme", "Acme Corp", "Blue  Heron", "社外", "C++"))
CODES = Dictionary(name="codes", terms=("ZEUS",), match_case=True)


def terms(text: str) -> list[tuple[str | None, str]]:
    return [(m.subtype, text[m.start : m.end]) for m in Dictionaries([WORDS, CODES]).matches(View(text))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("about ACME CORP.", [("projects", "ACME CORP")]),
        ("the Acme corporation", [("projects", "Acme")]),
        ("met blue\nheron twice", [("projects", "blue\nheron")]),
        ("これは株社外秘です", [("projects", "社外")]),
        ("written in c++, mostly", [("projects", "c++")]),
        ("zeus and ZEUS", [("codes", "ZEUS")]),
        ("İstanbul acme", [("projects", "acme")]),
        ("acmes, acme_corp, macme, blueheron, ZEUSS", []),
    ],
)
def test_terms_are_whole_words(text: str, found: list[tuple[str, str]]) -> None:
    assert terms(text) == found


def test_terms_across_the_pieces_of_a_long_text() -> None:
    text = "x " * 32_766 + "blue heron"
    assert terms(text) == [("projects", "blue heron")]


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
def test_a_term_is_found_behind_any_text(prefix: str) -> None:
    assert ("projects", "Blue Heron") in terms(f"{prefix} Blue Heron")


@pytest.mark.parametrize("term", ["", " ", "x"])
def test_terms_too_short_to_mean_anything_are_refused(term: str) -> None:
    with pytest.raises(InputError, match="fewer than 2"):
        Dictionaries([Dictionary(name="d", terms=(term,))])


NUMBER = CustomPattern(name="customer", expression=r"\bKD-[0-9]{6}\b", context=("Kunde",))


@pytest.mark.parametrize(
    ("text", "found"),
    [("für Kunde KD-123456 ü", ["KD-123456"]), ("für wen KD-123456", []), ("Kunde KD-1234567", [])],
)
def test_expressions_with_context(text: str, found: list[str]) -> None:
    assert [text[m.start : m.end] for m in CustomPatterns([NUMBER]).matches(View(text))] == found


@pytest.mark.parametrize("expression", ["(open", "a*", r"(?<=x)y", r"(a)\1"])
def test_expressions_that_cannot_be_are_refused(expression: str) -> None:
    with pytest.raises(InputError, match="customer"):
        CustomPatterns([CustomPattern(name="customer", expression=expression)])


def test_no_expression_takes_its_time() -> None:
    hostile = CustomPattern(name="slow", expression=r"(a+)+$")
    assert list(CustomPatterns([hostile]).matches(View("a" * 50_000 + "b"))) == []


def matches(folder: Path, text: str) -> list[Match]:
    return list(Organisation.of(folder).matches(View(text), TYPES))


def test_a_folder_says_what_is_its_own(tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_text("# customers\nWayne Enterprises\n\n", encoding="utf-8")
    (tmp_path / POLICY).write_text(
        '[data]\n[[data.dictionary]]\nname = "customers"\nfile = "names.txt"\n'
        '[[data.pattern]]\nname = "file"\nexpression = \'AZ [0-9]+/[0-9]{2}\'\n[organisation]\nname = "x"\n',
        encoding="utf-8",
    )
    found = matches(tmp_path, "AZ 12/26 is about wayne enterprises")
    assert [(m.type, m.subtype, m.start, m.end, m.masked) for m in found] == [
        ("DICTIONARY", "customers", 18, 35, "…"),
        ("CUSTOM_PATTERN", "file", 0, 8, "…"),
    ]


def test_an_empty_folder_has_nothing_of_its_own(tmp_path: Path) -> None:
    assert matches(tmp_path, "Wayne Enterprises") == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (POLICY, b"[data"),
        (POLICY, b"\xff"),
        (POLICY, b"[data]\nwords = 3"),
        (POLICY, b'[[data.dictionary]]\nname = "x"\nfile = "gone.txt"'),
        (FINGERPRINTS, b"\x93abc"),
    ],
)
def test_broken_files_are_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=r"policy\.toml|fingerprints\.idx|gone\.txt"):
        Organisation.of(tmp_path)


def test_the_scanner_reports_own_data_beside_the_rest(tmp_path: Path) -> None:
    (tmp_path / POLICY).write_text('[[data.dictionary]]\nname = "people"\nterms = ["eve@mail.example.net"]\n')
    scanner = Scanner(Organisation.of(tmp_path))
    text = "é eve@mail.example.net"
    assert [(m.type, m.start) for m in scanner.scan(text)] == [("DICTIONARY", 2), ("EMAIL", 2)]
    assert [m.type for m in scanner.scan(text, types={"DICTIONARY"})] == ["DICTIONARY"]
    assert Scanner().scan(text, types={"DICTIONARY"}) == ()


def test_floods_of_terms_are_bounded_and_told(tmp_path: Path) -> None:
    (tmp_path / POLICY).write_text('[[data.dictionary]]\nname = "x"\nterms = ["ab"]\n')
    result = Scanner(Organisation.of(tmp_path)).examine("ab " * 20_000)
    assert result.truncated
    assert len(result.matches) <= 10_000
