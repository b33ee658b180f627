# SPDX-License-Identifier: Apache-2.0
"""Starts a built bundle of the desktop on a small store and compares it with this source: `python -m
tests.packaging.bundle PROGRAM`. Run by `make package-desktop`; building takes too long for the suite."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree, rmtree
from tempfile import TemporaryDirectory

from PySide6.QtGui import QImage

from auditor.documents.extracted import Collector
from auditor.documents.isolation import SECONDS, _Worker
from auditor.imports.workers import _WORTH_WORKERS
from tests.auditor.documents.material import pdf
from tests.auditor.imports.material import line, ndjson
from tests.ui.material import PASSPHRASE, REASON, Desk, ordinary
from tests.ui.test_golden import different

TOLERANCE = 0.003
"""Of the pixels: a page names the moment of a reading, and text that our fonts lack comes from the machine's."""
ASKED = (("calls", "--json"), ("show", "exchange-0", "--reason", REASON), ("findings", "--json"), ("terms", "list"))
"""Commands that say the same each time."""
PATIENCE_S = 300.0


class Place:
    """A small store for one program, and how the program is run on it. Pages show paths: each store gets the same."""

    def __init__(self, folder: Path, made: Path, program: Sequence[str]) -> None:
        self._folder, self._program = folder, program
        copytree(made, folder)

    def run(self, *arguments: str) -> str:
        audit = self._folder / "audit"
        passphrase = self._folder / "passphrase"
        passphrase.write_bytes(PASSPHRASE)
        options = ["--store", str(audit / "store"), "--identity", str(audit / "auditor.identity")]
        command = [*self._program, *options, "--passphrase-file", str(passphrase), *arguments]
        done = subprocess.run(command, env=bare(self._folder), capture_output=True, text=True, timeout=PATIENCE_S)
        assert done.returncode == 0, f"{arguments[0]}: exit code {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def answers(self) -> dict[str, str]:
        return {arguments[0]: self.run(*arguments) for arguments in ASKED}

    def import_much(self) -> None:
        """A recording that is worth several processes."""
        recording = self._folder / "recording.ndjson"
        text = "An ordinary question. " * 400
        lines = (line(request=line()["request"] | {"body": f'{{"model": "gpt-4o", "input": "{n} {text}"}}'})
                 for n in range(_WORTH_WORKERS // len(text) + 1))  # fmt: skip
        recording.write_bytes(ndjson(*lines))
        self.run("import", str(recording))

    def render(self) -> dict[str, QImage]:
        pictures = self._folder / "pictures"
        self.run("desktop", "--screenshots", str(pictures), "--this-store", "--reason", REASON)
        return {file.name: QImage(str(file)) for file in pictures.glob("*.png")}


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
    assert reads_documents(program), "the bundle does not read documents"
    with TemporaryDirectory() as temporary:
        made, desk = Path(temporary) / "made", Path(temporary) / "desk"
        Desk(made / "audit").record_exchanges(ordinary())
        source = Place(desk, made, [sys.executable, "-m", "auditor"])
        answers, pages = source.answers(), source.render()
        rmtree(desk)
        bundle = Place(desk, made, [program])
        for command, said in bundle.answers().items():
            assert said == answers[command], f"{command}: the source says\n{answers[command]}\nthe bundle\n{said}"
        found = bundle.render()
        assert found.keys() == pages.keys()
        worst, name = max((different(pages[name], found[name]), name) for name in pages)
        assert worst <= TOLERANCE, f"{name}: {worst:.2%} of the pixels differ"
        bundle.import_much()
    print(f"the bundle renders {len(pages)} pages as the source does; at most {worst:.2%} of one differs")  # noqa: T201


if __name__ == "__main__":
    main(str(Path(sys.argv[1]).resolve()))
