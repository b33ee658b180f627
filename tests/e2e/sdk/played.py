# SPDX-License-Identifier: Apache-2.0
"""The demo's traffic and a matrix of SDK calls through a real gateway, and what was recorded of them."""

import asyncio
import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from auditor.demo.people import CLAIMS, FINANCE, Person
from auditor.demo.prompts import REPAIR_COST
from auditor.demo.scenes import CHAT, CLAUDE, GEMINI, GENERATE, GPT, GPT_THINKING, MESSAGES, RESPONSES
from auditor.demo.sdk.asking import Ask, Held, Surface, atalk, talk
from auditor.demo.sdk.clients import async_clients, clients
from auditor.demo.stage import Stage, set_up
from auditor.demo.traffic import Made, play
from auditor.gateway.authority import environment

SURFACES: dict[str, tuple[Surface, str]] = {
    "chat": (CHAT, GPT),
    "responses": (RESPONSES, GPT_THINKING),
    "messages": (MESSAGES, CLAUDE),
    "generate": (GENERATE, GEMINI),
}
KINDS = {
    "text": {"prompt": "Explain in your words what a bill of lading is about", "system": "You teach apprentices."},
    "tools": {"prompt": "Estimate the repair of 2 doors at the Malmö workshop", "tools": (REPAIR_COST,)},
    "thinking": {"prompt": "Weigh rail against road, on the subject: heavy coils", "reasoning": True},
    "cut": {"prompt": "Tell the story about the ferry in the storm", "max_tokens": 9},
}
PACE = 0.001
"""Seconds between the events of a stream: enough for a client to break one off before it has ended."""
type Case = tuple[str, str, bool, bool]
CASES: list[Case] = list(itertools.product(SURFACES, KINDS, (False, True), (False, True)))
"""Surface, kind, streaming, asynchronous."""

UNMODIFIED = """
import sys, msgspec
from auditor.demo.people import CLAIMS
from auditor.demo.sdk.asking import Ask, talk
from auditor.demo.sdk.clients import clients
from tests.e2e.sdk.played import SURFACES
with clients(CLAIMS.keys) as ours:
    asks = ((surface, Ask(model=model, prompt="Say hello to the drivers")) for surface, model in SURFACES.values())
    held = [talk(surface, ours.of(surface), ask) for surface, ask in asks]
sys.stdout.write(msgspec.json.encode(held).decode())
"""


class Played(msgspec.Struct, frozen=True):
    """What the SDKs held, what `auditor calls --json --content` prints, and the folder as files at two moments."""

    day: list[Made]
    cases: dict[Case, list[Held]]
    unmodified: list[Held]
    recorded: list[dict[str, Any]]
    running: dict[str, bytes]
    """The files while the gateway still ran, by path."""
    stopped: dict[str, bytes]
    stage: Stage

    def record(self, held: Held) -> dict[str, Any]:
        """The call recorded of what an SDK held, found by the provider's response id."""
        (found,) = (call for call in self.recorded if call["gen_ai.response.id"] == held.id)
        return found


def played(folder: Path) -> Played:
    """Plays everything once."""
    temporary = folder / "tmp"
    temporary.mkdir()
    with set_up(folder, PACE, {"TMPDIR": str(temporary)}) as stage:
        day = play(stage.route, lambda _: None)
        cases = _matrix(stage, FINANCE)
        unmodified = _unmodified(stage, CLAIMS)
        running = dict(contents(folder))
    recorded = stage.command.calls("--content", "--reason", "comparing with the SDKs")
    stopped = dict(contents(folder))
    for path in stage.command.index_files():
        stopped[f"index/{path.name}"] = path.read_bytes()
        path.unlink()
    return Played(day, cases, unmodified, recorded, running, stopped, stage)


def contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """All regular files below a folder."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(folder)), path.read_bytes()


def _matrix(stage: Stage, person: Person) -> dict[Case, list[Held]]:
    with clients(person.keys, stage.route(person)) as ours:
        waiting = {c: talk(SURFACES[c[0]][0], ours.of(SURFACES[c[0]][0]), _ask(c)) for c in CASES if not c[3]}
    return waiting | asyncio.run(_matrix_async(stage, person))


async def _matrix_async(stage: Stage, person: Person) -> dict[Case, list[Held]]:
    cases = [case for case in CASES if case[3]]
    async with async_clients(person.keys, stage.route(person)) as ours:
        surfaces = (SURFACES[case[0]][0] for case in cases)
        talks = (atalk(one, ours.of(one), _ask(case)) for one, case in zip(surfaces, cases, strict=True))
        return dict(zip(cases, await asyncio.gather(*talks), strict=True))


def _ask(case: Case) -> Ask:
    name, kind, stream, _ = case
    return Ask(model=SURFACES[name][1], stream=stream, **KINDS[kind])


def _unmodified(stage: Stage, person: Person) -> list[Held]:
    """A program that knows nothing of the gateway but what `auditor gateway ca` says clients must set."""
    told = environment(Path(stage.authority), stage.route(person).proxy)
    done = subprocess.run(
        [sys.executable, "-c", UNMODIFIED], env=os.environ | told, capture_output=True, check=True, timeout=150
    )
    return [held for talks in msgspec.json.decode(done.stdout, type=list[list[Held]]) for held in talks]
