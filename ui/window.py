# SPDX-License-Identifier: Apache-2.0
"""The window: locked it holds only the unlock screen, unlocked a frame for the session.

Invariant: locking closes the session and deletes the frame, so that no widget, model or text of the store is left.
"""

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QMainWindow, QStackedWidget

from auditor.errors import AuditorError, InputError
from auditor.store import Location
from ui.background import Job
from ui.focus import step
from ui.frame import Frame
from ui.idle import Watch
from ui.models.keys import Keys
from ui.pages.unlock import UnlockPage
from ui.pages.welcome import WelcomePage
from ui.session import Session
from ui.settings import Settings
from ui.shortcuts import Shortcut, action
from ui.theme import Mode, icon, theme
from ui.widgets.help import ShortcutsDialog

NEXT_MODE = {Mode.SYSTEM: Mode.LIGHT, Mode.LIGHT: Mode.DARK, Mode.DARK: Mode.SYSTEM}
SMALLEST = (1080, 640)
USUAL = (1440, 900)


class Window(QMainWindow):
    """The one window of the desktop."""

    unlock_failed = Signal(object)

    def __init__(self, location: str, identity: str, settings: Settings | None = None) -> None:
        super().__init__()
        self.setWindowTitle("AI Usage Auditor")
        self.setWindowIcon(icon("logo", theme().colors.accent, 64))
        self._location = location
        self.settings = settings or Settings()
        self.frame: Frame | None = None
        self.session: Session | None = None
        self.locks_itself = True
        """Whether it locks when nobody touches it, as Settings say."""

        self._job: Job | None = None
        self._watch = Watch(self)
        self._watch.left.connect(self.lock)
        self._stack = QStackedWidget()
        self.setCentralWidget(self._stack)
        self.unlock = UnlockPage(location, identity)
        self._stack.addWidget(self.unlock)
        self.unlock.submitted.connect(self._open)
        self.unlock.cancelled.connect(self._give_up)
        self.welcome: WelcomePage | None = None
        if not there(location):
            self._show_welcome()
        self._add_shortcuts()
        self.setMinimumSize(*SMALLEST)
        if not self.restoreGeometry(self.settings.geometry()):
            self.resize(*USUAL)

    def _add_shortcuts(self) -> None:
        action(self, Shortcut.LOCK).triggered.connect(self.lock)
        action(self, Shortcut.QUIT).triggered.connect(self.close)
        action(self, Shortcut.THEME).triggered.connect(self.next_theme)
        action(self, Shortcut.LARGER).triggered.connect(lambda: self._zoom(1))
        action(self, Shortcut.SMALLER).triggered.connect(lambda: self._zoom(-1))
        action(self, Shortcut.HELP).triggered.connect(self.show_shortcuts)

    # --- the first time ---

    def _show_welcome(self) -> None:
        page = self.welcome = WelcomePage(Location.parse(self._location).folder.absolute().parent)
        page.made.connect(self._made)
        page.named.connect(self._named)
        self._stack.addWidget(page)
        self._stack.setCurrentWidget(page)

    def _made(self, location: str, identity: str, passphrase: bytes) -> None:
        self._named(location, identity)
        self.settings.set_page("gateways")
        self.unlock.use(passphrase)

    def _named(self, location: str, identity: str) -> None:
        self._location = location
        self.unlock.point_to(location, identity)
        self._leave_welcome()
        self._stack.setCurrentWidget(self.unlock)
        self.unlock.focus()

    def _leave_welcome(self) -> None:
        if self.welcome is not None:
            self.welcome.close_threads()
            self._stack.removeWidget(self.welcome)
            self.welcome.deleteLater()
            self.welcome = None

    # --- locked and unlocked ---

    @property
    def locked(self) -> bool:
        """Whether nothing of the store can be seen."""
        return self.frame is None

    def _open(self, keys: Keys) -> None:
        session = Session(self._location, self)
        session.opened.connect(self._opened)
        self.session = session
        self._job = session.unlock(keys, self._failed)
        self._job.progressed.connect(self.unlock.show_progress)

    def _opened(self) -> None:
        if self.session is None:
            return
        self._job = None
        self.show_pages()
        self.unlock.ready()
        self._configure_lock()
        self._watch.start()

    def show_pages(self) -> None:
        """Make every page of the unlocked store, as none was shown before."""
        if self.session is None:
            raise RuntimeError("the window is locked")
        frame = self.frame = Frame(self.session, self.settings)
        frame.lock_wanted.connect(self.lock)
        frame.lock_said.connect(self._lock_and_tell)
        frame.status.theme_wanted.connect(self.next_theme)
        frame.look_chosen.connect(self._remember_look)
        frame.lock_chosen.connect(self._configure_lock)
        self._watch.remaining.connect(frame.status.show_remaining)
        self._stack.addWidget(frame)
        self._stack.setCurrentWidget(frame)
        frame.start(self.settings.page())

    def drop_pages(self) -> None:
        """Forget every page and all that was shown on it; the session stays open."""
        for dialog in self.findChildren(QDialog):
            dialog.close()
        if self.frame is not None:
            self._stack.removeWidget(self.frame)
            self.frame.deleteLater()
            self.frame = None

    def _configure_lock(self) -> None:
        if self.locks_itself:
            self._watch.configure(self.settings.idle_minutes(), self.settings.lock_with_screen())
        else:
            self._watch.configure(0, False)

    def _failed(self, error: AuditorError) -> None:
        self._close_session()
        self.unlock.fail(error)
        self.unlock_failed.emit(error)

    def _give_up(self) -> None:
        self._close_session()
        self.unlock.ready()
        self.unlock.focus()

    def lock(self) -> None:
        """Close the session and forget everything that was shown."""
        self._watch.stop()
        self.drop_pages()
        self._close_session()
        self._stack.setCurrentWidget(self.unlock)
        self.unlock.ready()
        self.unlock.focus()

    def _lock_and_tell(self, sentence: str) -> None:
        self.lock()
        self.unlock.tell(sentence)

    def _close_session(self) -> None:
        self._job = None
        if self.session is not None:
            self.session.close()
            self.session.deleteLater()
            self.session = None

    # --- looks ---

    def next_theme(self) -> None:
        """System, light, dark, and again."""
        theme().set_mode(NEXT_MODE[theme().mode])
        self._remember_look()
        if self.frame is not None:
            self.frame.notice.tell(f"Colours: {theme().mode}")

    def _zoom(self, steps: int) -> None:
        theme().zoom(steps)
        self._remember_look()

    def _remember_look(self) -> None:
        self.settings.set_look(theme().mode, theme().scale)

    def show_shortcuts(self) -> None:
        """The list of shortcuts."""
        ShortcutsDialog(self).open()

    # --- Qt ---

    def showEvent(self, event: QShowEvent) -> None:
        """The keyboard goes to the passphrase."""
        super().showEvent(event)
        if self.locked and self.welcome is None:
            QTimer.singleShot(0, self, self.unlock.focus)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes as the window is read."""
        return step(self, forward)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember the window, lock, and go."""
        self.settings.set_geometry(self.saveGeometry())
        self._leave_welcome()
        self.lock()
        event.accept()


def there(location: str) -> bool:
    """Whether there is a store, or a server that will say so itself when it is unlocked."""
    place = Location.parse(location)
    if place.server is not None:
        return True
    try:
        place.facts()
    except InputError:
        return False
    return True
