# SPDX-License-Identifier: Apache-2.0
"""The auditor's way through the desktop, by keyboard and mouse, on a real store."""

import gc
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from auditor.archive import Archive
from auditor.store.format.records import Access
from tests.ui.conftest import Open, opened_call, settle
from tests.ui.material import EMAIL, PASSPHRASE, REASON, Desk, ordinary, signs_of_life
from ui.frame import Frame
from ui.inspector.conversation import NO_MESSAGES
from ui.pages.call_actions import menu_texts
from ui.window import Window

type Unlocked = Callable[[Desk], tuple[Window, Frame]]

KEYS = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
LEFT = Qt.MouseButton.LeftButton


def texts(widget: QWidget) -> str:
    """Every text a widget and its children hold."""
    held = []
    for child in (widget, *widget.findChildren(QWidget)):
        for name in ("text", "toPlainText"):
            if callable(getattr(child, name, None)):
                held.append(str(getattr(child, name)()))
    return "\n".join(held)


def _read_the_call_with_an_address(window: Window, frame: Frame, qtbot: QtBot) -> None:
    traffic = frame.traffic
    qtbot.keyClick(window, KEYS.Key_2, CTRL)
    # a filter, half-typed first
    qtbot.keyClick(window, KEYS.Key_F, CTRL)
    field = traffic.filter_bar.field
    qtbot.waitUntil(field.hasFocus)
    qtbot.keyClicks(field, "sent:EMAIL and (")
    assert field.property("state") == "bad"
    assert traffic.filter_bar.meaning.text_whole
    settle(qtbot, window)
    assert traffic.model.rowCount() == 30, "a broken filter leaves the list alone"
    for _ in range(6):
        qtbot.keyClick(field, KEYS.Key_Backspace)
    qtbot.keyClick(field, KEYS.Key_Escape)  # closes the completions
    qtbot.keyClick(field, KEYS.Key_Return)
    qtbot.waitUntil(lambda: traffic.model.rowCount() == 1)
    settle(qtbot, window)
    assert traffic.count.text() == "1 of 30 calls"
    assert traffic.filter_bar.meaning.text_whole.startswith("Calls where")

    # the list has the keyboard, the call is chosen, its content is sealed
    assert traffic.view.hasFocus()
    qtbot.waitUntil(lambda: traffic.inspector.call is not None)
    inspector = traffic.inspector
    assert inspector.opened is None
    assert inspector.gate.isVisible()
    assert "invoice" not in texts(inspector)

    # a reason opens it
    qtbot.keyClick(traffic.view, KEYS.Key_Return)
    qtbot.waitUntil(inspector.gate.reason.hasFocus)
    assert not inspector.gate.read.isEnabled()
    qtbot.keyClicks(inspector.gate.reason, REASON)
    qtbot.keyClick(inspector.gate.reason, KEYS.Key_Return)
    qtbot.waitUntil(lambda: inspector.opened is not None)
    said = inspector.conversation.texts()
    assert "invoice 4711" in said
    assert "friendly reminder" in said
    assert EMAIL not in texts(inspector), "what was found stays masked"
    assert inspector.data.table.rowCount() >= 2
    roles = [card.turn.role for card in inspector.conversation.cards()]
    assert roles == ["system", "user", "assistant", "tool", "assistant"]

    # the raw exchange is a step of its own
    inspector.tabs.setCurrentWidget(inspector.raw)
    qtbot.mouseClick(inspector.request._empty.action, LEFT)
    qtbot.waitUntil(lambda: EMAIL in inspector.request.code.toPlainText())
    assert "sk-test-0123456789abcdef" not in inspector.request.code.toPlainText()


def test_from_the_passphrase_to_the_conversation_and_back_to_the_lock(show: Open, qtbot: QtBot, tmp_path: Path) -> None:
    desk = Desk(tmp_path / "own")
    desk.record_exchanges(ordinary())
    desk.record(*signs_of_life(30))
    window = show(desk)
    unlock = window.unlock
    qtbot.waitUntil(unlock.passphrase.hasFocus)

    # a wrong passphrase is said in place
    qtbot.keyClicks(unlock.passphrase, "wrong horse")
    qtbot.keyClick(unlock.passphrase, KEYS.Key_Return)
    qtbot.waitUntil(unlock.problem.isVisible)
    assert window.locked
    assert unlock.passphrase.text() == ""
    assert "passphrase" in unlock.problem.text().lower()

    # the right one opens the list
    qtbot.keyClicks(unlock.passphrase, PASSPHRASE.decode())
    qtbot.mouseClick(unlock.submit, LEFT)
    qtbot.waitUntil(lambda: window.frame is not None)
    settle(qtbot, window)
    assert window.frame is not None
    assert window.frame.pages.currentWidget() is window.frame.overview
    assert window.frame.traffic.count.text() == "30 calls"
    assert unlock.passphrase.text() == ""

    _read_the_call_with_an_address(window, window.frame, qtbot)

    # locking leaves nothing
    frame = weakref.ref(window.frame)
    session = weakref.ref(window.session)
    qtbot.keyClick(window, KEYS.Key_L, CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert window.locked
    assert unlock.isVisible()
    qtbot.waitUntil(unlock.passphrase.hasFocus)

    def gone() -> bool:
        gc.collect()
        return frame() is None and session() is None

    qtbot.waitUntil(gone)
    assert "invoice" not in texts(window)

    # and both readings are in the ledger
    with Archive.open(desk.location, desk.identity) as archive:
        archive.refresh()
        accesses = [record.meta for record in archive.access_log()]
    assert [type(one) for one in accesses] == [Access, Access]
    assert {one.reason for one in accesses if isinstance(one, Access)} == {REASON}
    assert [one.scope is not None for one in accesses if isinstance(one, Access)] == [True, False]


def test_another_call_needs_another_reason(unlocked: Unlocked, qtbot: QtBot, desk: Desk) -> None:
    _, frame = unlocked(desk)
    traffic = frame.traffic
    opened_call(qtbot, frame, 0)
    qtbot.keyClick(traffic.view, KEYS.Key_J)
    qtbot.waitUntil(lambda: traffic.inspector.call is not None and traffic.inspector.call.id == "exchange-1")
    assert traffic.inspector.opened is None
    assert "invoice" not in texts(traffic.inspector)
    qtbot.keyClick(traffic.view, KEYS.Key_K)
    qtbot.waitUntil(lambda: traffic.inspector.call is not None and traffic.inspector.call.id == "exchange-0")
    assert traffic.inspector.opened is None, "coming back asks again"


@pytest.mark.parametrize(("row", "outcome"), [(4, "unparsed"), (5, "opaque")])
def test_what_could_not_be_read_says_so_and_shows_what_there_is(
    unlocked: Unlocked, qtbot: QtBot, desk: Desk, row: int, outcome: str
) -> None:
    _, frame = unlocked(desk)
    inspector = frame.traffic.inspector
    opened_call(qtbot, frame, row)
    assert inspector.call is not None
    assert inspector.call.outcome == outcome
    said = texts(inspector.conversation)
    assert "no json" in said if outcome == "unparsed" else NO_MESSAGES in said
    inspector.tabs.setCurrentWidget(inspector.raw)
    inspector.raw.show_side("response")
    inspector.response.wanted.emit()
    qtbot.waitUntil(lambda: inspector.response.currentIndex() == 1)
    shown = inspector.response.code.toPlainText()
    assert "00000000  ff fe" in shown if outcome == "unparsed" else "refused the certificate" in shown


def test_a_cell_narrows_and_excludes(unlocked: Unlocked, qtbot: QtBot, desk: Desk) -> None:
    window, frame = unlocked(desk)
    traffic = frame.traffic
    row = traffic.model.loaded(0)
    assert row is not None
    menu = traffic.actions_.menu("model", row)
    entries = menu.actions()
    assert [text.split(" ")[0] for text in menu_texts(menu)[:2]] == ["Only", "Exclude"]
    entries[1].trigger()
    settle(qtbot, window)
    left = traffic.model.rowCount()
    assert 0 < left < 30
    assert "not model:" in traffic.filter_bar.text
    traffic.filter_bar.clear()
    settle(qtbot, window)
    assert traffic.model.rowCount() == 30


def test_the_right_mouse_button_offers_the_cells_menu(unlocked: Unlocked, qtbot: QtBot, desk: Desk) -> None:
    _, frame = unlocked(desk)
    traffic = frame.traffic
    with qtbot.waitSignal(traffic.view.cell_menu, check_params_cb=lambda key, row, _: key == "actor"):
        place = traffic.view.visualRect(traffic.model.index(0, 1)).center()
        traffic.view.customContextMenuRequested.emit(QPoint(place))
    popup = QGuiApplication.focusWindow()
    assert popup is not None
    for menu in traffic.view.findChildren(type(traffic.view.columns_menu())):
        menu.close()


def test_several_calls_are_summed_and_copied(unlocked: Unlocked, qtbot: QtBot, desk: Desk) -> None:
    _, frame = unlocked(desk)
    traffic = frame.traffic
    traffic.view.setFocus()
    qtbot.keyClick(traffic.view, KEYS.Key_A, CTRL)
    qtbot.waitUntil(lambda: traffic.inspector.currentIndex() == 2)
    assert "30 calls selected" in texts(traffic.inspector.summary)
    qtbot.keyClick(traffic.view, KEYS.Key_C, CTRL)
    assert QGuiApplication.clipboard().text().count("https://api.openai.com/v1/chat/completions") >= 28
    qtbot.keyClick(traffic.view, KEYS.Key_C, CTRL | Qt.KeyboardModifier.ShiftModifier)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert len(lines) == 31
    assert lines[0].startswith("Time (UTC),Actor,")
    assert frame.notice.isVisible()


def test_brushing_the_chart_lists_a_span(unlocked: Unlocked, qtbot: QtBot, desk: Desk) -> None:
    window, frame = unlocked(desk)
    traffic, chart = frame.traffic, frame.traffic.histogram
    chart.setFocus()
    for _ in range(9):
        qtbot.keyClick(chart, KEYS.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(chart, KEYS.Key_Return)
    settle(qtbot, window)
    part = traffic.model.rowCount()
    assert 0 < part < 30
    assert "UTC" in traffic.time_bar.span.text()
    qtbot.keyClick(window, KEYS.Key_0, CTRL)
    settle(qtbot, window)
    assert traffic.model.rowCount() == 30
    assert not traffic.time_bar.span.isVisible()


def test_a_chart_is_read_as_a_table_with_the_same_figures(unlocked: Unlocked, qtbot: QtBot, desk: Desk) -> None:
    window, frame = unlocked(desk)
    chart = frame.traffic.histogram
    chart.setFocus()
    qtbot.keyClick(chart, KEYS.Key_T)
    dialog = chart.table
    assert dialog is not None
    table = dialog.table
    last = table.columnCount() - 1
    cells = [[table.item(row, column).text() for column in range(1, last + 1)] for row in range(table.rowCount())]
    assert sum(int(row[-1]) for row in cells) == 30
    assert all(sum(map(int, row[:-1])) == int(row[-1]) > 0 for row in cells)
    table.setCurrentCell(0, 0)
    qtbot.keyClick(table, KEYS.Key_Return)
    settle(qtbot, window)
    assert frame.traffic.model.rowCount() == int(cells[0][-1])


def test_pages_are_reached_by_number_and_the_log_tells_of_readings(
    unlocked: Unlocked, qtbot: QtBot, own_desk: Desk
) -> None:
    own_desk.record_exchanges(ordinary()[:2])
    own_desk.record(*signs_of_life(2))
    window, frame = unlocked(own_desk)
    opened_call(qtbot, frame, 0)
    frame.rail.buttons[-2].click()
    assert frame.pages.currentWidget() is frame.access
    qtbot.waitUntil(lambda: frame.access.table.rowCount() == 1)
    assert frame.access.table.item(0, 3).text() == REASON
    qtbot.keyClick(window, KEYS.Key_9, CTRL)
    assert frame.pages.currentWidget() is frame.gateways
    settle(qtbot, window)
    assert "receiving" in texts(frame.gateways)
    assert frame.status.completeness.words.text() == "2 seen · 2 recorded · none lost"


def test_new_calls_come_in_on_top_and_wait_while_paused(unlocked: Unlocked, qtbot: QtBot, own_desk: Desk) -> None:
    calls = ordinary()
    own_desk.record_exchanges(calls[6:10])
    window, frame = unlocked(own_desk)
    traffic = frame.traffic
    traffic.view.go_to(0)
    qtbot.waitUntil(lambda: traffic.inspector.call is not None)
    chosen = traffic.inspector.call
    own_desk.record_exchanges(calls[4:6])
    qtbot.keyClick(window, KEYS.Key_F5)
    qtbot.waitUntil(lambda: traffic.model.rowCount() == 6)
    settle(qtbot, window)
    assert traffic.view.selected_ranges() == [(2, 2)], "the selection stays with its call"
    assert traffic.inspector.call is chosen
    qtbot.keyClick(window, KEYS.Key_Space, CTRL)
    assert not traffic.live_button.live
    own_desk.record_exchanges(calls[1:2])
    qtbot.keyClick(window, KEYS.Key_F5)
    qtbot.waitUntil(lambda: traffic.live_button.waiting == 1)
    assert traffic.model.rowCount() == 6
    assert "1 new" in traffic.live_button.text()
    qtbot.mouseClick(traffic.live_button, LEFT)
    qtbot.waitUntil(lambda: traffic.model.rowCount() == 7)


def test_an_empty_store_says_what_to_do(unlocked: Unlocked, own_desk: Desk) -> None:
    _, frame = unlocked(own_desk)
    assert frame.traffic.table_area.currentWidget() is frame.traffic.empty
    assert frame.traffic.empty.sentence.text() == "No call has been recorded yet."
    assert "auditor gateway run" in frame.traffic.empty.hint.text()
    assert frame.traffic.histogram.accessibleDescription() == "No calls."


def test_a_filter_that_matches_nothing_offers_the_way_back(unlocked: Unlocked, qtbot: QtBot, desk: Desk) -> None:
    window, frame = unlocked(desk)
    frame.traffic.filter_bar.set_text("model:unheard-of")
    settle(qtbot, window)
    assert frame.traffic.empty.isVisible()
    qtbot.mouseClick(frame.traffic.empty.action, LEFT)
    settle(qtbot, window)
    assert frame.traffic.model.rowCount() == 30


def test_verifying_from_the_evidence_tab(unlocked: Unlocked, qtbot: QtBot, desk: Desk) -> None:
    _, frame = unlocked(desk)
    frame.traffic.view.go_to(0)
    inspector = frame.traffic.inspector
    qtbot.waitUntil(lambda: inspector.call is not None)
    inspector.tabs.setCurrentWidget(inspector.evidence)
    qtbot.mouseClick(inspector.evidence.verify, LEFT)
    qtbot.waitUntil(lambda: inspector.evidence.result.text().startswith("Every record of"))
