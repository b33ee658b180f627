# SPDX-License-Identifier: Apache-2.0
"""The providers in a list: name, home country, what is sent there; those called stand first."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ui.models import formats
from ui.models.terms import Entry
from ui.theme import theme
from ui.widgets.basics import follow_theme
from ui.widgets.row_painting import RIGHT, ground, line

HEIGHT = 54
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
        ground(painter, option, rect)
        inner = rect.adjusted(look.px(18), look.px(6), -look.px(14), -look.px(6))
        upper, lower = inner.adjusted(0, 0, 0, -inner.height() // 2), inner.adjusted(0, inner.height() // 2, 0, 0)
        number = str(index.data(NUMBER))
        taken = line(painter, upper, number, "text", look.figures(12), RIGHT) + look.px(10)
        name = look.font(13, QFont.Weight.DemiBold)
        line(painter, upper.adjusted(0, 0, -taken, 0), str(index.data(NAME)), "text", name)
        line(painter, lower, str(index.data(WHAT)), "muted", look.font(12))


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
