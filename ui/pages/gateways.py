# SPDX-License-Identifier: Apache-2.0
"""The Gateways page: each gateway's signs of life, and the account of every call that passed."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QStackedWidget, QWidget

from auditor.archive import LedgerStatus
from ui.models import formats
from ui.models.fetching import Fetched, fetch
from ui.models.health import Health, is_gateway
from ui.pages.following import Following
from ui.session import Session
from ui.theme import theme
from ui.widgets.basics import across, button, clear, down, holder, label, picture
from ui.widgets.charts.figure import figure
from ui.widgets.dialogs.fetch import FetchDialog
from ui.widgets.empty import Empty
from ui.widgets.facts import breakable

FIGURES = (
    ("seen", "Seen", "Calls to AI providers that came through", ""),
    ("recorded", "Recorded", "Sealed in the ledger", ""),
    ("lost", "Lost", "Passed without a record", "bad"),
    ("blocked", "Blocked", "Not let through", ""),
    ("unparsed", "Unparsed", "Recorded raw, format unknown", "warn"),
    ("undecryptable", "Not decrypted", "Connections to AI hosts that stayed closed", "warn"),
    ("tunnelled", "Tunnelled", "Connections to other hosts: not opened, only counted", ""),
    ("backlog", "Backlog", "Waiting to be recorded", ""),
)


class GatewaysPage(QWidget):
    """A card a ledger."""

    failed = Signal(object)
    said = Signal(str)
    guide_wanted = Signal()
    """Somebody wants to set a gateway up."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._shown: tuple[object, ...] = ()
        self._fetched_from = ("", "")
        self._cards = down(spacing=14)
        self.guide, self.fetch = button("Set up a gateway…"), button("Fetch records…")
        self.fetch.setToolTip("From a gateway on another machine, or a copy of a store")
        self.dialog: FetchDialog | None = None
        self.following = Following(session, self)
        self.followed, self.leave = label("", "muted", wrap=True, selectable=True), button("Stop fetching")
        self._follow_line = holder(across(self.followed, self.leave, spacing=12))
        self._stack = QStackedWidget()
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        column = down(margins=(24, 20, 24, 24), spacing=6)
        column.addLayout(across(label("Gateways", "title"), 1, self.fetch, self.guide))
        column.addWidget(
            label(
                "What passed, what was recorded, and what could not be. Nothing is lost silently.", "muted", wrap=True
            )
        )
        self._follow_line.hide()
        column.addWidget(self._follow_line)
        column.addSpacing(theme().px(12))
        column.addLayout(self._cards)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(holder(column, "panel"))
        area.setAccessibleName("Gateways")
        empty = Empty()
        hint = "A gateway records what programs send to AI providers; “auditor gateway run” starts one."
        empty.say("gateways", "No gateway has reported.", hint, "Set up a gateway…", self.guide_wanted.emit)
        self._stack.addWidget(area)
        self._stack.addWidget(holder(down(empty), "panel"))
        self.setLayout(down(self._stack))
        self._stack.setCurrentIndex(1)

    def _connect(self) -> None:
        self.guide.clicked.connect(self.guide_wanted)
        self.fetch.clicked.connect(self.ask_fetch)
        self.following.failed.connect(self.failed)
        self.following.changed.connect(self._show_following)
        self.leave.clicked.connect(self.following.stop)

    # --- records of gateways elsewhere ---

    def ask_fetch(self) -> None:
        """Ask where to fetch records from."""
        dialog = self.dialog = FetchDialog(*self._fetched_from, self.window())
        dialog.source_given.connect(lambda source, token: self._fetch(dialog, source, token))
        dialog.open()

    def _fetch(self, dialog: FetchDialog, source: str, token: Path | None) -> None:
        self._fetched_from = (source, str(token or ""))

        def done(found: Fetched) -> None:
            dialog.accept()
            self.said.emit(found.sentence)
            self._session.look_for_news()
            if dialog.follow.isChecked():
                self.following.begin(source, token)

        job = self._session.errand(
            dialog,
            lambda archive, job: fetch(archive.location, source, token, job.report),
            done,
            lambda error: dialog.fail(error.message),
            label="Fetching records",
        )
        job.progressed.connect(dialog.show_progress)
        dialog.rejected.connect(job.cancel)

    def _show_following(self) -> None:
        source, away = formats.one_line(self.following.source, 120), self.following.away
        missing = f" Not now: {away}" if away else ""
        self.followed.setText(breakable(f"Records of {source} come in as they arrive.{missing}"))
        self._follow_line.setVisible(bool(self.following.source))

    def look(self) -> None:
        """Ask for fresh figures."""
        self._session.look_at_health()

    def show_health(self, health: Health) -> None:
        """Show these figures; unchanged ones are left alone."""
        shown = tuple((ledger, health.state(ledger)) for ledger in health.ledgers)
        if shown == self._shown:
            return
        self._shown = shown
        clear(self._cards)
        for ledger in sorted(health.ledgers, key=lambda one: not is_gateway(one)):
            self._cards.addWidget(self._card(health, ledger))
        self._stack.setCurrentIndex(0 if health.ledgers else 1)

    def _card(self, health: Health, ledger: LedgerStatus) -> QWidget:
        card = QFrame()
        card.setMaximumWidth(theme().px(1080))
        card.setProperty("look", "card")
        drawing, tone, words, more = (
            health.state(ledger) if is_gateway(ledger) else ("user", "muted", "auditor's desk", "")
        )
        head = across(
            label(formats.one_line(ledger.ledger, 60), "heading"),
            1,
            picture(drawing, tone, 16),
            label(words),
            spacing=8,
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(theme().px(20))
        grid.setVerticalSpacing(theme().px(14))
        figures = FIGURES if is_gateway(ledger) else FIGURES[1:2]
        for place, (field, title, meaning, tone_if_any) in enumerate(figures):
            value = getattr(ledger, field)
            grid.addWidget(figure(title, value, meaning, tone_if_any if value else ""), place // 4, place % 4)
        for column in range(4):
            grid.setColumnStretch(column, 1)
        layout = down(margins=(20, 16, 20, 18), spacing=14)
        layout.addLayout(head)
        layout.addLayout(grid)
        foot = [part for part in (more, _checkpoint(health, ledger)) if part]
        if foot:
            layout.addWidget(label(" · ".join(foot), "caption", wrap=True))
        card.setLayout(layout)
        card.setAccessibleName(f"{ledger.ledger}: {words}")
        return card


def _checkpoint(health: Health, ledger: LedgerStatus) -> str:
    return f"Last signed checkpoint {formats.ago(ledger.last_checkpoint, health.now)}" if ledger.last_checkpoint else ""
