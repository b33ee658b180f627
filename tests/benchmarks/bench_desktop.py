# SPDX-License-Identifier: Apache-2.0
"""The desktop on a store of many calls: opening, paging, filtering, scrolling, and stalls while calls arrive.

Offscreen, so painting is the raster engine's. Times by the clock, scrolling by processor time; about a minute.
"""

import os
import tempfile
import time
from collections.abc import Callable
from itertools import batched
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import msgspec
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication

from auditor.archive import Archive
from auditor.store.records import Completion, Draft
from tests.ui.material import PASSPHRASE, Desk, many, signs_of_life
from ui.app import application
from ui.settings import Settings
from ui.theme import Mode, theme
from ui.window import Window

CALLS = 60_000
ARRIVING_S = 6.0
STEPS = 60


def until(done: Callable[[], bool], limit_s: float = 60.0) -> float:
    """Process events until something is done; milliseconds it took."""
    started = time.perf_counter()
    while not done():
        QApplication.processEvents()
        if time.perf_counter() - started > limit_s:
            raise TimeoutError
        time.sleep(0.001)
    return (time.perf_counter() - started) * 1000


def filled(folder: Path) -> Desk:
    """A store with many calls, its index up to date."""
    desk = Desk(folder / "desk")
    for drafts in batched(many(CALLS), 4_000):
        desk.record(*drafts)
    desk.record(*signs_of_life(CALLS))
    with Archive.open(desk.location, desk.identity) as archive:
        archive.refresh()
    return desk


def later(draft: Draft, number: int) -> Draft:
    """The same call again, under another name."""
    meta = draft.meta
    assert isinstance(meta, Completion)
    call = msgspec.structs.replace(meta.calls[0], id=f"late-{number}")
    return Draft(msgspec.structs.replace(meta, exchange=f"late-{number}", calls=(call,)))


def longest_stall(window: Window, desk: Desk) -> float:
    """The longest time in milliseconds the window did not answer, while 50 calls a second arrive."""
    gaps: list[float] = []
    last = time.perf_counter()

    def beat() -> None:
        nonlocal last
        now = time.perf_counter()
        gaps.append((now - last) * 1000)
        last = now

    clock = QTimer(window, interval=5)
    clock.timeout.connect(beat)
    clock.start()
    fresh = [later(draft, number) for number, draft in enumerate(many(int(50 * ARRIVING_S)))]
    frame = window.frame
    assert frame is not None
    for second in range(int(ARRIVING_S)):
        end = time.perf_counter() + 1
        frame.session.command(
            frame, lambda _a, _j, at=second: desk.record(*fresh[at * 50 : at * 50 + 50]), lambda _: None
        )
        until(lambda end=end: time.perf_counter() > end)
    clock.stop()
    return max(gaps)


def main() -> None:
    """Print one line a measure."""
    app = application()
    theme().start(Mode.LIGHT)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = str(Path(folder) / "cache")
        desk = filled(Path(folder))
        settings = Settings(QSettings(str(Path(folder) / "look.ini"), QSettings.Format.IniFormat))
        window = Window(str(desk.store), str(desk.identity_path), settings)
        window.resize(1440, 900)
        window.show()
        try:
            _measure(app, window, desk)
        finally:
            window.close()


def _measure(app: QApplication, window: Window, desk: Desk) -> None:
    window.unlock.use(PASSPHRASE)
    print(f"unlock to frame (cheap passphrase)   {until(lambda: window.frame is not None):8.0f} ms")  # noqa: T201
    frame = window.frame
    assert frame is not None
    model, view, bar = frame.traffic.model, frame.traffic.view, frame.traffic.filter_bar
    print(f"first page                           {until(lambda: model.rowCount() > 0):8.0f} ms")  # noqa: T201
    until(lambda: frame.session.background.idle)
    scroll = view.verticalScrollBar()
    started = time.process_time()
    for _ in range(STEPS):
        scroll.setValue(scroll.value() + 3)
        view.viewport().repaint()
    print(f"scroll step, processor               {(time.process_time() - started) / STEPS * 1000:8.1f} ms")  # noqa: T201
    scroll.setValue(scroll.maximum() // 2)
    print(f"jump to the middle                   {until(lambda: model.loaded(scroll.value()) is not None):8.0f} ms")  # noqa: T201
    started = time.perf_counter()
    view.selectAll()
    view.horizontalHeader().repaint()
    view.viewport().repaint()
    print(f"select all, painted                  {(time.perf_counter() - started) * 1000:8.0f} ms")  # noqa: T201
    view.clearSelection()
    until(lambda: frame.session.background.idle)
    bar.set_text("provider:anthropic")
    print(f"filter on an indexed field           {until(lambda: 0 < model.rowCount() < CALLS):8.0f} ms")  # noqa: T201
    bar.set_text("")
    until(lambda: model.rowCount() == CALLS)
    print(f"longest stall at 50 calls/s          {longest_stall(window, desk):8.0f} ms")  # noqa: T201
    app.processEvents()


if __name__ == "__main__":
    main()
