# SPDX-License-Identifier: Apache-2.0
"""The line over the histogram: what a bar spans, the legend, and the span that was chosen with its way out."""

from datetime import UTC, datetime

from PySide6.QtCore import QObject, Signal

from ui.models import formats
from ui.models.timeline import LAYERS, STACK, Timeline
from ui.theme import theme
from ui.widgets.basics import across, label, picture, tool

CROWDED = 1.4
"""From this text size on the legend shows numbers only; its words are in the tooltips."""


class TimeBar(QObject):
    """`row` is its layout; `freed` and `zoomed` ask for the whole time and for a closer look."""

    freed = Signal()
    zoomed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.span = label("", "caption")
        self.zoom = tool("search", "Zoom in to this span", color="accent")
        self.free = tool("close", "Show the whole time range (Ctrl+0)", color="accent")
        self.step = label("", "caption")
        self._legend = {name: (picture(LAYERS[name][0], name, 12), label("", "caption")) for name in STACK}
        legend = [part for pair in self._legend.values() for part in pair]
        self.row = across(self.span, self.zoom, self.free, 1, *legend, self.step, margins=(8, 4, 4, 0), spacing=7)
        self.zoom.clicked.connect(self.zoomed)
        self.free.clicked.connect(self.freed)
        self.show_span(None, None)
        self.show_timeline(None)

    def show_span(self, since: datetime | None, until: datetime | None) -> None:
        """Say which span is chosen."""
        chosen = since is not None and until is not None
        if since is not None and until is not None:
            same_day = since.astimezone(UTC).date() == until.astimezone(UTC).date()
            end = until.astimezone(UTC).strftime("%H:%M:%S" if same_day else "%Y-%m-%d %H:%M:%S")
            self.span.setText(f"{formats.timestamp(since)} – {end} UTC")
        for part in (self.span, self.zoom, self.free):
            part.setVisible(chosen)

    def show_timeline(self, timeline: Timeline | None) -> None:
        """Say what a bar spans, and name the layers that occur."""
        self.step.setText(f"· {formats.span(timeline.step)} a bar" if timeline else "")
        for name, (mark, words) in self._legend.items():
            total = sum(timeline.layers[name]) if timeline else 0
            mark.setVisible(bool(total))
            words.setVisible(bool(total))
            named = f"{total:,} {LAYERS[name][1]}"
            words.setText(f"{total:,}" if theme().scale >= CROWDED else named)
            for part in (mark, words):
                part.setToolTip(named)
                part.setAccessibleName(named)
