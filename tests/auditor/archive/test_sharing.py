# SPDX-License-Identifier: Apache-2.0
"""Which calls share word runs with a text."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Connection

from auditor.archive import sharing
from auditor.archive.index import Index
from auditor.archive.projection import _insert
from auditor.archive.rows import Found, ready
from auditor.archive.sums import spread
from auditor.calls import Call
from auditor.fingerprinting import packed
from auditor.privacy.fingerprints import Fingerprinter
from auditor.store.records import Fingerprints
from tests.auditor.distillation.material import T0, edited, prose

PRINTS = Fingerprinter(b"k" * 32)


def record(connection: Connection, name: str, *outputs: str, known: bool = True) -> None:
    received = packed(np.unique(np.concatenate([PRINTS.kept(text) for text in outputs])))
    prints = Fingerprints(received=received) if known else None
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
    found = sharing.holders(connection, PRINTS.kept(prose(7, 200)))
    assert set(found) == {"c7"}
    assert found["c7"] > 10
    rows = np.concatenate([PRINTS.kept(edited(prose(8, 200), 0.2, ("e", number))) for number in range(3)])
    assert set(sharing.holders(connection, rows)) == {"c8"}
    assert sharing.holders(connection, PRINTS.kept(prose("foreign", 200))) == {}


def test_what_many_calls_hold_names_none(connection: Connection) -> None:
    for number in range(sharing.COMMON + 1):
        record(connection, f"c{number}", prose("boilerplate", 80), prose(number, 60))
    wanted = np.concatenate([PRINTS.kept(prose("boilerplate", 80)), PRINTS.kept(prose(3, 60))])
    assert set(sharing.holders(connection, wanted)) == {"c3"}


def test_calls_without_fingerprints_are_known(connection: Connection) -> None:
    record(connection, "new", prose(1, 60))
    record(connection, "old", prose(2, 60), known=False)
    assert sharing.without(connection) == ["old"]


def test_what_is_forgotten_is_gone(connection: Connection) -> None:
    record(connection, "kept", prose(1, 60))
    record(connection, "gone", prose(2, 60))
    sharing.remove(connection, [2])
    wanted = np.concatenate([PRINTS.kept(prose(1, 60)), PRINTS.kept(prose(2, 60))])
    assert set(sharing.holders(connection, wanted)) == {"kept"}
    assert sharing.without(connection) == ["gone"]
