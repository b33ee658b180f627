# SPDX-License-Identifier: Apache-2.0
"""Harvesting: how the calls hang together. It needs no words of intent, and never suffices alone.

Chaining: an output, or one of the items it lists, comes back as a bare prompt; that is what a generator of tasks is
for, whereas a test or an evaluation wraps it in a template of its own. Further: prescribed thinking longer than the
answer, one template over unrelated slots with long answers, probabilities with long answers, many candidates.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from statistics import median
from typing import Final

from auditor.calls import Call, Value
from auditor.distillation.observation import Observation
from auditor.distillation.skeletons import Skeleton
from auditor.privacy.words import words

HARVEST_LIMIT: Final = 30

_LEAST_CHAIN: Final = 3
_CHAIN_WORDS: Final = 4
_CHAIN_SHARE: Final = 0.12
_LONG_ANSWER: Final = 80
_MANY: Final = 15
_UNRELATED: Final = 0.06
_COMPARED: Final = 60


class Trait(Value, frozen=True, kw_only=True):
    """One structural trait: its points, the calls it was measured on, and the figure."""

    rule: str
    title: str
    points: int
    calls: tuple[str, ...]
    figure: str


def traits(window: Sequence[Observation], skeletons: Sequence[Skeleton], links: dict[str, str]) -> tuple[Trait, ...]:
    """The traits of one actor's calls to one teacher; `links` are those of `chain`."""
    found = (
        _chaining(window, links),
        _reasoning(window),
        _slots(window, skeletons),
        _soft_labels(window),
        _candidates(window),
    )
    return tuple(one for one in found if one is not None)


def chain(window: Sequence[Observation]) -> dict[str, str]:
    """Calls whose bare prompt, or a user's turn, is an earlier output, with the call that output came from."""
    known = heard(window)
    found = ((one.call.id, _answered(one, known)) for one in window)
    return {call: source for call, source in found if source}


def heard(window: Sequence[Observation]) -> dict[bytes, tuple[float, str]]:
    """Digests of the outputs and of what they list, each with when and in which call it was first heard."""
    found: dict[bytes, tuple[float, str]] = {}
    for one in window:
        for mark in _marks(one.outputs):
            found.setdefault(mark, (one.call.time.timestamp(), one.call.id))
    return found


def sent_again(call: Call, text: str, known: Mapping[bytes, tuple[float, str]]) -> str | None:
    """The earlier call of which a text that was sent is an output; None where it is of none."""
    mark = _mark(text)
    first = known.get(mark) if mark else None
    return first[1] if first and first[1] != call.id and first[0] <= call.time.timestamp() else None


def _chaining(window: Sequence[Observation], links: dict[str, str]) -> Trait | None:
    if len(links) < _LEAST_CHAIN or len(links) < _CHAIN_SHARE * len(window):
        return None
    figure = f"{len(links)} of {len(window)} prompts are outputs of earlier calls, word for word"
    return Trait(rule="chaining", title="Outputs come back as prompts", points=25, calls=tuple(links), figure=figure)


def _answered(one: Observation, known: Mapping[bytes, tuple[float, str]]) -> str | None:
    asked = [one.prompt, *(text for role, text in one.turns if role == "user")]
    return next(filter(None, (sent_again(one.call, text, known) for text in asked)), None)


def _marks(outputs: Iterable[str]) -> Iterator[bytes]:
    for text in outputs:
        pieces = [text, re.sub(r"^\s*[\w ]{2,20}:\s*", "", text), *text.splitlines()]
        pieces += [re.sub(r"^\W*\d*\W*", "", line) for line in text.splitlines()]
        pieces += re.findall(r'"((?:[^"\\]|\\.){12,})"', text)
        yield from filter(None, map(_mark, pieces))


def _mark(text: str) -> bytes:
    """A digest of a text's words; empty where it has too few to tell anything."""
    found = words(text[:4000])
    return hashlib.blake2b(" ".join(found).encode(), digest_size=8).digest() if len(found) >= _CHAIN_WORDS else b""


def _reasoning(window: Sequence[Observation]) -> Trait | None:
    """Thinking written out in a prescribed format, over many unrelated items."""
    tag = re.compile(r"<\|?(begin_of_)?(think|thinking|thought|reason|reasoning)\|?>(.*?)<\|?/?(end_of_)?\2\|?>", re.S)
    found = [(one, tag.search(one.outputs[0])) for one in window if one.outputs]
    long = [one for one, match in found if match and len(words(match[3])) >= 0.5 * len(words(one.outputs[0]))]
    if len(long) < 5:
        return None
    figure = f"{len(long)} answers write out their thinking at greater length than the rest"
    calls = tuple(one.call.id for one in long)
    return Trait(rule="reasoning", title="Thinking is harvested", points=20, calls=calls, figure=figure)


def _slots(window: Sequence[Observation], skeletons: Sequence[Skeleton]) -> Trait | None:
    """One template, or none at all, over unrelated items with long answers."""
    for one in skeletons:
        if len(one.members) >= 8 and _answers(one.members) >= _LONG_ANSWER and likeness(one.slots) <= _UNRELATED:
            figure = f"{len(one.members)} unrelated items in one template, median answer {_answers(one.members)} words"
            return Trait(
                rule="slots", title="One template over unrelated items", points=10, calls=one.calls, figure=figure
            )
    bare = [one for one in window if not one.turns and one.prompt]
    if len(bare) < _MANY or _answers(bare) < _LONG_ANSWER or likeness([one.prompt for one in bare]) > _UNRELATED:
        return None
    figure = f"{len(bare)} unrelated prompts without a conversation, median answer {_answers(bare)} words"
    calls = tuple(one.call.id for one in bare)
    return Trait(rule="bare", title="Unrelated prompts with long answers", points=10, calls=calls, figure=figure)


def _answers(members: Sequence[Observation]) -> int:
    """The median length of the answers in words."""
    return int(median(len(words(one.outputs[0])) if one.outputs else 0 for one in members))


def likeness(texts: Sequence[str]) -> float:
    """How alike neighbouring texts are: the mean share of longer words they have in common."""
    sets = [{word for word in words(text[:1000]) if len(word) > 4} for text in texts[:_COMPARED]]
    pairs = [(one, other) for one, other in pairwise(sets) if one and other]
    return sum(len(one & other) / len(one | other) for one, other in pairs) / len(pairs) if pairs else 1.0


def _soft_labels(window: Sequence[Observation]) -> Trait | None:
    found = [one for one in window if one.soft_labels and one.outputs and len(words(one.outputs[0])) >= 30]
    if len(found) < _LEAST_CHAIN:
        return None
    figure = f"{len(found)} long answers came with the probabilities of alternatives"
    calls = tuple(one.call.id for one in found)
    return Trait(rule="soft-labels", title="Probabilities with long answers", points=8, calls=calls, figure=figure)


def _candidates(window: Sequence[Observation]) -> Trait | None:
    found = [one for one in window if len(one.outputs) > 1]
    if len(found) < _LEAST_CHAIN:
        return None
    figure = f"{len(found)} calls asked for several candidates"
    calls = tuple(one.call.id for one in found)
    return Trait(rule="candidates", title="Several candidates a prompt", points=3, calls=calls, figure=figure)
