# SPDX-License-Identifier: Apache-2.0
"""A wrong clock and a file system turned read-only, for chosen processes: a small library they load first (chaos.c).

A time namespace shifts monotonic clocks only, and no file system that is being written to lets itself be remounted.
"""

import shutil
import struct
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

SOURCE = Path(__file__).with_name("chaos.c")


def missing() -> str | None:
    """Why there can be no chaos here, or None."""
    if sys.platform != "linux":
        return "the library that moves clocks is written for Linux: NO clock was moved"
    return None if shutil.which("cc") else "there is no C compiler: NO clock was moved"


class Chaos:
    """What processes started with `environment` see; calm at first."""

    def __init__(self, folder: Path) -> None:
        self._library, self._file = folder / "chaos.so", folder / "chaos"
        self._clock, self._read_only = 0, False
        line = ["cc", "-shared", "-fPIC", "-O2", "-Wall", "-Werror", "-o", str(self._library), str(SOURCE)]
        subprocess.run(line, check=True)
        self._tell()

    @property
    def environment(self) -> Mapping[str, str]:
        """What they need in their environment."""
        return {"LD_PRELOAD": str(self._library), "CHAOS_FILE": str(self._file)}

    def clock(self, seconds: int) -> None:
        """The time of day is so many seconds ahead of the right one."""
        self._clock = seconds
        self._tell()

    def read_only(self, wanted: bool) -> None:
        """Writing into a database's file fails as on a file system that the kernel turned read-only, or works again."""
        self._read_only = wanted
        self._tell()

    def _tell(self) -> None:
        with self._file.open("r+b" if self._file.exists() else "wb") as file:
            file.write(struct.pack("=qq", self._clock, self._read_only))
