# SPDX-License-Identifier: Apache-2.0
from dataclasses import dataclass
from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QTableView,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from auditor.errors import InputError
from tests.ui.material import MOMENT
from ui.background import Background
from ui.models.conversation import Segment
from ui.models.reading import Suggested
from ui.models.timeline import STACK, Timeline
from ui.pages.unlock import UnlockPage
from ui.theme import theme
from ui.widgets.charts.histogram import Histogram, marks
from ui.widgets.contents.code_view import LONGEST, MOST, folded
from ui.widgets.contents.flow_text import FIRST, STEP, FlowText
from ui.widgets.contents.reason_gate import ReasonGate
from ui.widgets.elided import ElidedLink
from ui.widgets.filter_bar import FilterBar
from ui.widgets.flow_layout import Columns
from ui.widgets.plain_table import PlainTable
from ui.widgets.status_bar import StatusBar

KEYS = Qt.Key


@dataclass
class Read:
    """A reading of an expression: those that end in "!" are wrong."""

    problem: str
    meaning: str


def read(text: str) -> Read:
    return Read("It ends in a mark.", "") if text.endswith("!") else Read("", f"Calls like {text or 'all'}")


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def bar(window: QWidget, qtbot: QtBot) -> FilterBar:
    made = FilterBar(read)
    layout = QVBoxLayout(window)
    layout.addWidget(made)
    layout.addStretch(1)
    window.resize(900, 500)
    window.show()
    qtbot.waitExposed(window)
    made.field.setFocus()
    return made


def test_only_a_valid_filter_is_handed_on(bar: FilterBar, qtbot: QtBot) -> None:
    handed: list[str] = []
    bar.applied.connect(handed.append)
    qtbot.keyClicks(bar.field, "a!")
    bar.apply()
    assert bar.state.accessibleName() == "The filter is not valid"
    assert bar.meaning.text_whole == "It ends in a mark."
    assert bar.field.accessibleDescription() == "It ends in a mark."
    qtbot.keyClick(bar.field, KEYS.Key_Backspace)
    with qtbot.waitSignal(bar.applied):
        pass
    bar.apply()
    assert handed == ["a"], "once, and never the wrong one"
    assert bar.meaning.text_whole == "Calls like a"


def test_escape_clears_and_then_leaves(bar: FilterBar, qtbot: QtBot) -> None:
    bar.set_text("a")
    qtbot.keyClick(bar.field, KEYS.Key_Escape)
    assert bar.text == ""
    with qtbot.waitSignal(bar.left):
        qtbot.keyClick(bar.field, KEYS.Key_Escape)


def test_a_completion_is_taken_by_keyboard(bar: FilterBar, qtbot: QtBot) -> None:
    qtbot.keyClicks(bar.field, "x prov")
    found = [Suggested(2, 6, "provider:", "Who runs the model."), Suggested(2, 6, "path:", "The path.")]
    bar.show_suggestions("x prov", found)
    assert bar.suggestions.isVisible()
    qtbot.keyClick(bar.field, KEYS.Key_Down)
    qtbot.keyClick(bar.field, KEYS.Key_Tab)
    assert bar.text == "x provider:"
    assert not bar.suggestions.isVisible()
    assert bar.field.hasFocus()


def test_a_late_completion_is_dropped(bar: FilterBar, qtbot: QtBot) -> None:
    qtbot.keyClicks(bar.field, "ab")
    bar.show_suggestions("a", [Suggested(0, 1, "actor:", "")])
    assert not bar.suggestions.isVisible()


def test_filters_used_are_remembered_once(bar: FilterBar, qtbot: QtBot) -> None:
    for text in ("a", "b", "a"):
        bar.set_text(text)
        qtbot.keyClick(bar.field, KEYS.Key_Return)
    assert bar._history == ["a", "b"]


def test_a_long_text_opens_in_steps(qtbot: QtBot) -> None:
    text = FlowText([Segment("x" * (FIRST + STEP + 5))])
    qtbot.addWidget(text)
    assert len(text.text.toPlainText()) == FIRST
    text.show_more()
    assert len(text.text.toPlainText()) == FIRST + STEP
    text.show_more()
    assert len(text.text.toPlainText()) == FIRST + STEP + 5
    assert text._more.isHidden()


def test_a_text_is_as_high_as_its_words(qtbot: QtBot) -> None:
    text = FlowText([Segment("word " * 300)])
    qtbot.addWidget(text)
    text.resize(400, 100)
    text.show()
    qtbot.waitExposed(text)
    assert text.text.height() >= text.text.document().size().height()


def test_raw_lines_are_cut_and_counted() -> None:
    assert max(map(len, folded("x" * (LONGEST * 3 + 1)).split("\n"))) == LONGEST
    assert folded("x\n" * MOST).endswith(f"… {MOST:,} more characters are not shown")


@pytest.mark.parametrize(("highest", "expected"), [(1, [0, 1]), (7, [0, 5]), (1250, [0, 500, 1000]), (90, [0, 50])])
def test_axis_marks_are_round(highest: int, expected: list[int]) -> None:
    assert marks(highest) == expected


@pytest.fixture
def chart(qtbot: QtBot) -> Histogram:
    made = Histogram()
    qtbot.addWidget(made)
    made.resize(800, 120)
    made.show_timeline(Timeline(MOMENT, timedelta(minutes=1), {name: [1] * 60 for name in STACK}))
    made.show()
    qtbot.waitExposed(made)
    return made


def test_a_drag_over_the_bars_chooses_a_span(chart: Histogram, qtbot: QtBot) -> None:
    port = chart._plot.viewport()
    with qtbot.waitSignal(chart.spanned) as spanned:
        qtbot.mousePress(port, Qt.MouseButton.LeftButton, pos=QPoint(300, 50))
        qtbot.wait(20)
        for x in range(310, 520, 30):
            qtbot.mouseMove(port, QPoint(x, 50))
            qtbot.wait(20)
        qtbot.mouseRelease(port, Qt.MouseButton.LeftButton, pos=QPoint(500, 50))
    assert spanned.args is not None
    since, until = spanned.args
    assert MOMENT <= since < until <= MOMENT + timedelta(hours=1)
    assert until - since > timedelta(minutes=5)
    assert chart._region.isVisible()


def test_the_chart_is_walked_by_keyboard_and_read_aloud(chart: Histogram, qtbot: QtBot) -> None:
    assert chart.accessibleDescription().startswith("240 calls")
    chart.setFocus()
    qtbot.keyClick(chart, KEYS.Key_Left)
    assert "1 complete" in chart.accessibleDescription()
    with qtbot.waitSignal(chart.spanned) as spanned:
        qtbot.keyClick(chart, KEYS.Key_Return)
    assert spanned.args == [MOMENT + timedelta(minutes=58), MOMENT + timedelta(minutes=59)]
    with qtbot.waitSignal(chart.spanned, check_params_cb=lambda since, until: since is None and until is None):
        qtbot.keyClick(chart, KEYS.Key_Escape)


def test_a_reason_has_words(qtbot: QtBot) -> None:
    gate = ReasonGate()
    qtbot.addWidget(gate)
    gate.show()
    qtbot.keyClicks(gate.reason, "  x ")
    assert not gate.read.isEnabled()
    qtbot.keyClicks(gate.reason, "incident 1")
    with qtbot.waitSignal(gate.given, check_params_cb=lambda reason: reason == "x incident 1"):
        qtbot.keyClick(gate.reason, KEYS.Key_Return)
    assert not gate.reason.isEnabled()
    gate.fail("The ledger is held by another process.")
    assert gate.problem.isVisible()
    assert gate.read.isEnabled()


def test_the_passphrase_is_hidden_until_asked_and_leaves_the_field(qtbot: QtBot) -> None:
    page = UnlockPage("store", "auditor.identity")
    qtbot.addWidget(page)
    page.show()
    assert page.passphrase.echoMode() is QLineEdit.EchoMode.Password
    assert not page.submit.isEnabled()
    page.passphrase.setText("geheim ä")
    qtbot.mouseClick(page.reveal, Qt.MouseButton.LeftButton)
    assert page.passphrase.echoMode() is QLineEdit.EchoMode.Normal
    with qtbot.waitSignal(page.submitted, check_params_cb=lambda keys: keys.own.passphrase == "geheim ä".encode()):
        qtbot.keyClick(page.passphrase, KEYS.Key_Return)
    assert page.passphrase.text() == ""
    assert page.passphrase.echoMode() is QLineEdit.EchoMode.Password
    assert page.progress.isVisible()
    page.show_progress(400, 1000)
    assert "400 of 1,000 records" in page.stage.text()
    page.fail(InputError("There is no store.", "Make one."))
    assert page.problem.text() == "There is no store. Make one."
    assert page.submit.isVisible()


def test_only_work_that_takes_time_is_shown(qtbot: QtBot) -> None:
    import threading

    background = Background()
    bar = StatusBar(background)
    qtbot.addWidget(bar)
    bar.show()
    gate = threading.Event()
    background.query(bar, lambda _: gate.wait(10), lambda _: None, label="Counting")
    assert not bar._progress.isVisible()
    qtbot.waitUntil(bar._progress.isVisible)
    assert bar.work.text() == "Counting"
    gate.set()
    qtbot.waitUntil(lambda: not bar._progress.isVisible())
    background.close()


def nameless(root: QWidget) -> list[str]:
    """Controls that a screen reader could not name."""
    kinds = (QAbstractButton, QLineEdit, QPlainTextEdit, QTableView)
    found = []
    for widget in root.findChildren(QWidget):
        if isinstance(widget, kinds) and not widget.objectName().startswith("qt_"):
            name = widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")
            if not name and not widget.isHidden() and "Header" not in type(widget).__name__:
                found.append(f"{type(widget).__name__} in {type(widget.parent()).__name__}")
    return found


def test_every_control_of_the_unlock_screen_has_a_name(qtbot: QtBot) -> None:
    page = UnlockPage("store", "auditor.identity")
    qtbot.addWidget(page)
    assert nameless(page) == []


def test_lengths_follow_the_text_size() -> None:
    look = theme()
    look.set_scale(2.0)
    assert look.px(10) == 20
    assert look.font(13).pixelSize() == 26


def test_columns_share_what_room_there_is_as_long_as_they_can_be_read(window: QWidget, qtbot: QtBot) -> None:
    table = PlainTable("Actors", [("Actor", 160), ("Team", 90), ("Data sent", 0), ("Last call", 150)])
    QVBoxLayout(window).addWidget(table)
    table.show_rows([["a-1", "", "EMAIL 2", "today"]])
    table.setColumnHidden(1, True)
    window.resize(900, 300)
    window.show()
    qtbot.waitExposed(window)
    least = theme().px(150)
    qtbot.waitUntil(lambda: table.columnWidth(2) > 2 * least)
    assert not table.horizontalScrollBar().isVisible()
    window.resize(420, 300)
    qtbot.waitUntil(lambda: table.columnWidth(2) == least)
    qtbot.waitUntil(table.horizontalScrollBar().isVisible)
    window.resize(900, 300)
    qtbot.waitUntil(lambda: table.columnWidth(2) > 2 * least)


def test_a_link_ends_where_the_room_ends_and_keeps_its_name(window: QWidget, qtbot: QtBot) -> None:
    link = ElidedLink("Data of persons where the provider asks for their consent")
    layout = QHBoxLayout(window)
    layout.addWidget(link)
    layout.addStretch(1)
    window.resize(900, 100)
    window.show()
    qtbot.waitExposed(window)
    qtbot.waitUntil(lambda: link.text() == link.accessibleName())
    window.resize(180, 100)
    qtbot.waitUntil(lambda: link.text().endswith("…"))
    assert link.accessibleName() == link.toolTip() == "Data of persons where the provider asks for their consent"
    window.resize(900, 100)
    qtbot.waitUntil(lambda: link.text() == link.accessibleName())


class Block(QWidget):
    """Says something 100 pixels wide."""

    def sizeHint(self) -> QSize:
        return QSize(100, 40)


@pytest.mark.parametrize(
    ("width", "columns", "height"),
    [(700, 6, 40), (650, 6, 40), (649, 3, 90), (319, 2, 140), (209, 1, 290), (40, 1, 290)],
)
def test_columns_are_fewer_where_an_item_would_lose_a_part(
    qapp: QApplication, width: int, columns: int, height: int
) -> None:
    box = QWidget()
    layout = Columns(box, spacing=10)
    blocks = [Block() for _ in range(6)]
    for block in blocks:
        layout.addWidget(block)
    assert layout.heightForWidth(width) == height
    layout.setGeometry(QRect(0, 0, width, height))
    assert [block.y() // 50 for block in blocks] == [number // columns for number in range(6)]
    assert blocks[columns - 1].geometry().right() + 1 == width
    assert max(block.width() for block in blocks) - min(block.width() for block in blocks) <= 1


def test_no_columns_take_no_room(qapp: QApplication) -> None:
    assert Columns().heightForWidth(100) == 0
