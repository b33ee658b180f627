# SPDX-License-Identifier: Apache-2.0
"""Deeds: what was done with the outputs tells what they were asked for, whatever words the prompts are in.

Training data is made of prompts with their answers. So who has prompts written has them answered as well, by the same
model; who lets it write both sides of a conversation sends its outputs as the user; and nobody else reads the answers.
An application that sends outputs on (a planner, an outliner) puts the answers together again, and a test set, a quiz or
suggestions are answered elsewhere. Outputs sent on without a word in the template that speaks of prompts look the same
in a harvest and in many an application: alone they never suffice.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from auditor.distillation.harvest import heard, likeness, sent_again
from auditor.distillation.intent import INTENT_LIMIT, RULES, STRONG, Intent, Sign
from auditor.distillation.observation import Observation
from auditor.distillation.shapes import brings_talk, hold_both
from auditor.distillation.skeletons import Skeleton
from auditor.privacy.words import words

_LEAST_ANSWERED: Final = 6
_ANSWERED_SHARE: Final = 0.25
_GENERIC: Final = re.compile(
    r"\b(you are|a|an|and|very|helpful|honest|harmless|useful|knowledgeable|friendly|concise|ai|chat|assistant)\b", re.I
)
_INSTRUCTED: Final = re.compile(r"\w{2,}")
_TASK_WORDS: Final = 150
_LEAST_CONFIRMED: Final = 3
_LEAST_OPEN: Final = 2
_LEAST_TALKS: Final = 3

_OPENING: Final = 8
"""Words an answer is known by where it comes back inside a prompt."""

_ONE_SUBJECT: Final = 0.06
"""Share of longer words that prompts of one subject have in common."""

_CONTROL: Final = re.compile(r"<\|?[\w ]{2,24}\|?>|\[/?INST\]")
_SAID: Final = re.compile(r"\b(?!user\b|assistant\b|system\b)\w{3,}")

_SENDS_ON: Final = frozenset({"test.own", "retrieval", "agent", "planning", "own.prompt", "asking.people"})
"""Lowering rules of work that sends outputs on as prompts without making training data."""

_PROMPTS_ALONE: Final = frozenset(
    {"generator.tasks", "generator.evolve", "generator.items", "generator.spoken", "generator.languages"}
)
"""Rules of templates that ask for prompts without their answers."""

_DEED, _DEED_SEEDED, _DEED_BORNE_OUT = 15, 20, 24
"""Points of outputs that were sent on: not enough alone, nor where they were made of other prompts and no word tells
(an adviser asks on, a message is put right); enough where one does, in rounds, or where candidates are sent on."""

_SEED_WORDS: Final = (5, 60)
"""Words of a prompt that others were made of; a subject has fewer, material has more."""

_TAKEN_UP: Final = 0.25
"""Share of a prompt's longer words it has from the one it was made of, where that only gave the occasion."""


def deeds(
    window: Sequence[Observation],
    skeletons: Sequence[Skeleton],
    links: Mapping[str, str],
    intents: Sequence[Intent],
    switched_off: Collection[str] = (),
) -> tuple[Intent, ...]:
    """The intents of templates, weighed by what was done with their answers, and those that show in deeds alone.

    `links` are calls whose bare prompt is an output, with the call it came from. `switched_off` leaves out rules.
    """
    kept = {call: source for call, source in links.items() if source not in _put_together(window, links)}
    found = (open_prompts(window), self_talk(window), answered_prompts(window, kept, skeletons))
    alone = [one for one in found if one and one.signs[0].rule not in switched_off]
    told = [one for one in (*intents, *alone) if one.points]
    return tuple(_weighed(one, set(kept.values()), switched_off) for one in told)


def open_prompts(window: Sequence[Observation]) -> Intent | None:
    """The intent of prompts that hold nothing but control tokens: the model invents what a user would say."""
    found = tuple(one for one in window if _CONTROL.search(one.asked) and not _SAID.search(_CONTROL.sub("", one.asked)))
    if len(found) < _LEAST_OPEN:
        return None
    outputs = sum(len(one.outputs) for one in found)
    return _intent(
        "generator.empty-turn", "side", "The model is left to speak as the user", 30, found,
        f"{len(found)} prompts hold only control tokens; {outputs} outputs", found[0].asked,
    )  # fmt: skip


def self_talk(window: Sequence[Observation]) -> Intent | None:
    """The intent of conversations in which all turns of the user but the first are outputs: nobody takes part but the
    model. A bot under test has instructions of its own, and does not count."""
    known = heard(window)
    found = tuple(one for one in window if one.turns and _is_bare(one) and _is_self_talk(one, known))
    if len(found) < _LEAST_TALKS:
        return None
    return _intent(
        "generator.self-talk", "side", "The model speaks as the user and answers itself", 30, found,
        f"in {len(found)} conversations every turn of the user behind the first is an output", found[0].prompt,
    )  # fmt: skip


def answered_prompts(
    window: Sequence[Observation], links: Mapping[str, str], skeletons: Sequence[Skeleton]
) -> Intent | None:
    """The intent of many bare prompts that are outputs of this very model, so that what was asked for there were
    prompts. Prompts under instructions of an application (a bot under test, retrieval) do not count, nor those of a
    template that tests, plans, or serves a search or a chat window."""
    found = [one for one in window if one.call.id in links and _is_bare(one)]
    if len(found) < _LEAST_ANSWERED or len(found) < _ANSWERED_SHARE * len(window):
        return None
    sources = {links[one.call.id] for one in found}
    members = tuple(one for one in window if one.call.id in sources)
    text = _asked(sources, skeletons) or (members[0].asked if members else found[0].asked)
    if any(rule.id in _SENDS_ON and rule.pattern.search(text.lower()) for rule in RULES) or _serve_chats(members):
        return None
    points, circumstance = _weight_of_answering(window, found, links, members, skeletons, text)
    return _intent(
        "generator.deed", "answered", "Prompts were generated and then answered by the model",
        points, found,
        f"{len(found)} of {len(window)} prompts are outputs of {len(sources)} earlier calls{circumstance}", text,
    )  # fmt: skip


def _weight_of_answering(
    window: Sequence[Observation], found: Sequence[Observation], links: Mapping[str, str],
    members: Sequence[Observation], skeletons: Sequence[Skeleton], text: str,
) -> tuple[int, str]:  # fmt: skip
    """The points of answering these prompts, which `members` wrote, and what else was done that gives them."""
    if (again := _made_anew(skeletons, heard(window))) >= _LEAST_CONFIRMED:
        return _DEED_BORNE_OUT, f"; {again} were made into others"
    if _are_sampled(found, links, members):
        return _DEED_BORNE_OUT, "; several candidates of a call were sent on"
    if (seeded := _seeded(found, links, skeletons)) >= _LEAST_ANSWERED:
        told = any(rule.points > 0 and rule.pattern.search(text.lower()) for rule in RULES)
        return _DEED_BORNE_OUT if told else _DEED_SEEDED, f"; {seeded} were made of other prompts"
    return _DEED, ""


def _intent(
    rule: str, family: str, title: str, points: int, members: Sequence[Observation], excerpt: str, text: str
) -> Intent:  # fmt: skip
    skeleton = Skeleton(text=text, members=tuple(members), slots=())
    sign = Sign(rule=rule, family=family, title=title, points=points, calls=skeleton.calls, excerpt=excerpt)
    return Intent(skeleton=skeleton, points=points, signs=(sign,))


def _weighed(intent: Intent, answered: Collection[str], switched_off: Collection[str]) -> Intent:
    """An intent with the signs of what was done with its answers."""
    signs = [one for one in _borne_out(intent, answered) if one.rule not in switched_off]
    points = min(INTENT_LIMIT, max(0, intent.points + sum(one.points for one in signs)))
    return Intent(skeleton=intent.skeleton, points=points, signs=(*intent.signs, *signs))


def _borne_out(intent: Intent, answered: Collection[str]) -> Iterator[Sign]:
    rules, families = {one.rule for one in intent.signs}, {one.family for one in intent.signs}
    members = intent.skeleton.members
    calls = tuple(one for one in intent.skeleton.calls if one in answered)
    if "generator" in families and len(calls) >= _LEAST_CONFIRMED:
        yield Sign(
            rule="generator.answered", family="answered", title="The new prompts were then answered by the model",
            points=13, calls=calls,
            excerpt=f"outputs of {len(calls)} calls of this template came back as bare prompts",
        )  # fmt: skip
    elif rules & _PROMPTS_ALONE and not families & STRONG and not hold_both(members):
        yield Sign(
            rule="generator.unanswered", family="unanswered", title="The new prompts were not answered by the model",
            points=-10, calls=intent.skeleton.calls,
            excerpt=f"none of the outputs of {len(members)} calls came back as a bare prompt, and they hold no answers",
        )  # fmt: skip
    if "reasoning.format" in rules and not families & STRONG and _is_one_subject(intent.skeleton):
        yield Sign(
            rule="reasoning.application", family="application", title="The thinking serves an application",
            points=-10, calls=intent.skeleton.calls,
            excerpt=f"{len(members)} prompts are about one subject or belong to conversations",
        )  # fmt: skip


def _is_one_subject(skeleton: Skeleton) -> bool:
    """Whether prompts are alike beyond their template, or most are turns of a conversation."""
    talks = sum(bool(one.turns) for one in skeleton.members)
    return talks > len(skeleton.members) / 2 or likeness(skeleton.slots) > _ONE_SUBJECT


def _put_together(window: Sequence[Observation], links: Mapping[str, str]) -> set[str]:
    """The calls whose outputs were sent on, and the answers to these put together in one later prompt."""
    openings: dict[tuple[str, ...], tuple[str, str]] = {}
    for one in window:
        if one.call.id in links and one.outputs:
            openings[tuple(words(one.outputs[0])[:_OPENING])] = (links[one.call.id], one.call.id)
    found: set[str] = set()
    for one in window if openings else ():
        told = words(one.asked)
        runs = {tuple(told[start : start + _OPENING]) for start in range(len(told) - _OPENING + 1)}
        held = Counter(openings[run][0] for run in runs & openings.keys() if openings[run][1] != one.call.id)
        found |= {source for source, count in held.items() if count > 1}
    return found


def _made_anew(skeletons: Sequence[Skeleton], known: Mapping[bytes, tuple[float, str]]) -> int:
    """How many outputs came back as what varies in a template: prompts that are made harder in rounds."""
    return sum(
        sent_again(one.call, slot, known) is not None
        for skeleton in skeletons
        for one, slot in zip(skeleton.members, skeleton.slots, strict=True)
    )


def _seeded(found: Sequence[Observation], links: Mapping[str, str], skeletons: Sequence[Skeleton]) -> int:
    """How many of these prompts were made by a template that holds another prompt, whose words they do not take up:
    where a request is rewritten, planned or searched for, they do."""
    slots = {
        member.call.id: slot
        for one in skeletons
        for member, slot in zip(one.members, one.slots, strict=True)
        if not member.turns
    }
    return sum(_is_new(one.prompt, slots.get(links[one.call.id], "")) for one in found)


def _are_sampled(
    found: Sequence[Observation], links: Mapping[str, str], members: Sequence[Observation]
) -> bool:  # fmt: skip
    """Whether candidates were asked for and several of a call sent on: who looks for one prompt goes on with one."""
    several = {one.call.id for one in members if len(one.outputs) > 1}
    sent = Counter(links[one.call.id] for one in found if links[one.call.id] in several)
    return sum(count > 1 for count in sent.values()) >= _LEAST_CONFIRMED


def _is_new(prompt: str, seed: str) -> bool:
    least, most = _SEED_WORDS
    if not least <= len(seed.split()) <= most:
        return False
    said, given = ({one for one in words(text) if len(one) > 4} for text in (prompt, seed))
    return bool(said) and len(said & given) <= _TAKEN_UP * len(said)


def _is_self_talk(one: Observation, known: Mapping[bytes, tuple[float, str]]) -> bool:
    said = [*(text for role, text in one.turns if role == "user"), one.prompt]
    return len(said) > 2 and all(sent_again(one.call, text, known) for text in said[1:])


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
