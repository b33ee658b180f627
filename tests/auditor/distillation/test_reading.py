# SPDX-License-Identifier: Apache-2.0
"""From a real store: imported exchanges, the analysis over the archive, and the record of having read."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from auditor.archive import Archive
from auditor.distillation import analyze
from auditor.distillation.reading import ACTION, REASON
from auditor.store import Identity, LedgerWriter, Location, create_store
from auditor.store.identity import Argon2
from auditor.store.records import Access, Completion, Draft, SealedExchange
from auditor.terms import Registry
from tests.auditor.distillation.material import Traffic, answered


def recorded(traffic: Traffic) -> list[Draft]:
    """The completions of the traffic, as a gateway records them."""
    return [
        Draft(
            Completion(time=reading.call.time, exchange=exchange.id, calls=(reading.call,)),
            SealedExchange(exchange=exchange),
        )
        for reading, exchange in traffic.entries
    ]


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    traffic, rows = answered("a-one", 12)
    traffic.upload("a-one", rows)
    cheap = Argon2(iterations=1, memory_kib=64, lanes=1)
    created = create_store(tmp_path / "out", b"passphrase", argon2=cheap)
    location, identity = Location.parse(created.store), Identity.open(created.identity, b"passphrase")
    with LedgerWriter.for_desk(location, identity) as writer:
        writer.append(recorded(traffic))
    with Archive.open(location, identity, cache=tmp_path / "cache") as opened:
        opened.refresh()
        yield opened


def test_the_store_is_analysed_and_the_reading_is_on_record(archive: Archive) -> None:
    told: list[tuple[int, int]] = []
    found = list(analyze(archive, Registry.load(), lambda done, total: told.append((done, total))))
    assert [one.grade.value for one in found] == ["evidenced"]
    assert told == [(number, 13) for number in range(1, 14)]
    archive.refresh()
    accesses = [one.meta for one in archive.access_log()]
    assert all(isinstance(one, Access) for one in accesses)
    assert {(one.action, one.reason, len(one.calls)) for one in accesses if isinstance(one, Access)} == {
        (ACTION, REASON, 1),
        (ACTION, REASON, 13),
    }


def test_nothing_since_then_gives_nothing(archive: Archive) -> None:
    last = next(iter(archive.calls(limit=1))).time
    assert list(analyze(archive, Registry.load(), since=last)) == []


def test_a_run_that_was_broken_off_leaves_nothing_and_the_next_finds_the_same(archive: Archive) -> None:
    class Enough(Exception):
        pass

    def stop(done: int, total: int) -> None:
        if done == total // 2:
            raise Enough

    with pytest.raises(Enough):
        list(analyze(archive, Registry.load(), stop))
    archive.refresh()
    first = list(analyze(archive, Registry.load()))
    assert first == list(analyze(archive, Registry.load()))
    assert [one.grade.value for one in first] == ["evidenced"]
