# SPDX-License-Identifier: Apache-2.0
"""Proxy's link and recorder together, over a real socket, with a ledger that the test controls."""

import asyncio
import threading
from datetime import UTC, datetime

import pytest

from auditor.calls import Exchange, Request
from auditor.gateway.link import Limits, NotRecorded
from auditor.gateway.messages import Answer, Ended, Passed
from auditor.store.format.records import Completion, Gap, Heartbeat, Intent, Started, Stopped
from tests.auditor.gateway.house import House, opened, run, told, until


def test_an_exchange_from_intent_to_completion(house: House) -> None:
    async def work() -> None:
        async with house.recorder() as recorder, house.link() as link:
            await link.begin(opened("e"))
            assert [meta.exchange for meta in house.ledger.of(Intent)] == ["e"], "begun means durable"
            told(link, "e")
            assert await link.drain(20) == 0
            assert recorder.counters().recorded == recorder.counters().seen == 1

    run(work())
    (exchange,) = house.exchanges
    assert exchange.request.body == b"question"
    assert exchange.response is not None
    assert (exchange.response.status, exchange.response.headers, exchange.response.body) == (
        200,
        (("a", "b"),),
        b"answer",
    )
    assert [frame.text for frame in exchange.frames] == ["hi"]
    assert (exchange.duration_ms, exchange.first_byte_ms, exchange.truncated) == (5.0, 2.0, 0)
    assert [type(meta) for meta in house.ledger.metas] == [Started, Intent, Completion, Stopped]


def test_a_body_beyond_the_bound_is_spilled_and_whole(house: House) -> None:
    body = bytes(range(256)) * 4000

    async def work() -> None:
        async with house.recorder(), house.link() as link:
            await link.begin(opened("e"))
            told(link, "e", body)
            await link.drain(20)

    run(work())
    assert house.exchanges[0].response is not None
    assert house.exchanges[0].response.body == body
    assert list((house.folder / "spool").iterdir()) == []


def test_a_failing_ledger_refuses_with_its_reason_and_recovers(house: House) -> None:
    async def work() -> None:
        async with house.recorder() as recorder, house.link() as link:
            house.ledger.broken = True
            with pytest.raises(NotRecorded, match="The disk is full"):
                await link.begin(opened("a"))
            assert recorder.failure == "The disk is full."
            link.withdraw("a", blocked="The disk is full.")
            link.count(missed=2, blocked=1)
            house.ledger.broken = False
            await until(lambda: bool(house.ledger.of(Gap)))
            await link.begin(opened("b"))
            assert recorder.failure is None
            assert (recorder.counters().lost, recorder.counters().blocked) == (2, 1)

    run(work())
    (gap,) = house.ledger.of(Gap)
    assert (gap.reason, gap.count) == ("store_failure", 2)
    assert [meta.exchange for meta in house.ledger.of(Intent)] == ["b"]


def test_a_call_that_ends_before_its_intent_is_refused_counts_once(house: House) -> None:
    async def work() -> None:
        async with house.recorder() as recorder, house.link() as link:
            house.ledger.broken = True
            link.announce(opened("a"))
            told(link, "a", b"answer")
            await until(lambda: recorder.failure is not None)
            house.ledger.broken = False
            await link.drain(20)
            await until(lambda: recorder.totals.recorded + recorder.totals.lost == 1)
            assert recorder.totals.seen == 1

    run(work())


def test_a_recorder_that_is_away_is_waited_for(house: House) -> None:
    async def work() -> None:
        async with house.link(patience=0.1) as link:
            with pytest.raises(NotRecorded, match="away"):
                await link.begin(opened("early"))
            link.patience = 20
            waiting = asyncio.create_task(link.begin(opened("late")))
            await asyncio.sleep(0.05)
            async with house.recorder():
                await waiting

    run(work())
    assert [meta.exchange for meta in house.ledger.of(Intent)] == ["late"]


def test_an_intent_that_comes_too_late_is_recorded_as_blocked(house: House) -> None:
    async def work() -> None:
        async with house.recorder(), house.link(patience=0.2) as link:
            house.ledger.gate.clear()
            with pytest.raises(NotRecorded, match="does not answer"):
                await link.begin(opened("e"))
            link.withdraw("e", blocked="it took too long")
            house.ledger.gate.set()
            await until(lambda: bool(house.ledger.of(Completion)))

    run(work())
    assert house.exchanges[0].blocked == "it took too long"


def test_the_next_recorder_is_told_what_the_last_one_took_with_it(house: House) -> None:
    async def work() -> None:
        async with house.link() as link:
            async with house.recorder():
                await link.begin(opened("e"))
                link.passed(Passed(id="e", request=b"question"))
                await asyncio.sleep(0.05)
                house.ledger.gate.clear()  # its own completion of the exchange is never durable
                house.exchanges.clear()
                asyncio.get_running_loop().call_later(0.3, house.ledger.gate.set)
            house.exchanges.clear()
            async with house.recorder():
                link.passed(Passed(id="e", response=b"answer", answer=Answer(status=200, headers=())))
                link.ended(Ended(id="e", duration_ms=1.0))
                await link.drain(20)

    run(work())
    exchange = house.exchanges[-1]
    assert exchange.request.body == b"question"
    assert exchange.response is not None
    assert exchange.response.body == b"answer"
    assert len(house.ledger.of(Intent)) == 1, "the intent is not written twice"


def test_a_proxy_that_vanishes_leaves_nothing_open(house: House) -> None:
    async def work() -> None:
        async with house.recorder() as recorder:
            async with house.link() as link:
                await link.begin(opened("e"))
                link.passed(Passed(id="e", request=b"half"))
                await asyncio.sleep(0.05)
            await until(lambda: bool(house.ledger.of(Completion)))
            assert recorder.counters().backlog == 0

    run(work())
    (exchange,) = house.exchanges
    assert (exchange.interrupted, exchange.request.body, exchange.response) == ("gateway", b"half", None)


def test_above_high_water_new_calls_wait_and_content_is_counted(house: House) -> None:
    async def work() -> None:
        limits = Limits(high_water=1000, queued=200_000, kept=1_000_000, kept_total=1_000_000)
        async with house.recorder() as recorder, house.link(limits=limits) as link:
            await link.begin(opened("e"))
            link.patience = 0.2
            recorder.hold(True)
            for _ in range(100):
                link.passed(Passed(id="e", response=b"x" * 10_000))
                await asyncio.sleep(0)
            with pytest.raises(NotRecorded, match="does not answer"):
                await link.begin(opened("waits"))
            recorder.hold(False)
            link.ended(Ended(id="e", duration_ms=1.0))
            assert await link.drain(20) == 0

    run(work())
    (exchange,) = house.exchanges
    assert exchange.response is None
    assert 0 < exchange.truncated < 1_000_000
    assert [gap.reason for gap in house.ledger.of(Gap)] == ["body_truncated"]


def test_an_upload_holds_up_no_intent(house: House) -> None:
    """Of 20 MB on their way, the recorder reads nothing for a while: an intent told last is committed all the same."""

    async def work() -> None:
        async with house.recorder() as recorder, house.link() as link:
            await link.begin(opened("upload"))
            recorder.hold(True)
            for _ in range(200):
                link.passed(Passed(id="upload", request=b"x" * 100_000))
            await asyncio.sleep(0.01)
            intent = asyncio.create_task(link.begin(opened("small")))
            await asyncio.sleep(0)
            link.ended(Ended(id="upload", duration_ms=1.0))
            recorder.hold(False)
            await intent
            assert not house.exchanges, "the upload is not even there yet"
            told(link, "small")
            assert await link.drain(10) == 0

    run(work())
    assert {one.id: len(one.request.body) for one in house.exchanges} == {"upload": 20_000_000, "small": 8}


def test_a_whole_exchange_at_once_and_counts(house: House) -> None:
    async def work() -> None:
        async with house.recorder() as recorder, house.link() as link:
            await link.room()
            request = Request(method="CONNECT", url="https://x")
            link.observed(Exchange(id="o", time=datetime.now(UTC), request=request, opaque="refused"))
            link.count(tunnelled=3, undecryptable=1)
            await until(lambda: recorder.counters().recorded == 1 and recorder.counters().tunnelled == 3)
            assert recorder.counters().undecryptable == 1

    run(work())
    assert house.exchanges[0].opaque == "refused"


def test_queued_intents_are_not_waited_for(house: House) -> None:
    async def work() -> None:
        async with house.recorder(), house.link() as link:
            assert await link.room()
            house.ledger.gate.clear()
            link.announce(opened("e"))
            told(link, "e")
            house.ledger.gate.set()
            assert await link.drain(20) == 0

    run(work())
    assert [type(meta) for meta in house.ledger.metas] == [Started, Intent, Completion, Stopped]


def test_what_lies_with_the_recorder_is_its_own_to_write(house: House) -> None:
    """Nothing is read yet, as patterns are still being compiled: a proxy may end all the same."""
    loaded = threading.Event()

    async def work() -> None:
        async with house.recorder() as recorder:
            recorder.ahead(lambda: loaded.wait(20))
            async with house.link() as link:
                await link.begin(opened("e"))
                told(link, "e")
                assert await link.drain(0.2) == 0
            assert await link.drain(0.2) == 1, "the recorder is away"
            assert not house.exchanges
            loaded.set()

    run(work())
    assert [type(meta) for meta in house.ledger.metas] == [Started, Intent, Completion, Stopped]


def test_heartbeats_carry_the_totals(house: House) -> None:
    async def work() -> None:
        async with house.recorder() as recorder, house.link() as link:
            await link.begin(opened("e"))
            beating = asyncio.create_task(recorder.beat(0.02))
            await until(lambda: bool(house.ledger.of(Heartbeat)))
            beating.cancel()

    run(work())
    assert house.ledger.of(Heartbeat)[0].counters.seen == 1
    assert house.ledger.of(Heartbeat)[0].counters.backlog == 1
