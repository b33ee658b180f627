# SPDX-License-Identifier: Apache-2.0
"""What the index holds depends on the records alone: not on batches, not on who refreshed, not on when."""

import random
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from auditor.archive import OUTCOME_UNKNOWN, Archive, Filter
from auditor.archive import archive as archive_module
from auditor.archive.schema import accesses, calls, gaps, intents, ledgers, rollups, tags
from auditor.calls import DataCount, Outcome
from auditor.privacy.fingerprints import FORM
from auditor.store.format.records import Completion, Counters, Draft, Fingerprints, Gap, Heartbeat, Started, Stopped
from tests.auditor.archive.conftest import T0, Store, call, completion, intent

Fill = Callable[..., Archive]


def content(archive: Archive) -> dict[str, list[tuple[Any, ...]]]:
    """All that the index holds, without row numbers."""
    held: dict[str, list[tuple[Any, ...]]] = {}
    with archive._index.reading() as connection:
        for table in (calls, rollups, intents, ledgers, gaps, accesses):
            columns = [column for column in table.columns if column.name != "n"]
            held[table.name] = sorted(map(tuple, connection.execute(select(*columns))), key=repr)
        query = select(calls.c.id, tags.c.kind, tags.c.value, tags.c.count).join(calls, calls.c.n == tags.c.n)
        held["tags"] = sorted(map(tuple, connection.execute(query)))
    held["values"] = sorted((repr(one),) for one in archive.calls())
    return held


def history(seed: int) -> list[Draft]:
    """Runs of a gateway: calls with data, cost and case variants, gaps, a crash, a late completion, a socket."""
    rng = random.Random(seed)
    drafts = [Draft(Started(time=T0, version="1"))]
    for number in range(260):
        facts = {
            "provider": rng.choice(["openai", "OpenAI", "anthropic", None]),
            "response_model": rng.choice(["gpt-4o", "claude", None]),
            "actor": rng.choice(["a-one", "a-two", None]),
            "input_tokens": rng.choice([None, 10, 999]),
            "cost_usd": rng.choice([None, 0.1, 0.0000001]),
            "labels": rng.choice([(), ("odd", "odd"), ("Odd",)]),
            "data": (DataCount(type="EMAIL", direction=rng.choice(["sent", "received"]), count=2),),
            "outcome": rng.choice(list(Outcome)),
            "time": T0 + timedelta(hours=rng.randrange(72)),
        }
        drafts.append(intent(number))
        if number % 50 == 7:
            drafts.append(Draft(Heartbeat(time=T0, counters=Counters(seen=number, recorded=number))))
        if number % 40 == 9:
            drafts.append(Draft(Gap(time=T0, reason="queue_full", count=3)))
        if number in {120, 200}:
            drafts.append(Draft(Started(time=T0 + timedelta(days=1), version="2", unfinished=1)))
        if rng.random() < 0.9:
            one = call(number, **facts)
            extra = [call(number, id=f"{one.id}.1", **facts)] if number % 17 == 0 else []
            drafts.append(completion(one, *extra))
        if number == 250:
            drafts += [completion(call(n)) for n in range(100, 125)]  # some late, some told twice
    drafts.append(Draft(Stopped(time=T0, counters=Counters(seen=300, recorded=280, backlog=1))))
    return drafts


@pytest.mark.parametrize("seed", [1])
def test_incremental_equals_rebuilt(store: Store, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    drafts = history(seed)
    rng = random.Random(seed)
    with store.archive("incremental") as incremental:
        while drafts:
            size = rng.randrange(1, 200)
            store.write(*drafts[:size])
            del drafts[:size]
            incremental.refresh()
        with store.archive("rebuilt") as rebuilt:
            rebuilt.refresh()
            once = content(rebuilt)
            assert content(incremental) == once
        monkeypatch.setattr(archive_module, "BATCH", 7)
        with store.archive("small") as small:
            small.refresh()
            assert content(small) == once
    assert len(once["calls"]) > 240
    assert once["intents"]


def test_sums_equal_the_rows(filled: Fill) -> None:
    archive = filled(*history(3))
    everything = list(archive.calls())
    summary = archive.summary()
    assert summary.calls == len(everything) == archive.count()
    assert summary.input_tokens == sum(one.input_tokens or 0 for one in everything)
    assert summary.cost_usd == pytest.approx(sum(one.cost_usd or 0 for one in everything))
    assert summary.outcomes["interrupted"] == archive.count(Filter.parse("outcome:interrupted"))
    assert summary.sent["EMAIL"] == archive.count(Filter.parse("sent:EMAIL"))
    days = sum(share.calls for day in range(4) for share in _day(archive, day))
    assert days == summary.calls


def _day(archive: Archive, day: int) -> tuple[Any, ...]:
    since = T0.replace(hour=0) + timedelta(days=day)
    return archive.top("outcome", since, since + timedelta(days=1))


def test_an_intent_is_no_call_until_its_gateway_starts_anew(filled: Fill) -> None:
    archive = filled(Draft(Started(time=T0, version="1")), intent(1), intent(2), completion(call(2)))
    assert [one.id for one in archive.calls()] == ["call-0002"]
    archive = filled(Draft(Started(time=T0, version="1", unfinished=1)))
    lost = archive.call("call-0001")
    assert (lost.outcome, lost.labels, lost.path) == (Outcome.INTERRUPTED, (OUTCOME_UNKNOWN,), "/p")
    assert archive.count(Filter.parse(f"label:{OUTCOME_UNKNOWN}")) == 1


def test_a_late_completion_takes_the_place_of_the_unknown(filled: Fill) -> None:
    archive = filled(intent(1), Draft(Started(time=T0, version="1")))
    assert archive.count(Filter.parse("outcome:interrupted")) == 1
    archive = filled(completion(call(1)))
    assert archive.call("call-0001").outcome is Outcome.COMPLETE
    assert archive.summary().outcomes == {"complete": 1}
    assert archive.count(Filter.parse("label:*")) == 0


def test_an_exchange_told_twice_counts_once(filled: Fill) -> None:
    archive = filled(completion(call(1)), completion(call(1, provider="other")))
    filled(completion(call(1, provider="third")))
    assert [one.provider for one in archive.calls()] == ["openai"]


def test_known_tells_completed_exchanges(filled: Fill) -> None:
    socket = completion(call(2, id="s.0"), call(2, id="s.1"), exchange="s")
    archive = filled(completion(call(1)), socket, intent(3), Draft(Started(time=T0, version="1")))
    assert archive.known(["call-0001", "s", "s.0", "call-0003", "none"]) == {"call-0001", "s"}
    assert archive.count() == 4


def test_a_refresh_broken_off_goes_on(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_module, "BATCH", 10)
    store.write(*(completion(call(n)) for n in range(25)))

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with store.archive() as archive:
        with pytest.raises(KeyboardInterrupt):
            archive.refresh(stop)
        assert archive.count() == 10
        told: list[tuple[int, int]] = []
        assert archive.refresh(lambda done, total: told.append((done, total))) == 15
        assert told[-1][0] <= told[-1][1]
        assert archive.count() == 25
        assert archive.refresh() == 0


def test_two_may_refresh_one_index(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_module, "BATCH", 20)
    store.write(*(completion(call(n)) for n in range(400)))
    with store.archive() as one, store.archive() as other:
        threads = [threading.Thread(target=archive.refresh) for archive in (one, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert one.count() == other.count() == one.summary().calls == 400


def test_fingerprints_of_an_earlier_form_count_as_none(filled: Fill) -> None:
    made = (Fingerprints(form=form, received=bytes(8)) for form in (FORM, FORM - 1))
    metas = (Completion(time=T0, exchange=f"c{n}", calls=(call(n),), fingerprints=(one,)) for n, one in enumerate(made))
    assert filled(*map(Draft, metas)).not_fingerprinted() == [call(1).id]
