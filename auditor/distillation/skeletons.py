# SPDX-License-Identifier: Apache-2.0
"""Skeletons: the constant part of many prompts, with what varies masked.

A word belongs to the skeleton where it lies in a run of `SPAN` words that several prompts share; the rest is a slot.
Prompts with the same beginning of constant words form one skeleton. Intent is looked for in skeletons only: the words
of contents (articles, code, conversations) are what ruins rules on words.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from auditor.calls import Value
from auditor.distillation.observation import Observation

SPAN: Final = 5
"""Words that must be shared in a row."""

LEAST: Final = 3
"""Prompts that must share them."""

SHARE: Final = 0.08
"""Share of the prompts that must share them."""

GROUP_SHARE: Final = 0.4
"""Share of a group's prompts that hold what is constant in it."""

SLOT: Final = "⟨…⟩"

_SIGNATURE: Final = 10
_TOKEN: Final = re.compile(r"[぀-ヿ㐀-鿿]|[^\s぀-ヿ㐀-鿿]+")
"""A word; scripts without spaces count by the character."""

_BETWEEN: Final = re.compile(r"(?<=[぀-ヿ㐀-鿿]) (?=[぀-ヿ㐀-鿿])")


class Skeleton(Value, frozen=True, kw_only=True):
    """A template and the observations that follow it. `slots` are what varied, one text a call, shortened."""

    text: str
    members: tuple[Observation, ...]
    slots: tuple[str, ...]

    @property
    def calls(self) -> tuple[str, ...]:
        """The calls that follow the template."""
        return tuple(one.call.id for one in self.members)


def mine(observations: Sequence[Observation], least: int | None = None) -> tuple[Skeleton, ...]:
    """The skeletons of these prompts, those with most calls first; prompts without one are left out.

    `least` prompts must share what is constant; by default a share of them.
    """
    tokens = [_TOKEN.findall(one.asked) for one in observations]
    least = least or max(LEAST, round(SHARE * len(observations)))
    shared = _shared(tokens, least)
    groups: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    masks = [_mask(one, shared) for one in tokens]
    for number, (words, mask) in enumerate(zip(tokens, masks, strict=True)):
        constant = [word for word, fixed in zip(words, mask, strict=True) if fixed]
        if len(constant) >= SPAN:
            groups[tuple(constant[:_SIGNATURE])].append(number)
    found = [
        _skeleton([(observations[number], tokens[number], masks[number]) for number in members])
        for members in groups.values()
        if len(members) >= LEAST
    ]
    return tuple(sorted(found, key=lambda one: (-len(one.members), one.text)))


def _shared(tokens: Iterable[Sequence[str]], least: int) -> set[tuple[str, ...]]:
    """The runs that at least so many prompts hold."""
    counts: Counter[tuple[str, ...]] = Counter()
    for words in tokens:
        counts.update(set(_runs(words)))
    return {run for run, count in counts.items() if count >= least}


def _runs(words: Sequence[str]) -> Iterable[tuple[str, ...]]:
    return zip(*(words[offset:] for offset in range(SPAN)), strict=False)


def _mask(words: Sequence[str], shared: set[tuple[str, ...]]) -> list[bool]:
    """Which words are constant."""
    fixed = [False] * len(words)
    for start, run in enumerate(_runs(words)):
        if run in shared:
            fixed[start : start + SPAN] = [True] * SPAN
    return fixed


def _skeleton(members: Sequence[tuple[Observation, list[str], list[bool]]]) -> Skeleton:
    """The skeleton of one group: constant is what a good part of it shares, so that a content that comes back in some
    prompts stays a slot. It is written from its most constant member."""
    shared = _shared((words for _, words, _ in members), max(LEAST, round(GROUP_SHARE * len(members))))
    members = [(one, words, _mask(words, shared)) for one, words, _ in members]
    _, words, mask = max(members, key=lambda one: (sum(one[2]) / max(1, len(one[2])), -len(one[1])))
    slots = (" ".join(word for word, fixed in zip(text, marks, strict=True) if not fixed) for _, text, marks in members)
    return Skeleton(
        text=_written(words, mask),
        members=tuple(one for one, _, _ in members),
        slots=tuple(one[:2000] for one in slots),
    )


def _written(words: Sequence[str], mask: Sequence[bool]) -> str:
    pieces: list[str] = []
    for word, fixed in zip(words, mask, strict=True):
        if fixed:
            pieces.append(word)
        elif not pieces or pieces[-1] != SLOT:
            pieces.append(SLOT)
    return _BETWEEN.sub("", " ".join(pieces))
