# SPDX-License-Identifier: Apache-2.0
"""Documents the organisation knows by their fingerprints: exact copies, near-copies and excerpts of them.

The index holds keyed hashes and the documents' names, no text. It is one file with its own key, so that it can be
copied to every gateway as it is: whoever has it can test whether a text they hold is known, and can read nothing.
Hashes seen in more than two documents are boilerplate and never match.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import msgspec
import numpy as np

from auditor.calls import Match
from auditor.detectors.masks import found
from auditor.detectors.own.winnowing import KEY_SIZE, Fingerprints, fingerprints
from auditor.detectors.view import View
from auditor.errors import InputError
from auditor.hashing import Hashes

TYPE: Final = "DOCUMENT_FINGERPRINT"
FORMAT: Final = 1
LEAST: Final = 4
"""Fingerprints a passage must share with a document."""
GAP: Final = 400
"""Characters between two fingerprints of one passage."""
DOCUMENTS_A_HASH: Final = 2
_WHOLE: Final = 0.9
"""Share of a document's fingerprints that makes a passage the document itself."""


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """A document: its name, and its fingerprints as little-endian 64-bit numbers, sorted, each once."""

    name: str
    hashes: bytes


class FingerprintIndex(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The documents known, and the key their fingerprints are made with."""

    key: bytes
    documents: tuple[Known, ...] = ()
    format: int = FORMAT

    @classmethod
    def decode(cls, data: bytes, name: str) -> "FingerprintIndex":
        """Read an index as `encode` wrote it; raises InputError where it is none. `name` is for the message."""
        try:
            index = msgspec.msgpack.decode(data, type=cls)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            index = None
        if index is None or not index.is_sound():
            raise InputError(f"{name} is no index of fingerprints.", "Make it anew with: auditor fingerprint add")
        return index

    def is_sound(self) -> bool:
        """Whether it is of this format and its sizes fit."""
        return (
            self.format == FORMAT
            and len(self.key) == KEY_SIZE
            and all(len(known.hashes) % 8 == 0 for known in self.documents)
        )

    def encode(self) -> bytes:
        """The index as it is kept in a file."""
        return msgspec.msgpack.encode(self)

    def known(self, name: str, text: str) -> Known | None:
        """A document's entry; `None` where it is too short to be told from others."""
        hashes = np.unique(fingerprints(text, self.key).hashes)
        return Known(name=name, hashes=hashes.astype("<u8").tobytes()) if len(hashes) >= LEAST else None

    def with_documents(self, documents: Iterable[Known]) -> "FingerprintIndex":
        """The index with more documents; one of the same name is replaced."""
        named = {known.name: known for known in (*self.documents, *documents)}
        return msgspec.structs.replace(self, documents=tuple(named.values()))

    def without(self, names: Iterable[str]) -> "FingerprintIndex":
        """The index without some documents."""
        gone = frozenset(names)
        return msgspec.structs.replace(self, documents=tuple(d for d in self.documents if d.name not in gone))


class KnownDocuments:
    """An index, ready to be looked into."""

    def __init__(self, index: FingerprintIndex) -> None:
        self._index = index
        arrays = [np.frombuffer(known.hashes, dtype="<u8") for known in index.documents]
        self._sizes = [len(array) for array in arrays]
        self._hashes, self._owners = _joined(arrays)

    def matches(self, view: View) -> Iterator[Match]:
        """Passages of a text that stand in a known document; the document's name is the subtype."""
        if not self._sizes:
            return
        prints = fingerprints(view.text, self._index.key)
        for document, hits in self._hits(prints).items():
            for passage in _passages(prints, hits):
                yield self._match(view, document, prints, passage)

    def _hits(self, prints: Fingerprints) -> dict[int, list[int]]:
        """Numbers of the text's fingerprints by the document they are known from."""
        hits: dict[int, list[int]] = {}
        low = np.searchsorted(self._hashes, prints.hashes, "left")
        high = np.searchsorted(self._hashes, prints.hashes, "right")
        for number in np.flatnonzero(high > low):
            for place in range(low[number], high[number]):
                hits.setdefault(int(self._owners[place]), []).append(int(number))
        return hits

    def _match(self, view: View, document: int, prints: Fingerprints, passage: Sequence[int]) -> Match:
        start, end = int(prints.starts[passage[0]]), int(prints.ends[passage[-1]])
        share = len({int(prints.hashes[number]) for number in passage}) / self._sizes[document]
        score = 0.99 if share >= _WHOLE else 0.85
        return found(TYPE, start, end, view.text[start:end], self._index.documents[document].name, score)


def _passages(prints: Fingerprints, hits: Sequence[int]) -> Iterator[list[int]]:
    """Hits that lie close together, where they are enough."""
    passage: list[int] = []
    for number in hits:
        if passage and prints.starts[number] - prints.ends[passage[-1]] > GAP:
            if _is_enough(prints, passage):
                yield passage
            passage = []
        passage.append(number)
    if _is_enough(prints, passage):
        yield passage


def _is_enough(prints: Fingerprints, passage: Sequence[int]) -> bool:
    return len({int(prints.hashes[number]) for number in passage}) >= LEAST


def _joined(arrays: Sequence[Hashes]) -> tuple[Hashes, "np.typing.NDArray[np.int64]"]:
    """All hashes sorted, and whose each is; without those of more than two documents."""
    hashes = np.concatenate(arrays) if arrays else np.empty(0, dtype=np.uint64)
    owners = np.repeat(np.arange(len(arrays)), [len(array) for array in arrays])
    order = np.argsort(hashes, kind="stable")
    hashes, owners = hashes[order], owners[order]
    _, counts = np.unique(hashes, return_counts=True)
    rare = np.repeat(counts <= DOCUMENTS_A_HASH, counts)
    return hashes[rare], owners[rare]
