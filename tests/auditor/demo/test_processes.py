# SPDX-License-Identifier: Apache-2.0
"""Children of the demo: started, found ready, and ended, also when they are stubborn or never start."""

import sys
from pathlib import Path

import pytest

from auditor.demo import processes
from auditor.demo.processes import child, first_line, running_mock, stop
from auditor.errors import EnvironmentFailure

STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(60)"
)


def test_a_child_ends_with_its_block(tmp_path: Path) -> None:
    with child([sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"], tmp_path / "log") as one:
        assert first_line(one, "It") == b"up\n"
    assert one.returncode == -15


def test_a_stubborn_child_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "STOP_TIMEOUT", 0.2)
    with child([sys.executable, "-c", STUBBORN], tmp_path / "log") as one:
        first_line(one, "It")
        assert stop(one) == -9


def test_a_child_that_says_nothing_is_a_failure_with_a_sentence(tmp_path: Path) -> None:
    with (
        child([sys.executable, "-c", "import sys; sys.exit('no')"], tmp_path / "log") as one,
        pytest.raises(EnvironmentFailure, match="The thing did not start"),
    ):
        first_line(one, "The thing")
    assert (tmp_path / "log").read_bytes().strip() == b"no"


def test_the_mock_ends_when_its_parent_lets_go(tmp_path: Path) -> None:
    with running_mock(tmp_path) as address:
        assert address.port > 0
        assert Path(address.ca).read_bytes().startswith(b"-----BEGIN CERTIFICATE-----")
    command = [sys.executable, "-m", "auditor.demo.mock", str(tmp_path)]
    with child(command, tmp_path / "log") as one:
        first_line(one, "The mock")
        assert one.stdin is not None
        one.stdin.close()
        assert one.wait(20) == 0
