# SPDX-License-Identifier: Apache-2.0
"""What a proxy remembers of an exchange until its record is durable, so that a recorder's death loses nothing.

Memory is bounded per exchange and in total: beyond the bound only the heads stay, and the bytes let go are counted, so
that a repeated telling states how much is missing. As long as the recorder lives, nothing here is needed.
"""

from collections.abc import Iterator

import msgspec

from auditor.gateway.messages import Answer, Ended, Opened, Passed


class Told:
    """One exchange as told so far."""

    __slots__ = ("answer", "committed", "ended", "kept", "opened", "passed", "skipped")

    def __init__(self, opened: Opened) -> None:
        self.opened = opened
        self.committed = False
        self.passed: list[Passed] = []
        self.kept = 0
        self.answer: Answer | None = None
        self.skipped = 0
        self.ended: Ended | None = None

    def again(self) -> Iterator[Opened | Passed | Ended]:
        """Everything to be told to a new recorder, in order."""
        yield msgspec.structs.replace(self.opened, resumed=self.committed)
        if self.skipped or (self.answer and not self.passed):
            yield Passed(id=self.opened.id, answer=self.answer, skipped=self.skipped)
        yield from self.passed
        if self.ended:
            yield self.ended


class Retention:
    """The exchanges of a proxy that are not yet durable, by id."""

    def __init__(self, per_exchange: int, total: int) -> None:
        self._per_exchange = per_exchange
        self._total = total
        self._kept = 0
        self._told: dict[str, Told] = {}

    def __len__(self) -> int:
        return len(self._told)

    def __contains__(self, exchange: str) -> bool:
        return exchange in self._told

    def __iter__(self) -> Iterator[Told]:
        return iter(tuple(self._told.values()))

    def add(self, opened: Opened) -> None:
        """Begin to remember an exchange."""
        self._told[opened.id] = Told(opened)

    def passed(self, message: Passed) -> None:
        """Remember what passed, or count it where the bound is reached."""
        told = self._told[message.id]
        size = payload_size(message)
        told.answer = told.answer or message.answer
        if told.skipped or told.kept + size > self._per_exchange or self._kept + size > self._total:
            self._let_go(told)
            told.skipped += size + message.skipped
            return
        told.passed.append(message)
        told.kept += size
        self._kept += size

    def ended(self, message: Ended) -> None:
        """Remember how an exchange ended."""
        self._told[message.id].ended = message

    def committed(self, exchange: str) -> None:
        """The exchange's intent is durable: it will not be told as new again."""
        if told := self._told.get(exchange):
            told.committed = True

    def forget(self, exchange: str) -> None:
        """The exchange is durable, or never was begun."""
        if told := self._told.pop(exchange, None):
            self._kept -= told.kept

    def _let_go(self, told: Told) -> None:
        told.skipped += told.kept + sum(message.skipped for message in told.passed)
        self._kept -= told.kept
        told.kept = 0
        told.passed.clear()


def payload_size(message: Passed) -> int:
    """How many bytes of content a message carries; text counts by character."""
    frames = sum(len(frame.text or "") + len(frame.data or b"") for frame in message.frames)
    return len(message.request) + len(message.response) + frames
