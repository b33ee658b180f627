# SPDX-License-Identifier: Apache-2.0
"""Searches the texts of a call for data, each text once: a conversation repeats its history at every turn.

What was found in a text is remembered under a hash keyed for this process, together with masks and digests; the text
itself is not. The memory is bounded by the number of matches it holds, the least recently met text goes first.
"""

import hashlib
import logging
import os
from collections import Counter, OrderedDict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final, Literal, NamedTuple, Protocol

from auditor.calls import Content, DataCount, Match, PlacedMatch
from auditor.privacy import PlacedText, Pseudonyms
from auditor.privacy.texts import documents

logger = logging.getLogger(__name__)

UNSCANNED: Final = "unscanned"
"""Label of a call some text of which could not be searched for data."""
PARTLY_SCANNED: Final = "partly-scanned"
"""Label of a call some text of which was searched only as far as the detectors' bounds allow."""

REMEMBERED: Final = 200_000
"""How many texts and matches together are remembered; about 100 MB at most."""


class Examined(Protocol):
    """What was found in one text, and whether part of it was left unread."""

    @property
    def matches(self) -> tuple[Match, ...]: ...  # noqa: D102

    @property
    def truncated(self) -> bool: ...  # noqa: D102


class TextScanner(Protocol):
    """What finds data in texts: `auditor.detectors.Scanner`."""

    def examine_all(self, texts: Iterable[str], /) -> Sequence[Examined]:
        """The matches in each text, offsets in characters; the more at once, the less time for each."""


class _Found(NamedTuple):
    matches: tuple[tuple[Match, str], ...]
    """Each match with the digest of its value."""
    labels: tuple[str, ...]


class ScanMemory:
    """Scans texts with what is remembered of earlier ones. Not for several threads at once."""

    def __init__(self, scanner: TextScanner, pseudonyms: Pseudonyms, remembered: int = REMEMBERED) -> None:
        self._scanner = scanner
        self._pseudonyms = pseudonyms
        self._limit = remembered
        self._held = 0
        self._key = os.urandom(32)
        self._found: OrderedDict[bytes, _Found] = OrderedDict()
        self._digests: dict[str, bytes] = {}
        self._ahead: dict[bytes, Examined] = {}

    @contextmanager
    def ahead(self, texts: Iterable[str]) -> Iterator[None]:
        """Have texts searched together, which takes less time for each, ahead of `said` of them inside.

        The texts themselves are held while the context is open.
        """
        self._digests = {text: self._digest_of(text) for text in dict.fromkeys(texts)}
        new = [text for text, digest in self._digests.items() if digest not in self._found]
        try:
            found = self._scanner.examine_all(new)
            self._ahead = {self._digests[text]: one for text, one in zip(new, found, strict=True)}
        except Exception:  # each is searched by itself then, which tells whose defect it is
            self._ahead = {}
        try:
            yield
        finally:
            self._digests, self._ahead = {}, {}

    def said(self, number: int, texts: Iterable[PlacedText]) -> tuple[tuple[PlacedMatch, ...], set[str]]:
        """The matches in the texts of one call, `number` within its exchange, and labels saying what was not read."""
        placed: list[PlacedMatch] = []
        labels: set[str] = set()
        for text in texts:
            found, is_known = self._recall(text.text)
            if found.labels:
                labels.update(found.labels)
            if found.matches:  # most texts hold none
                placed += [_place(number, text, match, same, is_known) for match, same in found.matches]
        return tuple(placed), labels

    def _recall(self, text: str) -> tuple[_Found, bool]:
        """What is in a text, and whether it was met before."""
        digest = self._digests.get(text) or self._digest_of(text)
        found = self._found.get(digest)
        if found is not None:
            self._found.move_to_end(digest)
            return found, True
        found = self._examine(text, self._ahead.get(digest))
        if UNSCANNED not in found.labels:
            self._remember(digest, found)
        return found, False

    def _digest_of(self, text: str) -> bytes:
        return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), key=self._key, digest_size=16).digest()

    def _remember(self, digest: bytes, found: _Found) -> None:
        self._found[digest] = found
        self._held += 1 + len(found.matches)
        while self._held > self._limit:
            _, oldest = self._found.popitem(last=False)
            self._held -= 1 + len(oldest.matches)

    def _examine(self, text: str, result: Examined | None) -> _Found:
        """What was found in a text, or is found now."""
        try:
            result = result or self._scanner.examine_all((text,))[0]
            matches = tuple((match, self._digest(text, match)) for match in result.matches)
        except Exception as failure:  # a detector's defect must not cost the record
            logger.error("A text could not be searched for data: %s.", type(failure).__name__)
            return _Found((), (UNSCANNED,))
        return _Found(matches, (PARTLY_SCANNED,) if result.truncated else ())

    def _digest(self, text: str, match: Match) -> str:
        return self._pseudonyms.same(match.type, text[match.start : match.end])


def unread(content: Content) -> set[str]:
    """The labels of what a content holds beside its texts: documents of which something could not be read."""
    return {PARTLY_SCANNED if one.text else UNSCANNED for one in documents(content) if one.unread}


def counted(matches: Collection[PlacedMatch]) -> tuple[DataCount, ...]:
    """How often each data type occurs, by direction, in a fixed order; and how often of these in known texts."""
    if not matches:
        return ()
    counts, repeated = Counter[_Kind](), Counter[_Kind]()
    for found in matches:
        kind = (found.match.type, found.direction)
        counts[kind] += 1
        repeated[kind] += found.repeated
    return tuple(
        DataCount(type=kind[0], direction=kind[1], count=counts[kind], repeated=repeated[kind])
        for kind in sorted(counts)
    )


type _Kind = tuple[str, Literal["sent", "received"]]


def _place(number: int, text: PlacedText, match: Match, same: str, is_known: bool) -> PlacedMatch:
    return PlacedMatch(
        match=match,
        direction=text.direction,
        role=text.role,
        place=text.place,
        call=number,
        same=same,
        carrier=text.carrier,
        repeated=is_known,
    )
