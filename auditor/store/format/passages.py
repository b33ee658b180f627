# SPDX-License-Identifier: Apache-2.0
"""Bodies that rest on passages: what was cut out of a request, and how it comes back.

A chat sends its whole history with every call. What an earlier call of the conversation sent as well lies in passages,
records of their own; each rests on the one before it and adds texts to its list. Invariants: a passage's key lies only
in the frames that rest on it, so it opens for whoever can open one of these bodies, and for nobody once they are
erased; every text of a passage is in the request of every call that rests on it, so nothing outlives the calls that
said it.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import msgspec

from auditor.calls import Exchange
from auditor.errors import CheckFailed
from auditor.store.format import records, sealing
from auditor.store.format.records import SealedExchange, Texts
from auditor.store.format.sealing import Reference

DEPTH: Final = 32
"""Passages that rest on each other, at most: what the reading of one call costs."""

GIVEN: Final = 8 << 10
"""Bytes of the texts before it that a passage is compressed with, the last of them."""

REMEMBERED: Final = 32 << 20
"""Bytes of texts that a reader remembers, the last passage aside; each counted with every passage that it is in."""

type Frames = Callable[[Reference], bytes]
"""Where the frame of a passage is had from."""


def weave(sealed: SealedExchange, texts: Sequence[bytes]) -> SealedExchange:
    """The body as it was captured. Raises `CheckFailed` where texts and gaps do not fit."""
    if len(sealed.gaps) != len(texts):
        raise CheckFailed("A body does not fit the passage it rests on.")
    rest, at = sealed.exchange.request.body, 0
    parts: list[bytes] = []
    for gap, text in zip(sealed.gaps, texts, strict=True):
        parts += (rest[at : at + gap], text)
        at += gap
    return _with_body(sealed, b"".join((*parts, rest[at:])), ())


def unweave(sealed: SealedExchange, places: Iterable[tuple[int, int]]) -> SealedExchange:
    """The body without the texts at these places of its request: begin and end, in ascending order."""
    body, at, rest, gaps = sealed.exchange.request.body, 0, [], []
    for begin, end in places:
        rest.append(body[at:begin])
        gaps.append(begin - at)
        at = end
    return _with_body(sealed, b"".join((*rest, body[at:])), tuple(gaps))


class Passages:
    """Passages read of late: calls of a conversation mostly rest on the same ones."""

    def __init__(self) -> None:
        self._known: OrderedDict[Reference, tuple[bytes, ...]] = OrderedDict()
        self._size = 0

    def read(self, last: Reference, frames: Frames) -> tuple[bytes, ...]:
        """All texts of a passage and those before it, in their order. Raises `CheckFailed` where one is malformed."""
        chain: list[tuple[Reference, bytes]] = []
        reference: Reference | None = last
        while reference is not None and reference not in self._known:
            if len(chain) == DEPTH:
                raise CheckFailed("More passages rest on each other than are ever written.")
            chain.append((reference, frames(reference)))
            reference = sealing.reference(chain[-1][1])
        texts = () if reference is None else self._known[reference]
        for one, framed in reversed(chain):
            texts = self._known[one] = _among(texts, _decoded(sealing.unframe(framed, given(texts))))
            self._size += sum(map(len, texts))
        self._known.move_to_end(last)
        while self._size > REMEMBERED and len(self._known) > 1:
            _, oldest = self._known.popitem(last=False)
            self._size -= sum(map(len, oldest))
        return texts


def _among(before: Sequence[bytes], passage: Texts) -> tuple[bytes, ...]:
    """The texts of a passage among those before it."""
    texts = list(before)
    for place, text in passage.texts:
        texts.insert(place, text)
    return tuple(texts)


def given(texts: Sequence[bytes]) -> bytes:
    """What a passage is compressed with, of the texts before it."""
    found, size = [], 0
    for text in reversed(texts):
        found.append(text[-GIVEN:])
        size += len(found[-1])
        if size >= GIVEN:
            break
    return b"".join(reversed(found))[-GIVEN:]


def given_to_body(texts: Sequence[bytes]) -> bytes:
    """What a body is compressed with that rests on these texts."""
    return sealing.forms() + given(texts)


def _decoded(raw: bytes) -> Texts:
    try:
        return records.decode_texts(raw)
    except msgspec.MsgspecError as error:
        raise CheckFailed("A passage opens, but is none this version knows.") from error


def _with_body(sealed: SealedExchange, body: bytes, gaps: tuple[int, ...]) -> SealedExchange:
    request = msgspec.structs.replace(sealed.exchange.request, body=body)
    exchange: Exchange = msgspec.structs.replace(sealed.exchange, request=request)
    return msgspec.structs.replace(sealed, exchange=exchange, gaps=gaps)
