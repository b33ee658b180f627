# SPDX-License-Identifier: Apache-2.0
"""Conversations: what 30 turns take in the ledger, beside every call compressed for itself; and what that costs.

    python -m tests.benchmarks conversation

Three traces, each whole exchanges with the headers of a usual client and service: agents' turns of our own words, the
same with prompt-caching marks that move from turn to turn and a streamed answer, and, where `../shared/data` has it,
what real agents and models said (trajectories laid end to end until there are 30 turns). Stored bytes are meta, body
and leaf of every record a ledger got, passages among them. Processor time is that of making ready, appending left out,
and then that of appending too; the best of three. Every body is read back and compared.
"""

import gzip
import json
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import func, select

from auditor.calls import Call, Connection, Exchange, Request, Response
from auditor.store import Enrolment, Identity, LedgerReader, LedgerWriter, Location, create_store
from auditor.store.format import records, schema
from auditor.store.format.prepare import Prepared
from auditor.store.format.records import Completion, Draft, SealedExchange
from auditor.store.format.sealing import Codec, frame
from auditor.store.keys.identity import Argon2
from auditor.store.ledger.conversations import Conversations
from tests.benchmarks.bench_store import NOW, WORDS

TURNS: Final = 30
ROUNDS: Final = 3
CONVERSATIONS: Final = 8
RECORDED: Final = Path("../shared/data/distill-dev.jsonl.gz")

type Turn = tuple[list[dict[str, Any]], str]
"""The messages of a request, and the answer's text."""


def turns(seed: int, words: int = 160) -> list[Turn]:
    """An agent's conversation: a system prompt, then a question or a tool's output, and an answer, by turns."""
    chance = random.Random(seed)

    def said(count: int) -> str:
        return " ".join(f"{chance.choice(WORDS)}{chance.randrange(300)}" for _ in range(count))

    messages: list[dict[str, Any]] = [{"role": "system", "content": said(4 * words)}]
    found: list[Turn] = []
    for _ in range(TURNS):
        messages.append({"role": "user", "content": said(words)})
        answer = said(words // 2)
        found.append((list(messages), answer))
        messages.append({"role": "assistant", "content": answer})
    return found


def recorded() -> Iterator[list[Turn]]:
    """What real agents said, in conversations of 30 turns: trajectories one behind the other."""
    messages: list[dict[str, Any]] = []
    found: list[Turn] = []
    with gzip.open(RECORDED) as lines:
        for line in map(json.loads, lines):
            if line["recipe"] != "swe_agent_trajectory":
                continue
            met: set[str] = set()
            for call in line["calls"]:
                new = [one for one in call["request"].get("messages") or () if json.dumps(one) not in met]
                met.update(map(json.dumps, new))
                answers = (call.get("response") or {}).get("choices") or ()
                messages += new
                if new and answers:
                    found.append((list(messages), answers[0]["message"].get("content") or ""))
                if len(found) == TURNS:
                    yield found
                    messages, found = [], []


def drafts(said: Sequence[Turn], name: str, *, marks: bool = False) -> list[Draft]:
    """Exchanges of a conversation, as a usual client sends it."""
    return [_draft(messages, answer, f"{name}-{turn}", turn, marks) for turn, (messages, answer) in enumerate(said)]


def _draft(messages: list[dict[str, Any]], answer: str, name: str, turn: int, marks: bool) -> Draft:
    chance = random.Random(name)
    sent = [_marked(one) if marks and at >= len(messages) - 2 else one for at, one in enumerate(messages)]
    body = json.dumps({"model": "gpt-4o", "messages": sent, "temperature": 0.2, "stream": marks}).encode()
    answered = _stream(answer, chance) if marks else _whole(answer, chance)
    request = [
        *(("host", "api.openai.com"), ("accept", "application/json"), ("accept-encoding", "gzip, deflate")),
        *(("connection", "keep-alive"), ("content-type", "application/json"), ("user-agent", "OpenAI/Python 2.8.1")),
        *(("x-stainless-lang", "python"), ("x-stainless-package-version", "2.8.1"), ("x-stainless-os", "Linux")),
        *(("x-stainless-runtime", "CPython"), ("x-stainless-runtime-version", "3.13.1")),
        ("content-length", str(len(body))),
    ]
    response = [
        ("date", f"Mon, 23 Nov 2026 12:{turn:02}:{chance.randrange(60):02} GMT"),
        ("content-type", "text/event-stream; charset=utf-8" if marks else "application/json"),
        *(("openai-processing-ms", str(chance.randrange(200, 9000))), ("openai-version", "2020-10-01")),
        *(("x-request-id", f"req_{chance.getrandbits(128):032x}"), ("cf-ray", f"{chance.getrandbits(64):016x}-FRA")),
        *(("x-ratelimit-remaining-tokens", str(chance.randrange(2_000_000))), ("cf-cache-status", "DYNAMIC")),
        ("server", "cloudflare"),
    ]
    exchange = Exchange(
        id=f"{chance.getrandbits(128):032x}",
        time=NOW + timedelta(seconds=20 * turn),
        duration_ms=chance.random() * 9000,
        first_byte_ms=chance.random() * 900,
        connection=Connection(server_address="api.openai.com", http_version="HTTP/2.0", tls_version="TLSv1.3"),
        request=Request(
            method="POST",
            url="https://api.openai.com/v1/chat/completions",
            headers=tuple(request),
            body=body,
        ),
        response=Response(status=200, headers=tuple(response), body=answered.encode()),
    )
    call = Call(
        id=exchange.id,
        time=exchange.time,
        actor=name.rpartition("-")[0],
        server_address="api.openai.com",
        path="/v1/chat/completions",
    )
    return Draft(Completion(time=exchange.time, exchange=exchange.id, calls=(call,)), SealedExchange(exchange=exchange))


def _marked(message: dict[str, Any]) -> dict[str, Any]:
    part = {"type": "text", "text": message.get("content"), "cache_control": {"type": "ephemeral"}}
    return {**message, "content": [part]}


def _whole(answer: str, chance: random.Random) -> str:
    choice = {"index": 0, "message": {"role": "assistant", "content": answer}, "finish_reason": "stop"}
    return json.dumps({"id": f"chatcmpl-{chance.getrandbits(96):x}", "model": "gpt-4o-2024-08-06", "choices": [choice]})


def _stream(answer: str, chance: random.Random) -> str:
    head = {"id": f"chatcmpl-{chance.getrandbits(96):x}", "object": "chat.completion.chunk", "model": "gpt-4o"}
    deltas = (answer[at : at + 5] for at in range(0, len(answer), 5))
    events = ({**head, "choices": [{"index": 0, "delta": {"content": delta}}]} for delta in deltas)
    return "".join(f"data: {json.dumps(event)}\n\n" for event in events) + "data: [DONE]\n\n"


def alone(draft: Draft) -> tuple[Prepared, ...]:
    """A call made ready for itself, compressed by plain zstd."""
    meta = records.encode(draft.meta)
    return (
        Prepared(meta, frame(meta, Codec.META), frame(records.encode(draft.body)), records.body_column(draft.meta)),
    )


def together() -> Callable[[Draft], tuple[Prepared, ...]]:
    """Calls made ready with what was said before them."""
    return Conversations().prepare


def alike() -> Callable[[Draft], tuple[Prepared, ...]]:
    """Calls made ready each for itself."""
    return alone


def stored(found: Sequence[Draft], ready: Callable[[Draft], tuple[Prepared, ...]]) -> tuple[int, float, float, float]:
    """Bytes in the ledger, processor milliseconds a call of making ready and of appending, and of reading one back."""
    with tempfile.TemporaryDirectory() as folder:
        made = create_store(
            Path(folder) / "audit", b"bench", argon2=Argon2(iterations=1, memory_kib=64, lanes=1), months=2
        )
        location, (ledger, _) = Location.parse(made.store), made.ledgers
        with LedgerWriter.for_gateway(Enrolment.load(made.gateway), location) as writer:
            began = time.process_time()
            prepared = [(one, ready(one)) for one in found]
            making = time.process_time() - began
            began = time.process_time()
            at = [(one, writer.append(parts)[-1]) for one, parts in prepared]
            appending = time.process_time() - began
        reader = LedgerReader.open(location, Identity.open(made.identity, b"bench"))
        began = time.process_time()
        for one, seq in at:
            assert reader.body(ledger, seq) == one.body
        reading = time.process_time() - began
        table = schema.record
        sizes = func.length(table.c.meta) + func.length(table.c.leaf) + func.coalesce(func.length(table.c.body), 0)
        with location.engine(ledger).begin() as connection:
            size = connection.scalar(select(func.sum(sizes))) or 0
        making, appending, reading = (spent / len(found) * 1000 for spent in (making, appending, reading))
        return size, making, appending, reading


def compare(label: str, conversations: Sequence[Sequence[Draft]]) -> None:
    """Print what a trace takes both ways; the conversations take turns, as they do at a gateway."""
    found = [draft for turn in zip(*conversations, strict=True) for draft in turn]
    whole = [stored(found, alike()) for _ in range(ROUNDS)]
    ours = [stored(found, together()) for _ in range(ROUNDS)]
    size, other = min(one[0] for one in ours), min(one[0] for one in whole)
    _say(f"{label}: {size / len(found):,.0f} bytes a call, {other / len(found):,.0f} for itself: {size / other:.3f}")
    for at, what in ((1, "making ready"), (2, "appending"), (3, "reading")):
        mine, theirs = (min(one[at] for one in rounds) for rounds in (ours, whole))
        _say(f"  {what}: {mine:.3f} ms of processor time a call, {theirs:.3f} for itself")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


def main() -> None:
    """Measure all traces."""
    names = range(CONVERSATIONS)
    compare("30 turns of our own", [drafts(turns(seed), f"a{seed}") for seed in names])
    compare("30 turns, marked and streamed", [drafts(turns(seed), f"a{seed}", marks=True) for seed in names])
    compare("30 long turns (1,500 words each)", [drafts(turns(seed, 1500), f"a{seed}") for seed in range(2)])
    if RECORDED.exists():
        real = [drafts(said, f"a{at}") for at, said in zip(names, recorded(), strict=False)]
        compare(f"30 turns of real agents ({len(real)} conversations)", real)
    else:
        _say(f"30 turns of real agents: {RECORDED} is not here")


if __name__ == "__main__":
    main()
