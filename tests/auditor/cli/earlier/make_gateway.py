# SPDX-License-Identifier: Apache-2.0
"""Have a gateway of whatever version of the program is on the path record a conversation, to be kept as a sample.

    git archive COMMIT auditor addons | tar -x -C OLD
    cd OLD; PYTHONPATH=OLD:HERE python HERE/tests/auditor/cli/earlier/make_gateway.py OUT/gateway-COMMIT.tar.xz

Client, proxy, recorder and a mock provider run as in the demo of that time. The conversation is ours; what the mock
answers (that it has no such model) is recorded as any answer.
"""

import ssl
import sys
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args, get_type_hints

import httpx

from auditor.demo import stage
from auditor.demo.people import EVERYONE
from auditor.store import create_store
from tests.auditor.cli.earlier.make import PARTS, PASSPHRASE, anonymous

TURNS = 3


def make_store(command: Any) -> None:
    """The demo's store, under a passphrase that costs next to nothing."""
    (cheap,) = (kind for kind in get_args(get_type_hints(create_store)["argon2"]) if kind is not type(None))
    argon2 = cheap(iterations=1, memory_kib=64, lanes=1)
    create_store(command.folder / "audit", PASSPHRASE.encode(), months=2, argon2=argon2, now=datetime.now(UTC))


def converse(running: stage.Stage) -> None:
    """A conversation long enough to be kept as one."""
    person = EVERYONE[0]
    proxy = f"http://{person.name}:{person.password}@127.0.0.1:{running.port}"
    trusted = ssl.create_default_context(cafile=running.authority)
    said = [{"role": "system", "content": "You know all of gardening. " * 100}]
    with httpx.Client(proxy=proxy, verify=trusted, timeout=60) as client:
        for number in range(TURNS):
            said.append({"role": "user", "content": f"When is tomato {number} planted? " * 30})
            client.post("https://api.openai.com/v1/chat/completions", json={"model": "garden", "messages": said})
            said.append({"role": "assistant", "content": f"In week {20 + number}, when nights are mild. " * 20})


def main(out: Path) -> None:
    """Make the store in a folder that is thrown away, and pack it."""
    stage.make_store = make_store
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with stage.set_up(folder) as running:
            converse(running)
        with tarfile.open(out, "w:xz") as archive:
            for part in PARTS:
                archive.add(folder / "audit" / part, part, filter=_needed)


def _needed(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """An entry without its owner; what a gateway makes anew, or only that machine has, is left out."""
    made_anew = entry.name.endswith((".reserve", "/ca", "gateway.toml"))
    return None if made_anew else anonymous(entry)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
