# SPDX-License-Identifier: Apache-2.0
"""Gateways that append until they are killed, and say on their output what is durable. Run by `test_crash`.

One process imports everything once; for each line on its input it forks a gateway, and says when that one is dead.
"""

import itertools
import os
import sys
from pathlib import Path

from auditor.store import Enrolment, LedgerWriter, Location
from auditor.store.ledger import segment
from auditor.store.ledger.conversations import Conversations
from tests.auditor.store.material import completion
from tests.auditor.store.talk import woven

segment.MAX_RECORDS = 20  # type: ignore[misc]


def write(folder: Path) -> None:
    """Groups of one to seven calls, by turns such of conversations, with the passages they rest on, and others; the
    number of each durable record on a line, after the process id."""
    say(f"pid {os.getpid()}")
    location = Location.parse(folder / "store")
    writer = LedgerWriter.for_gateway(Enrolment.load(folder / "gateway"), location)
    conversations, talk = Conversations(), woven()
    for size in itertools.cycle(range(1, 8)):
        drafts = [completion(number) if number % 3 == 2 else next(talk) for number in range(size)]
        ready = [made for draft in drafts for made in conversations.prepare(draft)]
        say("\n".join(map(str, writer.append(ready))))


def say(line: str) -> None:
    """One whole line, even if the process dies right after."""
    os.write(1, f"{line}\n".encode())


if __name__ == "__main__":
    for _ in sys.stdin:
        child = os.fork()
        if child == 0:
            write(Path(sys.argv[1]))
        os.waitpid(child, 0)
        say("dead")
