# SPDX-License-Identifier: Apache-2.0
"""What stands around the pages while the store is unlocked: rail, notice, status bar, command palette.

A frame belongs to one session. Locking deletes it with every page, model and text in it.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget
from shiboken6 import isValid

from auditor.archive import Filter
from auditor.errors import AuditorError
from ui.commands import of_findings, of_pages, of_providers, of_shortcuts, of_views
from ui.focus import controls
from ui.local_gateway import ADDRESS, local_gateway
from ui.models.commands import Command
from ui.models.findings import all_cases
from ui.models.gateway_setup import read_setup
from ui.models.health import Health
from ui.models.policy import policy_file
from ui.models.views import View
from ui.notifications import Notifier
from ui.pages.access import AccessPage
from ui.pages.actors import ActorsPage
from ui.pages.findings import FindingsPage
from ui.pages.flows import FlowsPage
from ui.pages.gateways import GatewaysPage
from ui.pages.lineage import LineagePage
from ui.pages.overview import OverviewPage
from ui.pages.providers import ProvidersPage
from ui.pages.rules import RulesPage
from ui.pages.settings import SettingsPage
from ui.pages.traffic import TrafficPage
from ui.session import Session
from ui.settings import Settings
from ui.shortcuts import Shortcut, action
from ui.widgets.basics import across, down, holder
from ui.widgets.gateway_guide import GatewayGuide
from ui.widgets.notice import Notice
from ui.widgets.palette import Palette
from ui.widgets.rail import Rail
from ui.widgets.status_bar import StatusBar

PAGES = [
    ("overview", "Overview"),
    ("traffic", "Traffic"),
    ("flows", "Data flows"),
    ("findings", "Findings"),
    ("lineage", "Lineage"),
    ("actors", "Actors"),
    ("providers", "Providers"),
    ("rules", "Rules"),
    ("gateways", "Gateways"),
    ("access", "Access log"),
    ("settings", "Settings"),
]
"""Drawing and name of each page, in the rail's order; the drawing is the attribute of the frame, too."""

MOST_CALLS = 200
"""Calls that are asked for one by one in a filter."""


type Page = (
    OverviewPage | TrafficPage | FlowsPage | FindingsPage | LineagePage | ActorsPage | ProvidersPage | RulesPage
    | GatewaysPage | AccessPage | SettingsPage
)  # fmt: skip


class Frame(QWidget):
    """Rail on the left, pages in the middle, status below. A page is made when it is first shown."""

    lock_wanted = Signal()
    lock_said = Signal(str)
    """Lock, and say why."""

    look_chosen = Signal()
    """Colours or text size were chosen in Settings."""

    lock_chosen = Signal()
    """When to lock was chosen in Settings."""

    def __init__(self, session: Session, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session, self._settings = session, settings
        self.rail = Rail(PAGES)
        self.notice = Notice()
        self.status = StatusBar(session.background)
        self.pages = QStackedWidget()
        self.palette_: Palette | None = None
        self.guide: GatewayGuide | None = None
        self._health: Health | None = None
        self.notifier = Notifier(session, settings.notify, self)
        self.notifier.wanted.connect(self.show_findings)
        self._arrange()
        self._connect()

    # --- pages, each made once ---

    @cached_property
    def overview(self) -> OverviewPage:
        """The figures of a period."""
        page = self._added(OverviewPage(self.session))
        page.guide_wanted.connect(self.show_guide)
        page.calls_wanted.connect(self.show_filter)
        page.finding_wanted.connect(self.show_finding)
        page.analysis_wanted.connect(self.analyse)
        return page

    @cached_property
    def traffic(self) -> TrafficPage:
        """Every call."""
        page = self._added(TrafficPage(self.session))
        page.said.connect(self.notice.tell)
        page.actions_.said.connect(self.notice.tell)
        page.finding_wanted.connect(self.show_finding)
        page.terms_wanted.connect(self.show_terms)
        if columns := self._settings.columns():
            page.view.set_columns(columns)
        page.view.columns_changed.connect(lambda: self._settings.set_columns(page.view.columns()))
        return page

    @cached_property
    def flows(self) -> FlowsPage:
        """Who sends where."""
        page = self._added(FlowsPage(self.session))
        page.calls_wanted.connect(self.show_filter)
        return page

    @cached_property
    def findings(self) -> FindingsPage:
        """What was reported for review."""
        page = self._added(FindingsPage(self.session))
        page.said.connect(self.notice.tell)
        page.calls_wanted.connect(self.show_calls)
        return page

    @cached_property
    def lineage(self) -> LineagePage:
        """Outputs that may have trained a model."""
        page = self._added(LineagePage(self.session))
        page.calls_wanted.connect(self.show_calls)
        page.finding_wanted.connect(self.show_finding)
        return page

    @cached_property
    def actors(self) -> ActorsPage:
        """Who called."""
        page = self._added(ActorsPage(self.session))
        page.said.connect(self.notice.tell)
        page.calls_wanted.connect(self.show_filter)
        page.finding_wanted.connect(self.show_finding)
        return page

    @cached_property
    def providers(self) -> ProvidersPage:
        """Who was called, and under which terms."""
        page = self._added(ProvidersPage(self.session))
        page.calls_wanted.connect(self.show_filter)
        return page

    @cached_property
    def rules(self) -> RulesPage:
        """Rules and policy."""
        page = self._added(RulesPage(self.session))
        page.said.connect(self.notice.tell)
        page.calls_wanted.connect(self.show_filter)
        return page

    @cached_property
    def gateways(self) -> GatewaysPage:
        """The gateways and their health."""
        page = self._added(GatewaysPage(self.session))
        page.guide_wanted.connect(self.show_guide)
        page.said.connect(self.notice.tell)
        if self._health is not None:
            page.show_health(self._health)
        return page

    @cached_property
    def access(self) -> AccessPage:
        """Who read what."""
        return self._added(AccessPage(self.session))

    @cached_property
    def settings(self) -> SettingsPage:
        """What can be set."""
        page = self._added(SettingsPage(self.session, self._settings))
        page.look_chosen.connect(self.look_chosen)
        page.lock_chosen.connect(self.lock_chosen)
        page.policy_wanted.connect(self.show_policy)
        page.said.connect(self.notice.tell)
        page.lock_wanted.connect(self.lock_said)
        return page

    def _added[P: Page](self, page: P) -> P:
        """Put a new page among the others, its splitter where it was."""
        self.pages.addWidget(page)
        page.failed.connect(self.show_failure)
        splitter = page.findChild(QSplitter)
        if splitter is not None:
            name = type(page).__name__.removesuffix("Page").lower()
            splitter.restoreState(self._settings.splitter(name))
            splitter.splitterMoved.connect(lambda *_: self._settings.set_splitter(name, splitter.saveState()))
        return page

    def _page(self, number: int) -> Page:
        page: Page = getattr(self, PAGES[number][0])
        return page

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
        self.status.palette_wanted.connect(self.show_palette)
        self.session.background.failed.connect(self.show_failure)
        self.session.health_read.connect(self._show_health)
        action(self, Shortcut.REFRESH).triggered.connect(self.session.look_for_news)
        action(self, Shortcut.PALETTE).triggered.connect(self.show_palette)

    def start(self, page: str = "") -> None:
        """List the calls, and show a page by its name; the first one where there is none of it."""
        self.traffic.start()
        self.notifier.start()
        names = [drawing for drawing, _ in PAGES]
        self.show_page(names.index(page) if page in names else 0)

    # --- pages ---

    def show_page(self, number: int) -> None:
        """Show a page by its place in the rail."""
        self.rail.choose(number)
        page = self._page(number)
        self.pages.setCurrentWidget(page)
        page.setFocus()
        if page.hasFocus() and (first := next(controls(page), None)) is not None:
            first.setFocus()
        self._settings.set_page(PAGES[number][0])
        if not isinstance(page, TrafficPage):
            page.look()

    def show_named(self, drawing: str) -> None:
        """Show a page by the name of its drawing."""
        self.show_page([name for name, _ in PAGES].index(drawing))

    def show_policy(self) -> None:
        """Show the policy's text."""
        self.show_named("rules")
        self.rules.show_part("policy")

    def show_findings(self) -> None:
        """Show the findings, in a window that may be behind others."""
        self.window().activateWindow()
        self.show_named("findings")

    def show_palette(self) -> None:
        """Offer everything that can be done."""
        palette = self.palette_ = Palette(self._commands(), self.window())
        palette.show()
        self.session.query(
            palette,
            lambda archive, _: all_cases(archive),
            lambda cases: palette.offer(of_findings(cases, self.show_finding)),
        )

    def _commands(self) -> list[Command]:
        """What can be done from here, in the order it is offered; findings are read when the palette is open."""
        page = self.pages.currentWidget() or self.overview
        return [
            *of_pages(PAGES, self.show_page),
            *of_views(self.traffic.views.views, self.show_view),
            *of_shortcuts([page, *page.findChildren(QWidget), self, self.window()]),
            *of_providers(self.overview.shown.providers if self.overview.shown else (), self.show_filter),
        ]

    def show_guide(self) -> None:
        """Set a gateway up, step by step."""
        folder = policy_file(self.session.location).parent
        gateway = local_gateway()
        guide = self.guide = GatewayGuide(gateway, folder, self.session.calls, self.window())
        guide.start_wanted.connect(lambda: gateway.start(folder))
        guide.stop_wanted.connect(gateway.stop)
        self.session.query(
            guide, lambda *_: read_setup(folder, f"http://{ADDRESS}"), guide.show_setup, self.show_failure
        )
        self.session.news.connect(lambda _: guide.show_calls(self.session.calls) if isValid(guide) else None)
        guide.open()

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

    def analyse(self) -> None:
        """Evaluate everything, and show the findings."""
        self.show_named("findings")
        self.findings.run_analyses()

    def show_terms(self, provider: str) -> None:
        """Show a provider's terms."""
        self.show_named("providers")
        self.providers.show_provider(provider)

    def show_view(self, view: View) -> None:
        """Show a saved view in Traffic."""
        self.show_named("traffic")
        self.traffic.show_view(view)

    def show_failure(self, error: AuditorError) -> None:
        """Say a failure over the page."""
        self.notice.fail(error.diagnostics())

    def _show_health(self, health: Health) -> None:
        self.status.health.say(*health.gateways_line())
        self.status.completeness.say(*health.completeness_line())
        self._health = health
        if "gateways" in self.__dict__:
            self.gateways.show_health(health)
