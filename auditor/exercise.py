# SPDX-License-Identifier: Apache-2.0
"""Runs the samples of rules the way real traffic goes: imported into a throw-away store, analysed, findings recorded
and listed. Of the analyses, only the rules' own runs.

A sample's exchange is written as `auditor import` reads it, but shorter: `after_s` seconds after the one before
(1 where not said) takes the place of its time, a body may be JSON as it is, and method and content type need not be
said. Each sample has four weeks of its own, so that no sample's calls add to another's.
"""

import re
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import msgspec

from auditor.archive import Archive
from auditor.calls import Value
from auditor.errors import InputError
from auditor.findings import Finding, Level
from auditor.imports.ingest import Import, Wishes, looked_at, size_of
from auditor.imports.workers import Workers
from auditor.policy import Policy
from auditor.privacy import Pseudonyms
from auditor.rules import Rule, Rules, analyze
from auditor.rules.model import Sample
from auditor.store import Identity, LedgerWriter, Location, create_store
from auditor.store.keys.identity import Argon2
from auditor.terms import Registry

type Progress = Callable[[int, int], None]

_FIRST: Final = datetime(2001, 1, 1, 9, tzinfo=UTC)
_SLOT: Final = timedelta(weeks=4)
_THROWN_AWAY: Final = Argon2(iterations=1, memory_kib=1024, lanes=1)
"""The passphrase of a store that lives for a test protects nothing."""

_MOST_TURNS: Final = 1000
_CREDENTIAL: Final = re.compile(r"\{credential:([^}]+)\}")
_ACTOR: Final = re.compile(r"\{actor:([^}]+)\}")


class Outcome(Value, frozen=True, kw_only=True):
    """How one sample of a rule came out. `wanted` says whether the rule has to match it."""

    rule: str
    sample: str
    wanted: bool
    matched: bool
    level: Level | None = None
    clause: str | None = None
    holds: bool

    def sentence(self) -> str:
        """The outcome for a person."""
        did = "matched" if self.matched else "did not match"
        how = f" at level {self.level} on {self.clause or 'no clause'}" if self.matched else ""
        return f"{self.rule}: sample “{self.sample}” {did}{how}."


class _Played(msgspec.Struct, frozen=True):
    rule: Rule
    sample: Sample
    wanted: bool


def exercise(rules: Rules, progress: Progress | None = None) -> Iterator[Outcome]:
    """Play the samples of all rules and tell how each came out. Raises `InputError` for a sample nobody can read."""
    played = [
        _Played(rule, sample, wanted)
        for rule in rules.rules
        for wanted, samples in ((True, rule.section.samples.match), (False, rule.section.samples.miss))
        for sample in samples
    ]
    if not played:
        return
    with tempfile.TemporaryDirectory(prefix="auditor-rules-") as folder:
        found = _findings(Path(folder), played, rules, progress)
    for number, one in enumerate(played):
        yield _outcome(one, [finding for finding in found if _slot(finding) == number])


def _outcome(one: _Played, found: list[Finding]) -> Outcome:
    own = next((finding for finding in found if finding.rule.id == one.rule.id), None)
    level = own.rule.level if own else None
    clause = own.clause.id if own and own.clause else None
    as_said = one.sample.level in (None, level) and one.sample.clause in (None, clause)
    return Outcome(
        rule=one.rule.title,
        sample=one.sample.name,
        wanted=one.wanted,
        matched=own is not None,
        level=level,
        clause=clause,
        holds=(own is not None) is one.wanted and (as_said or not one.wanted),
    )


def _slot(finding: Finding) -> int:
    return (finding.first_seen - _FIRST) // _SLOT


def _findings(folder: Path, played: list[_Played], rules: Rules, progress: Progress | None) -> list[Finding]:
    """What the rules find in all samples, in a store that lives in `folder`."""
    recording = folder / "samples.ndjson"
    with recording.open("wb") as file:
        for number, one in enumerate(played):
            file.writelines(_lines(one, _FIRST + number * _SLOT))
    created = create_store(folder / "out", b"thrown away", argon2=_THROWN_AWAY)
    identity = Identity.open(created.identity, b"thrown away")
    location = Location.parse(created.store)
    with Archive.open(location, identity, cache=folder / "cache") as archive:
        _import(archive, location, identity, recording)
        pseudonyms = Pseudonyms(identity.pseudonym_key)
        for said, some in _by_policy(rules):
            policy = msgspec.convert(_filled(said, pseudonyms), Policy)
            archive.report(analyze(archive, Registry.load(), Rules(some), progress, policy=policy))
        return [case.finding for case in archive.cases()]


def _by_policy(rules: Rules) -> list[tuple[dict[str, Any], tuple[Rule, ...]]]:
    """The rules by the policy their samples are played under."""
    policies = {msgspec.json.encode(rule.section.samples.policy): rule.section.samples.policy for rule in rules.rules}
    return [
        (said, tuple(rule for rule in rules.rules if rule.section.samples.policy == said)) for said in policies.values()
    ]


def _filled(said: dict[str, Any], pseudonyms: Pseudonyms) -> Any:
    """A policy with the pseudonyms of this store."""
    text = _CREDENTIAL.sub(lambda named: pseudonyms.credential(named[1]), msgspec.json.encode(said).decode())
    return msgspec.json.decode(_ACTOR.sub(lambda named: pseudonyms.actor(named[1]), text))


def _import(archive: Archive, location: Location, identity: Identity, recording: Path) -> None:
    recordings = looked_at([recording])
    bad: list[str] = []
    with Workers.for_size(size_of(recordings)) as workers, LedgerWriter.for_desk(location, identity) as ledger:
        run = Import(ledger, archive.known, identity.pseudonym_key, workers, Wishes())
        run.run(recordings, lambda _: None, lambda _, entry: bad.append(f"{entry.place}: {entry.what}"))
    if bad:
        raise InputError(f"A sample's exchange cannot be read ({bad[0]}).", "Write it as `auditor import` reads it.")
    archive.refresh()


def _lines(one: _Played, start: datetime) -> Iterator[bytes]:
    if not 1 <= one.sample.repeat <= _MOST_TURNS:
        raise InputError(f"Sample {one.sample.name} is repeated {one.sample.repeat} times.", "1 to 1000 times will do.")
    time = start
    for turn in range(one.sample.repeat):
        for exchange in one.sample.exchanges:
            text = msgspec.json.encode(exchange).decode().replace("{i}", str(turn))
            written: dict[str, Any] = msgspec.json.decode(text)
            time += timedelta(seconds=written.pop("after_s", 1))
            yield msgspec.json.encode(_exchange(written, time)) + b"\n"


def _exchange(written: dict[str, Any], time: datetime) -> dict[str, Any]:
    line = {"time": time, "client": {"user": "somebody"}} | written
    line["request"] = _with_body({"method": "POST"} | written.get("request", {}))
    if "response" in written:
        line["response"] = _with_body({"status": 200} | written["response"])
    return line


def _with_body(part: dict[str, Any]) -> dict[str, Any]:
    """A request or response whose JSON body is written out, and headers that may be a mapping as a list."""
    headers = part.get("headers", [])
    lines = [list(pair) for pair in headers.items()] if isinstance(headers, dict) else list(headers)
    if isinstance(part.get("body"), dict | list):
        part = part | {"body": msgspec.json.encode(part["body"]).decode()}
        lines.append(["content-type", "application/json"])
    return part | {"headers": lines}
