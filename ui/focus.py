# SPDX-License-Identifier: Apache-2.0
"""The keyboard's way through a window: Tab goes from control to control as they are read, and round again.

Qt's own order is that in which widgets were made or moved, which pages that fill themselves anew cannot keep. Here it
is read from the layouts at each press, so that it is always what is seen.
"""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QLayout,
    QMainWindow,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QTabWidget,
    QWidget,
)


def step(window: QWidget, forward: bool) -> bool:
    """Move the keyboard to the next control of a window, or the one before; False where there is none."""
    order = list(controls(window))
    if not order:
        return False
    at = _place(order, window.focusWidget())
    move = 1 if forward else -1
    target = order[(at + move) % len(order)] if at is not None else order[0 if forward else -1]
    target.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
    _show(target)
    return True


def controls(root: QWidget) -> Iterator[QWidget]:
    """What takes the keyboard by Tab in a widget, in reading order."""
    if takes_tab(root):
        yield root
    if isinstance(root, QAbstractScrollArea) and not isinstance(root, QScrollArea):
        return  # what such a view is made of is its own affair
    for child in _children(root):
        if child.isVisibleTo(root):
            yield from controls(child)


def takes_tab(widget: QWidget) -> bool:
    """Whether Tab stops here."""
    by_tab = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    return bool(by_tab) and widget.isVisible() and widget.isEnabled() and widget.focusProxy() is None


def _children(root: QWidget) -> Iterator[QWidget]:
    """The widgets inside one, as they are read; those a layout does not know come last."""
    seen: set[int] = set()
    for child in (*_laid_out(root), *_loose(root)):
        if id(child) not in seen and not child.isWindow():
            seen.add(id(child))
            yield child


def _laid_out(root: QWidget) -> Iterator[QWidget]:
    inner: list[QWidget | None] = []
    match root:
        case QMainWindow():
            inner = [root.centralWidget()]
        case QSplitter():
            inner = [root.widget(place) for place in range(root.count())]
        case QStackedWidget():
            inner = [root.currentWidget()]
        case QTabWidget():
            inner = [root.tabBar(), root.currentWidget()]
        case QScrollArea():
            inner = [root.widget()]
        case _ if (layout := root.layout()) is not None:
            inner = list(_in_layout(layout))
    yield from (widget for widget in inner if widget is not None)


def _in_layout(layout: QLayout) -> Iterator[QWidget]:
    for place in range(layout.count()):
        item = layout.itemAt(place)
        if item is None:
            continue
        if (widget := item.widget()) is not None:
            yield widget
        elif (inner := item.layout()) is not None:
            yield from _in_layout(inner)


def _loose(root: QWidget) -> Iterator[QWidget]:
    if not isinstance(root, (QSplitter, QStackedWidget, QTabWidget, QScrollArea, QAbstractItemView)):
        yield from (child for child in root.children() if isinstance(child, QWidget))


def _place(order: list[QWidget], current: QWidget | None) -> int | None:
    """Where the keyboard is: at a control, or inside one."""
    while current is not None:
        for place, widget in enumerate(order):
            if widget is current:
                return place
        current = None if current.isWindow() else current.parentWidget()
    return None


def _show(target: QWidget) -> None:
    """Scroll so that it can be seen."""
    above = target.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(target)
        above = above.parentWidget()
