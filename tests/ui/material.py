# SPDX-License-Identifier: Apache-2.0
"""Material of the desktop's tests: a real store with calls of our own making, ordinary and absurd."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from auditor.calls import Call, Connection, DataCount, Exchange, Origin, Outcome, Request, Response
from auditor.detectors import Scanner
from auditor.pipeline import Pipeline
from auditor.privacy import Pseudonyms
from auditor.providers import Providers
from auditor.store import Enrolment, Identity, LedgerWriter, Location, admission, create_store
from auditor.store.format.layout import Purpose
from auditor.store.format.records import Completion, Counters, Draft, Heartbeat, Started
from auditor.store.keys import handing
from auditor.store.keys.identity import Argon2

PASSPHRASE = b"correct horse"
CHEAP = Argon2(iterations=1, memory_kib=64, lanes=1)
MOMENT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
EMAIL = "jane.miller@example.com"
REASON = "incident 4711, customer data in prompts"
TOOL = {
    "type": "function",
    "function": {"name": "find_customer", "description": "Looks a customer up.", "parameters": {"type": "object"}},
}


@cache
def scanner() -> Scanner:
    """The detectors; they take a second to compile."""
    return Scanner()


class Desk:
    """A made store, its auditor and its gateway."""

    def __init__(self, folder: Path, now: datetime | None = None) -> None:
        made = create_store(folder, PASSPHRASE, argon2=CHEAP, months=2, gateway="berlin-1", now=now)
        self.store, self.identity_path, self._gateway = made.store, made.identity, made.gateway
        self.location = Location.parse(made.store)

    @property
    def identity(self) -> Identity:
        return Identity.open(self.identity_path, PASSPHRASE)

    def joined(self, name: str) -> Path:
        """Another auditor of the store, added by its founder; their identity file."""
        path = newcomer_at(self.identity_path.parent, name)
        newcomer = Identity.open(path, PASSPHRASE)
        asked = handing.read_application(path.with_suffix(".auditor"))
        admission.add(self.location, self.identity, asked, manages=False, purposes=list(Purpose))
        given = admission.grant(self.location, self.identity, asked.who)
        admission.accept(self.location, path, newcomer, given, PASSPHRASE)
        return path

    def record(self, *drafts: Draft) -> None:
        """What a gateway would append."""
        with LedgerWriter.for_gateway(Enrolment.load(self._gateway), self.location) as writer:
            writer.append(drafts)

    def record_exchanges(self, exchanges: Sequence[Exchange]) -> None:
        """The whole way of these exchanges, as a gateway runs it."""
        pipeline = Pipeline(Providers.load(), Pseudonyms(self.identity.pseudonym_key), scanner(), "berlin-1")
        drafts = [(pipeline.introduction(exchange), pipeline.process(exchange)) for exchange in exchanges]
        self.record(*(draft for pair in drafts for draft in pair if draft is not None))


def newcomer_at(folder: Path, name: str) -> Path:
    """What `auditor identity new` makes: an identity, its application beside it."""
    path = folder / f"{name}.identity"
    newcomer = Identity.create(name, PASSPHRASE, CHEAP)
    newcomer.save(path)
    handing.write(path.with_suffix(".auditor"), admission.apply(newcomer, path))
    return path


def chat(number: int, messages: list[dict[str, Any]], answer: dict[str, Any] | None = None, **more: Any) -> Exchange:
    """A finished chat completion; number 0 is the newest."""
    model = more.pop("model", "gpt-4o-2024-08-06")
    request = {"model": model, "messages": messages, **more.pop("request", {})}
    reply = {
        "id": f"chatcmpl-{number}",
        "object": "chat.completion",
        "created": 1_790_000_000,
        "model": model,
        "choices": [{"index": 0, "message": answer or says("Done."), "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 120 + number, "completion_tokens": 24, "total_tokens": 144 + number},
    }
    return Exchange(
        id=f"exchange-{number}",
        time=MOMENT - timedelta(minutes=7 * number),
        request=Request(
            method="POST",
            url="https://api.openai.com/v1/chat/completions",
            headers=(
                ("content-type", "application/json"),
                ("authorization", "Bearer sk-test-0123456789abcdef"),
                ("user-agent", "OpenAI/Python 2.8.1"),
            ),
            body=json.dumps(request).encode(),
        ),
        response=more.pop("response", None)
        or Response(status=200, headers=(("content-type", "application/json"),), body=json.dumps(reply).encode()),
        duration_ms=812.0,
        first_byte_ms=120.0,
        origin=Origin(address="10.0.0.7", user=more.pop("user", "alice")),
        connection=Connection(server_address="192.0.2.7:443", http_version="HTTP/2", tls_version="TLSv1.3", alpn="h2"),
        **more,
    )


def says(text: str, **more: Any) -> dict[str, Any]:
    """An answer."""
    return {"role": "assistant", "content": text, **more}


def asks(text: str) -> dict[str, Any]:
    """A question."""
    return {"role": "user", "content": text}


def conversation_with_tools() -> Exchange:
    """Instructions, personal data, a tool call with its result, and an answer."""
    call = {
        "id": "call_1",
        "type": "function",
        "function": {"name": "find_customer", "arguments": json.dumps({"email": EMAIL, "fields": ["name", "balance"]})},
    }
    return chat(
        0,
        [
            {"role": "system", "content": "You help the accounting department. Be brief and polite. " * 12},
            asks(f"Please write a reminder to {EMAIL} about invoice 4711. It is due on Friday."),
            {"role": "assistant", "content": None, "tool_calls": [call]},
            {"role": "tool", "tool_call_id": "call_1", "content": '{"name": "Jane Miller", "balance": 120.5}'},
        ],
        says(
            "Dear Jane,\n\n"
            "this is a friendly reminder that invoice 4711 over 120.50 EUR is due on Friday.\n\n"
            "Kind regards"
        ),
        request={"tools": [TOOL]},
    )


def ordinary() -> list[Exchange]:
    """A morning's calls: one with tools, an error, an interruption, an unreadable one, an opaque one, clean ones."""
    slow = b'{"error": {"message": "slow down"}}'
    slow = b'{"error": {"message": "slow down"}}'
    failed = Response(status=429, headers=(("content-type", "application/json"),), body=slow)
    clean = [
        chat(
            number,
            [asks(f"Summarise the minutes of meeting {number} in three points.")],
            user=f"user-{number % 4}",
            model=("gpt-4o-2024-08-06", "gpt-4o-mini-2024-07-18", "o3-2025-04-16")[number % 3],
        )
        for number in range(6, 30)
    ]
    return [
        conversation_with_tools(),
        chat(1, [asks("Translate “good morning” into Finnish.")], user="bob"),
        chat(2, [asks("Too fast?")], response=failed, user="carol"),
        chat(3, [asks("Tell me a long story.")], interrupted="client", user="bob"),
        Exchange(
            id="exchange-4",
            time=MOMENT - timedelta(minutes=28),
            request=Request(method="POST", url="https://api.openai.com/v1/chat/completions", body=b"\x00\x01 no json"),
            response=Response(status=200, body=b"\xff\xfe"),
            origin=Origin(address="10.0.0.9"),
        ),
        Exchange(
            id="exchange-5",
            time=MOMENT - timedelta(minutes=35),
            request=Request(method="CONNECT", url="https://api.anthropic.com"),
            origin=Origin(address="10.0.0.9"),
            opaque="The client refused the certificate.",
        ),
        *clean,
    ]


def absurd() -> list[Exchange]:
    """Names of 300 characters, writing from right to left, pictographs, an override, and a prompt of two megabytes."""
    return [
        chat(0, [asks("x")], model="m" * 300, user="u" * 300),
        chat(1, [asks("مرحبا، اكتب لي رسالة ودية إلى العميل 🙂🚀")], says("بالتأكيد! שלום 你好 🎉"), user="مستخدم"),
        chat(2, [asks("lorem ipsum dolor " * 120_000)], says("word" * 20_000)),
        chat(3, [asks("safe \u202egnp.exe\u202c name"), *(asks(f"turn {n}") for n in range(200))]),
        chat(4, [asks("a\tb\r\nc\x00d"), asks("")], says("")),
    ]


def many(count: int) -> Iterator[Draft]:
    """Completions without a body: what fills an index. Number 0 is the newest."""
    models = (
        ("openai", "gpt-4o-2024-08-06", "openai-python"),
        ("anthropic", "claude-opus-4-1-20250805", "anthropic-python"),
        ("gcp.gemini", "gemini-2.5-pro", "google-genai"),
        ("openai", "gpt-4o-mini-2024-07-18", "curl"),
        ("mistral_ai", "mistral-large-2411", "LangChain"),
    )
    kinds = ("EMAIL", "SECRET", "PHONE", "PERSON", "IBAN", "CREDIT_CARD")
    outcomes = (Outcome.ERROR, Outcome.INTERRUPTED, Outcome.UNPARSED, Outcome.BLOCKED, Outcome.OPAQUE)
    for number in range(count):
        provider, model, client = models[(number * 7 + number // 11) % len(models)]
        outcome = outcomes[number % 5] if number % 23 == 0 else Outcome.COMPLETE
        sent = (
            [DataCount(type=kinds[number // 9 % 6], direction="sent", count=number % 4 + 1)] if number % 9 == 0 else []
        )
        received = [DataCount(type="EMAIL", direction="received", count=2)] if number % 31 == 0 else []
        whole = outcome is Outcome.COMPLETE
        call = Call(
            id=f"call-{number:07d}",
            time=MOMENT - timedelta(seconds=number * 3 + (number % 7) * 0.13),
            duration_ms=400.0 + number % 9000,
            ttft_ms=80.0 + number % 700,
            provider=provider,
            operation="chat",
            request_model=model,
            response_model=model if whole else None,
            input_tokens=(number * 37) % 40_000 + 5 if whole else None,
            output_tokens=(number * 13) % 3_000 + 1 if whole else None,
            server_address="api.example.com",
            path="/v1/chat/completions",
            method="POST",
            status=429 if outcome is Outcome.ERROR else 200,
            actor=f"a-{(number * 2654435761) % 97:04x}k2f",
            credential=f"k-{number % 5}9ab",
            client=client,
            cost_usd=((number * 37) % 4_000) / 50_000 if whole else None,
            data=(*sent, *received),
            outcome=outcome,
            gateway="berlin-1",
        )
        yield Draft(Completion(time=call.time, exchange=f"many-{number}", calls=(call,)))


def signs_of_life(count: int) -> list[Draft]:
    """A gateway that started, counted and reports."""
    now = datetime.now(UTC)
    counters = Counters(seen=count, recorded=count, tunnelled=412, undecryptable=1, unparsed=1)
    return [Draft(Started(time=now, version="0.1.0")), Draft(Heartbeat(time=now, counters=counters))]
