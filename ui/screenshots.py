# SPDX-License-Identifier: Apache-2.0
"""Renders the desktop's pages to PNG files, by driving the real window on a real store, light and dark."""

import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QSettings
from PySide6.QtWidgets import QApplication

from auditor.calls import Call, Outcome
from auditor.errors import EnvironmentFailure
from ui.frame import PAGES, Frame
from ui.settings import Settings
from ui.theme import Mode, theme
from ui.window import Window

SIZE = (1440, 900)
PATIENCE_S = 120.0
QUIET_ROUNDS = 10
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
        """Every page; a failure or a defect on the way is raised."""
        usual, sys.excepthook = sys.excepthook, lambda _kind, error, _trace: self._failures.append(error)
        try:
            yield from self._both(("unlock", lambda: None))
            frame = self._unlock(passphrase)
            frame.show_named("traffic")
            if not frame.traffic.model.rowCount():
                yield from self._both(("traffic", lambda: None))
            else:
                yield from self._calls(frame, reason)
            scenes = [(_file_name(name), partial(frame.show_page, at)) for at, (_, name) in enumerate(PAGES)]
            yield from self._both(*(scene for scene in scenes if scene[0] != "traffic"))
            yield from self._findings(frame)
            frame.show_named("providers")
            self._settle()
            yield from self._both(("provider-clauses", frame.providers.view.show_clauses))
        finally:
            sys.excepthook = usual

    def _unlock(self, passphrase: bytes) -> Frame:
        self._window.unlock.use(passphrase)
        self._wait(lambda: self._window.frame is not None, "the store")
        assert self._window.frame is not None
        self._settle()
        return self._window.frame

    def _calls(self, frame: Frame, reason: str | None) -> Iterator[Path]:
        view, inspector = frame.traffic.view, frame.traffic.inspector
        row = telling_row(frame)
        yield from self._both(("traffic", view.clearSelection), ("traffic-call", partial(view.go_to, row)))
        if reason is None:
            return
        self._wait(lambda: inspector.call is not None, "the call")
        inspector.gate.reason.setText(reason)
        inspector.gate.read.click()
        self._wait(lambda: inspector.opened is not None or not inspector.gate.problem.isHidden(), "the content")
        tabs = inspector.tabs
        names = [f"call-{_file_name(tabs.tabText(at).split(' ')[0])}" for at in range(tabs.count())]
        yield from self._both(*((name, partial(tabs.setCurrentIndex, at)) for at, name in enumerate(names)))
        tabs.setCurrentIndex(0)

    def _findings(self, frame: Frame) -> Iterator[Path]:
        """A finding with a clause, and what is asked before one is dismissed."""
        page = frame.findings
        frame.show_named("findings")
        self._settle()
        rows = [row for row, case in enumerate(page.model.cases) if case.finding.clause is not None]
        if rows:
            page.list.go_to(rows[0])
            yield from self._both(
                ("finding", page.view.form.leave), ("finding-dismiss", partial(page.begin, "dismiss"))
            )
            page.view.form.leave()

    def _both(self, *scenes: tuple[str, Callable[[], object]]) -> Iterator[Path]:
        """Prepare and grab each scene in both colours; changing colours costs more than changing scenes."""
        for mode in sorted(MODES, key=lambda mode: mode is not theme().mode):
            theme().set_mode(mode)
            for name, prepare in scenes:
                prepare()
                self._settle()
                path = self._directory / f"{name}-{mode}.png"
                if not self._window.grab().save(str(path)):
                    raise EnvironmentFailure(f"{path} could not be written.")
                yield path

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
            time.sleep(0.01)


def _file_name(name: str) -> str:
    return name.lower().replace(" ", "-")


def telling_row(frame: Frame) -> int:
    """The row on the first page that shows most: data found, then tools; the newest of equals."""
    model = frame.traffic.model
    rows = ((model.loaded(number), number) for number in range(min(model.rowCount(), 256)))
    weighed = [(*_weight(row.call), -number) for row, number in rows if row is not None]
    return -max(weighed)[-1] if weighed else 0


def _weight(call: Call) -> tuple[bool, int, int]:
    return call.outcome is Outcome.COMPLETE, len(call.data), len(call.tool_calls or ())
