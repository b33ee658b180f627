# SPDX-License-Identifier: Apache-2.0
"""The distillation analysis: lineage over many outputs (time and memory), and labelled sessions where there are any.

    python -m tests.benchmarks distillation
    DISTILLATION_SESSIONS=sessions.jsonl.gz python -m tests.benchmarks distillation

A session is one line: `{"id", "label": "distillation"|"benign", "recipe", "upload", "calls": [{"t", "method", "host",
"path", "status", "request", "response"}]}`; a body is JSON, or `{"raw", "content_type"}`. Beside the figures over all
rules, each recipe is scored with the rules left out that fire for that recipe alone, and each benign kind with the
lowering rules left out that fire for that kind alone: what the analysis is worth on what it was not fitted to.
"""

import base64
import gzip
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from auditor.calls import Call, Exchange, Request, Response
from auditor.dialects import parse
from auditor.distillation.intent import RULES
from auditor.distillation.lineage import Tracer
from auditor.distillation.rows import Row
from auditor.findings import Finding
from auditor.privacy import Pseudonyms
from auditor.privacy.fingerprints import Fingerprinter
from auditor.providers import Providers
from auditor.store import Identity
from tests.auditor.distillation.material import T0, Entry, analysed, prose

OUTPUTS, ROWS, WORDS = 20_000, 2_000, 120
FLAGGED = {"evidenced", "probable"}


def lineage_at_scale() -> None:
    """Traces one upload, every tenth row of which is a copy, against outputs that pass once."""
    rows = [Row(number=n, targets=(prose(("a", n * 10) if n % 10 == 0 else ("h", n), WORDS),)) for n in range(ROWS)]
    texts = [prose(("a", n), WORDS) for n in range(OUTPUTS)]
    tracemalloc.start()
    began = time.process_time()
    tracer = Tracer(Fingerprinter(b"k" * 32), [rows])
    for number, text in enumerate(texts):
        tracer.take(Call(id=str(number), time=T0, actor="a"), (), (text,))
    found = tracer.trace(rows)
    took, peak = time.process_time() - began, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    print(f"lineage: {OUTPUTS} outputs of {WORDS} words, {ROWS} rows: {took:.1f} s of CPU (memory traced),")  # noqa: T201
    print(f"  {len(found.matches)} rows found of {ROWS // 10}, peak {peak / 1e6:.0f} MB")  # noqa: T201


def entries(sessions: Iterable[dict[str, Any]]) -> list[Entry]:
    """The sessions' calls in time order, each session an actor."""
    providers, found = Providers.load(), []
    for session in sessions:
        for number, one in enumerate(session["calls"]):
            exchange = _exchange(f"{session['id']}-{number}", one)
            for reading in parse(exchange, providers):
                call = msgspec.structs.replace(reading.call, actor=session["id"])
                found.append((call, reading.content, exchange))
    return sorted(found, key=lambda entry: entry[0].time)


def _exchange(id_: str, one: dict[str, Any]) -> Exchange:
    asked, kind = _body(one["request"])
    answer, answer_kind = _body(one["response"])
    return Exchange(
        id=id_,
        time=datetime(2026, 11, 2, 8, tzinfo=UTC) + timedelta(seconds=one["t"]),
        request=Request(
            method=one["method"],
            url=f"https://{one['host']}{one['path']}",
            headers=(("host", one["host"]), ("content-type", kind)),
            body=asked,
        ),
        response=Response(status=one["status"], headers=(("content-type", answer_kind),), body=answer),
    )


def _body(value: Any) -> tuple[bytes, str]:
    if isinstance(value, dict) and "raw" in value:
        return value["raw"].encode(), value.get("content_type", "application/x-ndjson")
    return (b"" if value is None else json.dumps(value).encode()), "application/json"


def findings(calls: Iterable[Entry], without: frozenset[str] = frozenset()) -> list[Finding]:
    """What the analysis reports of these calls, without some rules."""
    return analysed(list(calls), without=without)


def grades(found: Iterable[Finding]) -> dict[str | None, set[str]]:
    """The grades by session."""
    by: defaultdict[str | None, set[str]] = defaultdict(set)
    for one in found:
        by[one.actor].add(one.grade.value)
    return by


def figures(title: str, hits: dict[str, bool], sessions: list[dict[str, Any]]) -> None:
    """Prints precision, recall, F1 and the rate of false positives."""
    guilty = {one["id"] for one in sessions if one["label"] == "distillation"}
    right = sum(hit for id_, hit in hits.items() if id_ in guilty)
    wrong = sum(hit for id_, hit in hits.items() if id_ not in guilty)
    precision, recall = right / max(1, right + wrong), right / max(1, len(guilty))
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    rate = wrong / max(1, len(hits) - len(guilty))
    print(f"{title}: precision {precision:.2f}, recall {recall:.2f}, F1 {f1:.2f}, false positives {rate:.2f}")  # noqa: T201


def proven(by: dict[str | None, set[str]], sessions: list[dict[str, Any]]) -> None:
    """Prints how many `evidenced` sessions are right, and how many of those with an upload are among them."""
    guilty = [one for one in sessions if one["label"] == "distillation"]
    uploads = {one["id"] for one in guilty if one.get("upload")}
    found = {one["id"] for one in sessions if "evidenced" in by[one["id"]]}
    right = len(found & {one["id"] for one in guilty})
    print(f"evidenced: {right} of {len(found)} right, {len(found & uploads)} of {len(uploads)} uploads")  # noqa: T201


def fired(found: Iterable[Finding], kind_of: Callable[[str], tuple[str, str]]) -> dict[str, set[tuple[str, str]]]:
    """For which recipes and kinds each rule fired."""
    by: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for one in found:
        for evidence in one.evidence if one.actor else ():
            if named := re.search(r"\(([\w.-]+), [+-]\d+ points\)", evidence.text):
                by[named[1]].add(kind_of(one.actor or ""))
    return by


def by_command(sessions: list[dict[str, Any]]) -> dict[str | None, set[str]]:
    """The grades by session through `auditor import` and `auditor analyze`, as a user runs them; analysed twice."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "word").write_text("passphrase\n")
        lines = (
            _line(one["id"], call) for one in sessions for call in sorted(one["calls"], key=lambda call: call["t"])
        )
        (place / "sessions.ndjson").write_text("\n".join(map(json.dumps, lines)))
        unlocking = ["--passphrase-file", str(place / "word")]
        _auditor(place, *unlocking, "init", "--out", str(place / "house"))
        identity = place / "house/auditor.identity"
        opened = [*unlocking, "--store", str(place / "house/store"), "--identity", str(identity)]
        _auditor(place, *opened, "import", str(place / "sessions.ndjson"))
        for turn in ("first", "second"):
            began = time.monotonic()
            said = _auditor(place, *opened, "analyze", "--json")
            print(f"  {turn} analysis: {time.monotonic() - began:.0f} s by the clock: {said.strip()}")  # noqa: T201
        found = [json.loads(line) for line in _auditor(place, *opened, "findings", "--json").splitlines()]
        pseudonyms = Pseudonyms(Identity.open(identity, b"passphrase").pseudonym_key)
    names = {pseudonyms.actor(one["id"]): one["id"] for one in sessions}
    by: defaultdict[str | None, set[str]] = defaultdict(set)
    for one in found:
        if one["kind"] in ("distillation", "lineage"):
            by[names.get(one["actor"])].add(one["grade"])
    return by


def _auditor(place: Path, *arguments: str) -> str:
    home = os.environ | {"XDG_CACHE_HOME": str(place / "cache"), "XDG_DATA_HOME": str(place / "data")}
    command = [sys.executable, "-m", "auditor", *arguments]
    return subprocess.run(command, env=home, check=True, stdout=subprocess.PIPE, text=True).stdout


def _line(session: str, call: dict[str, Any]) -> dict[str, Any]:
    exchange = _exchange("", call)
    assert exchange.response is not None
    return {
        "time": exchange.time.isoformat(),
        "client": {"user": session},
        "request": {
            "method": exchange.request.method,
            "url": exchange.request.url,
            "headers": exchange.request.headers,
            "body_b64": base64.b64encode(exchange.request.body).decode(),
        },
        "response": {
            "status": exchange.response.status,
            "headers": exchange.response.headers,
            "body_b64": base64.b64encode(exchange.response.body).decode(),
        },
    }


def labelled(path: str) -> None:
    """Scores the labelled sessions of a file, over all rules and with those of each recipe or kind alone left out."""
    with gzip.open(path, "rt") as file:
        sessions = [json.loads(line) for line in file]
    kinds = {one["id"]: (one["label"], one["recipe"]) for one in sessions}
    calls = entries(sessions)
    found = findings(calls)
    by = grades(found)
    figures("all rules", {id_: bool(by[id_] & FLAGGED) for id_ in kinds}, sessions)
    proven(by, sessions)
    alone, hits = fired(found, kinds.__getitem__), dict[str, bool]()
    lowering = {rule.id for rule in RULES if rule.points < 0}
    for kind in sorted(set(kinds.values())):
        without = frozenset(
            rule
            for rule, where in alone.items()
            if {one for one in where if one[0] == kind[0]} == {kind} and (rule in lowering) == (kind[0] == "benign")
        )
        part = grades(findings([one for one in calls if kinds[one[0].actor or ""] == kind], without))
        mine = {id_: bool(part[id_] & FLAGGED) for id_, of in kinds.items() if of == kind}
        print(f"  {kind[0]:12} {kind[1]:30} {sum(mine.values())} of {len(mine)} without {sorted(without)}")  # noqa: T201
        hits |= mine
    figures("left out in turn", hits, sessions)
    by = by_command(sessions)
    figures("auditor import and analyze", {id_: bool(by[id_] & FLAGGED) for id_ in kinds}, sessions)
    proven(by, sessions)


def main() -> None:
    """Run it."""
    lineage_at_scale()
    if path := os.environ.get("DISTILLATION_SESSIONS"):
        labelled(path)
    else:
        print("labelled sessions: none given (DISTILLATION_SESSIONS)")  # noqa: T201


if __name__ == "__main__":
    main()
