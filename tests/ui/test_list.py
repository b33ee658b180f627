# SPDX-License-Identifier: Apache-2.0
"""The list of calls over a real index of thousands of calls, and the traps that stall such tables."""

from collections.abc import Callable, Iterator, Sequence
from itertools import batched

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QHeaderView
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from auditor.archive import Archive, Filter, Sort
from tests.ui.material import Desk, many
from ui.background import Background, Job
from ui.models.calls import WAITING, CallTable, Wish
from ui.models.columns import BY_KEY, PLACE, SHOWN_AT_FIRST, Row
from ui.models.pages import PAGE_ROWS
from ui.session import persistently
from ui.theme import Mode, theme
from ui.widgets.call_view import CallView

CALLS = 3_000


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk(tmp_path_factory.mktemp("filled"))
    for drafts in batched(many(CALLS), 1000):
        desk.record(*drafts)
    return desk


class Reader:
    """The archive behind the model, and the questions it was asked."""

    def __init__(self, archive: Archive) -> None:
        self.archive, self.background, self.asked = archive, Background(), 0

    def __call__(
        self,
        owner: object,
        work: Callable[..., object],
        then: object,
        failed: object = None,
        *,
        topic: str = "",
        label: str = "",
    ) -> Job:
        self.asked += 1
        archive = self.archive
        return self.background.query(
            owner,
            lambda job: persistently(archive, work, job),
            then,
            failed,
            topic=topic,
            label=label,  # type: ignore[arg-type]
        )


@pytest.fixture
def reader(filled: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    with Archive.open(filled.location, filled.identity, cache=tmp_path_factory.getbasetemp() / "list") as archive:
        archive.refresh()
        made = Reader(archive)
        yield made
        made.background.close()


@pytest.fixture
def model(reader: Reader, qtbot: QtBot) -> CallTable:
    made = CallTable(reader)  # type: ignore[arg-type]
    with qtbot.waitSignal(made.listed):
        made.show(Wish())
    return made


def text(model: CallTable, row: int, key: str) -> str:
    return str(model.data(model.index(row, PLACE[key])))


def test_the_model_keeps_qts_promises(model: CallTable, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(model)


def test_a_far_row_waits_and_then_is_there(model: CallTable, reader: Reader, qtbot: QtBot) -> None:
    assert model.rowCount() == CALLS
    assert text(model, 2_700, "id") == WAITING
    with qtbot.waitSignal(model.dataChanged) as changed:
        pass
    assert changed.args is not None
    first, last = changed.args[0], changed.args[1]
    assert isinstance(first, QModelIndex)
    assert first.row() <= 2_700 <= last.row() < CALLS
    assert text(model, 2_700, "id") == "call-0002700"
    asked = reader.asked
    assert text(model, 2_701, "id") == "call-0002701"
    assert reader.asked == asked, "cells come from memory"


def test_filter_and_order_reach_the_index(model: CallTable, qtbot: QtBot) -> None:
    with qtbot.waitSignal(model.listed) as listed:
        model.show(Wish(Filter.parse("provider:mistral_ai and outcome:complete"), Sort("cost", True)))
    assert listed.args is not None
    assert 0 < listed.args[0] < CALLS
    costs = [row.call.cost_usd for row in map(model.loaded, range(20)) if row is not None]
    assert costs == sorted(costs, key=lambda cost: -(cost or 0))
    assert text(model, 0, "provider") == "mistral_ai"


def test_the_last_of_many_wishes_wins(model: CallTable, qtbot: QtBot) -> None:
    for provider in ("openai", "anthropic", "gcp.gemini"):
        model.show(Wish(Filter.field("provider", provider)))
    with qtbot.waitSignal(model.listed):
        pass
    assert text(model, 0, "provider") == "gcp.gemini"


def test_a_reset_while_pages_are_on_their_way_shows_no_stale_row(
    model: CallTable, reader: Reader, qtbot: QtBot
) -> None:
    for row in range(0, CALLS, PAGE_ROWS):
        model.row(row)
    with qtbot.waitSignal(model.listed):
        model.show(Wish(Filter.parse("outcome:error")))
    qtbot.waitUntil(lambda: reader.background.idle)
    shown = [model.loaded(row) for row in range(model.rowCount())]
    assert all(row is None or row.call.outcome == "error" for row in shown)


def test_forgetting_leaves_nothing(model: CallTable) -> None:
    model.forget()
    assert model.rowCount() == 0
    assert model.loaded(0) is None


@pytest.fixture
def view(model: CallTable, qtbot: QtBot) -> CallView:
    made = CallView(model)
    qtbot.addWidget(made)
    made.resize(1200, 600)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_the_traps_are_avoided(view: CallView, model: CallTable) -> None:
    header = view.horizontalHeader()
    assert header.selectionModel() is not view.selectionModel(), "painting the header must not walk the selection"
    assert not view.verticalHeader().isVisible()
    assert not view.isCornerButtonEnabled()
    assert not view.wordWrap()
    assert view.verticalHeader().sectionResizeMode(0) is QHeaderView.ResizeMode.Fixed
    assert header.sectionResizeMode(0) is QHeaderView.ResizeMode.Interactive
    assert view.model() is model, "no proxy between"


def test_selecting_all_asks_for_no_row(view: CallView, model: CallTable, reader: Reader, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: reader.background.idle)
    asked = reader.asked
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    view.horizontalHeader().repaint()
    view.repaint()
    assert view.selected_count() == CALLS
    assert view.selected_ranges() == [(0, CALLS - 1)]
    assert reader.asked == asked


def test_a_reset_scrolls_to_the_top(view: CallView, model: CallTable, qtbot: QtBot) -> None:
    view.scrollToBottom()
    assert view.verticalScrollBar().value() > 0
    with qtbot.waitSignal(model.listed):
        model.show(Wish(Filter.parse("outcome:error")))
    assert view.verticalScrollBar().value() == 0


def test_columns_are_chosen_ordered_and_remembered(view: CallView, qtbot: QtBot) -> None:
    assert view.columns() == list(SHOWN_AT_FIRST)
    entries = {action.text(): action for action in view.columns_menu().actions()}
    with qtbot.waitSignal(view.columns_changed):
        entries["Path"].trigger()
    assert view.columns() == [*SHOWN_AT_FIRST, "path"]
    view.set_columns(["model", "time", "unheard-of"])
    assert view.columns() == ["model", "time"]
    view.set_columns([])
    assert view.columns() == list(SHOWN_AT_FIRST), "a table without columns helps nobody"


def test_widths_survive_a_change_of_colours_but_follow_the_text_size(view: CallView) -> None:
    view.setColumnWidth(PLACE["client"], 222)
    theme().set_mode(Mode.DARK)
    assert view.columnWidth(PLACE["client"]) == 222
    theme().set_scale(2.0)
    assert view.columnWidth(PLACE["time"]) == 2 * BY_KEY["time"].width


def test_the_keyboard_walks_the_rows(view: CallView, qtbot: QtBot) -> None:
    view.setFocus()
    view.go_to(0)
    for key, row in (
        (Qt.Key.Key_J, 1),
        (Qt.Key.Key_Down, 2),
        (Qt.Key.Key_K, 1),
        (Qt.Key.Key_End, CALLS - 1),
        (Qt.Key.Key_Home, 0),
    ):
        qtbot.keyClick(view, key)
        assert view.currentIndex().row() == row
    with qtbot.waitSignal(view.opened):
        qtbot.keyClick(view, Qt.Key.Key_Return)


def test_every_cell_is_named_for_screen_readers(view: CallView, model: CallTable) -> None:
    assert view.accessibleName() == "Calls"
    spoken = model.data(model.index(0, PLACE["outcome"]), Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "error"


def test_a_selection_is_read_whole_also_where_it_is_not_in_memory(model: CallTable, qtbot: QtBot) -> None:
    found: list[list[str]] = []

    def ids(rows: Sequence[Row]) -> list[str]:
        return [row.call.id for row in rows]

    model.read([(0, 2)], 10, ids, found.append)
    assert [len(one) for one in found] == [3], "what is in memory comes at once"
    model.read([(1, 3), (1_500, 2_700)], 1_000, ids, found.append)
    qtbot.waitUntil(lambda: len(found) == 2)
    assert len(found[1]) == 1_000
    assert found[1][:4] == ["call-0000001", "call-0000002", "call-0000003", "call-0001500"]
    model.read([(CALLS - 300, 100 * CALLS)], 100 * CALLS, ids, found.append)
    qtbot.waitUntil(lambda: len(found) == 3)
    assert len(found[2]) == 300, "what was counted and is there no more ends it"
    model.read([(0, CALLS - 1)], CALLS, ids, found.append)
    model.show(Wish(Filter.parse("outcome:error")))
    qtbot.waitUntil(lambda: model.rowCount() < CALLS)
    assert len(found) == 3, "a new listing ends it"
