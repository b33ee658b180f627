# SPDX-License-Identifier: Apache-2.0
"""What the ledger survives, at length: 200 times `kill -9`, 1,000 random edits, callers that wait together.

    python -m tests.benchmarks faults

The suite runs the first two in short (`test_crash`, `test_damage`); here they run as often as the design demands. The
third compares callers that wait for one commit together with one that waits alone, as gateways and proxies do.
"""

import random
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from auditor.gateway.committer import Committer, Entry, Outcome
from auditor.store.format.records import Passage
from auditor.store.ledger import segment
from auditor.store.verification.verify import verify
from tests.auditor.store.material import Home, intent
from tests.auditor.store.talk import read_back
from tests.auditor.store.test_crash import Gateways
from tests.auditor.store.test_damage import edit, noise, stored

KILLS = 200
EDITS = 1000
WAITING = 32
SECONDS = 4.0


def kills() -> None:
    """Gateways killed while they write: what was acknowledged is there, and the ledger holds after each."""
    chance, durable, faults = random.Random(1), set(), 0
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "audit")
        with Gateways(home) as gateways:
            for number in range(KILLS):
                durable |= set(gateways.acknowledged(chance.randrange(0, 30)))
                if number % 10 == 9:
                    faults += len(verify(home.location).faults)
        faults += len(verify(home.location, home.identity).faults)
        found = home.records()
        lost = durable - {record.seq for record in found}
        passed = sum(isinstance(record.meta, Passage) for record in found)
        calls, wrong = read_back(home.reader(), home.gateway)
    _print(f"7    kill -9, {KILLS} rounds: {len(durable):,} acknowledged, {len(lost)} lost, {faults} faults;")
    _print(f"     {calls:,} calls of conversations on {passed:,} passages read back, {len(wrong)} not what they said")


def edits() -> None:
    """Random edits of a ledger's file: each is located, or changed no byte that is stored."""
    chance, found = random.Random(2), Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "audit")
        full, segment.MAX_RECORDS = segment.MAX_RECORDS, 20  # type: ignore[misc]
        with home.writer() as writer:
            for number in range(40):
                writer.append([noise(number), intent(number)])
        segment.MAX_RECORDS = full  # type: ignore[misc]
        whole, before = home.file.read_bytes(), stored(home.file)
        for _ in range(EDITS):
            raw = bytearray(whole)
            edit(raw, chance)
            home.file.write_bytes(raw)
            found[_outcome(home, before)] += 1
        home.file.write_bytes(whole)
        alarms = sum(not verify(home.location).holds for _ in range(20))
    told = ", ".join(f"{count} {what}" for what, count in found.most_common())
    _print(f"9    {EDITS} random edits: {told}; {alarms} false alarms of 20")


def _outcome(home: Home, before: list[tuple[object, ...]]) -> str:
    report = verify(home.location)
    if report.holds:
        return "of bytes that hold nothing" if stored(home.file) == before else "MISSED"
    return "located" if any(fault.seq is not None for fault in report.faults) else "noticed, the file unreadable"


def waiting() -> None:
    """Intents a second of one caller, and of many who wait at the same time."""
    alone, together = (_intents(callers) for callers in (1, WAITING))
    _print(f"6    intents: {alone:,.0f}/s alone, {together:,.0f}/s by {WAITING} waiting: {together / alone:.1f}   >= 3")


def _intents(callers: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        home = Home(Path(folder) / "audit")
        done = {str(number): threading.Semaphore(0) for number in range(callers)}

        def durable(outcome: Outcome) -> None:
            for entry in outcome.entries:
                done[entry.exchange].release()

        committer, count = Committer(home.writer, durable), [0] * callers
        committer.start()
        until = time.monotonic() + SECONDS

        def call(number: int) -> None:
            while time.monotonic() < until:
                committer.add(Entry(record=intent(number), exchange=str(number), is_intent=True))
                done[str(number)].acquire()
                count[number] += 1

        threads = [threading.Thread(target=call, args=(number,)) for number in range(callers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        committer.close(5.0)
    return sum(count) / SECONDS


def _print(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - a program's output


def main() -> None:
    """All of them."""
    waiting()
    kills()
    edits()


if __name__ == "__main__":
    main()
