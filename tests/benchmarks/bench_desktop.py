# SPDX-License-Identifier: Apache-2.0
"""The desktop on a store of a million calls: opening, paging, filtering, scrolling, figures, memory, and stalls while
calls arrive.

Offscreen, so painting is the raster engine's. Times by the clock, scrolling by processor time. Making the index takes
some minutes; `AUDITOR_BENCH_CALLS` asks for another number of calls, `AUDITOR_BENCH_FOLDER` keeps the store for the
next run.
"""

import gc
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import msgspec
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication

from auditor.archive import Archive
from auditor.store import Identity, Location
from auditor.store.create import GATEWAY, IDENTITY, STORE
from auditor.store.format.records import Completion, Draft
from tests.benchmarks.desktop_material import filled
from tests.ui.material import PASSPHRASE, Desk, many
from ui.app import application
from ui.settings import Settings
from ui.theme import Mode, theme
from ui.window import Window

CALLS = int(os.environ.get("AUDITOR_BENCH_CALLS", "1000000"))
ARRIVING_S = 6.0
STEPS = 60


def until(done: Callable[[], bool], limit_s: float = 120.0) -> float:
    """Process events until something is done; milliseconds it took."""
    started = time.perf_counter()
    while not done():
        QApplication.processEvents()
        if time.perf_counter() - started > limit_s:
            raise TimeoutError
        time.sleep(0.001)
    return (time.perf_counter() - started) * 1000


def resident_mb() -> float:
    """Memory of this process that lies in RAM, in megabytes (Linux; 0 elsewhere)."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)


def say(what: str, figure: float, unit: str = "ms") -> None:
    """One line."""
    print(f"{what:<46}{figure:10,.1f} {unit}", flush=True)  # noqa: T201


class Heart:
    """Beats every 5 ms on the main thread; the longest pause is the longest time the window did not answer."""

    def __init__(self, window: Window) -> None:
        self.gaps: list[float] = [0.0]
        self._last = time.perf_counter()
        self._clock = QTimer(window, interval=5)
        self._clock.timeout.connect(self._beat)
        self._clock.start()

    def _beat(self) -> None:
        now = time.perf_counter()
        self.gaps.append((now - self._last) * 1000)
        self._last = now

    def stop(self) -> float:
        """The longest pause in milliseconds."""
        self._clock.stop()
        return max(self.gaps)


def later(draft: Draft, number: int) -> Draft:
    """The same call again, under another name."""
    meta = draft.meta
    assert isinstance(meta, Completion)
    call = msgspec.structs.replace(meta.calls[0], id=f"late-{number}-{time.time_ns()}")
    return Draft(msgspec.structs.replace(meta, exchange=call.id, calls=(call,)))


def longest_stall(window: Window, desk: Desk) -> float:
    """The longest time in milliseconds the window did not answer, while 50 calls a second arrive."""
    fresh = [later(draft, number) for number, draft in enumerate(many(int(50 * ARRIVING_S)))]
    frame = window.frame
    assert frame is not None
    heart = Heart(window)
    for second in range(int(ARRIVING_S)):
        end = time.perf_counter() + 1
        frame.session.command(
            frame, lambda _a, _j, at=second: desk.record(*fresh[at * 50 : at * 50 + 50]), lambda _: None
        )
        until(lambda end=end: time.perf_counter() > end)
    return heart.stop()


def main() -> None:
    """Print one line a measure."""
    application()
    theme().start(Mode.LIGHT)
    kept = os.environ.get("AUDITOR_BENCH_FOLDER")
    with tempfile.TemporaryDirectory() as made:
        folder = Path(kept or made)
        os.environ["XDG_CACHE_HOME"] = str(folder / "cache")
        desk = kept_desk(folder / "desk") if (folder / "desk").exists() else filled(folder, CALLS)
        settings = Settings(QSettings(str(Path(made) / "look.ini"), QSettings.Format.IniFormat))
        window = Window(str(desk.store), str(desk.identity_path), settings)
        window.resize(1440, 900)
        window.show()
        try:
            measure(window, desk)
        finally:
            window.close()


def kept_desk(folder: Path) -> Desk:
    """The store of an earlier run."""
    desk = object.__new__(Desk)
    desk.store, desk.identity_path, desk._gateway = folder / STORE, folder / IDENTITY, folder / GATEWAY
    desk.location = Location.parse(desk.store)
    with Archive.open(desk.location, Identity.open(desk.identity_path, PASSPHRASE)) as archive:
        archive.refresh()
    return desk


def measure(window: Window, desk: Desk) -> None:
    """Everything, in the order of a morning."""
    before = resident_mb()
    window.unlock.use(PASSPHRASE)
    say("unlock to frame (cheap passphrase)", until(lambda: window.frame is not None))
    frame = window.frame
    assert frame is not None
    say("Overview after the frame", until(lambda: frame.overview.shown is not None))
    say("first page after the Overview", until(lambda: frame.traffic.model.rowCount() > 0))
    calls = frame.traffic.model.rowCount()
    rested(window)
    frame.show_named("traffic")
    rested(window)
    heart, end = Heart(window), time.perf_counter() + 3
    until(lambda: time.perf_counter() > end)
    say("longest stall at rest (the machine's own)", heart.stop())
    lists(window, calls)
    rested(window)
    figures(window)
    frame.show_named("traffic")
    rested(window)
    say("longest stall at 50 calls/s", longest_stall(window, desk))
    started = time.thread_time()
    gc.collect()
    say("full garbage collection, processor", (time.thread_time() - started) * 1000)
    rested(window)
    say("memory of the process", resident_mb(), "MB")
    say("  of it before unlocking", before, "MB")


def rested(window: Window) -> None:
    """Wait until nothing is under way."""
    assert window.session is not None
    background = window.session.background
    until(lambda: background.idle)


def lists(window: Window, calls: int) -> None:
    """Scrolling, jumping, selecting and filtering."""
    frame = window.frame
    assert frame is not None
    model, view, bar = frame.traffic.model, frame.traffic.view, frame.traffic.filter_bar
    scroll = view.verticalScrollBar()
    started = time.process_time()
    for _ in range(STEPS):
        scroll.setValue(scroll.value() + 3)
        view.viewport().repaint()
    say("scroll step, processor", (time.process_time() - started) / STEPS * 1000)
    scroll.setValue(scroll.maximum() // 2)
    say("jump to the middle", until(lambda: model.loaded(scroll.value()) is not None))
    started = time.perf_counter()
    view.selectAll()
    view.horizontalHeader().repaint()
    view.viewport().repaint()
    say("select all, painted", (time.perf_counter() - started) * 1000)
    rested(window)
    heart = Heart(window)
    bar.set_text("provider:anthropic")
    say("filter on an indexed field, all selected", until(lambda: 0 < model.rowCount() < calls))
    say("  longest stall meanwhile", heart.stop())
    for text in ("sent:SECRET", "sent:SECRET and model:gpt-4o*", "outcome:error and provider:openai", "client:*lang*"):
        rested(window)
        shown = model.rowCount()
        bar.set_text(text)
        say(f"filter {text}", until(lambda shown=shown: model.rowCount() != shown))
    bar.set_text("")
    say("no filter again", until(lambda: model.rowCount() == calls))


def figures(window: Window) -> None:
    """The pages that sum."""
    frame = window.frame
    assert frame is not None
    for name, shown in (
        ("overview", lambda: True),
        ("flows", lambda: frame.flows.found is not None),
        ("actors", lambda: bool(frame.actors.rows)),
    ):
        started, heart = time.perf_counter(), Heart(window)
        frame.show_named(name)
        until(shown)
        rested(window)
        say(f"page {name}", (time.perf_counter() - started) * 1000)
        say("  longest stall meanwhile", heart.stop())


if __name__ == "__main__":
    main()
