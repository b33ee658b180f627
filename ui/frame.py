# SPDX-License-Identifier: Apache-2.0
"""What stands around the pages while the store is unlocked: rail, notice, status bar.

A frame belongs to one session. Locking deletes it with every page, model and text in it.
"""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from auditor.archive import Filter
from auditor.errors import AuditorError
from ui.models.health import Health
from ui.pages.access import AccessPage
from ui.pages.findings import FindingsPage
from ui.pages.gateways import GatewaysPage
from ui.pages.overview import OverviewPage
from ui.pages.providers import ProvidersPage
from ui.pages.traffic import TrafficPage
from ui.session import Session
from ui.settings import Settings
from ui.shortcuts import Shortcut, action
from ui.widgets.basics import across, down, holder
from ui.widgets.notice import Notice
from ui.widgets.rail import Rail
from ui.widgets.status_bar import StatusBar

PAGES = [
    ("overview", "Overview"),
    ("traffic", "Traffic"),
    ("findings", "Findings"),
    ("providers", "Providers"),
    ("gateways", "Gateways"),
    ("access", "Access log"),
]
"""Drawing and name of each page, in the rail's order; the drawing is the attribute of the frame, too."""

MOST_CALLS = 200
"""Calls that are asked for one by one in a filter."""


type Page = OverviewPage | TrafficPage | FindingsPage | ProvidersPage | GatewaysPage | AccessPage


class Frame(QWidget):
    """Rail on the left, pages in the middle, status below."""

    lock_wanted = Signal()

    def __init__(self, session: Session, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session, self._settings = session, settings
        self.overview = OverviewPage(session)
        self.traffic = TrafficPage(session)
        self.findings = FindingsPage(session)
        self.providers = ProvidersPage(session)
        self.gateways = GatewaysPage(session)
        self.access = AccessPage(session)
        self.rail = Rail(PAGES)
        self.notice = Notice()
        self.status = StatusBar(session.background)
        self.pages = QStackedWidget()
        for page in self._all_pages():
            self.pages.addWidget(page)
            page.failed.connect(self.show_failure)
        self._arrange()
        self._connect()
        self._restore()

    def _all_pages(self) -> list[Page]:
        return [getattr(self, drawing) for drawing, _ in PAGES]

    def _arrange(self) -> None:
        room = down(self.notice, self.pages, spacing=0)
        room.setStretchFactor(self.pages, 1)
        middle = across(self.rail, holder(room), spacing=0)
        middle.setStretch(1, 1)
        layout = down(spacing=0)
        layout.addLayout(middle, 1)
        layout.addWidget(self.status)
        self.setLayout(layout)

    def _connect(self) -> None:
        self.rail.chosen.connect(self.show_page)
        self.status.lock_wanted.connect(self.lock_wanted)
        self.session.background.failed.connect(self.show_failure)
        self.session.health_read.connect(self._show_health)
        self.traffic.actions_.said.connect(self.notice.tell)
        self.overview.calls_wanted.connect(self.show_filter)
        self.overview.finding_wanted.connect(self.show_finding)
        self.providers.calls_wanted.connect(self.show_filter)
        self.findings.said.connect(self.notice.tell)
        self.findings.calls_wanted.connect(self.show_calls)
        self.traffic.view.columns_changed.connect(lambda: self._settings.set_columns(self.traffic.view.columns()))
        self.traffic.splitter.splitterMoved.connect(
            lambda *_: self._settings.set_splitter(self.traffic.splitter.saveState())
        )
        action(self, Shortcut.REFRESH).triggered.connect(self.session.look_for_news)

    def _restore(self) -> None:
        if columns := self._settings.columns():
            self.traffic.view.set_columns(columns)
        if not self.traffic.splitter.restoreState(self._settings.splitter()):
            self.traffic.splitter.setSizes([876, 480])

    def start(self) -> None:
        """List the calls, and show the first page."""
        self.traffic.start()
        self.show_page(0)

    def show_page(self, number: int) -> None:
        """Show a page by its place in the rail."""
        self.rail.choose(number)
        self.pages.setCurrentIndex(number)
        page = self._all_pages()[number]
        page.setFocus()
        if not isinstance(page, TrafficPage):
            page.look()

    def show_named(self, drawing: str) -> None:
        """Show a page by the name of its drawing."""
        self.show_page([name for name, _ in PAGES].index(drawing))

    def show_calls(self, calls: Sequence[str]) -> None:
        """Show these calls in Traffic, and nothing else; of very many, the first."""
        if len(calls) > MOST_CALLS:
            self.notice.tell(f"The first {MOST_CALLS:,} of {len(calls):,} calls are listed.")
        ids = " or ".join(str(Filter.field("id", call)) for call in calls[:MOST_CALLS])
        self.show_filter(Filter.parse(ids))

    def show_finding(self, finding: str) -> None:
        """Show one finding."""
        self.show_named("findings")
        self.findings.show_finding(finding)

    def show_filter(self, condition: Filter, since: datetime | None = None, until: datetime | None = None) -> None:
        """Show what a filter lets through in Traffic."""
        self.show_named("traffic")
        self.traffic.show_only(condition, since, until)

    def show_failure(self, error: AuditorError) -> None:
        """Say a failure over the page."""
        self.notice.fail(error.diagnostics())

    def _show_health(self, health: Health) -> None:
        self.status.health.say(*health.gateways_line())
        self.status.completeness.say(*health.completeness_line())
        self.gateways.show_health(health)
