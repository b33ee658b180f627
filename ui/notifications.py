# SPDX-License-Identifier: Apache-2.0
"""Tells of new findings through the system's tray while the store is unlocked: how many and how grave, nothing else.

Invariants: no title, actor, provider or content reaches the system, which may keep and show it on a locked screen; what
was there when the store was unlocked, or was told once, is not told again.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QSystemTrayIcon

from auditor.findings import Case, Level, State
from ui.models import formats
from ui.models.findings import LEVELS
from ui.session import Session
from ui.theme import icon, theme

LOOK_EVERY_MS = 10_000
TITLE = "AI Usage Auditor"
GRAVEST_FIRST = tuple(LEVELS)


def available() -> bool:
    """Whether this system has a tray that shows messages."""
    return QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages()


def from_level(level: Level | None) -> tuple[Level, ...]:
    """A level and the graver ones; none for None."""
    return () if level is None else GRAVEST_FIRST[: GRAVEST_FIRST.index(level) + 1]


def sentence(cases: Sequence[Case]) -> str:
    """What is told of new findings."""
    gravest = min((case.severity for case in cases), key=GRAVEST_FIRST.index)
    word = LEVELS[gravest].word
    said = formats.count(len(cases), "new finding")
    return f"{said} for review: {word}." if len(cases) == 1 else f"{said} for review, the gravest {word}."


class Notifier(QObject):
    """Looks for new findings of a session and tells of them through `tell`, by default the tray."""

    wanted = Signal()
    """The message was clicked: show the findings."""

    def __init__(
        self,
        session: Session,
        level: Callable[[], Level | None],
        parent: QObject,
        tell: Callable[[str], object] | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._level = session, level
        self._tell = tell or self._through_tray
        self._tray: QSystemTrayIcon | None = None
        self._known: frozenset[str] | None = None
        self._changed = True
        self._clock = QTimer(self, interval=LOOK_EVERY_MS)
        self._clock.timeout.connect(self._look_again)
        session.changed.connect(self._mark)

    def start(self) -> None:
        """Take note of what is there, and look from now on."""
        self.look()
        self._clock.start()

    def _mark(self) -> None:
        self._changed = True

    def _look_again(self) -> None:
        if self._changed:
            self.look()

    def look(self) -> None:
        """Look for new findings now."""
        self._changed = False
        self._session.query(
            self, lambda archive, _: archive.cases(states=(State.NEW,)), self.take, topic="notifications"
        )

    def take(self, cases: Sequence[Case]) -> None:
        """Tell of those that were not there before and are grave enough."""
        known, self._known = self._known, frozenset(case.finding.id for case in cases)
        if known is None:
            return
        levels = from_level(self._level())
        news = [case for case in cases if case.finding.id not in known and case.severity in levels]
        if news:
            self._tell(sentence(news))

    def _through_tray(self, said: str) -> None:
        if not available():
            return
        if self._tray is None:
            self._tray = QSystemTrayIcon(icon("logo", theme().colors.accent, 64), self)
            self._tray.setToolTip(TITLE)
            self._tray.messageClicked.connect(self.wanted)
            self._tray.activated.connect(self.wanted)
        self._tray.show()
        self._tray.showMessage(TITLE, said, icon("logo", theme().colors.accent, 64))
