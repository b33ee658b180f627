# SPDX-License-Identifier: Apache-2.0
"""Material of our own: prose from a seeded vocabulary, calls to a teacher, and uploads to where models are tuned."""

import json
import random
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from auditor.calls import Call, Content, Exchange, Reading, Request, Response
from auditor.dialects import parse
from auditor.distillation.analysis import Analysis, Means
from auditor.distillation.observation import observe
from auditor.distillation.sinks import Sink, find_sink, may_be_sink
from auditor.distillation.spread import spread
from auditor.distillation.windows import Group, Plan
from auditor.findings import Finding
from auditor.policy import UNSAID, Policy
from auditor.privacy.fingerprints import Fingerprinter
from auditor.providers import Providers
from auditor.terms import Registry

T0 = datetime(2026, 11, 2, 8, tzinfo=UTC)
PROVIDERS = Providers.load()
OPENAI, ANTHROPIC = "https://api.openai.com/v1", "https://api.anthropic.com/v1"
TOGETHER, FIREWORKS = "https://api.together.xyz/v1", "https://api.fireworks.ai/v1"

type Entry = tuple[Call, Content, Exchange]

_SYLLABLES = ("ka", "lo", "mi", "ter", "vo", "sen", "dra", "pel", "qui", "nor", "bas", "fe", "gul", "har", "ju", "wex")
_SMALL = ("the", "of", "and", "a", "in", "to", "is", "that", "for", "with")


def prose(seed: object, length: int = 80) -> str:
    """So many words that no other seed gives in this order."""
    rng = random.Random(repr(seed))
    return " ".join(
        rng.choice(_SMALL) if rng.random() < 0.35 else "".join(rng.choices(_SYLLABLES, k=rng.randint(2, 4)))
        for _ in range(length)
    )


def edited(text: str, share: float, seed: object) -> str:
    """The text with a share of its words replaced."""
    rng = random.Random(repr(seed))
    return " ".join(prose((seed, n), 1) if rng.random() < share else word for n, word in enumerate(text.split()))


class Traffic:
    """Calls of some actors, one every half minute, numbered from `first`."""

    def __init__(self, first: int = 0) -> None:
        self.entries: list[tuple[Reading, Exchange]] = []
        self._first = first

    def exchange(self, actor: str, url: str, body: bytes, kind: str, answer: object) -> None:
        """Add one exchange."""
        self._add(
            actor, Request(method="POST", url=url, headers=(("content-type", kind),), body=body), json.dumps(answer)
        )

    def results(self, actor: str, answers: Iterable[str], base: str = OPENAI) -> None:
        """The results of a batch, as its file is fetched."""
        lines = (
            {"custom_id": f"r-{n}", "response": {"status_code": 200, "body": {"choices": [
                {"index": 0, "message": {"role": "assistant", "content": text}}
            ]}}}
            for n, text in enumerate(answers)
        )  # fmt: skip
        self._add(actor, Request(method="GET", url=f"{base}/files/file-9/content"), "\n".join(map(json.dumps, lines)))

    def _add(self, actor: str, request: Request, answer: str) -> None:
        number = self._first + len(self.entries)
        exchange = Exchange(
            id=f"call-{number}",
            time=T0 + timedelta(seconds=30 * number),
            request=request,
            response=Response(status=200, headers=(("content-type", "application/json"),), body=answer.encode()),
        )
        for reading in parse(exchange, PROVIDERS):
            call = msgspec.structs.replace(reading.call, actor=actor)
            self.entries.append((msgspec.structs.replace(reading, call=call), exchange))

    def move(self, place: int, by: timedelta) -> None:
        """Let an entry happen later."""
        reading, exchange = self.entries[place]
        call = msgspec.structs.replace(reading.call, time=reading.call.time + by)
        self.entries[place] = msgspec.structs.replace(reading, call=call), exchange

    def chat(
        self, actor: str, prompt: str, *answers: str, system: str = "", model: str = "gpt-4o", base: str = OPENAI
    ) -> None:
        """One question with its answers."""
        messages = [{"role": "user", "content": prompt}]
        if system:
            messages.insert(0, {"role": "system", "content": system})
        choices = [
            {"index": n, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
            for n, text in enumerate(answers)
        ]
        asked = json.dumps({"model": model, "messages": messages}).encode()
        self.exchange(
            actor, f"{base}/chat/completions", asked, "application/json", {"model": model, "choices": choices}
        )

    def upload(self, actor: str, rows: Sequence[object], base: str = TOGETHER, purpose: str = "fine-tune") -> None:
        """A training file, as the provider's SDK sends it."""
        body, kind = form("\n".join(map(json.dumps, rows)).encode(), purpose)
        path = {TOGETHER: "/files/upload", FIREWORKS: "/accounts/acme/datasets/d1:upload"}.get(base, "/files")
        self.exchange(actor, base + path, body, kind, {"id": "file-1", "purpose": purpose})

    def sinks(self) -> dict[str, Sink]:
        """The sinks in it."""
        found = {
            reading.call.id: find_sink(reading.call, exchange)
            for reading, exchange in self.entries
            if may_be_sink(reading.call)
        }
        return {id_: sink for id_, sink in found.items() if sink}

    def findings(self, policy: Policy = UNSAID, without: frozenset[str] = frozenset()) -> list[Finding]:
        """What the analysis reports."""
        entries = [(reading.call, reading.content, exchange) for reading, exchange in self.entries]
        return analysed(entries, policy, without)

    def grades(self, actor: str | None) -> set[str]:
        """The grades of an actor's findings."""
        return {one.grade.value for one in self.findings() if one.actor == actor}


def analysed(entries: Sequence[Entry], policy: Policy = UNSAID, without: frozenset[str] = frozenset()) -> list[Finding]:
    """What the analysis reports of these calls, without an archive: each group alone, then all actors together."""
    registry = Registry.load()
    means = Means(registry, Fingerprinter(b"k" * 32), lambda text: (), policy, without)
    sinks = {call.id: sink for call, _, raw in entries if may_be_sink(call) and (sink := find_sink(call, raw))}
    groups: dict[tuple[str, ...], list[Entry]] = {}
    for entry in sorted(entries, key=lambda entry: entry[0].time):
        actor = entry[0].actor or ""
        groups.setdefault(tuple(sorted(policy.together(actor))) if policy.team_of(actor) else (actor,), []).append(
            entry
        )
    found: list[Finding] = []
    loose: set[str] = set()
    for members, own in groups.items():
        plan = Plan(Group(members=members, team=policy.team_of(members[0])), registry)
        for call, _, _ in own:
            plan.take(call)
        analysis = Analysis(plan, means, {call.id: sinks[call.id] for call, _, _ in own if call.id in sinks})
        for entry in own:
            found += analysis.take(*entry)
        found += analysis.close()
        loose.update(id_ for one in analysis.loose for id_ in one.calls)
    return [*found, *spread([observe(*entry) for entry in entries if entry[0].id in loose], means)]


def form(data: bytes, purpose: str | None) -> tuple[bytes, str]:
    """A multipart body with a file, and its content type."""
    parts = [b'--edge\r\nContent-Disposition: form-data; name="purpose"\r\n\r\n%s\r\n' % (purpose or "").encode()]
    head = b'--edge\r\nContent-Disposition: form-data; name="file"; filename="train.jsonl"\r\n'
    parts.append(head + b"Content-Type: application/octet-stream\r\n\r\n" + data + b"\r\n--edge--\r\n")
    return b"".join(parts if purpose else parts[1:]), "multipart/form-data; boundary=edge"


def chat_row(prompt: str, target: str) -> dict[str, object]:
    """A row in the chat form."""
    return {"messages": [{"role": "user", "content": prompt}, {"role": "assistant", "content": target}]}


def answered(actor: str, count: int, **how: str) -> tuple[Traffic, list[dict[str, object]]]:
    """Traffic of unrelated questions, and the rows that a copy of its answers gives."""
    traffic, rows = Traffic(), []
    for number in range(count):
        prompt, answer = f"Tell me about {prose(('q', number), 6)}", prose(("a", number))
        traffic.chat(actor, prompt, answer, **how)
        rows.append(chat_row(prompt, answer))
    return traffic, rows


def foreign(count: int) -> Iterable[dict[str, object]]:
    """Rows that no model of ours wrote."""
    return (chat_row(prose(("hq", n), 8), prose(("ha", n))) for n in range(count))
