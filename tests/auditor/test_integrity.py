# SPDX-License-Identifier: Apache-2.0
"""Every gap is accounted for to the unit, and becomes one finding a ledger, reason and day."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from auditor import integrity
from auditor.archive import Archive
from auditor.calls import Outcome
from auditor.findings import Kind
from auditor.store.format.records import Completion, Counters, Draft, Gap, Heartbeat, Started, Stopped
from tests.auditor.store.material import MOMENT, Home, completion, intent


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A fresh store."""
    return Home(tmp_path / "audit")


DAY = datetime(2026, 11, 24, 9, tzinfo=UTC)


def archive(home: Home, cache: Path) -> Archive:
    opened = Archive.open(home.location, home.identity, cache=cache)
    opened.refresh()
    return opened


def write(home: Home, *drafts: Draft) -> None:
    with home.writer() as writer:
        writer.append(drafts)


def gap(reason: str, count: int, at: datetime = DAY) -> Draft:
    return Draft(Gap(time=at, reason=reason, count=count, until=at + timedelta(minutes=2)))  # type: ignore[arg-type]


def outcome(number: int, which: Outcome) -> Draft:
    draft = completion(number)
    assert isinstance(draft.meta, Completion)
    calls = tuple(msgspec.structs.replace(call, outcome=which) for call in draft.meta.calls)
    return Draft(msgspec.structs.replace(draft.meta, calls=calls), draft.body)


def test_gaps_become_findings_and_stay_the_same(home: Home, tmp_path: Path) -> None:
    write(home, completion(1), gap("store_failure", 3), gap("store_failure", 4, DAY + timedelta(hours=1)))
    write(home, gap("queue_full", 2), gap("store_failure", 1, DAY + timedelta(days=1)), gap("clock_jump", 0))
    with archive(home, tmp_path / "cache") as opened:
        found = list(integrity.analyze(opened))
        assert {one.kind for one in found} == {Kind.INTEGRITY}
        assert sorted((one.rule.title.split()[-1], one.count) for one in found) == [
            ("jumped", 1),
            ("recorded", 2),
            ("records", 1),
            ("records", 7),
        ]
        assert list(integrity.analyze(opened)) == found
        assert len({one.id for one in found}) == 4
        assert [one.count for one in integrity.analyze(opened, DAY + timedelta(hours=20))] == [1]
        tally = opened.report(found)
        assert (tally.new, opened.report(found).new) == (4, 0)


@pytest.mark.parametrize(("which", "count"), [(Outcome.OPAQUE, 1), (Outcome.UNPARSED, 1), (Outcome.COMPLETE, 0)])
def test_what_could_not_be_read_becomes_one(home: Home, tmp_path: Path, which: Outcome, count: int) -> None:
    write(home, outcome(1, which), outcome(2, which))
    with archive(home, tmp_path / "cache") as opened:
        assert [(len(one.calls), one.count) for one in integrity.analyze(opened)] == [(2, 2)] * count


def status(home: Home, cache: Path) -> dict[str, int]:
    with archive(home, cache) as opened:
        (one,) = [each for each in opened.status() if each.ledger == home.gateway]
    assert one.seen == one.recorded + one.lost + one.unknown + one.waiting + one.unaccounted
    return {name: getattr(one, name) for name in ("seen", "recorded", "lost", "unknown", "waiting", "unaccounted")}


def test_the_account_adds_up_at_every_moment(home: Home, tmp_path: Path) -> None:
    cache, told = tmp_path / "cache", Counters(seen=4, recorded=2, backlog=2)
    zero = {"seen": 0, "recorded": 0, "lost": 0, "unknown": 0, "waiting": 0, "unaccounted": 0}
    write(home, Draft(Started(time=MOMENT, version="1")), *map(intent, range(4)), completion(0), completion(1))
    assert status(home, cache) == zero | {"seen": 4, "recorded": 2, "waiting": 2}
    write(home, Draft(Heartbeat(time=MOMENT, counters=told)))
    assert status(home, cache) == zero | {"seen": 4, "recorded": 2, "waiting": 2}
    write(home, completion(2), gap("queue_full", 1))
    assert status(home, cache) == zero | {"seen": 5, "recorded": 3, "lost": 1, "waiting": 1}


def test_what_a_gateway_cannot_explain_is_unaccounted_for(home: Home, tmp_path: Path) -> None:
    write(home, Draft(Started(time=MOMENT, version="1")), intent(0), completion(0))
    write(home, Draft(Stopped(time=MOMENT, counters=Counters(seen=3, recorded=1))))
    assert status(home, tmp_path / "cache")["unaccounted"] == 2
    with archive(home, tmp_path / "cache") as opened:
        (found,) = integrity.analyze(opened)
    assert (found.count, found.rule.level) == (2, "high")


def test_a_gateway_that_fell_silent_becomes_one_finding(home: Home, tmp_path: Path) -> None:
    write(
        home,
        Draft(Started(time=DAY, version="1")),
        Draft(Heartbeat(time=DAY + timedelta(minutes=1), counters=Counters())),
    )
    with archive(home, tmp_path / "cache") as opened:
        assert list(integrity.analyze(opened, now=DAY + timedelta(minutes=5))) == []
        found = [list(integrity.analyze(opened, now=DAY + timedelta(hours=late))) for late in (1, 2)]
        assert found[0] == found[1], "whenever it is asked"
        (silent,) = found[0]
        assert (silent.rule.title, silent.last_seen) == ("A gateway fell silent", DAY + timedelta(minutes=1))
    write(home, Draft(Stopped(time=DAY + timedelta(minutes=2), counters=Counters())))
    with archive(home, tmp_path / "cache") as opened:
        assert list(integrity.analyze(opened, now=DAY + timedelta(hours=1))) == [], "it said it stopped"


@pytest.mark.parametrize("off", [timedelta(hours=1), timedelta(hours=-1)], ids=["behind", "ahead"])
def test_a_gateway_with_a_wrong_clock_is_called_that_and_not_silent(home: Home, tmp_path: Path, off: timedelta) -> None:
    at = DAY - off
    write(home, Draft(Started(time=at, version="1")), Draft(Gap(time=at, reason="clock_jump", count=0, until=DAY)))
    write(home, Draft(Heartbeat(time=at + timedelta(minutes=1), counters=Counters())))
    with archive(home, tmp_path / "cache") as opened:
        (wrong,) = integrity.analyze(opened, now=DAY + timedelta(minutes=2))
        assert wrong.rule.title == "A gateway's clock was wrong, or jumped"
        titles = {one.rule.title for one in integrity.analyze(opened, now=DAY + timedelta(minutes=30))}
        assert titles == {wrong.rule.title, "A gateway fell silent"}


def test_a_call_without_an_outcome_is_unknown_and_not_hidden(home: Home, tmp_path: Path) -> None:
    write(home, Draft(Started(time=MOMENT, version="1")), intent(0), intent(1), completion(0))
    write(home, Draft(Started(time=MOMENT, version="1")))
    counted = status(home, tmp_path / "cache")
    assert (counted["seen"], counted["recorded"], counted["unknown"], counted["unaccounted"]) == (2, 1, 1, 0)
