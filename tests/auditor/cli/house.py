# SPDX-License-Identifier: Apache-2.0
"""Runs command lines in this process on a store of the test's own, and tells what came out."""

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from auditor.cli.app import invoke

PASSPHRASE = b"correct horse battery staple"


@dataclass(frozen=True)
class Ran:
    """A finished command line."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[Any]:
        """The NDJSON on stdout."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def sentence(self) -> str:
        """The one line on stderr a failure ends with."""
        assert self.err.count("\n") == 1, self.err
        assert self.err.startswith("auditor: ")
        assert "Traceback" not in self.err
        return self.err.removeprefix("auditor: ").rstrip("\n")


class Stock:
    """Houses as they stood when they were made; who wants the same again gets a copy, which takes less time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: dict[object, Path] = {}

    def bring(self, key: object, to: Path, make: Callable[[], object]) -> None:
        """Have at `to` what `make` makes there: the first time by making it, then by copying."""
        if (kept := self._kept.get(key)) is not None:
            shutil.copytree(kept, to, dirs_exist_ok=True)
            return
        make()
        kept = self._folder / str(len(self._kept))
        shutil.copytree(to, kept)
        self._kept[key] = kept


class House:
    def __init__(self, folder: Path, passphrase: Path, captured: pytest.CaptureFixture[bytes], stock: Stock) -> None:
        self.folder = folder
        self.passphrase = passphrase
        self._captured = captured
        self._stock = stock

    @property
    def store(self) -> Path:
        return self.folder / "store"

    @property
    def gateway(self) -> Path:
        return self.folder / "gateway"

    def run(self, *arguments: str | Path, bare: bool = False) -> Ran:
        """Runs `auditor` with these arguments, on this store unless `bare`."""
        where = [] if bare else ["--store", str(self.store), "--passphrase-file", str(self.passphrase)]
        self._captured.readouterr()
        code = invoke([*where, *map(str, arguments)])
        out, err = self._captured.readouterr()
        return Ran(code, out.decode(), err.decode())

    def ok(self, *arguments: str | Path, bare: bool = False) -> Ran:
        """Runs a command line that has to succeed."""
        ran = self.run(*arguments, bare=bare)
        assert ran.code == 0, ran.err
        return ran

    def filled(self, lines: bytes, *, analysed: bool = False) -> "House":
        """This house, which is as `auditor init` left it, with these lines imported and, if wanted, analysed."""
        around = self.folder.parent  # the index lies beside the house

        def fill() -> None:
            path = around / "day.ndjson"
            path.write_bytes(lines)
            self.ok("import", path)
            if analysed:
                self.ok("analyze")

        self._stock.bring((lines, analysed), around, fill)
        return self

    def files(self) -> dict[str, bytes]:
        """Every file of the house with its bytes."""
        return {str(p.relative_to(self.folder)): p.read_bytes() for p in sorted(self.folder.rglob("*")) if p.is_file()}
