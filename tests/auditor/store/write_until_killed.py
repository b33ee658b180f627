# SPDX-License-Identifier: Apache-2.0
"""Gateways that append until they are killed, and say on their output what is durable. Run by `test_crash`.

One process imports everything once; for each line on its input it forks a gateway, and says when that one is dead.
"""

import os
import sys
from pathlib import Path

from auditor.store import Enrolment, LedgerWriter, Location
from auditor.store.ledger import segment
from tests.auditor.store.material import completion

segment.MAX_RECORDS = 20  # type: ignore[misc]


def write(folder: Path) -> None:
    """Groups of one to seven records; the number of each durable one on a line, after the process id."""
    say(f"pid {os.getpid()}")
    location = Location.parse(folder / "store")
    writer = LedgerWriter.for_gateway(Enrolment.load(folder / "gateway"), location)
    size = 0
    while True:
        size = size % 7 + 1
        say("\n".join(map(str, writer.append([completion(number) for number in range(size)]))))


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
