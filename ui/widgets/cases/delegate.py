# SPDX-License-Identifier: Apache-2.0
"""Paints a finding in the queue: severity as shape and word, what, who, how sure, where it stands.

Invariant: painting reads the model's memory only.
"""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from auditor.findings import Case
from ui.models import formats
from ui.models.case_list import CaseList
from ui.models.findings import GRADES, LEVELS, STATES, about, due_text
from ui.theme import pixmap, theme
from ui.widgets.row_painting import RIGHT, ground, line

HEIGHT = 82
LINE = 22

type Index = QModelIndex | QPersistentModelIndex


class CaseDelegate(QStyledItemDelegate):
    """Three lines a finding."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """A fixed height; the list decides the width."""
        return QSize(theme().px(200), theme().px(HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Ground, shape, then the three lines."""
        model = index.model()
        assert isinstance(model, CaseList)
        case = model.cases[index.row()]
        rect: QRect = option.rect
        ground(painter, option, rect)
        px = theme().px
        level = LEVELS[case.severity]
        self._drawing(painter, rect.x() + px(16), rect.y() + px(11), level.icon, level.tone, 18)
        lines = [
            QRect(rect.x() + px(44), rect.y() + px(9 + LINE * place), rect.width() - px(58), px(LINE))
            for place in range(3)
        ]
        self._first(painter, lines[0], case, formats.ago(case.finding.last_seen, model.now))
        line(painter, lines[1], about(case), "muted", theme().font(12))
        self._last(painter, lines[2], case)

    def _first(self, painter: QPainter, room: QRect, case: Case, when: str) -> None:
        font = theme().font(12)
        taken = QFontMetrics(font).horizontalAdvance(when) + theme().px(12)
        line(painter, room, when, "muted", font, RIGHT)
        title = theme().font(13, QFont.Weight.DemiBold)
        line(painter, room.adjusted(0, 0, -taken, 0), formats.one_line(case.finding.rule.title), "text", title)

    def _last(self, painter: QPainter, room: QRect, case: Case) -> None:
        """Severity, grade and state in words; the owner on the right."""
        level, state, grade = LEVELS[case.severity], STATES[case.finding.status], GRADES[case.finding.grade]
        font = theme().font(12)
        x = line(painter, room, level.word, level.tone, theme().font(12, QFont.Weight.Medium))
        x = line(painter, room.adjusted(x, 0, 0, 0), f" · {grade.word} · ", "muted", font) + x
        x = line(painter, room.adjusted(x, 0, 0, 0), state.word, state.tone, font) + x
        more = " · ".join(
            part for part in (formats.one_line(case.owner, 60) if case.owner else "", due_text(case)) if part
        )
        line(painter, room.adjusted(x + theme().px(12), 0, 0, 0), more, "muted", font, RIGHT)

    def _drawing(self, painter: QPainter, x: int, y: int, name: str, tone: str, length: int) -> None:
        size = theme().px(length)
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(x, y, pixmap(name, getattr(theme().colors, tone), size, ratio))
