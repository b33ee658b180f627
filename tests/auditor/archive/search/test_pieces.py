# SPDX-License-Identifier: Apache-2.0
"""Pieces hold what was put in, joined, thinned and stored, and answer as a look at every word would."""

from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.archive.search.pieces import Packed, Piece, Stored, gathered, merged, packed
from auditor.archive.search.words import Part

type Texts = dict[int, set[bytes]]

few = settings(max_examples=50)
edge = st.sampled_from(["", "\n"])
words = st.sets(st.text("abcé", min_size=1, max_size=4).map(str.encode), min_size=1, max_size=6)
texts = st.dictionaries(st.integers(1, 3000), words, min_size=1, max_size=15)


def held(piece: Piece) -> Texts:
    found: Texts = {}
    for word, call in zip(piece.held.tolist(), piece.calls.tolist(), strict=True):
        found.setdefault(call, set()).add(piece.words[word])
    assert piece.words == sorted({word for of in found.values() for word in of})
    return found


def stored(of: Texts) -> Stored:
    return Stored.of(packed(gathered(of)))


@few
@given(texts)
def test_what_is_stored_comes_back(given_: Texts) -> None:
    assert held(stored(given_).piece()) == given_
    assert packed(gathered(given_))[:3] == (min(given_), max(given_), sum(map(len, given_.values())))


@few
@given(texts, texts)
def test_two_pieces_are_one(one: Texts, other: Texts) -> None:
    later = {call + 3000: words for call, words in other.items()}
    both = merged(gathered(one), stored(later).piece())
    assert held(both) == one | later
    assert packed(both) == packed(gathered(one | later))


@few
@given(texts, st.sets(st.integers(1, 3000)))
def test_calls_that_go_take_their_words_along(given_: Texts, gone: set[int]) -> None:
    gone |= set(list(given_)[::2])
    assert held(gathered(given_).without(gone)) == {n: words for n, words in given_.items() if n not in gone}


@few
@given(texts, st.lists(st.tuples(edge, st.text("abcé", min_size=1, max_size=3), edge), min_size=1, max_size=3))
def test_holders_are_those_of_a_look_at_every_word(given_: Texts, asked: list[tuple[str, str, str]]) -> None:
    needles = tuple("".join(one).encode() for one in asked)
    held_by = [n for n, of in sorted(given_.items()) if all(_held(of, needle) for needle in needles)]
    assert stored(given_).holders([Part(needles, exact=True)]).tolist() == held_by


def _held(of: set[bytes], needle: bytes) -> bool:
    return any(needle in b"\n" + word + b"\n" for word in of)


def test_where_no_word_holds_what_is_asked_for_the_rest_is_not_read() -> None:
    words = packed(gathered({7: [b"harvest"]})).words

    def rest() -> Packed:
        raise AssertionError

    assert Stored(words, rest).holders([Part((b"nobody",), exact=True)]).tolist() == []
