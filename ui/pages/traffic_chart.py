# SPDX-License-Identifier: Apache-2.0
"""The chart over the list of calls: what a filter lets through over time, and the span of time that is brushed in it.

Invariant: the span shown by the bars, by the line over them and by `span` is the same.
"""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from auditor.archive import Filter
from auditor.errors import AuditorError
from ui.models.reading import timeline
from ui.models.timeline import Timeline
from ui.session import Session
from ui.widgets.basics import down, holder
from ui.widgets.charts.histogram import Histogram
from ui.widgets.charts.time_bar import TimeBar

SOON_MS = 3_000
"""While calls arrive, milliseconds at least from one drawing to the next."""

type Span = tuple[datetime | None, datetime | None]

EVER: Span = (None, None)


class TrafficChart(QObject):
    """Draws the calls of an expression, and holds the span."""

    spanned = Signal()
    """Somebody brushed another span, or freed it."""

    def __init__(
        self,
        session: Session,
        expression: Callable[[], Filter],
        failed: Callable[[AuditorError], object],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._session, self._expression, self._failed = session, expression, failed
        self.histogram, self.time_bar = Histogram(), TimeBar()
        self.span = self._zoom = EVER
        self._later = QTimer(self, singleShot=True, interval=SOON_MS)
        self._later.timeout.connect(self.draw)
        self.histogram.spanned.connect(self._brushed)
        self.time_bar.freed.connect(self.histogram.free)
        self.time_bar.zoomed.connect(self._zoom_in)

    def panel(self, count: QWidget) -> QWidget:
        """The chart under a line that says how many calls there are, and which span is brushed."""
        self.time_bar.row.insertWidget(0, count)
        column = down(margins=(8, 4, 12, 4), spacing=2)
        column.addLayout(self.time_bar.row)
        column.addWidget(self.histogram)
        return holder(column, "panel")

    def show_span(self, since: datetime | None, until: datetime | None) -> None:
        """Mark a span of the whole time, and draw nothing anew."""
        self._zoom = EVER
        self._mark((since, until))

    def draw(self) -> None:
        """Read and draw the calls of the expression."""
        expression, (since, until) = self._expression(), self._zoom
        self._session.query(
            self,
            lambda archive, _: timeline(archive, expression, since, until),
            self._show,
            self._failed,
            topic="chart",
        )

    def draw_soon(self) -> None:
        """Draw again in a while: calls arrived."""
        if not self._later.isActive():
            self._later.start()

    def _brushed(self, since: datetime | None, until: datetime | None) -> None:
        if since is None:
            self._zoom = EVER
        self._mark((since, until))
        self.spanned.emit()

    def _mark(self, span: Span) -> None:
        self.span = span
        self.time_bar.show_span(*span)
        self.histogram.show_span(*span)

    def _show(self, found: Timeline | None) -> None:
        self.histogram.show_timeline(found)
        self.histogram.show_span(*self.span)
        self.time_bar.show_timeline(found)

    def _zoom_in(self) -> None:
        self._zoom = self.span
        self.draw()
