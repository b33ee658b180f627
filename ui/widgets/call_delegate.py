# SPDX-License-Identifier: Apache-2.0
"""Paints a cell of the list of calls: quiet text, outcomes as shape and word, data types as chips.

One delegate for all columns, so that grounds, margins and elision agree. Invariant: painting reads the model's memory
only.
"""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from auditor.calls import DataCount
from ui.models.calls import WAITING, CallTable
from ui.models.columns import COLUMNS, Look, Row
from ui.models.outcomes import OUTCOMES
from ui.theme import MONO, pixmap, theme
from ui.widgets.basics import follow_theme

MARGIN = 10
ROW_HEIGHT = 30
SELECTED = QStyle.StateFlag.State_Selected.value
HOVERED = QStyle.StateFlag.State_MouseOver.value
SINGLE_LINE = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
TO_LEFT = Qt.AlignmentFlag.AlignLeft | SINGLE_LINE
TO_RIGHT = Qt.AlignmentFlag.AlignRight | SINGLE_LINE
REMEMBERED = 8_192
"""Fitted texts kept: most cells of a list say what others say."""

PAINTED = ("text", "muted", "border", "selection", "hover", "accent_fill", "good", "warn", "bad", "warn_soft")

type Index = QModelIndex | QPersistentModelIndex


class CallDelegate(QStyledItemDelegate):
    """Paints cells of a `CallTable`."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        follow_theme(self, self._measure)

    def _measure(self) -> None:
        look = theme()
        self._fonts: dict[Look, QFont] = {
            Look.TEXT: look.font(13),
            Look.MONO: look.font(12, family=MONO),
            Look.NUMBER: look.figures(13),
            Look.TIME: look.figures(13),
            Look.OUTCOME: look.font(13),
            Look.DATA: look.font(11, QFont.Weight.Medium),
        }
        self._metrics = {kind: QFontMetrics(font) for kind, font in self._fonts.items()}
        self._colors = {name: look.color(name) for name in PAINTED}
        self._margin = look.px(MARGIN)
        self._edge = look.px(3)
        self._fits: dict[tuple[Look, int, str], str] = {}

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Height of a row; widths are the header's."""
        return QSize(option.rect.width(), theme().px(ROW_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Ground, then the cell by the look of its column."""
        rect: QRect = option.rect
        self._ground(painter, option, rect, index)
        model = index.model()
        assert isinstance(model, CallTable)
        row = model.row(index.row())
        column = index.column()
        look = COLUMNS[column].look
        inner = rect.adjusted(self._margin, 0, -self._margin, -1)
        painter.setFont(self._fonts[look])
        if row is None:
            self._text(painter, inner, look, WAITING, self._colors["muted"])
        elif look is Look.OUTCOME:
            self._outcome(painter, inner, row)
        elif look is Look.DATA:
            self._chips(painter, inner, row.call.data)
        else:
            self._text(painter, inner, look, row.texts[column], self._tone(column, row))

    def _ground(self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, index: Index) -> None:
        state = option.state.value  # flags of Python enums are too slow for every cell
        if state & SELECTED:
            painter.fillRect(rect, self._colors["selection"])
            if rect.x() <= 0:
                painter.fillRect(rect.x(), rect.y(), self._edge, rect.height(), self._colors["accent_fill"])
        elif state & HOVERED:
            painter.fillRect(rect, self._colors["hover"])
        painter.fillRect(rect.x(), rect.bottom(), rect.width(), 1, self._colors["border"])

    def _tone(self, column: int, row: Row) -> QColor:
        quiet = COLUMNS[column].look in (Look.MONO, Look.TIME) or row.texts[column] == "–"
        return self._colors["muted" if quiet and COLUMNS[column].key != "actor" else "text"]

    def _text(self, painter: QPainter, rect: QRect, look: Look, text: str, color: QColor) -> None:
        painter.setPen(color)
        side = TO_RIGHT if look is Look.NUMBER else TO_LEFT
        painter.drawText(rect, side, self._fitted(look, text, rect.width()))

    def _fitted(self, look: Look, text: str, width: int) -> str:
        """The text, ended by "…" where it is wider."""
        key = (look, width, text)
        shown = self._fits.get(key)
        if shown is None:
            if len(self._fits) >= REMEMBERED:
                self._fits.clear()
            shown = self._metrics[look].elidedText(text, Qt.TextElideMode.ElideRight, width)
            self._fits[key] = shown
        return shown

    def _outcome(self, painter: QPainter, rect: QRect, row: Row) -> None:
        shown = OUTCOMES[row.call.outcome]
        size = theme().px(15)
        ratio = painter.device().devicePixelRatioF()
        drawing = pixmap(shown.icon, getattr(theme().colors, shown.tone), size, ratio)
        painter.drawPixmap(rect.x(), rect.y() + (rect.height() - size) // 2, drawing)
        self._text(
            painter, rect.adjusted(size + theme().px(7), 0, 0, 0), Look.OUTCOME, shown.word, self._colors["text"]
        )

    def _chips(self, painter: QPainter, rect: QRect, data: tuple[DataCount, ...]) -> None:
        """One chip a data type; what does not fit is counted."""
        px = theme().px
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x = rect.x()
        for place, item in enumerate(data):
            more = len(data) - place - 1
            room = rect.right() - x - (px(24) if more else 0)
            wanted = self._chip_width(item)
            if wanted > room and place:
                count = QRect(x, rect.y(), rect.right() - x, rect.height())
                self._text(painter, count, Look.DATA, f"+{more + 1}", self._colors["muted"])
                return
            self._chip(painter, QRect(x, rect.y(), min(wanted, room), rect.height()), item)
            x += min(wanted, room) + px(5)

    def _chip_width(self, item: DataCount) -> int:
        return self._metrics[Look.DATA].horizontalAdvance(f"{item.type} {item.count}") + theme().px(30)

    def _chip(self, painter: QPainter, room: QRect, item: DataCount) -> None:
        """One data type with its direction."""
        px = theme().px
        sent = item.direction == "sent"
        height = px(20)
        box = QRect(room.x(), room.y() + (room.height() - height) // 2, room.width(), height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colors["warn_soft" if sent else "hover"])
        painter.drawRoundedRect(box, px(5), px(5))
        tone = "warn" if sent else "muted"
        drawing = pixmap(item.direction, getattr(theme().colors, tone), px(11), painter.device().devicePixelRatioF())
        painter.drawPixmap(box.x() + px(7), box.y() + (height - px(11)) // 2, drawing)
        words = box.adjusted(px(22), 0, -px(5), 0)
        self._text(painter, words, Look.DATA, f"{item.type} {item.count}", self._colors[tone])
