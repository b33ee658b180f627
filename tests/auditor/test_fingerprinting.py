# SPDX-License-Identifier: Apache-2.0
"""Fingerprints at capture: of what is new to an actor, in both directions, whatever part of an answer it is in."""

import json
from datetime import datetime, timedelta

import numpy as np
import pytest

from auditor.calls import (
    AnyPart,
    Call,
    Content,
    Exchange,
    Message,
    Reading,
    Reasoning,
    Request,
    Response,
    Text,
    ToolCall,
)
from auditor.dialects import parse
from auditor.fingerprinting import MOST, FingerprintMemory
from auditor.privacy import texts
from auditor.privacy.fingerprints import FORM, Fingerprinter
from auditor.providers import Providers
from auditor.store.format.records import Fingerprints
from tests.auditor.distillation.material import T0, prose

KEY = b"k" * 32
PRINTS = Fingerprinter(KEY)


def reading(heard: str, *said: AnyPart) -> Reading:
    content = Content(
        input_messages=(Message(role="user", parts=(Text(content=heard),)),),
        output_messages=tuple(Message(role="assistant", parts=(part,)) for part in said),
    )
    return Reading(call=Call(id="c", time=T0, operation="chat"), content=content)


def made(
    memory: FingerprintMemory, read: Reading, actor: str | None = "a-one", number: int = 0, time: datetime = T0
) -> Fingerprints:
    (found,) = memory.fingerprints([memory.unseen(number, texts(read.content), actor, time)])
    assert found is not None
    return found


def of(text: str) -> list[int]:
    return sorted(PRINTS.kept(text).tolist())


def unpacked(data: bytes) -> list[int]:
    return sorted(np.frombuffer(data, dtype="<u8").tolist())


def test_both_directions_are_fingerprinted_apart() -> None:
    asked, told = prose("asked", 60), prose("told", 60)
    found = made(FingerprintMemory(KEY), reading(asked, Text(content=told)), number=3)
    assert (found.call, unpacked(found.sent), unpacked(found.received)) == (3, of(asked), of(told))


@pytest.mark.parametrize(
    "part",
    [
        Reasoning(content=prose("deep", 60)),
        ToolCall(name="write", arguments={"text": prose("deep", 60)}),
        Text(content=prose("deep", 60)),
    ],
)
def test_every_part_of_every_candidate_counts(part: AnyPart) -> None:
    found = made(FingerprintMemory(KEY), reading("Go", Text(content=prose("first", 60)), part))
    assert set(of(prose("deep", 60))) <= set(unpacked(found.received))
    assert set(of(prose("first", 60))) <= set(unpacked(found.received))


def test_a_history_gives_no_fingerprints_again_but_another_actor_has_its_own() -> None:
    memory = FingerprintMemory(KEY)
    first = made(memory, reading(prose("q", 60), Text(content=prose("a", 60))))
    again = made(memory, reading(prose("q", 60), Text(content=prose("b", 60))))
    other = made(memory, reading(prose("q", 60), Text(content=prose("a", 60))), "a-two")
    assert (again.sent, unpacked(again.received)) == (b"", of(prose("b", 60)))
    assert other == first


def test_an_answer_that_its_actor_sends_back_later_stays_with_the_call_it_came_from() -> None:
    memory, answer = FingerprintMemory(KEY), prose("a", 60)
    first = made(memory, reading(prose("q", 60), Text(content=answer)))
    later, earlier = (T0 + hours * timedelta(hours=1) for hours in (1, -1))
    assert unpacked(first.received) == of(answer)
    assert made(memory, reading(answer), time=later).sent == b""
    assert unpacked(made(memory, reading(answer), "a-two", time=later).sent) == of(answer)
    assert unpacked(made(memory, reading(answer), time=earlier).sent) == of(answer)


def test_an_answer_that_repeats_what_was_sent_is_received_as_well() -> None:
    memory, text = FingerprintMemory(KEY), prose("q", 60)
    echoed = made(memory, reading(text, Text(content=text)))
    assert unpacked(echoed.sent) == unpacked(echoed.received) == of(text)


def test_what_is_forgotten_is_fingerprinted_anew() -> None:
    memory = FingerprintMemory(KEY, remembered=2)
    one, *others = (reading(prose(("q", n), 60), Text(content=prose(("a", n), 60))) for n in range(3))
    first = made(memory, one)
    for other in others:
        made(memory, other)
    assert made(memory, one) == first


def test_a_call_has_a_bounded_number() -> None:
    long = made(FingerprintMemory(KEY), reading(" ".join(f"w{n}" for n in range(500_000))))
    assert 8 * MOST * 0.5 < len(long.sent) <= 8 * MOST


def test_calls_made_together_have_what_each_has_alone() -> None:
    calls = [reading(prose(("q", n), n * 7), Text(content=prose(("a", n), n * 90))) for n in range(20)]
    memory = FingerprintMemory(KEY)
    together = memory.fingerprints([memory.unseen(n, texts(one.content), None, T0) for n, one in enumerate(calls)])
    assert together == [made(FingerprintMemory(KEY), one, None, n) for n, one in enumerate(calls)]
    assert sum(len(one.received) for one in together if one) > 0


def test_a_defect_costs_the_fingerprints_only(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    memory = FingerprintMemory(KEY)
    calls = [memory.unseen(0, texts(reading(said).content), None, T0) for said in ("one", "", "two")]
    monkeypatch.setattr(Fingerprinter, "kept_of_each", lambda *_: 1 / 0)
    assert memory.fingerprints(calls) == [None, Fingerprints(form=FORM, call=0), None]
    assert "ZeroDivisionError" in caplog.text


def test_the_results_of_a_batch_are_outputs() -> None:
    answers = [prose(("batch", number), 60) for number in range(3)]
    lines = (
        {"custom_id": f"r{n}", "response": {"body": {"choices": [{"message": {"role": "assistant", "content": text}}]}}}
        for n, text in enumerate(answers)
    )
    exchange = Exchange(
        id="x",
        time=T0,
        request=Request(method="GET", url="https://api.openai.com/v1/files/file-1/content"),
        response=Response(
            status=200,
            headers=(("content-type", "application/octet-stream"),),
            body="\n".join(map(json.dumps, lines)).encode(),
        ),
    )
    (read,) = parse(exchange, Providers.load())
    found = made(FingerprintMemory(KEY), read)
    assert set(unpacked(found.received)) >= {mark for text in answers for mark in of(text)}
