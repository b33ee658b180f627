# SPDX-License-Identifier: Apache-2.0
"""Intent: what the constant part of prompts asks for. Rules name mechanisms, never a published recipe's sentences.

Every rule is a pattern over a skeleton in lower case, with points. Rules of one family do not add up: the strongest
counts. Words that show a test of one's own application, teaching people, or a business task lower the score, except
where the skeleton itself says that a model is to be trained.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from importlib import resources
from typing import Final, NamedTuple

import msgspec

from auditor.calls import Value
from auditor.distillation.observation import Observation
from auditor.distillation.shapes import answers_are, are_labels, brings_talk
from auditor.distillation.skeletons import Skeleton

INTENT_LIMIT: Final = 40

_ADDED: Final = 15
"""Points a sign of another skeleton must have to add to the plainest one."""

_CLASSIFIER: Final = re.compile(
    r"\b(train|training|fine-?tun)\w*\b.{0,80}"
    r"\b(classifier|classification model|(re)?ranker|embedding model|embeddings)\b"
    r"|\b(classifier|classification model|(re)?ranker|embedding model)\b.{0,40}\b(train|training|fine-?tun)"
)
_LEAST_ANSWERED: Final = 6
_ANSWERED_SHARE: Final = 0.25
_GENERIC: Final = re.compile(
    r"\b(you are|a|an|and|very|helpful|honest|harmless|useful|knowledgeable|friendly|concise|ai|chat|assistant)\b", re.I
)
_INSTRUCTED: Final = re.compile(r"\w{2,}")
_TASK_WORDS: Final = 150
_LEAST_CONFIRMED: Final = 3
_LEAST_OPEN: Final = 2
_SHOWN, _AROUND = 140, 20
"""Characters of an excerpt: of what a rule found, and before and behind it."""

_CONTROL: Final = re.compile(r"<\|?[\w ]{2,24}\|?>|\[/?INST\]")
_SAID: Final = re.compile(r"\b(?!user\b|assistant\b|system\b)\w{3,}")


class Rule(NamedTuple):
    """One sign of intent: `family` groups signs of the same thing; negative points speak for the actor."""

    id: str
    family: str
    points: int
    title: str
    pattern: re.Pattern[str]


class Sign(Value, frozen=True, kw_only=True):
    """A rule that held for a skeleton: its points, its calls, and the words it was seen in."""

    rule: str
    family: str
    title: str
    points: int
    calls: tuple[str, ...]
    excerpt: str


def _rules() -> tuple[Rule, ...]:
    """The rules of the data file, with its vocabulary put in."""
    table = msgspec.toml.decode((resources.files("auditor.distillation") / "data" / "intent.toml").read_bytes())
    vocabulary: dict[str, str] = table["vocabulary"]

    def compiled(patterns: Sequence[str]) -> re.Pattern[str]:
        either = "|".join(f"(?:{one})" for one in patterns)
        return re.compile(re.sub(r"\{([a-z]+)\}", lambda found: vocabulary[found[1]], either), re.S)

    return tuple(
        Rule(one["id"], one["family"], one["points"], one["title"], compiled(one["patterns"])) for one in table["rule"]
    )


RULES: Final = _rules()

_SENDS_ON: Final = frozenset({"test.own", "retrieval", "agent", "planning", "own.prompt", "asking.people"})
"""Lowering rules of work that sends outputs on as prompts without making training data."""

STRONG: Final = frozenset({"purpose", "side", "critique"})
"""Families that say what the answers are for: what lowers holds against them by half or not at all."""

FOR_MODELS: Final = STRONG | {"recipient", "material"}
"""Families that words of business and teaching do not lower: what is meant for a model is not meant for people."""

_FIRM: Final = frozenset({"test.own", "benchmark", "agent", "planning", "documentation", "retrieval"})
"""Lowering rules that hold against any family, by half against the strong ones."""

_BOTH_SIDES: Final = frozenset({"generator.talks", "generator.told-talks", "generator.calls"})
"""Rules of prompts that have a user's side written too, which no agent at work does."""

_WHOLE: Final = frozenset({"documentation"})
"""Those that hold in full: who is helped to train models is not told to make their data."""


class Intent(Value, frozen=True, kw_only=True):
    """What one skeleton intends: its points and the signs they come from."""

    skeleton: Skeleton
    points: int
    signs: tuple[Sign, ...]


def read_intent(skeleton: Skeleton, switched_off: frozenset[str] = frozenset()) -> Intent:
    """The intent of a skeleton. `switched_off` leaves out rules, so that their worth can be measured."""
    text = f"{skeleton.text.lower()} {answers_are(skeleton.members)}"
    held: dict[str, tuple[Rule, re.Match[str]]] = {}
    for rule in RULES:
        found = None if rule.id in switched_off else rule.pattern.search(text)
        if found and (rule.family not in held or abs(held[rule.family][0].points) < abs(rule.points)):
            held[rule.family] = (rule, found)
    signs = [
        _sign(rule, found, skeleton, _points(rule, {one.family: one.id for one, _ in held.values()}))
        for rule, found in held.values()
    ]
    signs = [one for one in signs if one.points]
    if not any(one.points >= 10 for one in signs):
        return Intent(skeleton=skeleton, points=0, signs=())
    points = min(INTENT_LIMIT, max(0, sum(one.points for one in signs)))
    return Intent(skeleton=skeleton, points=points, signs=tuple(signs))


def open_prompts(window: Sequence[Observation], switched_off: frozenset[str] = frozenset()) -> Intent | None:
    """The intent of prompts that hold nothing but control tokens: the model invents what a user would say."""
    found = tuple(one for one in window if _CONTROL.search(one.asked) and not _SAID.search(_CONTROL.sub("", one.asked)))
    if len(found) < _LEAST_OPEN or "generator.empty-turn" in switched_off:
        return None
    skeleton = Skeleton(text=found[0].asked, members=found, slots=())
    outputs = sum(len(one.outputs) for one in found)
    sign = Sign(
        rule="generator.empty-turn", family="side", title="The model is left to speak as the user", points=30,
        calls=skeleton.calls, excerpt=f"{len(found)} prompts hold only control tokens; {outputs} outputs",
    )  # fmt: skip
    return Intent(skeleton=skeleton, points=sign.points, signs=(sign,))


def answered_prompts(
    window: Sequence[Observation], links: Mapping[str, str], skeletons: Sequence[Skeleton]
) -> Intent | None:
    """The intent that shows in deeds alone: many bare prompts are outputs of this very model, so what was asked for
    there were prompts. Prompts under instructions of an application (a bot under test, retrieval) do not count, nor
    those of a template that tests, plans, or serves a search or a chat window."""
    found = [one for one in window if one.call.id in links and _is_bare(one)]
    if len(found) < _LEAST_ANSWERED or len(found) < _ANSWERED_SHARE * len(window):
        return None
    sources = {links[one.call.id] for one in found}
    members = tuple(one for one in window if one.call.id in sources)
    text = _asked(sources, skeletons) or (members[0].asked if members else found[0].asked)
    if any(rule.id in _SENDS_ON and rule.pattern.search(text.lower()) for rule in RULES) or _serve_chats(members):
        return None
    sign = Sign(
        rule="generator.deed", family="answered", title="Prompts were generated and then answered by the model",
        points=22, calls=tuple(one.call.id for one in found),
        excerpt=f"{len(found)} of {len(window)} prompts are outputs of {len(sources)} earlier calls",
    )  # fmt: skip
    return Intent(skeleton=Skeleton(text=text, members=members, slots=()), points=sign.points, signs=(sign,))


def _serve_chats(members: Sequence[Observation]) -> bool:
    """Whether most of these prompts hold a conversation of a user with an assistant: what comes back is offered to the
    user of that conversation."""
    return bool(members) and sum(brings_talk(one.asked) for one in members) > len(members) / 2


def _asked(sources: Collection[str], skeletons: Sequence[Skeleton]) -> str:
    """The template most of these calls follow; empty where they follow none."""
    counts = {one.text: len(set(sources) & set(one.calls)) for one in skeletons}
    best = max(counts, key=lambda text: counts[text], default="")
    return best if counts.get(best) else ""


def _is_bare(one: Observation) -> bool:
    return not _INSTRUCTED.search(_GENERIC.sub("", one.system)) and len(one.prompt.split()) <= _TASK_WORDS


def combined(intents: Sequence[Intent]) -> tuple[Sign, ...]:
    """The signs of the plainest skeleton, and what other skeletons of the same actor add in families of their own."""
    ranked = sorted(intents, key=lambda one: -one.points)
    signs = list(ranked[0].signs) if ranked else []
    for one in ranked[1:]:
        families = {sign.family for sign in signs}
        signs += [sign for sign in one.signs if sign.points >= _ADDED and sign.family not in families]
    return tuple(signs)


def confirmed(
    intents: Sequence[Intent], chained: Collection[str], switched_off: frozenset[str] = frozenset()
) -> tuple[Intent, ...]:
    """The intents, those of generators raised whose outputs came back as prompts; `chained` are the calls they came
    from. What a template was for shows in what was done with its answers."""
    if "generator.answered" in switched_off:
        return tuple(intents)
    return tuple(_confirmed(one, set(chained) & set(one.skeleton.calls)) for one in intents)


def _confirmed(intent: Intent, calls: set[str]) -> Intent:
    generates = any(one.family == "generator" for one in intent.signs)
    if len(calls) < _LEAST_CONFIRMED or not generates:
        return intent
    sign = Sign(
        rule="generator.answered", family="answered", title="The new prompts were then answered by the model",
        points=13,
        calls=tuple(one for one in intent.skeleton.calls if one in calls),
        excerpt=f"outputs of {len(calls)} calls of this template came back as bare prompts",
    )  # fmt: skip
    points = min(INTENT_LIMIT, max(0, intent.points + sign.points))
    return Intent(skeleton=intent.skeleton, points=points, signs=(*intent.signs, sign))


def means_classifier(intents: Sequence[Intent]) -> bool:
    """Whether the plainest skeleton says that a classifier, a ranker or embeddings are to be trained, or gets nothing
    but labels, from which nothing else can be."""
    best = max(intents, key=lambda one: one.points, default=None)
    if best is None:
        return False
    return are_labels(best.skeleton.members) or _CLASSIFIER.search(best.skeleton.text.lower()) is not None


def _points(rule: Rule, families: Mapping[str, str]) -> int:
    """A rule's points beside the others: what lowers, lowers a strong family by half or not at all.
    `families` are those that hold, each with the rule that holds for it."""
    held = set(families)
    if rule.id == "agent" and families.get("generator") in _BOTH_SIDES:
        return 0
    if rule.points > 0 or not held & FOR_MODELS:
        return rule.points
    if rule.id not in _FIRM:
        return 0
    return rule.points // 2 if held & STRONG and rule.id not in _WHOLE else rule.points


def _sign(rule: Rule, found: re.Match[str], skeleton: Skeleton, points: int) -> Sign:
    start, end = found.span()
    shown = skeleton.text if start < len(skeleton.text) else found.string
    return Sign(
        rule=rule.id, family=rule.family, title=rule.title, points=points, calls=skeleton.calls,
        excerpt=_excerpt(shown, start, min(end, start + _SHOWN)),
    )  # fmt: skip


def _excerpt(text: str, start: int, end: int) -> str:
    """The words at a place with some before and behind; an ellipsis where others are left out."""
    begin, stop = max(0, start - _AROUND), min(len(text), end + _AROUND)
    before = text[begin:start].partition(" ")[2] if begin and text[begin - 1] != " " else text[begin:start]
    behind = text[end:stop].rpartition(" ")[0] if stop < len(text) and text[stop] != " " else text[end:stop]
    words = " ".join(f"{before}{text[start:end]}{behind}".split())
    return f"{'… ' if begin else ''}{words}{' …' if stop < len(text) else ''}"
