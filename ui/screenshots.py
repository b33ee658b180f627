# SPDX-License-Identifier: Apache-2.0
"""Renders the desktop's pages to PNG files, by driving the real window on a real store, light and dark."""

import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QEvent, QSettings, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from auditor.errors import EnvironmentFailure
from ui.frame import Frame
from ui.inspector import Inspector
from ui.models.opened import Opened
from ui.scenes import Scene, aspects, closed, scenes, telling_row
from ui.settings import Settings
from ui.theme import Mode, theme
from ui.window import Window

SIZE = (1440, 900)
PATIENCE_S = 120.0
QUIET_ROUNDS = 6
SOON_MS = 500
QUALITY = 80
"""Of PNG files: larger ones, written in a third of the time; nothing is lost either way."""
MODES = (Mode.LIGHT, Mode.DARK)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A store to be rendered, and how. Content is opened only for a reason: that of the call that tells most, or of
    these `rows`."""

    location: str
    identity: str
    passphrase: bytes
    reason: str | None
    rows: tuple[int, ...] | None = None
    scale: float = 1.0
    size: tuple[int, int] = SIZE
    modes: tuple[Mode, ...] = MODES

    def at(self, scale: float, size: tuple[int, int], modes: tuple[Mode, ...]) -> "Wanted":
        """The same, at another text size."""
        return replace(self, scale=scale, size=size, modes=modes)


def render_store(directory: Path, wanted: Wanted) -> Iterator[Path]:
    """All pages of a store; see `ui.app.screenshots`."""
    made(directory)
    with opened(wanted.location, wanted.identity, wanted.scale, wanted.size) as window:
        yield from Renderer(window, directory, wanted).render()


def made(directory: Path) -> Path:
    """The folder, made where there is none. Raises `EnvironmentFailure`."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EnvironmentFailure(f"The folder {directory} cannot be made: {error.strerror}.") from error
    return directory


@contextmanager
def opened(location: str, identity: str, scale: float = 1.0, size: tuple[int, int] = SIZE) -> Iterator[Window]:
    """A window on a store, or on none, that remembers nothing."""
    theme().start(Mode.LIGHT, scale)
    with tempfile.TemporaryDirectory() as folder:
        look = QSettings(str(Path(folder) / "look.ini"), QSettings.Format.IniFormat)
        window = Window(location, identity, Settings(look))
        window.locks_itself = False  # nobody touches it, and a slow machine may take minutes
        window.resize(*size)
        window.show()
        try:
            yield window
        finally:
            window.close()
            window.deleteLater()
            look.sync()
            theme().start(Mode.LIGHT)


def grabbed(shown: QWidget, path: Path) -> Path:
    """Render a widget to a file."""
    QApplication.processEvents()
    if not shown.grab().save(str(path), "PNG", QUALITY):
        raise EnvironmentFailure(f"{path} could not be written.")
    return path


class Renderer:
    """Drives a window and grabs it. Every pass begins with new pages, so that all colours show the same state."""

    def __init__(self, window: Window, directory: Path, wanted: Wanted) -> None:
        self._window, self._directory, self._wanted = window, directory, wanted
        self._read: dict[int, Opened | str] = {}
        """What was opened, or why not, by row: content is read once, for all passes."""

        self._failures: list[BaseException] = []
        window.unlock_failed.connect(self._failures.append)

    def render(self) -> Iterator[Path]:
        """Every scene in its colours; a failure or a defect on the way is raised."""
        usual, sys.excepthook = sys.excepthook, lambda _kind, error, _trace: self._failures.append(error)
        try:
            for mode in reversed(self._wanted.modes):
                theme().set_mode(mode)
                yield self._grab("unlock", mode)
            first, *others = self._wanted.modes
            yield from self._pass(self._unlock(), first)
            for mode in others:
                yield from self._pass(self._anew(mode), mode)
        finally:
            sys.excepthook = usual

    def _unlock(self) -> Frame:
        self._window.unlock.use(self._wanted.passphrase)
        return self._frame()

    def _anew(self, mode: Mode) -> Frame:
        """New pages, made after the colours changed: to change those of many widgets takes longer than to make them."""
        self._window.settings.set_page("")
        self._window.drop_pages()
        self._settle()
        theme().set_mode(mode)
        self._window.show_pages()
        return self._frame()

    def _frame(self) -> Frame:
        self._wait(lambda: self._window.frame is not None, "the store")
        assert self._window.frame is not None
        self._settle()
        return self._window.frame

    def _pass(self, frame: Frame, mode: Mode) -> Iterator[Path]:
        """The calls whose content is opened, the last with every aspect, and then every page and dialog."""
        rows = self._rows(frame)
        for row in rows:
            self._open(frame, row)
            if row == rows[-1]:
                yield from self._scenes(aspects(frame), mode)
            else:
                yield self._grab(f"call-in-row-{row + 1}", mode)
        yield from self._scenes(scenes(frame), mode)

    def _rows(self, frame: Frame) -> tuple[int, ...]:
        """The calls whose content is opened, the one with every aspect last."""
        if self._wanted.reason is None or not frame.traffic.model.rowCount():
            return ()
        return (telling_row(frame),) if self._wanted.rows is None else self._wanted.rows[::-1]

    def _scenes(self, wanted: Iterable[Scene], mode: Mode) -> Iterator[Path]:
        for name, prepare in wanted:
            shown = prepare()
            yield self._grab(name, mode, shown)
            closed(shown)

    def _open(self, frame: Frame, row: int) -> None:
        """Open a call. The first time the reading is recorded; another pass shows what was read then."""
        inspector = frame.traffic.inspector
        frame.show_named("traffic")
        frame.traffic.view.go_to(row)

        def chosen() -> bool:
            wanted = frame.traffic.model.loaded(row)
            return wanted is not None and inspector.call is not None and inspector.call.id == wanted.call.id

        self._wait(chosen, "the call")
        if row not in self._read:
            self._read[row] = self._content(inspector)
        elif isinstance(read := self._read[row], Opened):
            inspector.show_opened(read)
        else:
            inspector.gate.fail(read)

    def _content(self, inspector: Inspector) -> Opened | str:
        inspector.gate.reason.setText(self._wanted.reason or "")
        inspector.gate.read.click()
        self._wait(lambda: inspector.opened is not None or not inspector.gate.problem.isHidden(), "the content")
        return inspector.opened or inspector.gate.problem.text()

    def _grab(self, name: str, mode: Mode, shown: QWidget | None = None) -> Path:
        self._settle()
        return grabbed(shown or self._window, self._directory / f"{name}-{mode}.png")

    def _settle(self) -> None:
        """Let answers arrive and the window paint itself; what waits a moment, such as the inspector for the choice to
        settle, is still to come."""
        quiet = 0
        frame = self._window.frame
        timers = [timer for timer in frame.pages.findChildren(QTimer) if soon(timer)] if frame is not None else []

        def rested() -> bool:
            nonlocal quiet
            session = self._window.session
            at_rest = session is None or (session.background.idle and not any(timer.isActive() for timer in timers))
            quiet = quiet + 1 if at_rest else 0
            return quiet >= QUIET_ROUNDS

        self._wait(rested, "the page")

    def _wait(self, done: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + PATIENCE_S
        while not done():
            QApplication.processEvents()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            if self._failures:
                raise self._failures[0]
            if time.monotonic() > deadline:
                raise EnvironmentFailure(f"Rendering gave up waiting for {what}.")
            time.sleep(0.004)


def soon(timer: QTimer) -> bool:
    """Whether it ends by itself in a moment."""
    return timer.isSingleShot() and timer.interval() <= SOON_MS
