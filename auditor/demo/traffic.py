# SPDX-License-Identifier: Apache-2.0
"""Plays the demo's day: everyone at once, each in their own order, with the official SDKs through one proxy.

Every call that was made is reported once, with what the SDK's object held. Files, embeddings and jobs are calls too.
"""

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, ThreadPoolExecutor, as_completed

import msgspec

from auditor.demo import people, prompts
from auditor.demo.people import Person
from auditor.demo.scenes import GPT_SMALL, MESSAGES, Day, Scene, generators, office
from auditor.demo.sdk.asking import Ask, Held, atalk, break_off, talk
from auditor.demo.sdk.clients import Clients, async_clients, clients
from auditor.demo.sdk.routes import Route

AT_ONCE = 4
PIECES_BEFORE_BREAKING_OFF = 12
TRAINING_FILE = "care-answers-v3.jsonl"


class Made(msgspec.Struct, frozen=True):
    """One call that was made, and who made it."""

    person: str
    held: Held


type Report = Callable[[Made], None]
type RouteOf = Callable[[Person], Route | None]


def expected_calls() -> int:
    """How many calls `play` makes, for a progress bar: a scene with tools makes two."""
    scenes = [scene for day in office() for scene in day.scenes]
    return sum(2 if scene.ask.tools else 1 for scene in scenes) + len(generators()) + len(("embed", "upload", "job"))


def play(route_of: RouteOf, report: Report) -> list[Made]:
    """Plays everything and returns the calls in the order they ended; `report` hears of each, from several threads.

    Raises what an SDK raises when the way to the provider itself fails; then, and at Ctrl-C, everyone stops after the
    call they are in.
    """
    made: list[Made] = []
    stopping = threading.Event()

    def note(person: Person, held: Sequence[Held]) -> None:
        for one in held:
            made.append(Made(person.name, one))
            report(made[-1])
        if stopping.is_set():
            raise CancelledError

    days = office()
    with ThreadPoolExecutor(len(days) + 1, "demo") as pool:
        running = [pool.submit(_day, day, route_of(day.person), note) for day in days]
        running.append(pool.submit(_distil, route_of(people.DATASETS), note))
        try:
            for ended in as_completed(running):
                ended.result()
        except BaseException:
            stopping.set()
            raise
    return made


type Note = Callable[[Person, Sequence[Held]], None]


def _day(day: Day, route: Route | None, note: Note) -> None:
    keys = day.person.keys
    with clients(keys, route) as ours:
        for scene in day.scenes:
            note(day.person, _sync(scene, ours) if scene.way != "async" else asyncio.run(_async(scene, day, route)))
        if day.person is people.CARE:
            note(day.person, [_embed(ours)])


def _sync(scene: Scene, ours: Clients) -> list[Held]:
    client = ours.of(scene.surface)
    if scene.way == "break off":
        return break_off(scene.surface, client, scene.ask, after=PIECES_BEFORE_BREAKING_OFF)
    return talk(scene.surface, client, scene.ask)


async def _async(scene: Scene, day: Day, route: Route | None) -> list[Held]:
    async with async_clients(day.person.keys, route) as ours:
        return await atalk(scene.surface, ours.of(scene.surface), scene.ask)


def _distil(route: Route | None, note: Note) -> None:
    """Harvests answers of one provider, and uploads them as training data to another."""
    who = people.DATASETS
    answers = asyncio.run(_harvest(who, route, note))
    with clients(who.keys, route) as ours:
        note(who, _train(ours, training_rows(answers)))


async def _harvest(who: Person, route: Route | None, note: Note) -> list[Held]:
    places = asyncio.Semaphore(AT_ONCE)
    async with async_clients(who.keys, route) as ours:

        async def one(ask: Ask) -> Held:
            async with places:
                held = await atalk(MESSAGES, ours.anthropic, ask)
            note(who, held)
            return held[0]

        return await asyncio.gather(*map(one, generators()))


def training_rows(answers: Sequence[Held]) -> bytes:
    """The harvested answers, one a topic, as JSON lines in OpenAI's chat format for fine-tuning."""
    rows = [
        {
            "messages": [
                {"role": "user", "content": f"I need help with {topic}."},
                {"role": "assistant", "content": answer.text},
            ]
        }
        for topic, answer in zip(prompts.TOPICS, answers, strict=True)
    ]
    return b"".join(msgspec.json.encode(row) + b"\n" for row in rows)


def _train(ours: Clients, rows: bytes) -> list[Held]:
    file = ours.openai.files.create(file=(TRAINING_FILE, rows), purpose="fine-tune")
    job = ours.openai.fine_tuning.jobs.create(model=GPT_SMALL, training_file=file.id, suffix="halden-care")
    return [
        Held(provider="openai", requested="", stream=False, id=file.id),
        Held(provider="openai", requested=GPT_SMALL, stream=False, id=job.id),
    ]


def _embed(ours: Clients) -> Held:
    model = "text-embedding-3-small"
    vectors = ours.openai.embeddings.create(model=model, input=prompts.HANDBOOK, dimensions=256)
    used = vectors.usage.prompt_tokens
    return Held(provider="openai", requested=model, model=vectors.model, stream=False, input_tokens=used)
