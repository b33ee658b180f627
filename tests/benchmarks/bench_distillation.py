# SPDX-License-Identifier: Apache-2.0
"""The distillation analysis: lineage over many outputs (time and memory), and labelled sessions where there are any.

    python -m tests.benchmarks distillation
    DISTILLATION_SESSIONS=sessions.jsonl.gz python -m tests.benchmarks distillation

A session is one line: `{"id", "label": "distillation"|"benign", "recipe", "upload", "calls": [{"t", "method", "host",
"path", "status", "request", "response"}]}`; a body is JSON, or `{"raw", "content_type"}`. Beside the figures over all
rules, each recipe is scored with the rules left out that fire for that recipe alone, and each benign kind with the
lowering rules left out that fire for that kind alone: what the analysis is worth on what it was not fitted to.
"""

import gzip
import json
import os
import re
import time
import tracemalloc
from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from auditor.calls import Call, Exchange, Request, Response
from auditor.dialects import parse
from auditor.distillation.intent import RULES
from auditor.distillation.lineage import Tracer
from auditor.distillation.rows import Row
from auditor.findings import Finding
from auditor.privacy.fingerprints import Fingerprinter
from auditor.providers import Providers
from tests.auditor.distillation.material import T0, Entry, analysed, prose

OUTPUTS, ROWS, WORDS = 20_000, 2_000, 120
FLAGGED = {"evidenced", "probable"}


def lineage_at_scale() -> None:
    """Traces one upload, every tenth row of which is a copy, against outputs that pass once."""
    rows = [Row(number=n, targets=(prose(("a", n * 10) if n % 10 == 0 else ("h", n), WORDS),)) for n in range(ROWS)]
    texts = [prose(("a", n), WORDS) for n in range(OUTPUTS)]
    tracemalloc.start()
    began = time.process_time()
    tracer = Tracer(Fingerprinter(b"k" * 32), [rows], lambda call: call.actor or "")
    for number, text in enumerate(texts):
        tracer.take(Call(id=str(number), time=T0, actor="a"), (), (text,))
    found = tracer.trace(Call(id="u", time=T0, actor="a"), rows)
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


def fired(found: Iterable[Finding], kind_of: Callable[[str], tuple[str, str]]) -> dict[str, set[tuple[str, str]]]:
    """For which recipes and kinds each rule fired."""
    by: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for one in found:
        for evidence in one.evidence if one.actor else ():
            if named := re.search(r"\(([\w.-]+), [+-]\d+ points\)", evidence.text):
                by[named[1]].add(kind_of(one.actor or ""))
    return by


def labelled(path: str) -> None:
    """Scores the labelled sessions of a file, over all rules and with those of each recipe or kind alone left out."""
    with gzip.open(path, "rt") as file:
        sessions = [json.loads(line) for line in file]
    kinds = {one["id"]: (one["label"], one["recipe"]) for one in sessions}
    calls = entries(sessions)
    found = findings(calls)
    by = grades(found)
    figures("all rules", {id_: bool(by[id_] & FLAGGED) for id_ in kinds}, sessions)
    uploads = [one["id"] for one in sessions if one["label"] == "distillation" and one.get("upload")]
    evidenced = [id_ for id_ in kinds if "evidenced" in by[id_]]
    right = sum(kinds[id_][0] == "distillation" for id_ in evidenced)
    seen = sum(id_ in evidenced for id_ in uploads)
    print(f"evidenced: {right} of {len(evidenced)} right, {seen} of {len(uploads)} uploads")  # noqa: T201
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


def main() -> None:
    """Run it."""
    lineage_at_scale()
    if path := os.environ.get("DISTILLATION_SESSIONS"):
        labelled(path)
    else:
        print("labelled sessions: none given (DISTILLATION_SESSIONS)")  # noqa: T201


if __name__ == "__main__":
    main()
