# SPDX-License-Identifier: Apache-2.0
"""From a real store: imported exchanges, the analysis over the archive, what is read anew, what is on record."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from itertools import chain
from pathlib import Path
from unittest import mock

import pytest

from auditor.archive import Archive
from auditor.distillation import analyze, reading
from auditor.distillation.reading import ACTION, REASON
from auditor.findings import Finding, Grade
from auditor.policy import Policy, Team
from auditor.store import Identity, LedgerWriter, Location, create_store
from auditor.store.format.records import Access, Completion, Draft, SealedExchange
from auditor.store.keys.identity import Argon2
from auditor.terms import Registry
from tests.auditor.distillation.material import T0, Traffic, answered, prose

ACTORS = ("a-one", "a-two", "a-six")
ASK = "Make training examples for the student model, at least five of them, on the subject of {}"


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
def store(tmp_path: Path) -> tuple[Location, Identity]:
    created = create_store(tmp_path / "out", b"passphrase", argon2=Argon2(iterations=1, memory_kib=64, lanes=1))
    return Location.parse(created.store), Identity.open(created.identity, b"passphrase")


def write(archive: Archive, store: tuple[Location, Identity], drafts: list[Draft]) -> None:
    with LedgerWriter.for_desk(*store) as writer:
        writer.append(drafts)
    archive.refresh()


@pytest.fixture
def archive(tmp_path: Path, store: tuple[Location, Identity]) -> Iterator[Archive]:
    traffic, rows = answered("a-one", 12)
    traffic.upload("a-one", rows)
    with Archive.open(*store, cache=tmp_path / "cache") as opened:
        write(opened, store, recorded(traffic))
        yield opened


@pytest.fixture
def crowd(tmp_path: Path, store: tuple[Location, Identity]) -> Iterator[Archive]:
    """Three actors who gather and upload, and a template spread over ten more."""
    traffic = Traffic()
    for actor in ACTORS:
        own, rows = answered(actor, 12)
        for one, _ in own.entries:
            (part,) = one.content.input_messages[-1].parts
            traffic.chat(actor, getattr(part, "content", ""), prose(("a", len(traffic.entries) % 12)))
        traffic.upload(actor, rows)
    for number in range(10):
        traffic.chat(f"a-{number}", ASK.format(prose(("seed", number), 6)), prose(("answer", number), 90))
    with Archive.open(*store, cache=tmp_path / "cache") as opened, mock.patch.object(reading, "BATCH", 20):
        write(opened, store, recorded(traffic))
        yield opened


def run(archive: Archive, **how: object) -> list[Finding]:
    """All that an analysis yields."""
    return list(chain.from_iterable(analyze(archive, Registry.load(), **how)))  # type: ignore[arg-type]


def taken(portions: Iterator[list[Finding]], into: list[Finding]) -> None:
    """Take portions over as they come, so that what was yielded is there whatever happens."""
    for portion in portions:
        into += portion


def accesses(archive: Archive) -> list[Access]:
    archive.refresh()
    return [one.meta for one in archive.access_log() if isinstance(one.meta, Access)]


def test_the_store_is_analysed_and_the_reading_is_on_record(archive: Archive) -> None:
    told: list[tuple[int, int]] = []
    found = run(archive, progress=lambda done, total: told.append((done, total)))
    assert [one.grade.value for one in found] == ["evidenced"]
    assert told == [(1, 1)]
    assert {(one.action, one.reason, len(one.calls)) for one in accesses(archive)} == {
        (ACTION, REASON, 1),
        (ACTION, REASON, 12),
        (ACTION, REASON, 13),
    }


def test_without_news_nothing_is_opened_and_nothing_found(archive: Archive) -> None:
    assert run(archive)
    opened = len(accesses(archive))
    assert run(archive) == []
    assert len(accesses(archive)) == opened


def test_news_are_all_that_is_read_again(archive: Archive, store: tuple[Location, Identity]) -> None:
    run(archive)
    opened = len(accesses(archive))
    later = Traffic(first=100)
    for number in range(12):
        later.chat("a-one", f"Tell me about {prose(('late', number), 6)}", prose(("late-answer", number)))
        later.move(-1, timedelta(days=60))
    write(archive, store, recorded(later))
    assert run(archive) == []
    assert {len(one.calls) for one in accesses(archive)[: len(accesses(archive)) - opened]} == {12}


def test_groups_with_uploads_share_a_pass_over_the_fingerprints(crowd: Archive) -> None:
    with mock.patch.object(Archive, "holders", autospec=True, side_effect=Archive.holders) as holders:
        found = run(crowd)
    assert holders.call_count == 1
    assert {one.actor for one in found if one.grade is Grade.EVIDENCED} == {*ACTORS}


@pytest.mark.parametrize("first", [7, 12, 13, 16])
def test_what_was_analysed_in_between_makes_no_difference(
    tmp_path: Path, store: tuple[Location, Identity], first: int
) -> None:
    traffic, rows = answered("a-one", 12)
    traffic.upload("a-one", rows)
    for number in range(8):
        traffic.chat("a-one", f"Tell me about {prose(('more', number), 6)}", prose(("more-answer", number)))
    drafts = recorded(traffic)
    with Archive.open(*store, cache=tmp_path / "cache") as archive:
        write(archive, store, drafts[:first])
        run(archive)
        write(archive, store, drafts[first:])
        last = run(archive)
        assert [one.grade.value for one in last] == ["evidenced"]
        assert last == run(archive, since=T0)


def test_another_policy_is_another_basis(archive: Archive) -> None:
    first = run(archive)
    team = Policy(team=(Team(name="research", actors=("a-one", "a-two")),))
    assert [one.id for one in run(archive, policy=team)] == [one.id for one in first]
    assert run(archive, policy=team) == []


def test_nothing_since_then_gives_nothing(archive: Archive) -> None:
    last = next(iter(archive.calls(limit=1))).time
    assert run(archive, since=last + timedelta(seconds=1)) == []
    assert len(run(archive, since=T0)) == 1
    assert len(run(archive)) == 1


@pytest.mark.parametrize("groups", [1, 11])
def test_a_run_that_was_broken_off_goes_on_and_finds_the_same(crowd: Archive, groups: int) -> None:
    class Enough(Exception):
        pass

    def stop(done: int, total: int) -> None:
        if done >= groups:
            raise Enough

    found: list[Finding] = []
    with pytest.raises(Enough):
        taken(analyze(crowd, Registry.load(), stop), found)
    assert len(found) < 4
    rest = run(crowd)
    assert not {one.id for one in rest} & {one.id for one in found}
    whole = run(crowd, since=T0)
    assert len(whole) == 4
    assert sorted([*found, *rest], key=lambda one: one.id) == sorted(whole, key=lambda one: one.id)


def test_a_killed_run_goes_on_and_finds_the_same(
    crowd: Archive, store: tuple[Location, Identity], tmp_path: Path
) -> None:
    program = f"""
import os, signal
from auditor.analysis import analyze
from auditor.archive import Archive
from auditor.distillation import reading
from auditor.rules import Rules
from auditor.store import Identity, Location
from auditor.terms import Registry
from pathlib import Path
reading.BATCH = 20
identity = Identity.open(Path({str(tmp_path / "out" / "auditor.identity")!r}), b"passphrase")
def stop(done, total):
    if 11 <= done < total:
        os.kill(os.getpid(), signal.SIGKILL)
store = Location.parse({str(tmp_path / "out" / "store")!r})
with Archive.open(store, identity, cache=Path({str(tmp_path / "cache")!r})) as archive:
    archive.refresh()
    analyze(archive, Registry.load(), Rules((), ()), stop)
"""
    ended = subprocess.run([sys.executable, "-c", program], timeout=120, check=False)
    assert ended.returncode == -signal.SIGKILL
    crowd.refresh()
    before = {case.finding.id for case in crowd.cases()}
    assert 1 <= len(before) < 4
    rest = run(crowd)
    assert not {one.id for one in rest} & before
    crowd.report(rest)
    reported = {case.finding.id: case.finding.grade for case in crowd.cases()}
    assert reported == {one.id: one.grade for one in run(crowd, since=T0)}
