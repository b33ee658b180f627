# SPDX-License-Identifier: Apache-2.0
"""Tab walks through every page in reading order, reaches everything, is trapped nowhere, and goes back the same way."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.case_material import report, usual_findings
from tests.ui.conftest import Open, settle
from tests.ui.material import Desk, ordinary, signs_of_life
from tests.ui.test_widgets import nameless
from tests.ui.test_workflow import Unlocked
from ui.focus import takes_tab
from ui.frame import PAGES, Frame
from ui.scenes import scenes
from ui.theme import theme
from ui.widgets.dialogs.ground import Dialog
from ui.window import Window

MOST = 400
SLACK = 6
"""Pixels by which frames and captions may stand over each other."""


def place(widget: QWidget, root: QWidget) -> QRect:
    return QRect(widget.mapTo(root, QPoint()), widget.size())


def follows(before: QWidget, after: QWidget, root: QWidget) -> bool:
    """Whether one is read after the other: below it, to its right, or inside it."""
    if before.isAncestorOf(after) or after.isAncestorOf(before):
        return True
    one, other = place(before, root), place(after, root)
    return other.top() >= one.bottom() - SLACK or other.left() >= one.right() - SLACK


def walked(qtbot: QtBot, root: QWidget, key: Qt.Key) -> list[QWidget]:
    """Where the key leads, from the first control until it comes round."""
    seen: list[QWidget] = []
    for _ in range(MOST):
        here = QApplication.focusWidget()
        assert here is not None, f"{key} leads nowhere after {[said(one) for one in seen[-3:]]}"
        if here in seen:
            assert here is seen[0], (
                f"from {said(seen[0])} trapped between {[said(one) for one in seen[seen.index(here) :]]}"
            )
            return seen
        seen.append(here)
        qtbot.keyClick(here, key)
    raise AssertionError("it never comes round")


def said(widget: QWidget) -> str:
    text = getattr(widget, "text", None)
    return f"{type(widget).__name__} “{widget.accessibleName() or (text() if callable(text) else '')}”"


def all_of(root: QWidget) -> set[QWidget]:
    return {
        one for one in root.findChildren(QWidget)
        if takes_tab(one) and one.window() is root.window() and not one.objectName().startswith("qt_")
    }  # fmt: skip


def check(qtbot: QtBot, root: QWidget, inside: QWidget | None = None) -> None:
    """Tab through a window: all of it is reached, and what is `inside` is read in order."""
    here = QApplication.focusWidget()
    if here is None or here.window() is not root.window() or not takes_tab(here):
        qtbot.keyClick(here if here is not None and here.window() is root.window() else root, Qt.Key.Key_Tab)
    way = walked(qtbot, root, Qt.Key.Key_Tab)
    missed = all_of(root) - set(way)
    assert not missed, f"not reached: {sorted(map(said, missed))}"
    part = inside or root
    own = [one for one in way if part.isAncestorOf(one)]
    round_ = [(one, own[(at + 1) % len(own)]) for at, one in enumerate(own)]
    wrong = [f"{said(before)} → {said(after)}" for before, after in round_ if not follows(before, after, part)]
    assert len(wrong) <= 1, f"once the way goes back to the beginning: {wrong}"
    back = walked(qtbot, root, Qt.Key.Key_Backtab)
    assert set(back) == set(way)


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A store with calls and findings; nothing is written to it."""
    desk = Desk(tmp_path_factory.mktemp("focus"))
    desk.record_exchanges(ordinary()[:8])
    desk.record(*signs_of_life(8))
    report(desk, usual_findings())
    return desk


def test_every_page_is_walked_in_reading_order(unlocked: Unlocked, full: Desk, qtbot: QtBot) -> None:
    window, frame = unlocked(full)
    problems = []
    for drawing, _ in PAGES:
        frame.show_named(drawing)
        settle(qtbot, window)
        try:
            assert nameless(window) == [], "every control has a name"
            check(qtbot, window, frame.pages.currentWidget())
        except AssertionError as error:
            problems.append(f"{drawing}: {str(error).splitlines()[0]}")
    assert not problems, "\n".join(problems)


def dialogs(frame: Frame) -> Iterator[tuple[str, Callable[[], QWidget | None]]]:
    yield from ((name, prepare) for name, prepare in scenes(frame) if name.startswith("dialog-"))


def test_every_dialog_is_walked_in_reading_order(unlocked: Unlocked, full: Desk, qtbot: QtBot) -> None:
    window, frame = unlocked(full)
    problems = []
    for name, prepare in dialogs(frame):
        shown = prepare()
        assert shown is not None
        shown.activateWindow()
        settle(qtbot, window)
        try:
            check(qtbot, shown)
        except AssertionError as error:
            problems.append(f"{name}: {str(error).splitlines()[0]}")
        if isinstance(shown, QDialog):
            shown.close()
        settle(qtbot, window)
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_a_dialog_is_as_tall_as_its_texts_need(unlocked: Unlocked, full: Desk, qtbot: QtBot, scale: float) -> None:
    theme().set_scale(scale)
    window, frame = unlocked(full)
    cut = []
    for name, prepare in dialogs(frame):
        shown = prepare()
        settle(qtbot, window)
        layout = shown.layout() if shown is not None else None
        if (
            isinstance(shown, Dialog)
            and layout is not None
            and shown.height() < layout.totalHeightForWidth(shown.width())
        ):
            cut.append(name)
        if isinstance(shown, QDialog):
            shown.close()
    assert cut == []


def test_the_unlock_screen_is_walked_in_reading_order(show: Open, full: Desk, qtbot: QtBot) -> None:
    window: Window = show(full)
    qtbot.waitUntil(window.unlock.passphrase.hasFocus)
    window.unlock.passphrase.setText("word")
    check(qtbot, window, window.unlock)
