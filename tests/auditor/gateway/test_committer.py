# SPDX-License-Identifier: Apache-2.0
"""The writer's thread: groups, order, and what it does while the ledger fails."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime

import pytest

from auditor.errors import EnvironmentFailure
from auditor.gateway import committer
from auditor.gateway.committer import GROUP, LARGE, Committer, Entry, Outcome
from auditor.store.format.prepare import Prepared
from auditor.store.format.records import Draft, Gap

GAP = Draft(Gap(time=datetime(2026, 11, 23, tzinfo=UTC), reason="crash", count=1))


class Ledger:
    """Keeps what is appended; `gate` holds it back, `broken` makes it fail."""

    def __init__(self) -> None:
        self.groups: list[list[Draft | Prepared]] = []
        self.gate = threading.Event()
        self.gate.set()
        self.broken = False
        self.opened = 0
        self.closed = 0

    def open(self) -> "Ledger":
        self.opened += 1
        return self

    def append(self, drafts: Sequence[Draft | Prepared]) -> list[int]:
        self.gate.wait(20)
        if self.broken:
            raise EnvironmentFailure("The disk is full.")
        self.groups.append(list(drafts))
        return list(range(len(drafts)))

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture
def outcomes() -> list[Outcome]:
    return []


@pytest.fixture
def writer(ledger: Ledger, outcomes: list[Outcome], monkeypatch: pytest.MonkeyPatch) -> Iterator[Committer]:
    monkeypatch.setattr(committer, "RETRY", 0.05)
    one = Committer(ledger.open, outcomes.append)
    one.start()
    yield one
    ledger.gate.set()
    ledger.broken = False
    one.close(20)


def entry(name: str, intent: bool = False, size: int = 0) -> Entry:
    return Entry(record=GAP, exchange=name, is_intent=intent, size=size)


def wait(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.005)


def names(outcome: Outcome) -> list[str]:
    return [one.exchange for one in outcome.entries]


def test_what_waits_together_is_committed_together_intents_first(
    writer: Committer, ledger: Ledger, outcomes: list[Outcome]
) -> None:
    ledger.gate.clear()
    writer.add(entry("first"))
    wait(lambda: len(writer) == 0)
    for name, intent in (("c1", False), ("i1", True), ("c2", False), ("i2", True)):
        writer.add(entry(name, intent))
    ledger.gate.set()
    wait(lambda: len(outcomes) == 2)
    assert [names(outcome) for outcome in outcomes] == [["first"], ["i1", "i2", "c1", "c2"]]
    assert [len(group) for group in ledger.groups] == [1, 4]


def test_what_nobody_waits_for_is_written_without_an_intent(writer: Committer, outcomes: list[Outcome]) -> None:
    """Only the first of them wakes the thread; it comes back for all."""
    told = [str(number) for number in range(10)]
    for name in told[:5]:
        writer.add(entry(name))
    wait(lambda: sum(map(len, map(names, outcomes))) == 5)
    for name in told[5:]:
        writer.add(entry(name))
    wait(lambda: sum(map(len, map(names, outcomes))) == 10)
    assert [name for one in outcomes for name in names(one)] == told


def test_a_group_has_a_bound(writer: Committer, ledger: Ledger, outcomes: list[Outcome]) -> None:
    ledger.gate.clear()
    writer.add(entry("first"))
    wait(lambda: len(writer) == 0)
    for number in range(GROUP + 10):
        writer.add(entry(str(number), number % 2 == 0))
    ledger.gate.set()
    wait(lambda: sum(len(outcome.entries) for outcome in outcomes) == GROUP + 11)
    assert [len(group) for group in ledger.groups] == [1, GROUP, 10]


def test_a_large_one_is_committed_alone_after_the_intents_that_wait(
    writer: Committer, ledger: Ledger, outcomes: list[Outcome]
) -> None:
    ledger.gate.clear()
    writer.add(entry("first"))
    wait(lambda: len(writer) == 0)
    for name, size in (("small", 1), ("large", LARGE), ("larger", 2 * LARGE), ("last", 1)):
        writer.add(entry(name, size=size))
    writer.add(entry("intent", True))
    ledger.gate.set()
    wait(lambda: len(outcomes) == 5)
    assert [names(one) for one in outcomes[1:]] == [["intent", "small"], ["large"], ["larger"], ["last"]]


def test_a_large_one_is_overtaken_once(
    writer: Committer, ledger: Ledger, outcomes: list[Outcome], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though with each commit the next intent is there already."""
    committing = ledger.append

    def append(drafts: Sequence[Draft | Prepared]) -> list[int]:
        seqs = committing(drafts)
        if len(ledger.groups) < 10:
            writer.add(entry(f"i{len(ledger.groups)}", True))
        return seqs

    monkeypatch.setattr(ledger, "append", append)
    ledger.gate.clear()
    writer.add(entry("first", True))
    wait(lambda: len(writer) == 0)
    writer.add(entry("large", size=LARGE))
    ledger.gate.set()
    wait(lambda: sum(len(one.entries) for one in outcomes) == 11)
    assert [names(one) for one in outcomes[:4]] == [["first"], ["i1"], ["i2", "large"], ["i3"]]


def test_a_failure_refuses_intents_and_keeps_the_rest(
    writer: Committer, ledger: Ledger, outcomes: list[Outcome]
) -> None:
    ledger.broken = True
    writer.add(entry("i", True))
    wait(lambda: bool(outcomes))
    assert outcomes[0].refused == "The disk is full."
    assert names(outcomes[0]) == ["i"]
    assert writer.failure == writer.refusal == "The disk is full."
    writer.add(entry("c"))
    ledger.broken = False
    wait(lambda: len(outcomes) > 1 and names(outcomes[-1]) == ["c"])
    assert writer.failure is None
    assert ledger.opened >= 2, "a ledger that failed is opened anew"


def test_the_first_intent_after_the_rest_tries_again(
    writer: Committer, ledger: Ledger, outcomes: list[Outcome]
) -> None:
    ledger.broken = True
    writer.add(entry("lost", True))
    wait(lambda: bool(outcomes))
    ledger.broken = False
    wait(lambda: writer.refusal is None)
    assert writer.failure
    writer.add(entry("probe", True))
    wait(lambda: len(outcomes) == 2)
    assert outcomes[1].refused is None
    assert writer.failure is None


def test_closing_writes_what_is_queued(ledger: Ledger, outcomes: list[Outcome]) -> None:
    one = Committer(ledger.open, outcomes.append)
    for number in range(5):
        one.add(entry(str(number)))
    one.start()
    assert one.close(20) == 0
    assert sum(len(group) for group in ledger.groups) == 5
    assert ledger.closed == 1


def test_closing_over_a_broken_ledger_says_what_is_left(ledger: Ledger, outcomes: list[Outcome]) -> None:
    ledger.broken = True
    one = Committer(ledger.open, outcomes.append)
    one.start()
    one.add(entry("kept"))
    wait(lambda: bool(outcomes))
    assert one.close(0.1) == 1
    ledger.broken = False
    assert one.close(20) == 0
