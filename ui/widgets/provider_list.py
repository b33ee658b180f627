# SPDX-License-Identifier: Apache-2.0
"""The providers in a list: name, home country, what is sent there; those called stand first."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ui.models import formats
from ui.models.terms import Entry
from ui.theme import theme
from ui.widgets.basics import follow_theme

HEIGHT = 54
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
NAME, WHAT, NUMBER = (Qt.ItemDataRole.UserRole + place for place in range(3))

type Index = QModelIndex | QPersistentModelIndex


class ProviderDelegate(QStyledItemDelegate):
    """Two lines a provider."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """A fixed height."""
        return QSize(theme().px(160), theme().px(HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Ground, name and number of calls, and what is known."""
        look, rect = theme(), QRect(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, look.color("selection"))
            painter.fillRect(rect.x(), rect.y(), look.px(3), rect.height(), look.color("accent_fill"))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, look.color("hover"))
        painter.fillRect(rect.x(), rect.bottom(), rect.width(), 1, look.color("border"))
        inner = rect.adjusted(look.px(18), look.px(6), -look.px(14), -look.px(6))
        upper, lower = inner.adjusted(0, 0, 0, -inner.height() // 2), inner.adjusted(0, inner.height() // 2, 0, 0)
        number = str(index.data(NUMBER))
        taken = self._write(painter, upper, number, "text", look.figures(12), RIGHT) + look.px(10)
        name = look.font(13, QFont.Weight.DemiBold)
        self._write(painter, upper.adjusted(0, 0, -taken, 0), str(index.data(NAME)), "text", name)
        self._write(painter, lower, str(index.data(WHAT)), "muted", look.font(12))

    def _write(
        self, painter: QPainter, room: QRect, text: str, tone: str, font: QFont, side: Qt.AlignmentFlag | int = LEFT
    ) -> int:
        metrics = QFontMetrics(font)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(room.width(), 0))
        painter.setFont(font)
        painter.setPen(theme().color(tone))
        painter.drawText(room, int(side), shown)
        return metrics.horizontalAdvance(shown)


class ProviderList(QListWidget):
    """Providers to choose from; `chosen` carries the row."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setItemDelegate(ProviderDelegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Providers")
        self.setMinimumWidth(240)
        self.currentRowChanged.connect(self.chosen)
        follow_theme(self, self.scheduleDelayedItemsLayout)

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show these; the choice stays with its place, which the page sets."""
        self.blockSignals(True)
        self.clear()
        for entry in entries:
            item = QListWidgetItem(f"{formats.one_line(entry.name, 120)}: {said(entry)}")
            item.setData(NAME, formats.one_line(entry.name, 120))
            item.setData(WHAT, said(entry))
            item.setData(NUMBER, formats.count(entry.calls, "call") if entry.calls else "")
            self.addItem(item)
        self.blockSignals(False)


def said(entry: Entry) -> str:
    """What is known about a provider, in a few words."""
    if entry.terms is None:
        return "no terms in the registry"
    country = entry.terms.facts.hq_country.value
    clauses = formats.count(len(entry.terms.clause), "clause")
    return f"{country} · {clauses}" if isinstance(country, str) else clauses
