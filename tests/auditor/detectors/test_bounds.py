# SPDX-License-Identifier: Apache-2.0
"""What must hold of any text: time is bounded, what stands far apart does not disturb, masks cover what is found."""

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.detectors import Scanner
from auditor.privacy.masking import mask
from tests.auditor.detectors.test_scanner import FOUND

SCANNER = Scanner()
SIZE = 100_000
ALLOWED_S = 4.0
"""CPU seconds; the budget of a scan is 1.5, the rest is for slow machines. A catastrophic expression takes minutes."""
PIECES = [
    *"aA0 1.,:;-_=+/\\\"'`<>()[]{}|@#$%&*\n\t",
    *("key", "token", "password", "name", "Mr. ", "Smith", "://", "-----BEGIN ", "eyJ", "sk-", "AKIA", "ssn ", "tel "),
    *("Street", "12 ", "geb. ", "é", "Ω", "村", "\u200d", "default", "value=", "=>", "||", "\\u0041", "&quot;", "```"),
]
APART = "\n\n" + "lorem ipsum dolor sit amet\n" * 20 + "\n"


@settings(max_examples=25)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=6), st.lists(st.sampled_from(PIECES), max_size=4))
def test_no_text_takes_long(pieces: list[str], end: list[str]) -> None:
    piece = "".join(pieces)
    text = piece * (SIZE // len(piece)) + "".join(end)
    began = time.thread_time()
    SCANNER.examine(text)
    assert time.thread_time() - began < ALLOWED_S, pieces


@settings(max_examples=25)
@given(st.lists(st.sampled_from(FOUND), min_size=2, max_size=5, unique=True))
def test_what_stands_far_apart_is_found_as_if_alone(cases: list[tuple[str, str, str]]) -> None:
    whole = APART.join(text for _, text, _ in cases)
    found = {(match.type, whole[match.start : match.end]) for match in SCANNER.scan(whole)}
    assert {(type_, value) for type_, _, value in cases} <= found


@settings(max_examples=40)
@given(st.lists(st.sampled_from(FOUND), min_size=1, max_size=4), st.text(max_size=20))
def test_masking_leaves_at_most_a_quarter_of_any_value(cases: list[tuple[str, str, str]], between: str) -> None:
    text = f"\n{between}\n".join(text for _, text, _ in cases)
    matches = SCANNER.scan(text)
    for match in matches:
        shown = match.masked.replace("…", "")
        assert len(shown) <= (match.end - match.start) // 4
    hidden = mask(text, matches)
    for type_, _, value in cases:
        whole = [text[m.start : m.end] for m in matches if m.type == type_]
        if len(value) > 8 and value in whole and between not in value:
            assert value not in hidden
