# SPDX-License-Identifier: Apache-2.0
"""The command palette: a field over everything that can be done; the keyboard never leaves the field."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ui.models import formats
from ui.models.commands import Command, ranked
from ui.theme import pixmap, theme
from ui.widgets.basics import across, down, holder, label, picture, rule

ROLE = Qt.ItemDataRole.UserRole
WIDTH, LINE, VISIBLE = 640, 38, 10
TOP = 0.14
"""Where it opens, as a part of the window's height."""

type Index = QModelIndex | QPersistentModelIndex


class CommandDelegate(QStyledItemDelegate):
    """A drawing, what is done, what it is, and its keys."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One line."""
        command: Command = index.data(ROLE)
        look, px, rect = theme(), theme().px, QRect(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            ground = rect.adjusted(px(6), 1, -px(6), -1)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("selection"))
            painter.drawRoundedRect(ground, px(6), px(6))
        size = px(16)
        ratio = painter.device().devicePixelRatioF()
        top = rect.y() + (rect.height() - size) // 2
        painter.drawPixmap(rect.x() + px(18), top, pixmap(command.icon, look.colors.muted, size, ratio))
        inner = rect.adjusted(px(46), 0, -px(18), 0)
        painter.setFont(look.font(12))
        note = f"{command.kind}   {command.keys}" if command.keys else command.kind
        taken = painter.fontMetrics().horizontalAdvance(note) + px(14)
        painter.setPen(look.color("muted"))
        painter.drawText(inner, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), note)
        painter.setFont(look.font(13))
        painter.setPen(look.color("text"))
        title = painter.fontMetrics().elidedText(command.title, Qt.TextElideMode.ElideRight, inner.width() - taken)
        painter.drawText(inner, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), title)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Height of a line."""
        return QSize(theme().px(200), theme().px(LINE))


class Palette(QDialog):
    """Choose a command by typing parts of it; Return does it, Escape leaves."""

    def __init__(self, commands: Sequence[Command], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.FramelessWindowHint | Qt.WindowType.Popup)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Commands")
        self.setAccessibleName("Commands")
        self.commands = list(commands)
        self.field = QLineEdit()
        self.field.setPlaceholderText("Find a page, a command, a view, a finding …")
        self.field.setAccessibleName("Find a command")
        self.field.setProperty("look", "bare")
        self.list = QListWidget()
        self.list.setItemDelegate(CommandDelegate(self.list))
        self.list.setAccessibleName("Commands found")
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.nothing = label("Nothing of this name.", "muted")
        self.nothing.setContentsMargins(*(theme().px(18),) * 4)
        head = across(picture("search", "muted", 16), self.field, margins=(16, 8, 14, 8), spacing=8)
        column = down(holder(head), rule(), self.list, self.nothing, spacing=0, margins=(1, 1, 1, 6))
        self.setLayout(down(holder(column, "palette")))
        self.field.textChanged.connect(self._find)
        self.field.installEventFilter(self)
        self.list.itemClicked.connect(self._do)
        self._find("")
        self._place(parent)
        self.field.setFocus()

    def offer(self, more: Iterable[Command]) -> None:
        """Offer more; what is typed stays."""
        self.commands += more
        self._find(self.field.text())

    def _place(self, parent: QWidget) -> None:
        width = min(theme().px(WIDTH), parent.width() - 32)
        self.setFixedWidth(width)
        here = parent.mapToGlobal(parent.rect().topLeft())
        self.move(here.x() + (parent.width() - width) // 2, here.y() + int(parent.height() * TOP))

    def _find(self, text: str) -> None:
        self.list.clear()
        for command in ranked(self.commands, text):
            item = QListWidgetItem(formats.one_line(command.title, 200))
            item.setData(ROLE, command)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{command.title}, {command.kind} {command.keys}".strip())
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.nothing.setVisible(not self.list.count())
        self.list.setVisible(bool(self.list.count()))
        self.list.setFixedHeight(min(self.list.count(), VISIBLE) * theme().px(LINE) + 4)
        self.adjustSize()

    def _do(self, item: QListWidgetItem) -> None:
        command: Command = item.data(ROLE)
        self.close()
        command.do()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and down walk the list, Return does what is chosen."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            row, key = self.list.currentRow(), event.key()
            if key in (Qt.Key.Key_Down, Qt.Key.Key_Up) and self.list.count():
                self.list.setCurrentRow((row + (1 if key == Qt.Key.Key_Down else -1)) % self.list.count())
                return True
            if key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
                step = VISIBLE if key == Qt.Key.Key_PageDown else -VISIBLE
                self.list.setCurrentRow(min(max(row + step, 0), self.list.count() - 1))
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if (item := self.list.currentItem()) is not None:
                    self._do(item)
                return True
        return super().eventFilter(watched, event)
