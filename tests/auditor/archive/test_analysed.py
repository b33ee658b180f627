# SPDX-License-Identifier: Apache-2.0
"""How far an analysis came: marks hold on their basis, weeks are compared once, a number that is given anew is news."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete

from auditor.archive import analysed
from auditor.archive.analysed import Analysed, Aside
from auditor.archive.index import Index
from auditor.archive.projection import _insert
from auditor.archive.rows import Found, ready
from auditor.archive.schema import call_values, calls
from auditor.archive.sums import spread
from auditor.calls import Call

T0 = datetime(2026, 11, 2, tzinfo=UTC)
WEEK = timedelta(days=7)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Index]:
    opened = Index.open(tmp_path / "index", b"k" * 32)
    yield opened
    opened.close()


def record(index: Index, *new: Call) -> None:
    made = [ready(Found(call, call.id, 0, "desk", 1)) for call in new]
    with index.writing() as connection:
        _insert(connection, made, spread(made))


def call(number: int, actor: str | None = "a-one", credential: str | None = None) -> Call:
    return Call(id=f"c{number}", time=T0 + timedelta(hours=number), actor=actor, credential=credential)


def test_everybody_has_their_newest_call_and_their_own_in_order(index: Index) -> None:
    record(index, call(3), call(1), call(2, "a-two"), call(4, None, "k-one"), call(5, None, "a-one"), call(6, None))
    state = Analysed(index)
    assert state.newest() == {"a-one": 5, "a-two": 3, "k-one": 4, "unknown": 6}
    assert [one.id for _, one in state.calls_of(["a-one"], T0)] == ["c1", "c3", "c5"]
    assert [n for n, _ in state.calls_of(["unknown", "k-one"], T0 + timedelta(hours=5))] == [6]
    assert state.in_order(["a-one", "a-two"], ["c3", "c2", "c1", "c4"]) == ["c1", "c2", "c3"]
    assert state.first_new(["a-one"], 0) == T0 + timedelta(hours=1)
    assert state.first_new(["a-one"], 5) is None


def test_marks_hold_on_their_basis_only(index: Index) -> None:
    state = Analysed(index)
    state.finish("one", {"group": 7})
    assert (state.done("one"), state.done("two")) == ({"group": 7}, {})
    state.finish("two", {"group": 9})
    assert (state.done("one"), state.done("two")) == ({}, {"group": 9})


def test_a_week_is_compared_once_and_again_when_more_is_set_aside(index: Index) -> None:
    record(index, call(1), call(2))
    state = Analysed(index)
    state.finish("basis", {}, [Aside("a-one", T0, ["c1", "c2", "gone"]), Aside("a-two", T0 + WEEK, ["c2"])])
    assert state.weeks("basis") == [T0, T0 + WEEK]
    assert sorted(state.aside(T0)) == ["c1", "c2"]
    state.compared("basis", T0)
    assert state.weeks("basis") == [T0 + WEEK]
    state.finish("basis", {}, [Aside("a-one", T0, ["c2"])])
    assert state.weeks("basis") == [T0, T0 + WEEK]
    assert state.aside(T0) == ["c2"]


def test_a_call_with_the_number_of_an_erased_one_is_news(index: Index) -> None:
    record(index, call(1), call(2))
    state = Analysed(index)
    state.finish("basis", {"group": 2})
    with index.writing() as connection:
        for table in (calls, call_values):
            connection.execute(delete(table).where(table.c.n == 2))
        analysed.lower(connection)
    record(index, call(3))
    assert state.newest()["a-one"] > state.done("basis")["group"]
