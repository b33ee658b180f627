# SPDX-License-Identifier: Apache-2.0
"""What `auditor demo` runs: store, mock, gateway, traffic, verification, summary, and a look at it all.

Everything lies in one temporary folder and listens on free loopback ports, so that tours may run beside each other.
Without a display the pages are rendered to PNG files and the folder is removed; with one the desktop opens and the
folder stays, since whoever looks may want to come back. Messages go to stderr, the summary to stdout.
"""

import contextlib
import importlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from auditor.demo.command import Command
from auditor.demo.stage import Stage, set_up
from auditor.demo.summary import show, summarise
from auditor.errors import AuditorError, CheckFailed, EnvironmentFailure

PACE = 0.008
"""Seconds between the events of a stream: quick, and still slower than one look."""
SCREENSHOTS = Path("demo-screenshots")
REASON = "A look around the demo"
TRAFFIC = "auditor.demo.traffic"
NEEDED = ("mitmproxy", "tornado", "openai", "anthropic", "google", "PySide6")


def run(out: Path | None = None, *, keep: bool = False, pace: float = PACE) -> int:
    """Shows the whole way; returns the exit code.

    `out` is where screenshots go when there is no display (default: `./demo-screenshots`). `keep` keeps the folder
    with store and logs. Raises an `AuditorError` when a part fails; every process it started has ended then.
    """
    check_installed()
    threading.Thread(target=importlib.import_module, args=(TRAFFIC,), daemon=True).start()
    messages = Console(stderr=True, highlight=False, soft_wrap=True)
    results = Console(highlight=False, soft_wrap=True)
    looking = has_display()
    with ended_by_signal(), workshop(keep=keep or looking, messages=messages) as folder:
        messages.print(f"A store for this demo alone is made in {folder}.")
        with set_up(folder, pace) as stage:
            messages.print(f"The gateway listens on 127.0.0.1:{stage.port}; mock providers answer behind it.")
            made = send_traffic(stage, messages)
        report(stage.command, made, results)
        if looking and open_desktop(stage.command, messages):
            return 0
        messages.print("No window could be opened: the desktop's pages are rendered to pictures.")
        pictures = take_screenshots(stage.command, out or SCREENSHOTS)
        results.print(f"{len(pictures)} screenshots are in {(out or SCREENSHOTS).absolute()}.")
    return 0


def check_installed() -> None:
    """Raises `EnvironmentFailure` where a library is missing, before anything is started."""
    for name in NEEDED:
        if importlib.util.find_spec(name) is None:
            advice = "pip install 'ai-usage-auditor[gateway,desktop,demo]'"
            raise EnvironmentFailure(f"The demo needs {name}, which is not installed here.", advice)


def send_traffic(stage: Stage, messages: Console) -> int:
    """Plays the traffic with a progress bar; returns how many calls were made."""
    from auditor.demo.traffic import expected_calls, play  # the SDKs take seconds to import: meanwhile the stage is set

    expected = expected_calls()
    messages.print(f"{expected} calls of the SDKs openai, anthropic and google-genai pass through it.")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=messages, disable=not messages.is_terminal) as progress:
        task = progress.add_task("Calls", total=expected)
        try:
            return len(play(stage.route, lambda _: progress.advance(task)))
        except Exception as error:  # each SDK has failures of its own
            advice = "Run it again with --keep and read gateway.log in the demo's folder."
            raise EnvironmentFailure(f"A call of the demo failed: {type(error).__name__}.", advice) from error


def report(command: Command, made: int, results: Console) -> None:
    """Verifies and analyses the store, prints the summary; raises `CheckFailed` when a call is missing."""
    verified = command.run("verify").strip().rsplit("\n", 1)[-1]
    command.run("analyze")
    summary = summarise(command.calls(), made, command.findings())
    show(summary, results)
    results.print(verified)
    if summary.recorded != summary.made:
        raise CheckFailed(f"{summary.made} calls were made, but the store holds {summary.recorded}.")


def has_display() -> bool:
    """Whether a window can be opened here."""
    if os.environ.get("QT_QPA_PLATFORM") in {"offscreen", "minimal"}:
        return False
    if sys.platform in {"win32", "darwin"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def take_screenshots(command: Command, directory: Path) -> list[str]:
    """Renders the desktop's pages and returns the pictures' paths."""
    pictures = command.run("desktop", "--screenshots", str(directory), "--this-store", "--reason", REASON).splitlines()
    if not pictures:
        raise EnvironmentFailure(f"No screenshot was written to {directory}.")
    return pictures


def open_desktop(command: Command, messages: Console) -> bool:
    """Opens the desktop and stays until it is closed; false where it could not be shown (a display that is none)."""
    messages.print("The desktop opens. To come back later:")
    messages.print("  auditor " + " ".join(command.line("desktop")[3:]))
    window = subprocess.run(command.line("desktop"), check=False)  # noqa: S603  # our own command
    return window.returncode == 0


@contextlib.contextmanager
def workshop(*, keep: bool, messages: Console) -> Iterator[Path]:
    """The demo's folder, removed at the end unless it is to be kept; the index of its store goes too."""
    folder = Path(tempfile.mkdtemp(prefix="auditor-demo-"))
    try:
        yield folder
    finally:
        if keep:
            messages.print(f"The demo's store and logs stay in {folder}.")
        else:
            forget(folder)


def forget(folder: Path) -> None:
    """Removes the demo's folder, and the index of its store from the user's cache."""
    with contextlib.suppress(AuditorError, OSError):
        for path in Command(folder).index_files():
            path.unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def ended_by_signal() -> Iterator[None]:
    """Lets SIGTERM unwind the blocks as Ctrl-C does, so that no child is left behind."""

    def leave(number: int, _: FrameType | None) -> None:
        raise SystemExit(128 + number)

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
