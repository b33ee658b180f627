# SPDX-License-Identifier: Apache-2.0
"""Make a small store with whatever version of the program is on the path, to be kept as a sample for later ones.

    git archive COMMIT auditor | tar -x -C OLD
    PYTHONPATH=OLD python tests/auditor/cli/earlier/make.py tests/auditor/cli/earlier/COMMIT.tar.xz

What it holds is ours: three exchanges of a conversation with a made-up gardener, one of them erased, and what analysing
and erasing leave behind. It names nothing that moved since, so that it runs with old versions too.
"""

import json
import sys
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args, get_type_hints

from auditor.cli import app
from auditor.store import create_store

PASSPHRASE = "correct horse battery staple"
PARTS = ("store", "gateway", "auditor.identity")


def exchanges(begin: int = 0, end: int = 3) -> str:
    """A conversation as `auditor import` reads it, an exchange a line; each request repeats what was said."""
    said: list[dict[str, str]] = []
    lines = []
    for number in range(end):
        said.append({"role": "user", "content": f"When is tomato {number} planted? Tell anna{number}@garden.example."})
        request = json.dumps({"model": "gpt-4o", "messages": said})
        said.append({"role": "assistant", "content": f"In week {20 + number}, when nights are mild. " * 20})
        choice = {"index": 0, "message": said[-1], "finish_reason": "stop"}
        response = json.dumps({"id": f"chatcmpl-{number}", "model": "gpt-4o", "choices": [choice]})
        exchange = {
            "time": f"2026-11-23T12:00:0{number}Z",
            "client": {"address": "10.0.0.7", "user": "gardener"},
            "request": {"method": "POST", "url": "https://api.openai.com/v1/chat/completions", "body": request},
            "response": {"status": 200, "headers": [["content-type", "application/json"]], "body": response},
        }
        lines.append(json.dumps(exchange) + "\n")
    return "".join(lines[begin:])


def run(folder: Path, *arguments: str) -> None:
    """One command of the program of that time on the store in a folder."""
    unlocked = (
        "--store",
        folder / "store",
        "--identity",
        folder / "auditor.identity",
        "--passphrase-file",
        folder / "p",
    )
    if code := app.invoke([*map(str, unlocked), *arguments]):
        sys.exit(code)


def main(out: Path) -> None:
    """Make the store in a folder that is thrown away, and pack it."""
    (cheap,) = (kind for kind in get_args(get_type_hints(create_store)["argon2"]) if kind is not type(None))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "p").write_text(PASSPHRASE)
        (folder / "own.ndjson").write_text(exchanges())
        argon2 = cheap(iterations=1, memory_kib=64, lanes=1)
        create_store(folder, PASSPHRASE.encode(), months=1, argon2=argon2, now=datetime(2026, 11, 23, tzinfo=UTC))
        run(folder, "import", str(folder / "own.ndjson"))
        run(folder, "analyze")
        run(folder, "erase", "--since", "2026-11-23T12:00:02Z", "--reason", "sample", "--yes")
        with tarfile.open(out, "w:xz") as archive:
            for part in PARTS:
                archive.add(folder / part, part, filter=anonymous)


def anonymous(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """An entry without its owner; what only a running program needs is left out."""
    if entry.name.endswith((".lock", "-shm", "-wal")):
        return None
    return entry.replace(uid=0, gid=0, uname="", gname="", mtime=0, deep=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
