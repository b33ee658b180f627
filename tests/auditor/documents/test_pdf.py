# SPDX-License-Identifier: Apache-2.0
"""PDFs are read page by page; locked, empty, endless and broken ones say so."""

from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.documents import Extracted, Unread
from tests.auditor.documents.material import locked, pdf, read


def test_each_page_stands_below_its_number() -> None:
    found = read("pdf", pdf("first page", "mail ann@example.org"))
    assert found == Extracted("[page 1]\nfirst page\n[page 2]\nmail ann@example.org\n")


def test_a_locked_and_a_silent_one_are_named() -> None:
    assert read("pdf", locked(pdf("secret"))) == Extracted("", Unread.ENCRYPTED)
    assert read("pdf", pdf("")) == Extracted("", Unread.NO_TEXT)


def test_a_page_tree_that_holds_itself_ends() -> None:
    endless = pdf("x").replace(b"/Kids [4 0 R]", b"/Kids [2 0 R]")
    assert read("pdf", endless).unread in (Unread.BROKEN, Unread.NO_TEXT)


@settings(max_examples=40)
@given(st.integers(0, 700), st.binary(min_size=1, max_size=20))
def test_any_damage_ends_with_a_reason_or_a_text(place: int, junk: bytes) -> None:
    whole = pdf("one", "two")
    found = read("pdf", whole[:place] + junk + whole[place + len(junk) :])
    assert found.unread is not None or found.text
