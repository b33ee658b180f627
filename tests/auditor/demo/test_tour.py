# SPDX-License-Identifier: Apache-2.0
"""The tour's own steps: its folder, its end by signal, and whether there is a display."""

import io
import signal
from pathlib import Path

import pytest
from rich.console import Console

from auditor.demo import tour
from auditor.demo.command import Command
from auditor.errors import EnvironmentFailure


def test_sigterm_unwinds_and_the_handler_comes_back() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(SystemExit) as left, tour.ended_by_signal():
        signal.raise_signal(signal.SIGTERM)
    assert left.value.code == 128 + signal.SIGTERM
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.parametrize("keep", [False, True])
def test_the_folder_stays_only_where_it_is_wanted(keep: bool) -> None:
    said = io.StringIO()
    with tour.workshop(keep=keep, messages=Console(file=said, soft_wrap=True)) as folder:
        (folder / "file").write_text("something")
    assert folder.exists() is keep
    assert (str(folder) in said.getvalue()) is keep
    tour.forget(folder)
    assert not folder.exists()


@pytest.mark.parametrize(
    ("environment", "shown"),
    [
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, False),
        ({}, False),
    ],
)
def test_a_display_is_seen_on_linux(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], shown: bool) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert tour.has_display() is shown


def test_a_command_that_fails_tells_its_own_sentence(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFailure, match=r"`auditor verify` failed with exit code 2: .*store"):
        Command(tmp_path).run("verify")


def test_a_missing_library_is_named_before_anything_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    tour.check_installed()
    monkeypatch.setattr(tour, "NEEDED", ("openai", "no_such_library"))
    with pytest.raises(EnvironmentFailure, match="needs no_such_library") as failure:
        tour.run()
    assert "ai-usage-auditor[gateway,desktop,demo]" in failure.value.advice
