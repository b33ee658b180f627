# SPDX-License-Identifier: Apache-2.0
"""Intent: what the constant part of prompts asks for. Rules name mechanisms, never a published recipe's sentences.

Every rule is a pattern over a skeleton in lower case, with points. Rules of one family do not add up: the strongest
counts. Words that show a test of one's own application, teaching people, or a business task lower the score, except
where the skeleton itself says that a model is to be trained.
"""

import re
from collections.abc import Mapping, Sequence
from importlib import resources
from typing import Final, NamedTuple

import msgspec

from auditor.calls import Value
from auditor.distillation.shapes import answers_are, are_labels
from auditor.distillation.skeletons import Skeleton

INTENT_LIMIT: Final = 40

_ADDED: Final = 15
"""Points a sign of another skeleton must have to add to the plainest one."""

_CLASSIFIER: Final = re.compile(
    r"\b(train|training|fine-?tun)\w*\b.{0,80}"
    r"\b(classifier|classification model|(re)?ranker|embedding model|embeddings)\b"
    r"|\b(classifier|classification model|(re)?ranker|embedding model)\b.{0,40}\b(train|training|fine-?tun)"
)
_SHOWN, _AROUND = 140, 20
"""Characters of an excerpt: of what a rule found, and before and behind it."""


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

STRONG: Final = frozenset({"purpose", "side", "critique"})
"""Families that say what the answers are for: what lowers holds against them by half or not at all."""

FOR_MODELS: Final = STRONG | {"recipient", "material"}
"""Families that words of business and teaching do not lower: what is meant for a model is not meant for people."""

_FIRM: Final = frozenset(
    {"test.own", "benchmark", "agent", "planning", "documentation", "retrieval", "training.people"}
)
"""Lowering rules that hold against any family, by half against the strong ones."""

_BOTH_SIDES: Final = frozenset({"generator.talks", "generator.told-talks", "generator.calls"})
"""Rules of prompts that have a user's side written too, which no agent at work does."""

_WHOLE: Final = frozenset({"documentation", "training.people"})
"""Those that hold in full: who is helped to train models, or trains people, does not make data for models."""


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


def combined(intents: Sequence[Intent]) -> tuple[Sign, ...]:
    """The signs of the plainest skeleton, and what other skeletons of the same actor add in families of their own."""
    ranked = sorted(intents, key=lambda one: -one.points)
    signs = list(ranked[0].signs) if ranked else []
    for one in ranked[1:]:
        families = {sign.family for sign in signs}
        signs += [sign for sign in one.signs if sign.points >= _ADDED and sign.family not in families]
    return tuple(signs)


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
