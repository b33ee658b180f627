# SPDX-License-Identifier: Apache-2.0
"""One stage of the way from prompts to a model: what was found of it, or that nothing was."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from auditor.findings import Evidence
from ui.models import formats
from ui.models.lineage import Stage
from ui.widgets.basics import across, button, down, holder, label, picture
from ui.widgets.facts import breakable

MOST = 24


class StageCard(QFrame):
    """A title, what it means, and its points."""

    call_wanted = Signal(str)

    def __init__(self, stage: Stage, points: Sequence[Evidence], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "group")
        self.setAccessibleName(f"{stage.title}: {formats.count(len(points), 'point')}")
        tone = "accent" if points else "muted"
        number = label(formats.count(len(points), "point") if points else "nothing found", "caption")
        layout = down(margins=(18, 14, 18, 14), spacing=8)
        layout.addLayout(across(picture(stage.icon, tone, 18), label(stage.title, "heading"), 1, number, spacing=10))
        layout.addWidget(label(stage.meaning if points else stage.missing, "muted", wrap=True))
        for point in points[:MOST]:
            layout.addWidget(self._point(point))
        if len(points) > MOST:
            layout.addWidget(label(f"{len(points) - MOST:,} more stand in the finding.", "muted"))
        self.setLayout(layout)

    def _point(self, point: Evidence) -> QWidget:
        text = label(breakable(formats.safe_text(point.text)), wrap=True, selectable=True)
        row = across(text, spacing=12, margins=(10, 6, 8, 6))
        row.setStretch(0, 1)
        if call := point.call:
            way = button("Open call", "link")
            way.clicked.connect(lambda: self.call_wanted.emit(call))
            row.addWidget(way)
        return holder(row, "inset-row")
