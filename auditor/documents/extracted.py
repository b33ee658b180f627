# SPDX-License-Identifier: Apache-2.0
"""What comes out of a document, and the bounds on it."""

from enum import StrEnum
from typing import Final

import msgspec

DATA_LIMIT: Final = 32 * 1024 * 1024
"""Bytes of a document; longer ones are not read."""
TEXT_LIMIT: Final = 1_000_000
"""Characters taken from a document."""


ROWS_LIMIT: Final = 200_000_000
"""Characters taken from a table that is read for its rows."""


class Unread(StrEnum):
    """Why a document, or the end of it, was not read. `no_text`: it shows pictures of text, or nothing."""

    TOO_LARGE = "too_large"
    TRUNCATED = "truncated"
    TIMEOUT = "timeout"
    BROKEN = "broken"
    ENCRYPTED = "encrypted"
    NO_TEXT = "no_text"
    UNKNOWN = "unknown"


class Extracted(msgspec.Struct, frozen=True):
    """The text of a document as far as it was read; `unread` says why not to its end."""

    text: str = ""
    unread: Unread | None = None


class Stop(Exception):
    """Raised by readers to end a document: what they collected so far counts."""

    def __init__(self, reason: Unread) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Collector:
    """Takes the text of a document piece by piece, up to a limit of characters."""

    def __init__(self, limit: int = TEXT_LIMIT) -> None:
        self._pieces: list[str] = []
        self._left = limit

    def add(self, text: str) -> None:
        """Take a piece; raises `Stop` once the limit is reached."""
        self._pieces.append(text[: self._left])
        self._left -= len(text)
        if self._left < 0:
            raise Stop(Unread.TRUNCATED)

    @property
    def text(self) -> str:
        """All pieces, joined."""
        return "".join(self._pieces)
