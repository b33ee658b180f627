# SPDX-License-Identifier: Apache-2.0
"""What the command palette finds: things to do, each with the words it is found by. No widgets here."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

MOST = 60
APART = 3
"""A word that stands only as scattered letters ranks behind every one that stands whole."""


@dataclass(frozen=True, slots=True)
class Command:
    """Something that can be done: what it says, what it is, its keys, and how to do it."""

    title: str
    kind: str
    do: Callable[[], object]
    keys: str = ""
    icon: str = "right"
    words: str = ""
    """Further words it is found by."""


def ranked(commands: Iterable[Command], text: str) -> list[Command]:
    """The commands that hold every word of a text, best first; all of them for none."""
    words = text.casefold().split()
    found = [(cost, place, one) for place, one in enumerate(commands) if (cost := _cost(one, words)) is not None]
    return [one for _, _, one in sorted(found, key=lambda entry: entry[:2])][:MOST]


def _cost(command: Command, words: Sequence[str]) -> int | None:
    """How far a command is from the words; None where one of them is not there."""
    title = command.title.casefold()
    whole = f"{title} {command.kind} {command.words}".casefold()
    costs = [_distance(title, whole, word) for word in words]
    return None if None in costs else sum(cost for cost in costs if cost is not None)


def _distance(title: str, whole: str, word: str) -> int | None:
    if title.startswith(word) or f" {word}" in title:
        return 0
    if word in title:
        return 1
    if word in whole:
        return 2
    return APART if _scattered(title, word) else None


def _scattered(title: str, word: str) -> bool:
    """Whether the letters of a word stand in a title in their order."""
    rest = iter(title)
    return all(letter in rest for letter in word)
