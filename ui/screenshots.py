# SPDX-License-Identifier: Apache-2.0
"""Renders the desktop's pages to PNG files, by driving the real window on a real store, light and dark."""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QEvent, QSettings
from PySide6.QtWidgets import QApplication, QWidget

from auditor.errors import EnvironmentFailure
from ui.frame import Frame
from ui.scenes import aspects, closed, scenes, telling_row
from ui.settings import Settings
from ui.theme import Mode, theme
from ui.window import Window

SIZE = (1440, 900)
PATIENCE_S = 120.0
QUIET_ROUNDS = 6
QUALITY = 80
"""Of PNG files: larger ones, written in a third of the time; nothing is lost either way."""
MODES = (Mode.LIGHT, Mode.DARK)


def render_all(directory: Path, location: str, identity: str, passphrase: bytes, reason: str | None) -> list[Path]:
    """All pages in both colours; see `ui.app.screenshots`."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise EnvironmentFailure(f"The folder {directory} cannot be made: {error.strerror}.") from error
    theme().start(Mode.LIGHT)
    look = directory / ".look.ini"
    window = Window(location, identity, Settings(QSettings(str(look), QSettings.Format.IniFormat)))
    window.resize(*SIZE)
    window.show()
    try:
        return [*Renderer(window, directory).render(passphrase, reason)]
    finally:
        window.close()
        window.deleteLater()
        look.unlink(missing_ok=True)


class Renderer:
    """Drives a window and grabs it."""

    def __init__(self, window: Window, directory: Path) -> None:
        self._window, self._directory = window, directory
        self._failures: list[BaseException] = []
        window.unlock_failed.connect(self._failures.append)

    def render(self, passphrase: bytes, reason: str | None) -> Iterator[Path]:
        """Every scene in both colours; a failure or a defect on the way is raised."""
        usual, sys.excepthook = sys.excepthook, lambda _kind, error, _trace: self._failures.append(error)
        try:
            for mode in reversed(MODES):
                theme().set_mode(mode)
                yield self._grab("unlock", mode)
            frame = self._unlock(passphrase)
            first, second = MODES  # changing colours costs more than changing scenes
            theme().set_mode(first)
            yield from self._scenes(frame, first)
            content = reason is not None and frame.traffic.model.rowCount() > 0
            if content:
                self._open(frame, reason or "")
                yield from self._aspects(frame, first)
            theme().set_mode(second)
            if content:
                yield from self._aspects(frame, second)
            yield from self._scenes(frame, second)
        finally:
            sys.excepthook = usual

    def _unlock(self, passphrase: bytes) -> Frame:
        self._window.unlock.use(passphrase)
        self._wait(lambda: self._window.frame is not None, "the store")
        assert self._window.frame is not None
        self._settle()
        return self._window.frame

    def _scenes(self, frame: Frame, mode: Mode) -> Iterator[Path]:
        for name, prepare in scenes(frame):
            shown = prepare()
            yield self._grab(name, mode, shown)
            closed(shown)

    def _open(self, frame: Frame, reason: str) -> None:
        """Open the call that tells most; the reading is recorded."""
        inspector = frame.traffic.inspector
        frame.show_named("traffic")
        frame.traffic.view.go_to(telling_row(frame))
        self._wait(lambda: inspector.call is not None, "the call")
        inspector.gate.reason.setText(reason)
        inspector.gate.read.click()
        self._wait(lambda: inspector.opened is not None or not inspector.gate.problem.isHidden(), "the content")

    def _aspects(self, frame: Frame, mode: Mode) -> Iterator[Path]:
        for name, prepare in aspects(frame):
            prepare()
            yield self._grab(name, mode)

    def _grab(self, name: str, mode: Mode, shown: QWidget | None = None) -> Path:
        self._settle()
        path = self._directory / f"{name}-{mode}.png"
        if not (shown or self._window).grab().save(str(path), "PNG", QUALITY):
            raise EnvironmentFailure(f"{path} could not be written.")
        return path

    def _settle(self) -> None:
        """Let answers arrive and the window paint itself."""
        quiet = 0

        def rested() -> bool:
            nonlocal quiet
            session = self._window.session
            quiet = quiet + 1 if session is None or session.background.idle else 0
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
