# SPDX-License-Identifier: Apache-2.0
"""Material of conversations: calls that say what they said before, and more."""

import itertools
import json
from collections.abc import Iterator, Sequence

import msgspec

from auditor.store import LedgerReader
from auditor.store.format.records import Completion, Draft, SealedExchange
from tests.auditor.store.material import completion

PATH = "/v1/talk"
"""Where calls of conversations go, and no others."""


def said(number: int, words: int = 60) -> str:
    """A text like no other."""
    return " ".join(f"word{number}x{at}" for at in range(words))


def call(number: int, body: bytes, actor: str = "a-1") -> Draft:
    """A call with this request."""
    draft = completion(number)
    assert isinstance(draft.meta, Completion)
    assert isinstance(draft.body, SealedExchange)
    (of,) = draft.meta.calls
    request = msgspec.structs.replace(draft.body.exchange.request, body=body)
    exchange = msgspec.structs.replace(draft.body.exchange, request=request)
    meta = msgspec.structs.replace(draft.meta, calls=(msgspec.structs.replace(of, actor=actor, path=PATH),))
    return Draft(meta, msgspec.structs.replace(draft.body, exchange=exchange))


def chat(number: int, texts: Sequence[str], actor: str = "a-1", *, marked: bool = False) -> Draft:
    """A call that says these texts by turns; the last is `marked` as prompt caching asks."""
    messages: list[dict[str, object]] = [{"role": "user", "content": [{"type": "text", "text": one}]} for one in texts]
    if marked:
        content = {"type": "text", "text": texts[-1], "cache_control": {"type": "ephemeral"}}
        messages[-1] = {"role": "user", "content": [content]}
    return call(number, json.dumps({"model": "m", "messages": messages, "tools": [said(999_999)]}).encode(), actor)


def turns(count: int, actor: str = "a-1", *, first: int = 0, marked: bool = False) -> list[Draft]:
    """A conversation whose calls say two texts more each time."""
    texts = [said(first * 1000 + at) for at in range(2 * count + 2)]
    return [chat(first + turn, texts[: 2 * turn + 3], actor, marked=marked) for turn in range(count)]


LENGTH = 12
"""Turns of a conversation in `woven`."""


def turn(number: int) -> Draft:
    """A call of the conversations in `woven`, by its number: what it says is known to who reads it back."""
    first, place = number - number % LENGTH, number % LENGTH
    return chat(number, [said(first * 1000 + at) for at in range(2 * place + 3)], f"a-{first % 5}")


def woven(beside: int = 3) -> Iterator[Draft]:
    """Conversations without end, so many beside each other, call by call in turns."""
    for begin in itertools.count(0, beside * LENGTH):
        for place in range(LENGTH):
            for of in range(beside):
                yield turn(begin + of * LENGTH + place)


def read_back(reader: LedgerReader, ledger: str) -> tuple[int, list[int]]:
    """How many calls of `woven` a ledger holds, and the numbers of the records whose bodies are not what they said."""
    count, wrong = 0, []
    for record in reader.records(ledger):
        if isinstance(record.meta, Completion) and record.meta.calls[0].path == PATH:
            count += 1
            if reader.body(ledger, record.seq) != turn(int(record.meta.exchange.rpartition("-")[2])).body:
                wrong.append(record.seq)
    return count, wrong
