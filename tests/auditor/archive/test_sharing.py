# SPDX-License-Identifier: Apache-2.0
"""Which calls share word runs with a text."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, insert, select

from auditor.archive import sharing
from auditor.archive.index import Index
from auditor.archive.projection import _insert
from auditor.archive.rows import Found, ready
from auditor.archive.schema import calls, copied, fingerprinted, fingerprints, metadata
from auditor.archive.sums import spread
from auditor.calls import Call
from auditor.fingerprinting import packed
from auditor.hashing import Hashes
from auditor.privacy.fingerprints import Fingerprinter
from auditor.store.format.records import Fingerprints
from tests.auditor.distillation.material import T0, edited, prose

PRINTS = Fingerprinter(b"k" * 32)


def holders(connection: Connection, wanted: Hashes) -> Counter[str]:
    (found,) = sharing.holders(connection, [wanted])
    return found


def record(connection: Connection, name: str, *outputs: str, known: bool = True) -> None:
    kept = [PRINTS.kept(text) for text in outputs]
    prints = Fingerprints(received=packed(np.unique(np.concatenate(kept)))) if known else None
    new = [ready(Found(Call(id=name, time=T0), name, 0, "desk", 1, prints))]
    _insert(connection, new, spread(new))


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    index = Index.open(tmp_path / "index", b"k" * 32)
    with index.writing() as opened:
        yield opened
    index.close()


def test_a_copy_names_its_call_also_where_it_was_edited(connection: Connection) -> None:
    for number in range(30):
        record(connection, f"c{number}", prose(number, 200))
    found = holders(connection, PRINTS.kept(prose(7, 200)))
    assert set(found) == {"c7"}
    assert found["c7"] > 10
    rows = np.concatenate([PRINTS.kept(edited(prose(8, 200), 0.2, ("e", number))) for number in range(3)])
    assert set(holders(connection, rows)) == {"c8"}
    assert holders(connection, PRINTS.kept(prose("foreign", 200))) == {}


def test_what_many_calls_hold_names_none(connection: Connection) -> None:
    for number in range(sharing.COMMON + 1):
        record(connection, f"c{number}", prose("boilerplate", 80), prose(number, 60))
    wanted = np.concatenate([PRINTS.kept(prose("boilerplate", 80)), PRINTS.kept(prose(3, 60))])
    assert set(holders(connection, wanted)) == {"c3"}


def test_calls_without_fingerprints_are_known(connection: Connection) -> None:
    record(connection, "new", prose(1, 60))
    record(connection, "old", prose(2, 60), known=False)
    assert sharing.without(connection) == ["old"]


def test_several_questions_have_an_answer_each(connection: Connection) -> None:
    for number in range(9):
        record(connection, f"c{number}", prose(number, 80))
    wanted = [PRINTS.kept(prose(number, 80)) for number in (3, 7, "foreign")]
    asked = [*wanted, np.concatenate(wanted)]
    assert [set(one) for one in sharing.holders(connection, asked)] == [{"c3"}, {"c7"}, set(), {"c3", "c7"}]
    assert sharing.holders(connection, asked) == [holders(connection, one) for one in asked]


def test_what_is_forgotten_is_gone(connection: Connection) -> None:
    record(connection, "kept", prose(1, 60))
    record(connection, "gone", prose(2, 60))
    sharing.remove(connection, [2])
    wanted = np.concatenate([PRINTS.kept(prose(1, 60)), PRINTS.kept(prose(2, 60))])
    assert set(holders(connection, wanted)) == {"kept"}
    assert sharing.without(connection) == ["gone"]


def test_many_small_portions_end_in_few_pieces(connection: Connection) -> None:
    for number in range(1, 200):
        prints = packed(np.arange(number * 10, number * 10 + 7, dtype=np.uint64))
        sharing.add(connection, [(number, Fingerprints(received=prints))])
    sizes = list(connection.scalars(select(fingerprints.c.size).order_by(fingerprints.c.first)))
    assert sum(sizes) == 199 * 7
    assert len(sizes) <= 8
    assert sizes == sorted(sizes, reverse=True)


@settings(max_examples=40)
@given(
    held=st.lists(st.tuples(st.sets(st.integers(0, 20)), st.sets(st.integers(0, 20))), min_size=1, max_size=12),
    gone=st.sets(st.integers(1, 12)),
    asked=st.sets(st.integers(0, 30)),
)
def test_pieces_answer_as_a_plain_table_would(
    held: list[tuple[set[int], set[int]]], gone: set[int], asked: set[int]
) -> None:
    engine = create_engine("sqlite://")
    metadata.create_all(engine, [calls, fingerprints, fingerprinted, copied])
    with engine.begin() as connection, mock.patch.object(sharing, "COMMON", 3):
        for number, (sent, received) in enumerate(held, 1):
            facts = {"part": 0, "time": 0, "outcome": "complete"}
            connection.execute(insert(calls), {"n": number, "id": f"c{number}"} | facts)
            one = Fingerprints(sent=packed(_hashes(sent)), received=packed(_hashes(received)))
            sharing.add(connection, [(number, one)])
        sharing.remove(connection, gone)
        left = {n: sent | received for n, (sent, received) in enumerate(held, 1) if n not in gone}
        rare = {one for one in asked if sum(one in prints for prints in left.values()) <= 3}
        counts = {f"c{n}": len(prints & rare) for n, prints in left.items() if prints & rare}
        assert holders(connection, _hashes(asked)) == counts
    engine.dispose()


def _hashes(values: set[int]) -> Hashes:
    return np.array(sorted(values), dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
