# SPDX-License-Identifier: Apache-2.0
"""Rows beside the outputs they came from."""

from hypothesis import given
from hypothesis import strategies as st

from auditor.distillation.alignment import LEAST, align
from auditor.privacy.words import words
from tests.auditor.distillation.material import edited, prose

WORDS = st.lists(st.sampled_from(["salt", "boat", "river", "Elm", "straße", "2nd"]), max_size=40).map(" ".join)


def test_a_copy_is_one_piece_whatever_its_layout() -> None:
    text = prose("a", 60)
    pieces = align(text, "Well:\n\n" + text.upper().replace(" ", "\n"))
    assert [(one.row_start, one.row_end, one.words) for one in pieces] == [(0, len(text), 60)]


def test_an_edited_copy_is_several_pieces_and_a_foreign_text_none() -> None:
    text = prose("b", 120)
    pieces = align(edited(text, 0.15, "e"), text)
    assert len(pieces) > 2
    assert sum(one.words for one in pieces) > 40
    assert align(prose("c", 120), text) == ()


@given(WORDS, WORDS)
def test_pieces_hold_the_same_words_and_never_overlap(row: str, output: str) -> None:
    last = 0
    for piece in align(row, output):
        assert piece.row_start >= last
        last = piece.row_end
        here = words(row[piece.row_start : piece.row_end])
        assert here == words(output[piece.output_start : piece.output_end])
        assert len(here) == piece.words >= LEAST


@given(WORDS)
def test_a_text_stands_in_itself(text: str) -> None:
    assert sum(one.words for one in align(text, text)) == (len(words(text)) if len(words(text)) >= LEAST else 0)
