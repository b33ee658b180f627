# SPDX-License-Identifier: Apache-2.0
"""`auditor demo` as a newcomer runs it without a display: pictures, a summary, and nothing left behind."""

import contextlib
import os
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from auditor.demo.traffic import expected_calls

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(500)]


@contextlib.contextmanager
def demo(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """The demo in a process group of its own, with a temporary folder of its own."""
    temporary = folder / "tmp"
    temporary.mkdir()
    hidden = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": "offscreen", "TMPDIR": str(temporary)}
    process = subprocess.Popen(
        [sys.executable, "-m", "auditor", "demo", "--out", str(folder / "pictures")],
        env=os.environ | hidden,
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def left_over(temporary: Path) -> list[str]:
    """Files in the temporary folder, and processes that still name it in their command line or environment."""
    needle, running = str(temporary).encode(), []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            text = (entry / "cmdline").read_bytes() + (entry / "environ").read_bytes()
            if needle in text and int(entry.name) != os.getpid():
                running.append(entry.name)
    return running + [str(path) for path in temporary.iterdir()]


def size_of(picture: Path) -> tuple[int, int]:
    """Width and height of a PNG (https://www.w3.org/TR/png-3/#11IHDR)."""
    content = picture.read_bytes()
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", content[16:24])
    return width, height


def test_the_tour_shows_its_calls_and_leaves_nothing(tmp_path: Path) -> None:
    with demo(tmp_path) as process:
        output, messages = process.communicate(timeout=400)
    assert process.returncode == 0, messages
    assert f"{expected_calls()} calls made, {expected_calls()} recorded" in output
    for told in (
        "anthropic",
        "gcp.gemini",
        "openai",
        "EMAIL",
        "SECRET",
        "The record holds",
        str(tmp_path / "pictures"),
    ):
        assert told in output
    pictures = sorted((tmp_path / "pictures").glob("*.png"))
    assert {"traffic-light.png", "traffic-dark.png"} <= {picture.name for picture in pictures}
    pages = [picture for picture in pictures if not picture.name.startswith("dialog-")]
    assert all(min(size_of(page)) >= 600 for page in pages)
    assert "Traceback" not in messages
    if Path("/proc").is_dir():
        assert left_over(tmp_path / "tmp") == []


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks for processes in /proc")
def test_a_tour_broken_off_ends_every_child(tmp_path: Path) -> None:
    with demo(tmp_path) as process:
        assert process.stderr is not None
        until = time.monotonic() + 150
        for line in process.stderr:
            if "gateway listens" in line or time.monotonic() > until:
                break
        process.send_signal(signal.SIGINT)
        _, messages = process.communicate(timeout=120)
    assert process.returncode == 128 + signal.SIGINT
    assert "Traceback" not in messages
    assert left_over(tmp_path / "tmp") == []
