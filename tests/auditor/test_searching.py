# SPDX-License-Identifier: Apache-2.0
"""Contents searched by their words: the answer of opening every one, a record before anything, nothing left behind."""

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

import pytest

from auditor import searching
from auditor.archive import Archive, Filter, Sort, listing
from auditor.archive.schema import word_pieces
from auditor.archive.search import held
from auditor.archive.search.pieces import Packed, Stored
from auditor.detectors import Scanner
from auditor.errors import CheckFailed, EnvironmentFailure, InputError
from auditor.pipeline import Pipeline
from auditor.privacy import Pseudonyms, texts
from auditor.providers import Providers
from auditor.searching import Searched
from auditor.store import LedgerReader, LedgerWriter, erasing
from auditor.store.erasing import Scope
from auditor.store.format.records import Draft, Started
from tests.auditor.archive.conftest import T0, Store, filled, intent, make_store, store
from tests.auditor.archive.test_archive import accesses, exchange

__all__ = ["filled", "store"]

Fill = Callable[..., Archive]
CANARY = "Kaleidoscope"
SAID = (
    f"the {CANARY} of Straße 4711, jane.doe@example.org",
    "kaleido scope; see src/auditor/archive/search/pieces.py:42",
    "合同书在这里 and " + "0123456789abcdef" * 5,
    "KALEIDOSCOPES and jane-doe@example.org ???",
    "",
)
ASKED = (
    *(
        "kaleidoscope",
        "KALEID",
        "strasse",
        "scope kaleido",
        "doe@exam",
        ".org",
        "jane.doe",
        "合同",
        "合同书",
        "在这里 and",
    ),
    *(
        "pieces.py:42",
        "9abcdef0123456789abcdef01",
        "cdef0",
        "a",
        "???",
        "hello",
        "nobody said this",
        "4711,",
        "archive/s",
    ),
)


def drafts(store: Store, said: tuple[str, ...], start: int = 0) -> list[Draft]:
    """What was said, as the pipeline records it."""
    pipeline = Pipeline(Providers.load(), Pseudonyms(store.identity.pseudonym_key), Scanner())
    return [pipeline.process(exchange(f"x{n}", text)) for n, text in enumerate(said, start)]


@pytest.fixture
def spoken(store: Store, filled: Fill) -> Archive:
    return filled(*drafts(store, SAID))


def opened(archive: Archive) -> dict[str, str]:
    """Every content, opened: the oracle's reading."""
    every = archive.content([call.id for call in archive.calls()], "oracle")
    return {one.call.id: "\n".join(text.text for text in texts(one.content)).casefold() for one in every}


def holding(said: dict[str, str], asked: str) -> tuple[str, ...]:
    """Which of them hold what is asked for."""
    return tuple(id_ for id_, text in said.items() if all(part in text for part in asked.casefold().split()))


def words_in(archive: Archive) -> set[bytes]:
    """Every word the index holds."""
    with archive.index.reading() as connection:
        rows = connection.execute(word_pieces.select()).all()
    return {word for row in rows for word in Stored.of(Packed(*row)).piece().words}


def test_the_answer_is_that_of_opening_every_content(
    store: Store, filled: Fill, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "BLOCK", 4)
    archive = filled(*drafts(store, SAID))
    assert searching.search(archive, CANARY, "why").found == holding(opened(archive), CANARY)
    pairs = tuple(" ".join(pair) for pair in product(SAID[:4], repeat=2))
    filled(*drafts(store, pairs, start=5), intent(1), Draft(Started(time=T0, version="2")))
    said = opened(archive)
    for asked in ASKED:
        searched = searching.search(archive, asked, "why")
        assert searched.found == holding(said, asked), asked
        assert (searched.listed, searched.total) == (22, len(searched.found))


def test_many_pieces_and_many_holders_answer_alike(store: Store, filled: Fill, monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name, value in (
        (searching, "BLOCK", 1),
        (held, "LARGEST", 1),
        (held, "AT_ONCE", 2),
        (listing, "FAR", 1),
    ):
        monkeypatch.setattr(module, name, value)
    archive = filled(*drafts(store, (*SAID, "Kaleidoscope again")))
    said = opened(archive)
    for asked in (CANARY, "doe@exam", "again", "nobody said this"):
        assert searching.search(archive, asked, "why").found == holding(said, asked), asked
    assert searching.search(archive, CANARY, "why", Filter.parse("id:x3 or id:x1")).found == ("x3",)
    with archive.index.reading() as connection:
        assert len(connection.execute(word_pieces.select()).all()) == 6


def test_the_list_and_its_order_stay(spoken: Archive) -> None:
    only = Filter.parse("id:x3 or id:x1 or id:x0")
    assert searching.search(spoken, "doe@", "why", only).found == ("x3", "x0")
    assert searching.search(spoken, "hello", "why", only, Sort("time", descending=False)).found == ("x0", "x1", "x3")
    assert searching.search(spoken, "???", "why", Filter.parse("id:x0")).found == ()


def test_what_is_found_and_what_is_taken_in_is_recorded_first(store: Store, spoken: Archive) -> None:
    searching.search(spoken, CANARY, " ticket 42 ")
    searching.search(spoken, CANARY, "again")
    told = [(one.action, one.reason, sorted(one.calls), one.scope) for one in accesses(store)]
    everything = [f"x{n}" for n in range(5)]
    assert told == [
        ("index", "ticket 42", everything, None),
        ("search", "ticket 42", ["x0", "x3"], "5 calls"),
        ("search", "again", ["x0", "x3"], "5 calls"),
    ]
    assert CANARY.lower() not in str(accesses(store)).lower(), "the words are not recorded"


def test_a_search_that_finds_nothing_is_recorded(store: Store, spoken: Archive) -> None:
    assert searching.search(spoken, "nowhere", "why") == Searched((), 5, 0, exact=True)
    assert [one.action for one in accesses(store)] == ["index", "search"]


@pytest.mark.parametrize(("asked", "reason"), [("", "why"), (" \n", "why"), ("word", ""), ("word", " ")])
def test_without_words_or_a_reason_nothing_is_opened(store: Store, spoken: Archive, asked: str, reason: str) -> None:
    with pytest.raises(InputError):
        searching.search(spoken, asked, reason)
    assert accesses(store) == []
    assert words_in(spoken) == set()


@pytest.mark.parametrize("recorded", [0, 1])
def test_where_the_access_cannot_be_recorded_nothing_is_told(
    spoken: Archive, monkeypatch: pytest.MonkeyPatch, recorded: int
) -> None:
    append, left = LedgerWriter.append, [None] * recorded

    def refuse(self: LedgerWriter, drafts: list[Draft]) -> object:
        if not left:
            raise EnvironmentFailure("The disk is full.")
        left.pop()
        return append(self, drafts)

    monkeypatch.setattr(LedgerWriter, "append", refuse)
    with pytest.raises(EnvironmentFailure, match="full"):
        searching.search(spoken, CANARY, "why")
    assert bool(words_in(spoken)) is bool(recorded)


def test_broken_off_it_goes_on_with_the_next_block(
    store: Store, spoken: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "BLOCK", 2)
    told: list[tuple[int, int]] = []

    def stop(done: int, total: int) -> None:
        told.append((done, total))
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        searching.search(spoken, CANARY, "why", progress=stop)
    assert told == [(1, 5), (2, 5), (3, 5)]
    with spoken.index.reading() as connection:
        assert (held.newest(connection), held.how_many_wait(connection)) == (2, 3)
    assert searching.search(spoken, CANARY, "why").found == holding(opened(spoken), CANARY)
    blocks = [sorted(one.calls) for one in accesses(store) if one.action == "index"]
    assert blocks == [["x0", "x1"], ["x2", "x3"], ["x2", "x3"], ["x4"]]


@contextmanager
def _with_another_index(store: Store) -> Iterator[Archive]:
    with store.archive() as other:
        other.refresh()
        yield other


def test_a_block_that_another_took_meanwhile_is_taken_once(store: Store, spoken: Archive) -> None:
    with spoken.index.reading() as connection:
        block = held.waiting(connection, 500)
    with _with_another_index(store) as other:
        assert searching.search(other, CANARY, "why").found == ("x3", "x0")
    with spoken.index.writing() as connection:
        held.take(connection, block, {one.n: {b"twice"} for one in block})
    assert b"twice" not in words_in(spoken)


def test_words_on_another_basis_are_made_anew(spoken: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    searching.search(spoken, CANARY, "why")
    monkeypatch.setattr(held, "basis", lambda: "another")
    with spoken.index.reading() as connection:
        assert held.how_many_wait(connection) == 5
    assert searching.search(spoken, CANARY, "why").found == ("x3", "x0")
    with spoken.index.reading() as connection:
        assert len(connection.execute(word_pieces.select()).all()) == 1


def erase(store: Store, call: str) -> None:
    wanted = Scope(call=call)
    targets = erasing.find(LedgerReader.open(store.location, store.identity), wanted)
    erasing.erase(store.location, store.identity, wanted, targets, "asked to")


def test_what_is_erased_leaves_no_word(store: Store, spoken: Archive, filled: Fill) -> None:
    searching.search(spoken, CANARY, "why")
    assert {b"kaleidoscope", b"kaleidoscopes", b"strasse"} <= words_in(spoken)
    erase(store, "x0")
    spoken.refresh()
    assert {b"kaleidoscope", b"strasse"}.isdisjoint(words_in(spoken))
    assert b"kaleidoscopes" in words_in(spoken)
    erase(store, "x4")  # the newest: its number is given to the next call
    filled(*drafts(store, (f"{CANARY} anew",), start=9))
    said = opened(spoken)
    for asked in (CANARY, "doe@exam", "hello"):
        assert searching.search(spoken, asked, "why").found == holding(said, asked)


def test_a_call_erased_while_its_words_were_read_is_not_taken_in(store: Store, spoken: Archive) -> None:
    with spoken.index.reading() as connection:
        block = held.waiting(connection, 500)
    erase(store, "x0")
    spoken.refresh()
    with spoken.index.writing() as connection:
        held.take(connection, block, {one.n: {one.id.encode()} for one in block})
    assert words_in(spoken) == {b"x1", b"x2", b"x3", b"x4"}


def test_an_altered_record_is_told(store: Store, spoken: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    def altered(*place: object) -> object:
        raise CheckFailed("Record 3 was altered.")

    monkeypatch.setattr(LedgerReader, "body", altered)
    with pytest.raises(CheckFailed, match="altered"):
        searching.search(spoken, CANARY, "why")


def test_no_word_is_in_any_file(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    store.write(*drafts(store, SAID))
    with store.archive() as archive:
        archive.refresh()
        searching.search(archive, CANARY, "why")
        assert written(tmp_path) == []
    assert written(tmp_path) == []
    (tmp_path / "plain").write_bytes(b"..kaleidoscope..")
    assert written(tmp_path) == ["plain"], "the search finds what is there"


def written(folder: Path) -> list[str]:
    """The files that hold a word that was said, in any of some encodings."""
    words = [
        word for one in (CANARY, CANARY.lower(), CANARY.upper()) for word in (one.encode(), one.encode("utf-16-le"))
    ]
    told = [form for word in words for form in (word, word.hex().encode(), base64.b64encode(word).rstrip(b"="))]
    return [
        path.name for path in sorted(folder.rglob("*")) if path.is_file() and any(w in path.read_bytes() for w in told)
    ]
