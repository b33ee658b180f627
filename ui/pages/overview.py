# SPDX-License-Identifier: Apache-2.0
"""The Overview: what left, to whom, whether anything is wrong, and what is missing, over a period against the one
before. Everything on it leads to the calls or findings behind it.
"""

from collections.abc import Callable
from datetime import UTC, datetime

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QScrollArea, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from auditor.archive import Filter
from ui.models.case_list import CaseList
from ui.models.findings import VERDICT
from ui.models.overview import OTHERS, PERIODS, Overview, Period, change, dollars, overview
from ui.session import Session
from ui.theme import theme
from ui.widgets.basics import across, button, down, holder, label
from ui.widgets.cases.queue import CaseListView
from ui.widgets.charts.completeness import CompletenessCard
from ui.widgets.charts.figure import Tile
from ui.widgets.charts.histogram import Histogram
from ui.widgets.charts.matrix import MatrixView
from ui.widgets.charts.share_bars import ShareBars
from ui.widgets.charts.time_bar import TimeBar
from ui.widgets.empty import Empty
from ui.widgets.flow_layout import Columns
from ui.widgets.group import group

NEWS_EVERY_MS = 3_000
CASE_HEIGHT = 82
TILES = (
    ("calls", "Calls", "traffic", "Calls to AI providers"),
    ("actors", "Actors", "actors", "Pseudonyms that called"),
    ("providers", "Providers", "providers", "Providers that were called"),
    ("spend", "Spend", "coins", "List price of the calls whose price is known, US dollars"),
    ("data", "Calls with data sent", "sent", "Calls in which data of a known type was sent"),
    ("findings", "Findings to review", "findings", f"Open now, whenever they were seen. {VERDICT}"),
)


def moment() -> datetime:
    """Now."""
    return datetime.now(UTC)


class OverviewPage(QWidget):
    """Tiles, trend, matrix, newest findings, providers, completeness."""

    failed = Signal(object)
    calls_wanted = Signal(object, object, object)
    """A filter, and since and until, to be shown in Traffic."""

    guide_wanted = Signal()
    """Somebody wants to set a gateway up."""

    finding_wanted = Signal(str)
    analysis_wanted = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.clock: Callable[[], datetime] = moment
        self.period: Period = PERIODS[2]
        self.shown: Overview | None = None
        self.tiles = {key: Tile(title, drawing, meaning) for key, title, drawing, meaning in TILES}
        self.periods: dict[str, QToolButton] = {}
        self.trend, self.time_bar = Histogram(), TimeBar()
        self.matrix = MatrixView("Calls with data sent, by data type and provider")
        self.no_data = label("No data of a known type was sent in this period.", "muted", wrap=True)
        self.newest, self.newest_title = CaseList(self), label("Newest findings", "heading")
        self.findings = CaseListView(self.newest)
        self.no_findings = label("Nothing has been reported.", "muted", wrap=True)
        self.analyse = button("Analyse now")
        self.analyse.setToolTip("Evaluate all rules and analyses over the store; analysing again adds nothing")
        self.providers = ShareBars("Provider")
        self.completeness = CompletenessCard()
        self.empty = Empty()
        self._settle = QTimer(self, singleShot=True, interval=NEWS_EVERY_MS)
        self._arrange()
        self._connect()

    # --- arrangement ---

    def _arrange(self) -> None:
        head = across(label("Overview", "title"), 1, self._period_row(), margins=(24, 14, 16, 12), spacing=16)
        tiles = Columns(spacing=14)
        for tile in self.tiles.values():
            tiles.addWidget(tile)
        matrix = group("Data sent, by type and provider", self.matrix, self.no_data)
        left = down(matrix, group("Providers", self.providers), 1, spacing=14)
        newest = group("", self.newest_title, self.findings, self.no_findings, self.analyse)
        newest.setAccessibleName("Newest findings")
        right = down(newest, self.completeness, 1, spacing=14)
        lower = across(spacing=14)
        lower.addLayout(left, 2)
        lower.addLayout(right, 1)
        column = down(margins=(24, 18, 24, 24), spacing=14)
        column.addLayout(tiles)
        column.addWidget(self._trend_group())
        column.addLayout(lower)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(holder(column, "page"))
        area.setProperty("look", "page")
        area.setAccessibleName("Overview")
        self._stack = QStackedWidget()
        self._stack.addWidget(area)
        self._stack.addWidget(holder(down(self.empty), "panel"))
        layout = down(holder(head, "bar"), self._stack, spacing=0)
        layout.setStretchFactor(self._stack, 1)
        self.setLayout(layout)
        self.no_data.hide()
        self.no_findings.hide()
        self.analyse.hide()

    def _period_row(self) -> QWidget:
        group = QButtonGroup(self)
        row = across(spacing=2)
        for period in PERIODS:
            entry = QToolButton()
            entry.setText(period.name)
            entry.setProperty("look", "quiet")
            entry.setCheckable(True)
            entry.setAccessibleName(f"Period: {period.name}")
            entry.setToolTip(
                f"Against {period.before}, days in UTC" if period.before else "Everything that is recorded"
            )
            entry.clicked.connect(lambda _=False, period=period: self.show_period(period))
            group.addButton(entry)
            row.addWidget(entry)
            self.periods[period.key] = entry
        self.periods[self.period.key].setChecked(True)
        return holder(row)

    def _trend_group(self) -> QWidget:
        self.time_bar.row.insertWidget(0, label("Calls over time", "heading"))
        self.time_bar.row.setContentsMargins(0, 0, 0, 0)
        box = group("", self.trend)
        box.setAccessibleName("Calls over time")
        layout = box.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertLayout(0, self.time_bar.row)
        return box

    def _connect(self) -> None:
        self.trend.spanned.connect(self._open_span)
        self.matrix.opened.connect(self._open_cell)
        self.providers.chosen.connect(lambda name: self._open(Filter.field("provider", name)))
        self.findings.clicked.connect(lambda index: self._open_finding(index.row()))
        self.findings.activated.connect(lambda index: self._open_finding(index.row()))
        self.analyse.clicked.connect(self.analysis_wanted)
        self._settle.timeout.connect(self._look_if_shown)
        self._session.changed.connect(self._news)

    # --- reading and showing ---

    def look(self) -> None:
        """Read the figures again."""
        period, now = self.period, self.clock()
        self._session.query(
            self, lambda archive, _: overview(archive, period, now), self.show_overview, self.failed.emit, topic="all"
        )

    def _news(self) -> None:
        if not self._settle.isActive():
            self._settle.start()

    def _look_if_shown(self) -> None:
        if self.isVisible():
            self.look()

    def show_period(self, period: Period) -> None:
        """Show another period."""
        self.period = period
        self.periods[period.key].setChecked(True)
        self.look()

    def show_overview(self, found: Overview) -> None:
        """Show these figures."""
        self.shown = found
        self._show_tiles(found)
        self.trend.show_timeline(found.trend)
        self.time_bar.show_timeline(found.trend)
        self.matrix.show_matrix(found.matrix)
        self.matrix.setVisible(bool(found.matrix.types))
        self.no_data.setVisible(not found.matrix.types)
        self._show_findings(found)
        self.providers.show_shares(found.providers)
        self.completeness.show_health(found.health)
        self._stack.setCurrentIndex(0 if found.summary.first else 1)
        if found.summary.first is None:
            self.empty.say(
                "empty", "No call has been recorded yet.",
                "Start a gateway with “auditor gateway run”, or import a file with “auditor import”.",
                "Set up a gateway…", self.guide_wanted.emit,
            )  # fmt: skip

    def _show_tiles(self, found: Overview) -> None:
        now, before, period = found.summary, found.before, found.period
        for key, field in (("calls", "calls"), ("actors", "actors"), ("providers", "providers"), ("data", "with_data")):
            earlier = None if before is None else getattr(before, field)
            self.tiles[key].say(f"{getattr(now, field):,}", change(getattr(now, field), earlier, period))
        spent = None if before is None else before.cost_usd
        self.tiles["spend"].say(dollars(now.cost_usd), change(now.cost_usd, spent, period))
        seen = f"{found.new_findings:,} reported"
        self.tiles["findings"].say(
            f"{found.open_findings:,}", f"{seen}, {found.new_before:,} before" if before else seen
        )

    def _show_findings(self, found: Overview) -> None:
        self.newest.show_cases(list(found.newest))
        self.newest_title.setText("Findings to review, the newest" if found.open_findings else "Newest findings")
        self.findings.setFixedHeight(theme().px(CASE_HEIGHT) * max(len(found.newest), 1) + 2)
        self.findings.setVisible(bool(found.newest))
        self.no_findings.setVisible(not found.newest)
        self.analyse.setVisible(not found.newest)

    # --- ways on ---

    def _open(self, condition: Filter) -> None:
        self.calls_wanted.emit(condition, self.shown.since if self.shown else None, None)

    def _open_cell(self, type_: str, provider: str | None) -> None:
        if OTHERS in (type_, provider):
            return
        condition = Filter.field("sent", type_)
        self._open(condition if provider == "" else condition & Filter.field("provider", provider))

    def _open_span(self, since: datetime | None, until: datetime | None) -> None:
        if since is not None:
            self.calls_wanted.emit(Filter(), since, until)

    def _open_finding(self, row: int) -> None:
        self.finding_wanted.emit(self.newest.cases[row].finding.id)

    def setFocus(self) -> None:  # type: ignore[override]
        """The keyboard goes to the periods."""
        self.periods[self.period.key].setFocus()
