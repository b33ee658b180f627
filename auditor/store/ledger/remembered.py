# SPDX-License-Identifier: Apache-2.0
"""The conversations that are remembered of one actor with one endpoint, and which of them a request may go on with.

A service whose users share an address and a key has many at once. A request is compared with a few: where there are
more, with those that said one of its texts last.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from auditor.store.ledger.strings import strings

TRIED: Final = 8
"""Conversations that a request is compared with at most."""
LIFE: Final = 60 * 60.0
"""Seconds after which a conversation is stored whole again."""

_OVERHEAD: Final = 1 << 10
"""Bytes that a conversation takes beside its texts, about."""


class Said(NamedTuple):
    """A text, and how deep in the chain of passages it lies, from 1 on."""

    depth: int
    text: bytes


type Found = tuple[int, Said]
"""Where a text stands in a request."""


class Link(NamedTuple):
    """A passage: what the ledger calls it, and its key."""

    name: bytes
    key: bytes


@dataclass(eq=False)
class Conversation:
    """`said` are the texts of its passages in the order of the request, `new` those of its last call beside them.

    `apart`: what lies between the texts changes from call to call. `unread` is the request of a first call, whose texts
    are looked for once there is a second one: most never are conversations.
    """

    begun: float
    used: float
    apart: bool = False
    said: tuple[Said, ...] = ()
    chain: tuple[Link, ...] = ()
    new: tuple[bytes, ...] = ()
    weight: int = 0
    unread: bytes = b""
    marks: set[int] = field(default_factory=set)

    def read(self) -> None:
        """Look for the texts of the first call, where that was put off."""
        if self.unread:
            self.new, self.unread = tuple(text for _, text in strings(self.unread, ())), b""


class Beside:
    """The conversations of one actor with one endpoint, the last used last. `weight`: of all their texts, in bytes."""

    def __init__(self) -> None:
        self.weight = 0
        self._all: dict[Conversation, None] = {}
        self._said: dict[int, Conversation] = {}

    def __bool__(self) -> bool:
        return bool(self._all)

    @property
    def last_used(self) -> float:
        """When the last used one was."""
        return next(reversed(self._all)).used

    def likely(self, request: bytes, now: float) -> list[Conversation]:
        """Those a request may go on with, the last used last."""
        found: Iterable[Conversation] = self._all
        for one in found:
            if one.unread:
                one.read()
                self._mark(one, one.new)
        if len(self._all) > TRIED:
            said = {self._said.get(hash(text)) for _, text in strings(request)}
            found = sorted((one for one in said if one is not None), key=lambda one: one.used)
        return [one for one in found if now - one.begun < LIFE][-TRIED:]

    def put(self, one: Conversation, weight: int, said: Sequence[bytes]) -> None:
        """Remember a conversation as the last used one, which said these texts and weighs that much now."""
        if one in self._all:
            del self._all[one]
            self.weight -= one.weight
        one.weight = weight + _OVERHEAD
        self.weight += one.weight
        self._all[one] = None
        self._mark(one, said)

    def forget_before(self, moment: float) -> None:
        """Forget those that were used last before a moment."""
        while self._all and next(iter(self._all)).used < moment:
            self.forget_oldest()

    def forget_oldest(self) -> None:
        """Forget the one that was not used for longest."""
        oldest = next(iter(self._all))
        del self._all[oldest]
        self.weight -= oldest.weight
        for mark in oldest.marks:
            if self._said.get(mark) is oldest:
                del self._said[mark]

    def _mark(self, one: Conversation, said: Iterable[bytes]) -> None:
        marks = {hash(text) for text in said}
        one.marks |= marks
        self._said.update(dict.fromkeys(marks, one))
