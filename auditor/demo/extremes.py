# SPDX-License-Identifier: Apache-2.0
"""Two stores for pictures of the desktop: an empty one, and one in which everything is as large as it may get.

The extreme one holds names of 300 characters, writing from right to left, prompts of 2 MB, findings without end; its
roll-ups are multiplied, so that lists and figures speak of ten million calls. No figure in it means anything.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import update

from auditor.archive import Archive
from auditor.archive.schema import rollups
from auditor.calls import Call, DataCount, Exchange, Origin, Outcome, Request, Response
from auditor.detectors import Scanner
from auditor.findings import CitedClause, Evidence, Finding, Grade, Kind, Level, RuleName
from auditor.pipeline import Pipeline
from auditor.policy import POLICY
from auditor.privacy import Pseudonyms
from auditor.providers import Providers
from auditor.store import Enrolment, Identity, LedgerWriter, Location, create_store
from auditor.store.create import Created
from auditor.store.format.records import Completion, Counters, Draft, Heartbeat, Started
from auditor.store.keys.identity import Argon2

PASSPHRASE: Final = b"pictures only"
CALLS: Final = 10_000_000
LONG: Final = 300
FACTS: Final = 400
"""Calls without content that fill the lists."""

FINDINGS: Final = 300
CHEAP: Final = Argon2(iterations=1, memory_kib=64, lanes=1)
PROVIDERS: Final = ("openai", "anthropic", "gcp.gemini", "mistral_ai", "aws.bedrock", "a-provider-with-a-long-name" * 4)
TYPES: Final = ("EMAIL", "SECRET", "PHONE", "PERSON", "IBAN", "PAYMENT_CARD", "SOURCE_CODE", "NATIONAL_ID")
RIGHT_TO_LEFT: Final = "مرحبا، اكتب رسالة ودية إلى jane.miller@example.com بخصوص الفاتورة 🙂"


def empty(folder: Path) -> Created:
    """A store in which nothing was recorded."""
    return create_store(folder, PASSPHRASE, argon2=CHEAP, months=2)


def extreme(folder: Path, scanner: Scanner | None = None) -> Created:
    """The extreme store; its index is made and multiplied (`Archive.discard` removes it)."""
    made = create_store(folder, PASSPHRASE, argon2=CHEAP, months=2, name="n" * LONG, gateway="gateway-" + "g" * 48)
    (made.gateway / POLICY).write_text(f'[[team]]\nname = "{"team" * 75}"\nactors = ["a-{"k" * 16}"]\n', "utf-8")
    location, identity = Location.parse(made.store), Identity.open(made.identity, PASSPHRASE)
    now = datetime.now(UTC)
    pipeline = Pipeline(
        Providers.load(), Pseudonyms(identity.pseudonym_key), scanner or Scanner(), "gateway-" + "g" * 48
    )
    with LedgerWriter.for_gateway(Enrolment.load(made.gateway), location) as writer:
        writer.append([*facts(now), *(pipeline.process(one) for one in exchanges(now)), *signs_of_life(now)])
    with Archive.open(location, identity) as archive:
        archive.refresh()
        archive.report(findings(now))
        with archive.index.writing() as connection:
            connection.execute(update(rollups).values({one: one * (CALLS // archive.count()) for one in _COUNTED}))
    return made


_COUNTED: Final = (rollups.c.calls, rollups.c.input_tokens, rollups.c.output_tokens, rollups.c.cost_nano)


def exchanges(now: datetime) -> Iterator[Exchange]:
    """What was said, from the newest on."""
    secrets = "\n".join(f"customer {number}: j{number}@example.com, +49 30 {number:07d}" for number in range(400))
    turns = [("user" if number % 2 == 0 else "assistant", f"turn {number}: {RIGHT_TO_LEFT}") for number in range(200)]
    said: Sequence[tuple[list[tuple[str, str]], str, str]] = (
        ([("system", "s" * 4_000), ("user", RIGHT_TO_LEFT)], "بالتأكيد! שלום 你好 🎉", "مستخدم"),
        ([("user", secrets)], "w" * 20_000, "u" * LONG),
        ([("user", "lorem ipsum dolor " * 120_000)], "word " * 20_000, "alice"),
        (turns, "safe \u202egnp.exe\u202c name", "a\tb\r\nc"),
    )
    for number, (messages, answer, user) in enumerate(said):
        yield exchange(number, messages, answer, user, now)


def exchange(number: int, messages: list[tuple[str, str]], answer: str, user: str, now: datetime) -> Exchange:
    """A finished chat completion with names that go on and on."""
    model = "m" * LONG
    request = {"model": model, "messages": [{"role": role, "content": text} for role, text in messages]}
    reply = {
        "id": f"chatcmpl-{number}", "object": "chat.completion", "created": int(now.timestamp()), "model": model,
        "choices": [{"index": 0, "message": {"role": "assistant", "content": answer}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 2_000_000, "completion_tokens": 999_999, "total_tokens": 2_999_999},
    }  # fmt: skip
    return Exchange(
        id=f"extreme-{number}",
        time=now - timedelta(minutes=number),
        request=Request(
            method="POST",
            url="https://api.openai.com/v1/chat/completions?" + "q" * LONG,
            headers=(("content-type", "application/json"), ("user-agent", "client/" + "c" * LONG)),
            body=json.dumps(request).encode(),
        ),
        response=Response(status=200, headers=(("content-type", "application/json"),), body=json.dumps(reply).encode()),
        duration_ms=3_599_999.9,
        first_byte_ms=59_999.9,
        origin=Origin(address="2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", user=user),
    )


def facts(now: datetime) -> Iterator[Draft]:
    """Calls without content over two months, of very many actors, models and clients."""
    outcomes = (Outcome.ERROR, Outcome.INTERRUPTED, Outcome.UNPARSED, Outcome.BLOCKED, Outcome.OPAQUE)
    for number in range(FACTS):
        call = Call(
            id=f"fact-{number:05d}",
            time=now - timedelta(hours=number * 3.6, minutes=5),
            duration_ms=400.0 + number * 997 % 90_000,
            provider=PROVIDERS[number % len(PROVIDERS)],
            operation="chat",
            request_model=f"{'model-' * (number % 50 + 1)}{number}",
            input_tokens=number * 37_000,
            output_tokens=number * 1_300,
            server_address="host-" + "h" * (number % 200) + ".example.com",
            path="/v1/" + "p" * (number % 250),
            method="POST",
            status=200,
            actor=f"a-{'k' * 12}{chr(97 + number % 26)}{chr(97 + number // 26 % 26)}23"
            if number % 7
            else f"a-{'k' * 16}",
            credential=f"k-{'c' * 14}{number % 5 + 2}a",
            client="client-" + "c" * (number % 280),
            cost_usd=number * 0.0999,
            data=tuple(
                DataCount(type=type_, direction="sent", count=number + 1)
                for type_ in TYPES[: number % (len(TYPES) + 1)]
            ),
            outcome=outcomes[number % 5] if number % 11 == 0 else Outcome.COMPLETE,
            gateway="gateway-" + "g" * 48,
        )
        yield Draft(Completion(time=call.time, exchange=call.id, calls=(call,)))


def signs_of_life(now: datetime) -> list[Draft]:
    """A gateway that lost calls, by its own count."""
    counters = Counters(
        seen=CALLS + 12_345,
        recorded=CALLS,
        lost=12_345,
        tunnelled=987_654_321,
        undecryptable=1_234_567,
        unparsed=99_999,
    )
    return [Draft(Started(time=now, version="0.1.0")), Draft(Heartbeat(time=now, counters=counters))]


def findings(now: datetime) -> list[Finding]:
    """Findings with names that go on, evidence without end, and hundreds more."""
    clause = CitedClause(
        id="p." + "c" * LONG, provider="p" * LONG, document="d" * LONG, section="9.9(z)", effective="2026-01-01",
        url="https://example.com/" + "u" * LONG, paraphrase="Output may not be used for this. " * 60,
        status="unverified",
    )  # fmt: skip
    points = tuple(
        Evidence(call=f"fact-{number:05d}", kind="data", text=f"sent: SECRET {'x' * 200}") for number in range(120)
    )
    named = [
        finding(now, 0, "t" * LONG, actor="a" * LONG, clause=clause, explanation="A reason in many words. " * 400),
        finding(now, 1, "مفتاح سري \u202egnp.exe\u202c أُرسل إلى مزوّد", explanation="شرح طويل " * 200, evidence=points),
        finding(now, 2, "Outputs gathered as training data", kind=Kind.DISTILLATION, clause=clause, count=9_999_999),
    ]
    return [*named, *(finding(now, number, f"Finding number {number:,}") for number in range(3, FINDINGS))]


def finding(now: datetime, number: int, title: str, **more: object) -> Finding:
    """One finding, on the newest call."""
    level = list(Level)[number % len(Level)]
    known = {
        "id": f"extreme-{number:04d}", "rule": RuleName(id=f"rule-{number}", title=title, level=level),
        "kind": Kind.DATA, "actor": f"a-{'k' * 16}", "first_seen": now - timedelta(days=400), "last_seen": now,
        "count": number + 1, "calls": ("extreme-0", "extreme-1"), "score": 0.99, "grade": Grade.EVIDENCED,
        "explanation": "One of very many.", "evidence": (Evidence(call="extreme-0", kind="data", text="sent: EMAIL"),),
    }  # fmt: skip
    return Finding(**{**known, **more})  # type: ignore[arg-type]
