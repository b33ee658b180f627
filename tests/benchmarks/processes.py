# SPDX-License-Identifier: Apache-2.0
"""What processes take of the machine, and holding them to a share of it. Linux only."""

import contextlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

GROUPS: Final = Path("/sys/fs/cgroup/cpu")
"""The first version of control groups: https://docs.kernel.org/scheduler/sched-bwc.html"""
PERIOD_US: Final = 10_000
"""A share is handed out anew in each such period; the kernel's own, ten times as long, lets a process stand still for
most of a tenth of a second."""
_WEIGHT: Final = 16 << 10
"""Sixteen times what any other process has, so that a busy machine, too, gives a group its share."""

_TICK_MS: Final = 1000 / os.sysconf("SC_CLK_TCK")


def family(pid: int) -> list[int]:
    """A process and all below it; none where it has ended."""
    try:
        below = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(one for child in below for one in family(int(child)))]


def busy_ms(pids: Iterable[int]) -> float:
    """Milliseconds of processor time that processes have taken, ended threads included; to a hundredth of a second."""
    total = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total * _TICK_MS


def module_of(pid: int) -> str:
    """What a Python process runs by `-m`; empty where it is another program."""
    line = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
    return line[line.index("-m") + 1] if "-m" in line else ""


def can_hold() -> bool:
    """Whether this user may hold processes to a share here."""
    return (GROUPS / "cpu.cfs_quota_us").exists() and os.access(GROUPS, os.W_OK)


@contextlib.contextmanager
def group(name: str, cores: float, within: Path = GROUPS, period_us: int = PERIOD_US) -> Iterator[Path]:
    """A control group that gets so much of a core, out of what the one it lies within gets, while the block runs.

    Raises `OSError` where the system makes none.
    """
    path = within / name
    path.mkdir()
    try:
        (path / "cpu.cfs_period_us").write_text(str(period_us))
        (path / "cpu.cfs_quota_us").write_text(str(round(cores * period_us)))
        (path / "cpu.shares").write_text(str(_WEIGHT))
        yield path
    finally:
        for pid in (path / "cgroup.procs").read_text().split():
            with contextlib.suppress(OSError):  # it has ended
                (within / "cgroup.procs").write_text(pid)
        path.rmdir()


@contextlib.contextmanager
def held(pid: int, cores: float, within: Path = GROUPS) -> Iterator[None]:
    """Hold a process to so much of a core while the block runs. Raises `OSError` where the system does not."""
    with group(f"bench-{os.getpid()}-{pid}", cores, within) as alone:
        (alone / "cgroup.procs").write_text(str(pid))
        yield
