# SPDX-License-Identifier: Apache-2.0
"""The command `auditor` as a user runs it, on the demo's own store: the tour uses nothing a user could not."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from auditor.errors import EnvironmentFailure

TIMEOUT = 300.0


class Command(msgspec.Struct, frozen=True):
    """Runs `auditor` on the store in `folder`, whose passphrase stands in a file beside it.

    `environment` is what it finds in its environment besides ours.
    """

    folder: Path
    environment: Mapping[str, str] = {}

    @property
    def passphrase_file(self) -> Path:
        """Where the passphrase stands."""
        return self.folder / "passphrase"

    @property
    def store(self) -> Path:
        """The store's folder."""
        return self.folder / "audit" / "store"

    @property
    def identity(self) -> Path:
        """The auditor's identity file."""
        return self.folder / "audit" / "auditor.identity"

    @property
    def gateway(self) -> Path:
        """The folder a gateway needs."""
        return self.folder / "audit" / "gateway"

    def line(self, *arguments: str) -> list[str]:
        """The command line, as it would be typed, with the store's options."""
        options = ["--store", str(self.store), "--identity", str(self.identity)]
        return [sys.executable, "-m", "auditor", *options, "--passphrase-file", str(self.passphrase_file), *arguments]

    def run(self, *arguments: str) -> str:
        """Runs it and returns its output; raises `EnvironmentFailure` with its own sentence when it fails."""
        done = self.attempt(*arguments)
        if done.returncode:
            sentence = done.stderr.strip().rsplit("\n", 1)[-1]
            raise EnvironmentFailure(f"`auditor {arguments[0]}` failed with exit code {done.returncode}: {sentence}")
        return done.stdout

    def attempt(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Runs it, whatever its exit code."""
        return subprocess.run(  # noqa: S603  # our own command, no shell
            self.line(*arguments),
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=False,
        )

    def index_files(self) -> list[Path]:
        """The files of the store's index, which lies in the user's cache folder; none before a store was made."""
        from auditor.archive import Archive
        from auditor.store import Identity

        if not self.identity.exists():
            return []
        identity = Identity.open(self.identity, self.passphrase_file.read_bytes())
        with Archive.open(self.store, identity) as archive:
            index = archive.index_path
        return sorted(index.parent.glob(f"{index.name}*"))

    def calls(self, *arguments: str) -> list[dict[str, Any]]:
        """What `auditor calls --json` lists."""
        return self._listed("calls", *arguments)

    def findings(self) -> list[dict[str, Any]]:
        """What `auditor findings --json` lists."""
        return self._listed("findings")

    def _listed(self, command: str, *arguments: str) -> list[dict[str, Any]]:
        return [msgspec.json.decode(line) for line in self.run(command, "--json", *arguments).splitlines()]
