# SPDX-License-Identifier: Apache-2.0
"""The thread that reads exchanges: what it queues and in which order, and that what breaks it is told."""

from collections.abc import Sequence

import pytest

from auditor.calls import Exchange
from auditor.store.format.records import Completion, Draft, Gap, Heartbeat, Intent, Passage, Withheld
from auditor.store.ledger.conversations import Conversations
from tests.auditor.gateway.house import Digest, House, opened, run, told
from tests.auditor.store.talk import turns


def test_what_was_withheld_is_written_ahead_of_its_exchange(house: House) -> None:
    async def work() -> None:
        async with house.recorder(), house.link() as link:
            for name in ("card", "plain"):
                await link.begin(opened(name))
                told(link, name)
            assert await link.drain(20) == 0
        assert [meta.exchange for meta in house.ledger.of(Withheld)] == ["card"]
        kinds = [type(meta) for meta in house.ledger.metas if not isinstance(meta, Intent | Heartbeat)]
        assert kinds.index(Withheld) < kinds.index(Completion)

    run(work())


class Talk(Digest):
    """In place of the pipeline: a conversation, whatever passes."""

    def process_all(self, exchanges: Sequence[Exchange]) -> list[Draft]:
        said = turns(6)
        return [said[int(one.id)] for one in exchanges]


def test_what_a_conversation_says_anew_is_written_ahead_of_its_call(house: House) -> None:
    async def work() -> None:
        async with house.recorder() as recorder, house.link() as link:
            recorder.use(Digest([]), Talk([]))
            for turn in range(6):
                await link.begin(opened(str(turn)))
                told(link, str(turn))
                assert await link.drain(20) == 0

    run(work())
    kinds = [type(meta) for meta in house.ledger.metas if isinstance(meta, Passage | Completion)]
    assert kinds == [Completion, *[Passage, Completion] * 5]


class Fragile(Digest):
    """In place of the pipeline: breaks at some exchanges."""

    def process_all(self, exchanges: Sequence[Exchange]) -> list[Draft]:
        if any(one.id.startswith("broken") for one in exchanges):
            raise ValueError("a defect of ours, with a prompt in it")
        return super().process_all(exchanges)


def test_what_breaks_the_thread_is_counted_and_recorded_as_lost(house: House, caplog: pytest.LogCaptureFixture) -> None:
    async def work() -> None:
        async with house.recorder() as recorder, house.link() as link:
            recorder.use(Digest([]), Fragile([]))
            for name in ("broken-1", "whole"):
                await link.begin(opened(name))
                told(link, name)
                assert await link.drain(20) == 0
            assert (recorder.totals.seen, recorder.totals.recorded, recorder.totals.lost) == (2, 1, 1)
            assert recorder.counters().backlog == 0

    run(work())
    assert [(gap.reason, gap.count) for gap in house.ledger.of(Gap)] == [("crash", 1)]
    assert [meta.exchange for meta in house.ledger.of(Completion)] == ["whole"]
    assert "ValueError" in caplog.text
    assert "prompt" not in caplog.text


def test_a_conversation_that_cannot_be_told_apart_is_stored_call_by_call(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    async def work() -> None:
        async with house.recorder() as recorder, house.link() as link:
            recorder.use(Digest([]), Talk([]))
            monkeypatch.setattr(Conversations, "prepare", fail)
            for turn in range(3):
                await link.begin(opened(str(turn)))
                told(link, str(turn))
            assert await link.drain(20) == 0
            assert (recorder.totals.recorded, recorder.totals.lost) == (3, 0)

    run(work())
    assert [type(meta) for meta in house.ledger.metas if isinstance(meta, Passage | Completion)] == [Completion] * 3
