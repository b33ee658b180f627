# SPDX-License-Identifier: Apache-2.0
"""Starts a built bundle of the desktop on a small store and compares it with this source: `python -m
tests.packaging.bundle PROGRAM`. Run by `make package-desktop`; building takes too long for the suite."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory

from PySide6.QtGui import QImage

from auditor.documents.extracted import Collector
from auditor.documents.isolation import SECONDS, _Worker
from auditor.imports.workers import _WORTH_WORKERS
from tests.auditor.documents.material import pdf
from tests.auditor.imports.material import line, ndjson
from tests.ui.material import PASSPHRASE, REASON, Desk, ordinary
from tests.ui.test_golden import different

TOLERANCE = 0.02
"""Of the pixels: a page names the moment of a reading, and text that our fonts lack comes from the machine's."""
PATIENCE_S = 300.0


class Place:
    """A small store of its own for one program, and how the program is run on it."""

    def __init__(self, folder: Path, program: Sequence[str]) -> None:
        self._folder, self._program = folder, program
        self.pictures = folder / "pictures"

    def run(self, *arguments: str) -> str:
        audit = self._folder / "audit"
        passphrase = self._folder / "passphrase"
        passphrase.write_bytes(PASSPHRASE)
        options = ["--store", str(audit / "store"), "--identity", str(audit / "auditor.identity")]
        command = [*self._program, *options, "--passphrase-file", str(passphrase), *arguments]
        done = subprocess.run(command, env=bare(self._folder), capture_output=True, text=True, timeout=PATIENCE_S)
        assert done.returncode == 0, f"{arguments[0]}: exit code {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout

    def import_much(self) -> None:
        """A recording that is worth several processes."""
        recording = self._folder / "recording.ndjson"
        text = "An ordinary question. " * 400
        lines = (line(request=line()["request"] | {"body": f'{{"model": "gpt-4o", "input": "{n} {text}"}}'})
                 for n in range(_WORTH_WORKERS // len(text) + 1))  # fmt: skip
        recording.write_bytes(ndjson(*lines))
        self.run("import", str(recording))

    def render(self) -> set[str]:
        self.run("desktop", "--screenshots", str(self.pictures), "--reason", REASON)
        return {file.name for file in self.pictures.glob("*.png")}


def bare(home: Path) -> dict[str, str]:
    """Nothing of this environment: a bundle stands alone. Of the machine, only the folder of temporary files."""
    kept = {name: os.environ[name] for name in ("TMPDIR", "SYSTEMROOT") if name in os.environ}
    return kept | {"HOME": str(home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "QT_QPA_PLATFORM": "offscreen"}


@contextmanager
def interpreter(program: str) -> Iterator[None]:
    """What starts itself anew starts the program instead."""
    own, sys.executable = sys.executable, program
    try:
        yield
    finally:
        sys.executable = own


def reads_documents(program: str) -> bool:
    """Whether the bundle's own process reads a PDF."""
    collector, worker = Collector(), _Worker()
    with interpreter(program):
        worker.read("pdf", pdf("A page of the bundle"), collector, SECONDS)
    worker.end()
    return "A page of the bundle" in collector.text


def main(program: str) -> None:
    with TemporaryDirectory() as temporary:
        first, second = Path(temporary) / "source", Path(temporary) / "bundle"
        Desk(first / "audit").record_exchanges(ordinary())
        copytree(first, second)
        source, bundle = Place(first, [sys.executable, "-m", "auditor"]), Place(second, [program])
        names = source.render()
        assert bundle.render() == names
        assert names
        worst = max((different(*pair), name) for name in names for pair in [images(name, source, bundle)])
        assert worst[0] <= TOLERANCE, f"{worst[1]}: {worst[0]:.1%} of the pixels differ"
        assert reads_documents(program), "the bundle does not read documents"
        bundle.import_much()
        print(f"the bundle renders {len(names)} pages as the source does; at most {worst[0]:.2%} of one differ")  # noqa: T201


def images(name: str, *places: Place) -> tuple[QImage, ...]:
    return tuple(QImage(str(place.pictures / name)) for place in places)


if __name__ == "__main__":
    main(str(Path(sys.argv[1]).resolve()))
