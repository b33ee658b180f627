# SPDX-License-Identifier: Apache-2.0
"""Calls over time as stacked bars; dragging over them chooses a span of time, a double click or Escape frees it.

With the keyboard: arrows walk the buckets and say them, Shift with arrows extends the span, Return chooses it; T shows
the same figures as a table.
Invariant: the widget shows what it is given and only tells which span was chosen.
"""

from datetime import UTC, datetime
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QPen
from PySide6.QtWidgets import QToolTip, QVBoxLayout, QWidget

from ui.models.timeline import STACK, Timeline
from ui.theme import theme
from ui.widgets.basics import follow_theme
from ui.widgets.charts.timeline_table import TimelineTable

HEIGHT = 104
GAP = 0.16

type Ticks = list[list[tuple[int, str]]] | None
"""Marks of an axis; None lets the axis choose."""


class BrushBox(pg.ViewBox):
    """A view that turns a drag into a span instead of panning."""

    spanned = Signal(float, float, bool)
    freed = Signal()

    def mouseDragEvent(self, event: Any, axis: int | None = None) -> None:
        """A drag from one time to another; the last event finishes it."""
        event.accept()
        first = self.mapToView(event.buttonDownPos()).x()
        last = self.mapToView(event.pos()).x()
        self.spanned.emit(min(first, last), max(first, last), event.isFinish())

    def mouseDoubleClickEvent(self, event: Any) -> None:
        """A double click frees the span."""
        self.freed.emit()
        event.accept()

    def wheelEvent(self, event: Any, axis: int | None = None) -> None:
        """The wheel belongs to the page."""
        event.ignore()


class Histogram(QWidget):
    """Stacked bars over time with a brush."""

    spanned = Signal(object, object)
    """A span was chosen: since and until (UTC), or None and None when it was freed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._timeline: Timeline | None = None
        self._cursor = self._anchor = 0
        self._box = BrushBox(enableMenu=False, defaultPadding=0)
        times = pg.DateAxisItem(utcOffset=0)
        del times.zoomLevels[min(times.zoomLevels)]  # parts of a second, whose marks do not name the minute
        self._plot = pg.PlotWidget(viewBox=self._box, axisItems={"bottom": times})
        self._plot.setFrameShape(self._plot.Shape.NoFrame)
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._plot.hideButtons()
        self._plot.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self._plot.plotItem.layout.setContentsMargins(0, 8, 0, 0)
        self._box.setMouseEnabled(False, False)
        self._bars: list[Any] = []
        self._region = pg.LinearRegionItem(movable=False)
        self._region.hide()
        self._plot.addItem(self._region)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._plot)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Calls over time")
        self.table: TimelineTable | None = None
        as_table = QAction("Show as a table", self)
        as_table.setShortcut("T")
        as_table.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        as_table.triggered.connect(self.show_table)
        self.addAction(as_table)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self._box.spanned.connect(self._drag)
        self._box.freed.connect(self.free)
        self._plot.scene().sigMouseMoved.connect(self._hover)
        follow_theme(self, self._dress)

    # --- showing ---

    def show_timeline(self, timeline: Timeline | None) -> None:
        """Show these bars; None clears."""
        self._timeline = timeline
        for bar in self._bars:
            self._plot.removeItem(bar)
        self._bars = []
        if timeline is None or not timeline.total:
            self.setAccessibleDescription("No calls.")
            self._write_axes(bottom=[[]], left=[[]])
            return
        self._draw(timeline)
        self._cursor = self._anchor = timeline.buckets - 1
        self.setAccessibleDescription(timeline.summary())

    def show_table(self) -> None:
        """Show the figures as a table, where there are any."""
        if self._timeline is not None and self._timeline.total:
            self.table = TimelineTable(self._timeline, self)
            self.table.opened.connect(lambda bar: self._span(bar, bar, finished=True))
            self.table.open()

    def show_span(self, since: datetime | None, until: datetime | None) -> None:
        """Mark a span without telling anyone."""
        if since is None or until is None:
            self._region.hide()
            return
        self._region.setRegion((since.timestamp(), until.timestamp()))
        self._region.show()

    def free(self) -> None:
        """Take the span away."""
        self._region.hide()
        self.spanned.emit(None, None)

    def _draw(self, timeline: Timeline) -> None:
        step = timeline.step.total_seconds()
        lefts = [timeline.start.timestamp() + step * (place + GAP / 2) for place in range(timeline.buckets)]
        base = [0] * timeline.buckets
        for name in STACK:
            heights = timeline.layers[name]
            if any(heights):
                bar = pg.BarGraphItem(
                    x0=lefts, width=step * (1 - GAP), y0=list(base), height=heights, pen=None, brush=theme().color(name)
                )
                self._plot.addItem(bar)
                self._bars.append(bar)
            base = [low + height for low, height in zip(base, heights, strict=True)]
        self._write_axes(bottom=None, left=[[(value, f"{value:,}") for value in marks(max(base))]])
        self._box.setRange(
            xRange=(timeline.start.timestamp(), timeline.end.timestamp()), yRange=(0, max(base) * 1.08), padding=0
        )

    def _write_axes(self, bottom: Ticks, left: Ticks) -> None:
        self._plot.getAxis("bottom").setTicks(bottom)
        self._plot.getAxis("left").setTicks(left)

    def _dress(self) -> None:
        look = theme()
        self.setFixedHeight(look.px(HEIGHT))
        self._plot.setBackground(look.color("surface"))
        for side in ("left", "bottom"):
            axis = self._plot.getAxis(side)
            axis.setPen(pg.mkPen(look.color("border")))
            axis.setTextPen(pg.mkPen(look.color("muted")))
            axis.setTickFont(look.font(11))
            axis.setStyle(tickLength=0, maxTickLevel=0, tickTextOffset=look.px(4))
        left = self._plot.getAxis("left")
        left.setWidth(look.px(56))
        left.enableAutoSIPrefix(False)
        self._plot.getAxis("bottom").setHeight(look.px(24))
        fill = look.color("accent_fill")
        fill.setAlpha(46)
        self._region.setBrush(fill)
        for line in self._region.lines:
            line.setPen(QPen(look.color("accent_fill"), 0))
        self.show_timeline(self._timeline)

    # --- choosing ---

    def _drag(self, first: float, last: float, finished: bool) -> None:
        if self._timeline is None:
            return
        self._span(self._timeline.bucket(first), self._timeline.bucket(last), finished)

    def _span(self, first: int, last: int, finished: bool) -> None:
        timeline = self._timeline
        if timeline is None:
            return
        since, until = timeline.at(first).astimezone(UTC), timeline.at(last + 1).astimezone(UTC)
        self.show_span(since, until)
        if finished:
            self.spanned.emit(since, until)

    def _hover(self, position: Any) -> None:
        if self._timeline is None or not self._box.sceneBoundingRect().contains(position):
            return
        at = self._box.mapSceneToView(position).x()
        place = self._plot.mapToGlobal(self._plot.mapFromScene(position))
        QToolTip.showText(place, self._timeline.describe(self._timeline.bucket(at)), self._plot)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk, extend, choose and free by keyboard."""
        timeline = self._timeline
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if timeline is not None and step:
            self._cursor = min(max(self._cursor + step, 0), timeline.buckets - 1)
            if not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self._anchor = self._cursor
            self._span(min(self._anchor, self._cursor), max(self._anchor, self._cursor), finished=False)
            self.setAccessibleDescription(timeline.describe(self._cursor))
        elif timeline is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._span(min(self._anchor, self._cursor), max(self._anchor, self._cursor), finished=True)
        elif event.key() == Qt.Key.Key_Escape:
            self.free()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Focus is shown by the frame below the bars."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self._plot.getAxis("bottom").setPen(
                pg.mkPen(theme().color("accent_fill" if event.type() == QEvent.Type.FocusIn else "border"))
            )
        return super().event(event)


def marks(highest: int) -> list[int]:
    """Whole numbers to write at the axis: 0 and at most three round steps up to `highest`."""
    rough = max(1, -(-highest // 3))
    unit = 10 ** (len(str(rough)) - 1)
    step = next(unit * factor for factor in (1, 2, 5, 10) if unit * factor >= rough)
    return list(range(0, highest + 1, step))
