# SPDX-License-Identifier: Apache-2.0
"""The Actors page: who called, by pseudonym, over a period; one of them in full, and who it is, for a reason."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QWidget

from auditor.archive import Filter
from ui.models import formats
from ui.models.actors import ActorRow, WhoItIs, holds, read_actor, read_actors, reveal
from ui.models.overview import PERIODS, Period
from ui.models.policy import policy_of
from ui.pages.revealing import Reveal, begin
from ui.session import Session
from ui.shortcuts import Shortcut, action
from ui.theme import theme
from ui.widgets.actor_view import ActorView
from ui.widgets.basics import across, beside, down, follow_theme, holder, label, rule
from ui.widgets.empty import Empty
from ui.widgets.plain_table import PlainTable
from ui.widgets.segments import Segments

COLUMNS = (
    ("Actor", 160), ("Team", 90), ("Calls", -76), ("Spend", -84), ("Data sent", 0), ("Findings", -76),
    ("Last call (UTC)", 150),
)  # fmt: skip
TEAM, MOST = 1, 2_000
VIEW = 400


def moment() -> datetime:
    """Now."""
    return datetime.now(UTC)


class ActorsPage(QWidget):
    """Actors on the left, one of them on the right."""

    failed = Signal(object)
    said = Signal(str)
    calls_wanted = Signal(object, object, object)
    """A filter, and since and until, to be shown in Traffic."""

    finding_wanted = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.clock: Callable[[], datetime] = moment
        self.period: Period = PERIODS[2]
        self._all: Sequence[ActorRow] = ()
        self.rows: Sequence[ActorRow] = ()
        self._since: datetime | None = None
        self.periods = Segments("Period", [(one.key, one.name) for one in PERIODS])
        self.search = QLineEdit()
        self.count = label("", "caption")
        self.table = PlainTable("Actors", COLUMNS)
        self.empty = Empty()
        self.view = ActorView()
        self._arrange()
        self._connect()

    def _arrange(self) -> None:
        head = across(label("Actors", "title"), 1, self.periods, margins=(24, 14, 16, 12), spacing=16)
        self.search.setPlaceholderText("Search pseudonym, team, data type")
        self.search.setAccessibleName("Search actors")
        self.search.setClearButtonEnabled(True)
        tools = down(self.search, self.count, margins=(14, 12, 14, 8), spacing=8)
        self._area = QStackedWidget()
        self._area.addWidget(self.table)
        self._area.addWidget(self.empty)
        left = down(holder(tools), rule(), self._area, spacing=0)
        left.setStretchFactor(self._area, 1)
        splitter = beside(holder(left, "panel"), self.view, (860, 480))
        layout = down(holder(head, "bar"), splitter, spacing=0)
        layout.setStretchFactor(splitter, 1)
        self.setLayout(layout)
        follow_theme(self.view, lambda: self.view.setMinimumWidth(theme().px(VIEW)))
        self.periods.choose(self.period.key)
        self.view.say_empty("No actor is chosen.", "Actors are pseudonyms: the store knows no names in the open.")

    def _connect(self) -> None:
        self.periods.chosen.connect(self._choose_period)
        self.search.textChanged.connect(lambda _: self._list())
        self.search.returnPressed.connect(self.table.setFocus)
        self.table.chosen.connect(self._choose)
        self.table.opened.connect(lambda row: self._show_calls(self.rows[row].share.actor, ""))
        self.view.calls_wanted.connect(self._show_calls)
        self.view.finding_wanted.connect(self.finding_wanted)
        self.view.reveal_wanted.connect(self._reveal)
        find = action(self, Shortcut.FILTER)
        find.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.triggered.connect(self.search.setFocus)

    # --- reading ---

    def look(self) -> None:
        """Read the actors again."""
        since, location = self.period.since(self.clock()), self._session.location
        self._session.query(
            self,
            lambda archive, _: read_actors(archive, policy_of(location), since),
            lambda rows: self.show_actors(rows, since),
            self.failed.emit,
            topic="actors",
            label="Reading the actors",
        )

    def _choose_period(self, key: str) -> None:
        self.period = next(one for one in PERIODS if one.key == key)
        self.look()

    def show_actors(self, rows: Sequence[ActorRow], since: datetime | None) -> None:
        """Show these."""
        self._all, self._since = rows, since
        self._list()

    def _list(self) -> None:
        words = self.search.text().casefold().split()
        kept = self.view.actor.row.share.actor if self.view.actor else ""
        self.rows = [row for row in self._all if holds(row, words)][:MOST]
        self.table.blockSignals(True)
        self.table.setColumnHidden(TEAM, not any(row.team for row in self._all))
        self.table.show_rows([row.texts for row in self.rows])
        self.table.blockSignals(False)
        rest = f", the first {MOST:,} are listed" if len(self._all) > MOST else ""
        self.count.setText(formats.count(len(self.rows), "actor") + rest if self.rows else "")
        self._area.setCurrentIndex(0 if self.rows else 1)
        if not self.rows:
            hint = "" if words else "Choose a longer period."
            self.empty.say("actors", "No actor holds these words." if words else "Nobody called in this period.", hint)
            self.view.say_empty("No actor is chosen.", "")
            return
        names = [row.share.actor for row in self.rows]
        row = names.index(kept) if kept in names else 0
        self.table.setCurrentCell(row, 0)
        self._choose(row)

    def _choose(self, row: int) -> None:
        if not 0 <= row < len(self.rows):
            return
        chosen, since = self.rows[row], self._since
        self._session.query(
            self,
            lambda archive, _: read_actor(archive, chosen, since),
            self.view.show_actor,
            self.failed.emit,
            topic="actor",
        )

    # --- ways on ---

    def _show_calls(self, actor: str, type_: str) -> None:
        condition = Filter.field("actor", actor)
        self.calls_wanted.emit(condition & Filter.field("sent", type_) if type_ else condition, self._since, None)

    def _reveal(self, actor: str, reason: str) -> None:
        wish = Reveal(
            what=f"Who {actor} is",
            reason=reason,
            work=lambda archive, second: reveal(archive, actor, reason, second),
            then=self._revealed,
            failed=lambda error: self.view.gate.fail(error.diagnostics()),
            label="Revealing an actor",
        )
        begin(self._session, self.view, wish)

    def _revealed(self, found: WhoItIs) -> None:
        self.view.show_revealed(found)
        self.said.emit("The reading is recorded with its reason.")

    def setFocus(self) -> None:  # type: ignore[override]
        """The keyboard goes to the list."""
        self.table.setFocus()
