# SPDX-License-Identifier: Apache-2.0
"""Sessions made of the templates in `recipes.toml`: one actor, some calls of one template over unrelated content."""

import functools
import json
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, Literal

import msgspec

from auditor.findings import Grade
from tests.auditor.distillation.material import ANTHROPIC, OPENAI, Traffic

type Answer = Literal[
    "question", "list", "pair", "long", "talk", "thought", "label", "rating", "short", "code", "scene"
]


class Template(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A prompt with its instructions, the kind of answer it gets, and what the answers are used for: with `then` they
    go on as bare prompts, and with `gather` what comes of these goes into one more prompt, answer by answer."""

    name: str
    answer: Answer
    prompt: str
    system: str = ""
    then: Literal["", "ask"] = ""
    gather: str = ""
    outputs: int = 1
    lot: int = 1


class Templates(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file: ways of making training data, and harmless kinds of work."""

    recipe: tuple[Template, ...]
    kind: tuple[Template, ...]


TEMPLATES: Final = msgspec.toml.decode((Path(__file__).parent / "recipes.toml").read_bytes(), type=Templates)

CALLS: Final = 18
"""Calls of the template in a session."""

_THINGS: Final = (
    "tide pools", "double-entry bookkeeping", "the rings of Saturn", "sourdough", "bicycle gears", "medieval bridges",
    "sleep in birds", "queueing at airports", "wool dyes", "chess openings", "glaciers", "insurance for boats",
    "bread prices in 1789", "compilers", "honey", "the violin", "soil acidity", "railway timetables", "migraine",
    "desert plants", "tax on land", "tea ceremonies", "volcanic glass", "goalkeepers", "paper making", "prime numbers",
    "radio masts", "cheese rinds", "public libraries", "wind turbines", "knots", "the circulation of blood",
)  # fmt: skip
_KINDS: Final = (
    "old", "cheap", "northern", "handmade", "broken", "modern", "portable", "famous", "small", "imported", "wild",
    "public", "seasonal", "silent", "double", "forgotten", "heavy", "local", "urban", "ancient", "reliable", "narrow",
)  # fmt: skip
_ASKED: Final = (
    "How does {} change over {}?", "Why did {} matter to {}?", "Compare {} with {}.", "When does {} outgrow {}?",
    "Write to a friend about {} and {}.", "What goes wrong with {} near {}?", "List tools for {} beside {}.",
    "Explain {} without {}.", "Plan a weekend around {} and {}.", "A shop sells {} for {} euros; how many fit {}?",
    "Who argues over {}, and is {} right?", "Name a recipe that suits {} after {}.",
)  # fmt: skip
_SAYS: Final = (
    "Most accounts of {} miss {}.", "In practice {} needs {} more than {}.", "Around {} a trade in {} grew up.",
    "Those who know {} rarely mention {}.", "Measured well, {} varies with {}.", "In winter {} gave way to {}.",
    "Heat ruins {} before {}.", "Nobody planned that {} meets {}.", "What looks like {} follows from {}.",
    "A reason, {}, is left out by {}.", "By {} most of {} was {} percent gone.", "Then {} came, and {} with it.",
)  # fmt: skip
_CODE: Final = (
    "def {0}(values):\n    total = 0\n    for value in values:\n        total += value * {1}\n    return total",
    "class {0}:\n    limit = {1}\n    def add(self, item):\n        self.items.append(item)",
    "CREATE TABLE {0} (id integer, name text, amount number, created date)",
    '{{"name": "{0}", "parameters": {{"city": "string", "days": "integer"}}, "timeout": {1}}}',
    "async function {0}(url) {{ const r = await fetch(url); return r.status === {1}; }}",
)


class Content:
    """Unrelated content by a seed: the same seed gives the same texts."""

    def __init__(self, seed: object) -> None:
        self._rng = random.Random(repr(seed))

    def topic(self) -> str:
        """A few words."""
        return self._rng.choice(_THINGS)

    def question(self) -> str:
        """A question or a task."""
        return self._filled(self._rng.choice(_ASKED))

    def text(self, sentences: int = 9) -> str:
        """Some sentences."""
        return " ".join(self._filled(one) for one in self._rng.choices(_SAYS, k=sentences))

    def code(self) -> str:
        """A piece of code."""
        name = "".join(self._rng.choices("abcdefghijkmnoprstuvw", k=7))
        return self._rng.choice(_CODE).format(name, self._rng.randint(2, 900))

    def fields(self) -> dict[str, str]:
        """What a template is filled with."""
        return {
            "text": self.text(), "topic": self.topic(), "question": self.question(), "other": self.question(),
            "answer": self.text(2), "code": self.code(),
        }  # fmt: skip

    def answered(self, kind: Answer) -> tuple[str, list[str]]:
        """An answer of a kind, and the bare prompts in it."""
        return _ANSWERS[kind](self)

    def _filled(self, pattern: str) -> str:
        return pattern.format(*(self._thing() for _ in range(pattern.count("{}"))))

    def _thing(self) -> str:
        return (
            f"{self._rng.choice(_KINDS)} {self._rng.choice(_THINGS)}"
            if self._rng.random() < 0.85
            else str(self._rng.randint(3, 900))
        )


def _listed(content: Content) -> tuple[str, list[str]]:
    items = [f"{content.question()} Mind {content.topic()}." for _ in range(4)]
    return "\n".join(f"{number}. {item}" for number, item in enumerate(items, 1)), items


def _asked(content: Content) -> tuple[str, list[str]]:
    item = f"{content.question()} Mind {content.topic()} as well."
    return item, [item]


def _pairs(content: Content) -> tuple[str, list[str]]:
    pairs = [{"question": content.question(), "answer": content.text(4)} for _ in range(2)]
    return json.dumps(pairs), []


def _talk(content: Content) -> tuple[str, list[str]]:
    turns = (f"Human: {content.question()}\nAssistant: {content.text(4)}" for _ in range(3))
    return "\n".join(turns), []


def _scene(content: Content) -> tuple[str, list[str]]:
    turns = (f"Anna: {content.question()}\nBela: {content.text(3)}" for _ in range(3))
    return "\n".join(turns), []


def _only(make: Callable[[Content], str]) -> Callable[[Content], tuple[str, list[str]]]:
    return lambda content: (make(content), [])


_ANSWERS: Final[dict[Answer, Callable[[Content], tuple[str, list[str]]]]] = {
    "question": _asked,
    "list": _listed,
    "pair": _pairs,
    "long": _only(lambda content: content.text(14)),
    "talk": _talk,
    "scene": _scene,
    "thought": _only(lambda content: f"<think>{content.text(14)}</think>\n<answer>{content.text(2)}</answer>"),
    "label": _only(lambda content: "other"),
    "rating": _only(lambda content: f"Rating: 4. {content.text(3)}"),
    "short": _only(lambda content: content.text(1)),
    "code": _only(Content.code),
}

_TEACHERS: Final = (("gpt-4o", OPENAI), ("gpt-4.1-mini", OPENAI), ("claude-sonnet-4-5", ANTHROPIC))


def session(traffic: Traffic, actor: str, template: Template, calls: int = CALLS) -> None:
    """Add a session of one template, and of the bare prompts its answers give where they are sent back."""
    content = Content(actor)
    model, base = _TEACHERS[len(actor) % len(_TEACHERS)]
    ask: list[list[str]] = []
    for _ in range(calls):
        fields = content.fields()
        answers = [content.answered(template.answer) for _ in range(template.outputs)]
        prompt, system = template.prompt.format(**fields), template.system.format(**fields)
        traffic.chat(actor, prompt, *(text for text, _ in answers), system=system, model=model, base=base)
        ask.append([one for _, prompts in answers for one in prompts[:2]])
    if template.then == "ask":
        chat = functools.partial(traffic.chat, actor, model=model, base=base)
        _sent_on(content, ask, template.gather, calls + 6, chat)


def _sent_on(
    content: Content, ask: Iterable[Sequence[str]], gather: str, left: int, chat: Callable[[str, str], None]
) -> None:
    """What came out goes on as bare prompts, so many at most, and what comes of these into a prompt that gathers it."""
    for together in ask:
        answers = [content.text(12) for _ in together[:left]]
        for prompt, answer in zip(together, answers, strict=False):
            chat(prompt, answer)
        if gather and answers:
            chat(gather.format(answers="\n\n".join(answers)), content.text(20))
        left -= len(answers)


def graded(templates: Iterable[Template], calls: int = CALLS) -> dict[str, str]:
    """The highest grade of every template's session, each as an actor of its own."""
    traffic, known = Traffic(), tuple(templates)
    for one in known:
        session(traffic, one.name, one, calls)
    return dict(_highest(traffic, (one.name for one in known)))


def _highest(traffic: Traffic, actors: Iterable[str]) -> Iterator[tuple[str, str]]:
    found = traffic.findings()
    for actor in actors:
        grades = {one.grade for one in found if one.actor == actor}
        yield actor, next((one.value for one in Grade if one in grades), "none")
