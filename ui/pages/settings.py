# SPDX-License-Identifier: Apache-2.0
"""The Settings page: looks, when to lock, what is told, retention, who reads, and what is known of store and identity.

Looks, lock and notifications are settings of this desktop and hold at once; what concerns the store is a command that
is recorded, asked for once more with the identity's keys.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QScrollArea, QWidget

from auditor.findings import Level
from ui.models.about import About
from ui.notifications import available
from ui.pages.auditors_pane import AuditorsPane
from ui.pages.retention_pane import RetentionPane
from ui.session import Session
from ui.settings import Settings
from ui.theme import Mode, theme
from ui.widgets.basics import across, clear, down, holder, label, leftmost
from ui.widgets.facts import Facts
from ui.widgets.group import group
from ui.widgets.segments import Segments

MODES = ((Mode.SYSTEM, "As the system"), (Mode.LIGHT, "Light"), (Mode.DARK, "Dark"))
SIZES = (("1.0", "100 %"), ("1.2", "120 %"), ("1.5", "150 %"), ("1.8", "180 %"), ("2.0", "200 %"))
IDLE = (("2", "2 min"), ("4", "4 min"), ("10", "10 min"), ("30", "30 min"), ("60", "1 h"), ("0", "never"))
NOTIFY = (("critical", "critical"), ("high", "high and above"), ("medium", "medium and above"), ("", "never"))
NO_TRAY = "This desktop has no tray that shows messages, so nothing can be told."
TOLD = "While the store is unlocked. The system learns how many and how grave, nothing of what they are about."


class SettingsPage(QWidget):
    """Groups in one column."""

    failed = Signal(object)
    look_chosen = Signal()
    """Colours or text size changed."""

    lock_chosen = Signal()
    """When to lock changed."""

    policy_wanted = Signal()
    said = Signal(str)
    lock_wanted = Signal(str)
    """The store has to be opened anew; the sentence says why."""

    def __init__(self, session: Session, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._settings = session, settings
        self.modes = Segments("Colours", MODES)
        self.sizes = Segments("Text size", SIZES)
        self.idle = Segments("Lock after", IDLE)
        self.with_screen = QCheckBox("Lock when the system locks its screen")
        self.notify = Segments("Tell of new findings", NOTIFY)
        self.retention, self.auditors = RetentionPane(session), AuditorsPane(session)
        self._store, self._identity = down(), down()
        self._arrange()
        self._connect()
        self.show_settings()

    def _arrange(self) -> None:
        looks = group("Appearance", _line("Colours", self.modes), _line("Text size", self.sizes))
        hint = label("Locking closes the store and forgets everything that was shown.", "muted", wrap=True)
        lock = group("Lock", _line("Without a touch for", self.idle), self.with_screen, hint)
        told = label(TOLD if available() else NO_TRAY, "muted", wrap=True)
        notify = group("Notifications", _line("New findings, from", self.notify), told)
        retention = group("Retention", self.retention)
        auditors = group("Who reads", self.auditors)
        identity = self.store = group("Identity and store", holder(self._identity), holder(self._store))
        column = down(looks, lock, notify, retention, auditors, identity, 1, margins=(24, 18, 24, 24), spacing=14)
        inner = holder(column, "page")
        inner.setMaximumWidth(theme().px(920))
        area = self._area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setProperty("look", "page")
        area.setAccessibleName("Settings")
        area.setWidget(holder(leftmost(inner), "page"))
        head = holder(down(label("Settings", "title"), margins=(24, 16, 24, 12)), "bar")
        layout = down(head, area, spacing=0)
        layout.setStretchFactor(area, 1)
        self.setLayout(layout)

    def _connect(self) -> None:
        self.modes.chosen.connect(self._set_mode)
        self.sizes.chosen.connect(self._set_size)
        self.idle.chosen.connect(lambda _: self._set_lock())
        self.with_screen.toggled.connect(lambda _: self._set_lock())
        self.notify.chosen.connect(lambda key: self._settings.set_notify(Level(key) if key else None))
        self.retention.policy_wanted.connect(self.policy_wanted)
        for pane in (self.retention, self.auditors):
            pane.failed.connect(self.failed)
            pane.said.connect(self.said)
            pane.lock_wanted.connect(self.lock_wanted)
        theme().changed.connect(self.show_settings)

    # --- this desktop ---

    def show_settings(self) -> None:
        """Mark what is set."""
        self.modes.choose(theme().mode)
        self.sizes.choose(f"{theme().scale:.1f}")
        self.idle.choose(str(self._settings.idle_minutes()))
        self.notify.choose(str(self._settings.notify() or ""))
        self.with_screen.blockSignals(True)
        self.with_screen.setChecked(self._settings.lock_with_screen())
        self.with_screen.blockSignals(False)

    def _set_mode(self, key: str) -> None:
        theme().set_mode(Mode(key))
        self.look_chosen.emit()

    def _set_size(self, key: str) -> None:
        theme().set_scale(float(key))
        self.look_chosen.emit()

    def _set_lock(self) -> None:
        chosen = next((key for key, entry in self.idle.buttons.items() if entry.isChecked()), None)
        minutes = self._settings.idle_minutes() if chosen is None else int(chosen)
        self._settings.set_lock(minutes, self.with_screen.isChecked())
        self.lock_chosen.emit()

    # --- the store ---

    def look(self) -> None:
        """Read what is known of store and identity again."""
        self._session.read_about(self, self.show_about, self.failed.emit)
        self.retention.look()
        self.auditors.look()

    def show_about(self, about: About) -> None:
        """Show it."""
        for column, title, facts in (
            (self._identity, "Identity", about.identity),
            (self._store, "Store", about.store),
        ):
            clear(column)
            column.addWidget(Facts(title, facts))
        self.retention.show_months(about.months)

    def show_part(self, part: QWidget) -> None:
        """Bring a group into sight."""
        column = self._area.widget()
        assert column is not None
        self._area.verticalScrollBar().setValue(part.mapTo(column, part.rect().topLeft()).y())

    def setFocus(self) -> None:  # type: ignore[override]
        """The keyboard goes to the colours."""
        self.modes.buttons[theme().mode].setFocus()


def _line(words: str, content: QWidget) -> QWidget:
    said = label(words, "muted")
    said.setMinimumWidth(theme().px(150))
    row = across(said, content, spacing=12)
    row.setStretch(1, 1)
    return holder(row)
