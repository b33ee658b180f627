# SPDX-License-Identifier: Apache-2.0
"""Small things every page uses: labels by their look, tinted buttons, rows and columns with the design's spacing."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from ui.theme import icon, pixmap, theme
from ui.widgets.selectable import Selectable


def label(text: str = "", look: str = "", *, wrap: bool = False, selectable: bool = False) -> QLabel:
    """Plain text in one of the style sheet's looks; never interpreted as markup."""
    result = Selectable(text) if selectable else QLabel(text)
    result.setTextFormat(Qt.TextFormat.PlainText)
    result.setProperty("look", look)
    result.setWordWrap(wrap)
    if selectable:
        result.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        result.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        result.setCursor(Qt.CursorShape.IBeamCursor)
    return result


def set_look(widget: QWidget, look: str, name: str = "look") -> None:
    """Change a style property and have Qt notice."""
    if widget.property(name) != look:
        widget.setProperty(name, look)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def follow_theme(widget: QObject, dress: Callable[[], object]) -> None:
    """Dress the widget now and whenever the theme changes, for as long as it lives."""

    def again() -> None:
        if isValid(widget):
            dress()

    def leave() -> None:
        if isValid(look):  # at the end of the program the theme may go first
            look.changed.disconnect(again)

    look = theme()
    look.changed.connect(again)
    widget.destroyed.connect(leave)
    dress()


def tint(button: QAbstractButton, name: str, color: str = "text", size: int = 16) -> None:
    """Give a button a drawing in a colour of the theme, or another one."""
    first = button.property("drawing") is None
    button.setProperty("drawing", (name, color, size))

    def dress() -> None:
        drawing, tone, across_ = button.property("drawing")
        length = theme().px(across_)
        button.setIcon(icon(drawing, getattr(theme().colors, tone), length))
        button.setIconSize(QSize(length, length))

    if first:
        follow_theme(button, dress)
    else:
        dress()


def picture(name: str, color: str = "muted", size: int = 16) -> QLabel:
    """A drawing as a label, hidden from screen readers' reading order by having no text."""
    result = QLabel()
    set_picture(result, name, color, size)
    result.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return result


def set_picture(target: QLabel, name: str, color: str = "muted", size: int = 16) -> None:
    """Change a drawing in a label."""
    first = target.property("drawing") is None
    target.setProperty("drawing", (name, color, size))

    def dress() -> None:
        drawing, tone, length = target.property("drawing")
        ratio = target.devicePixelRatioF()
        target.setPixmap(pixmap(drawing, getattr(theme().colors, tone), theme().px(length), ratio))

    if first:
        follow_theme(target, dress)
    else:
        dress()


def tool(name: str, said: str, *, text: str = "", look: str = "quiet", color: str = "text") -> QToolButton:
    """A button with a drawing; `said` is its name for screen readers and its tooltip."""
    result = QToolButton()
    result.setProperty("look", look)
    result.setAccessibleName(said)
    result.setToolTip(said)
    if text:
        result.setText(f" {text}")
        result.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    tint(result, name, color)
    return result


def button(text: str, look: str = "") -> QPushButton:
    """An ordinary button."""
    result = QPushButton(text)
    result.setProperty("look", look)
    return result


def across(*items: QWidget | int, margins: tuple[int, int, int, int] = (0, 0, 0, 0), spacing: int = 8) -> QHBoxLayout:
    """A row; a number is a stretch of that weight."""
    layout = QHBoxLayout()
    _fill(layout, items, margins, spacing)
    return layout


def down(*items: QWidget | int, margins: tuple[int, int, int, int] = (0, 0, 0, 0), spacing: int = 8) -> QVBoxLayout:
    """A column; a number is a stretch of that weight."""
    layout = QVBoxLayout()
    _fill(layout, items, margins, spacing)
    return layout


def beside(left: QWidget, right: QWidget, widths: tuple[int, int]) -> QSplitter:
    """Two panes with a hairline to drag between them; the right one takes what room is won."""
    splitter = QSplitter(Qt.Orientation.Horizontal)
    splitter.addWidget(left)
    splitter.addWidget(right)
    splitter.setStretchFactor(1, 1)
    splitter.setChildrenCollapsible(False)
    splitter.setHandleWidth(1)
    splitter.setSizes([theme().px(width) for width in widths])
    return splitter


def _fill(
    layout: QBoxLayout, items: tuple[QWidget | int, ...], margins: tuple[int, int, int, int], spacing: int
) -> None:
    px = theme().px
    layout.setContentsMargins(*(px(margin) if margin else 0 for margin in margins))
    layout.setSpacing(px(spacing) if spacing else 0)
    for item in items:
        if isinstance(item, int):
            layout.addStretch(item)
        else:
            layout.addWidget(item)


def holder(layout: QBoxLayout, look: str = "") -> QWidget:
    """A widget around a layout, with a ground of the style sheet."""
    result = QWidget()
    result.setLayout(layout)
    if look:
        result.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        result.setProperty("look", look)
    return result


def leftmost(content: QWidget) -> QBoxLayout:
    """A row in which a content of bounded width stands on the left, as wide as it may be."""
    row = across(content, 1, spacing=0)
    row.setStretch(0, 1_000)
    return row


def scrolled(content: QWidget) -> QScrollArea:
    """A page that scrolls where it does not fit, as at twice the text size; it takes no keyboard itself."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setProperty("look", "page")
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(content)
    return area


def rule() -> QFrame:
    """A hairline across."""
    result = QFrame()
    result.setFixedHeight(1)
    result.setProperty("look", "rule")
    return result


def drop(widget: QWidget) -> None:
    """Take a widget out of its window at once; it is deleted when the events are done."""
    widget.hide()
    widget.setParent(None)
    widget.deleteLater()


def clear(layout: QBoxLayout) -> None:
    """Remove and delete everything in a layout."""
    while (item := layout.takeAt(0)) is not None:
        if widget := item.widget():
            drop(widget)
        elif (inner := item.layout()) is not None and isinstance(inner, QBoxLayout):
            clear(inner)
