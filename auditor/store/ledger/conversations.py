# SPDX-License-Identifier: Apache-2.0
"""What conversations said of late, so that a call is stored without what an earlier one said.

Made ready one after the other, calls of one actor to one endpoint are compared with what is remembered of its last
conversations: the long strings of JSON requests. A call that says all that the one before it said goes on with its
conversation, and what it says anew becomes a passage (`passages`). Strings that several conversations begin with (the
system prompt, tools) become one as well. A first call is stored whole: most never are conversations.

Invariants: a call rests only on passages of which it says every text; what is remembered is bounded in bytes and
forgotten after a quarter of an hour, as the secret of a segment is.
"""

import os
import time
from bisect import bisect
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Final, NamedTuple

from auditor.store.format import passages, records
from auditor.store.format.passages import DEPTH
from auditor.store.format.prepare import Prepared, prepare
from auditor.store.format.records import Completion, Draft, Passage, SealedExchange, Texts
from auditor.store.format.sealing import KEY_SIZE, Codec, frame, frame_after

BYTES: Final = 32 << 20
"""Of texts remembered at most."""
IDLE: Final = 15 * 60.0
"""Seconds for which a conversation is remembered after its last call."""
LIFE: Final = 60 * 60.0
"""Seconds after which a conversation is stored whole again."""
BESIDE: Final = 8
"""Conversations remembered of one actor with one endpoint."""

_TEXT: Final = 32
_GAP: Final = 80
_TRIES: Final = 16
_BETWEEN: Final = 256
_WORTH: Final = 512
_MARK: Final = b"cache_control"
_SMALLEST: Final = 2 << 10
_LARGEST: Final = 4 << 20
_BACKSLASH: Final = ord("\\")

type _Endpoint = tuple[str | None, ...]


class _Said(NamedTuple):
    """A text, and how deep in the chain of passages it lies, from 1 on."""

    depth: int
    text: bytes


type _Found = tuple[int, _Said]
"""Where a text stands in a request."""


class _Link(NamedTuple):
    """A passage: what the ledger calls it, and its key."""

    name: bytes
    key: bytes


@dataclass
class _Conversation:
    """`said` are the texts of its passages in the order of the request, `new` those of its last call beside them.

    `apart`: what lies between the texts changes from call to call. `unread` is the request of a first call, whose texts
    are looked for once there is a second one: most never are conversations.
    """

    begun: float
    used: float
    apart: bool = False
    said: tuple[_Said, ...] = ()
    chain: tuple[_Link, ...] = ()
    new: tuple[bytes, ...] = ()
    weight: int = 0
    unread: bytes = b""

    def read(self) -> None:
        """Look for the texts of the first call, where that was put off."""
        if self.unread:
            self.new, self.unread = tuple(text for _, text in _strings(self.unread, ())), b""


class _Fit(NamedTuple):
    """How much of a conversation a request says: the passages of which it says all, and where; `size` in bytes."""

    conversation: _Conversation
    depth: int = 0
    found: tuple[_Found, ...] = ()
    size: int = 0


class Conversations:
    """Makes drafts ready. One instance serves one thread, and one ledger in the order of its records.

    `whole`: bodies are kept whole beside, for a ledger that may not have what was made ready before.
    """

    def __init__(self, *, whole: bool = True) -> None:
        self._whole = whole
        self._known: OrderedDict[_Endpoint, list[_Conversation]] = OrderedDict()
        self._weight = 0

    def prepare(self, draft: Draft) -> tuple[Prepared, ...]:
        """A draft made ready, behind the passage it rests on where that is new."""
        endpoint, body = _endpoint(draft), draft.body
        if endpoint is None or not isinstance(body, SealedExchange):
            return (prepare(draft),)
        self.forget_old()
        there = self._known.pop(endpoint, [])
        self._weight -= sum(one.weight for one in there)
        made, there = _taken_up(draft, body, there, whole=self._whole)
        self._known[endpoint] = there
        self._weight += sum(one.weight for one in there)
        while self._weight > BYTES:
            self._drop(next(iter(self._known)))
        return made

    def forget_old(self) -> None:
        """Forget the conversations that have been silent."""
        before = time.monotonic() - IDLE
        while self._known:
            oldest = next(iter(self._known))
            if max(one.used for one in self._known[oldest]) >= before:
                return
            self._drop(oldest)

    def forget(self) -> None:
        """Forget everything: the ledger begins anew."""
        self._known.clear()
        self._weight = 0

    def _drop(self, endpoint: _Endpoint) -> None:
        self._weight -= sum(one.weight for one in self._known.pop(endpoint))


def _taken_up(
    draft: Draft, body: SealedExchange, there: list[_Conversation], *, whole: bool
) -> tuple[tuple[Prepared, ...], list[_Conversation]]:
    """A draft made ready, and the conversations of its endpoint after it, the last used last."""
    now, request = time.monotonic(), body.exchange.request.body
    there = [one for one in there if now - one.used < IDLE and now - one.begun < LIFE]
    if not there:
        return (prepare(draft),), [_Conversation(now, now, weight=len(request), unread=request)]
    for one in there:
        one.read()
    fits = list(_fits(there, request))
    best = max(fits, key=lambda fit: fit.size, default=_Fit(_Conversation(now, now)))
    new = tuple(_strings(request, best.found))
    follows = next((fit for fit in fits if _goes_on(fit, best, new)), None)
    if follows is None:
        broke = 0 < best.depth == len(best.conversation.chain) - 1
        becomes = _Conversation(best.conversation.begun if best.depth else now, now, apart=broke)
        fresh = new[: 0 if best.depth else _shared((fit.conversation for fit in fits), new)]
    else:
        becomes, best = follows.conversation, follows
        there.remove(becomes)
        fresh = new if sum(len(text) for _, text in new) >= _WORTH else ()
        if becomes.chain and not becomes.apart:
            fresh = tuple(_joined(fresh, request, [at for at, _ in best.found]))
    becomes.used, becomes.chain = now, best.conversation.chain[: best.depth]
    becomes.new = tuple(text for _, text in new[len(fresh) :]) if follows is None or not fresh else ()
    found, made = _passage(draft, becomes, best.found, fresh) if fresh else (best.found, ())
    becomes.said = tuple(one for _, one in found)
    becomes.weight = best.size + sum(len(text) for _, text in fresh) + sum(map(len, becomes.new))
    return (*made, _ready(draft, body, becomes, found, whole=whole)), [*there, becomes][-BESIDE:]


def _fits(there: Sequence[_Conversation], request: bytes) -> Iterator[_Fit]:
    """How a request fits the conversations, the last used first, until one is most of it."""
    for one in reversed(there):
        fit = _fit(one, request)
        yield fit
        if fit.depth == len(one.chain) and 2 * fit.size > len(request):
            return


def _goes_on(fit: _Fit, best: _Fit, new: Sequence[tuple[int, bytes]]) -> bool:
    """Whether a request says all that a conversation said, no less than it says of any other."""
    if fit.size != best.size or fit.depth < len(fit.conversation.chain):
        return False
    rest = (text for _, text in new)
    return bool(fit.found or fit.conversation.new) and all(text in rest for text in fit.conversation.new)


def _shared(there: Iterable[_Conversation], new: Sequence[tuple[int, bytes]]) -> int:
    """With how many texts a request begins as another conversation did, where that is worth a passage."""
    most, size = 0, 2 * _WORTH - 1
    for one in there:
        texts = tuple(said.text for said in one.said) or one.new
        pairs = zip((text for _, text in new), texts, strict=False)
        common = [ours for ours, theirs in takewhile(lambda pair: pair[0] == pair[1], pairs)]
        if (larger := sum(map(len, common))) > size:
            most, size = len(common), larger
    return most


def _joined(fresh: Iterable[tuple[int, bytes]], request: bytes, found: Sequence[int]) -> Iterator[tuple[int, bytes]]:
    """Texts that follow each other as one, with what lies between them, but for marks that move with the last turn."""
    begin = end = -1
    for at, text in fresh:
        between = request[end:at]
        if begin < 0 or len(between) > _BETWEEN or _MARK in between or bisect(found, end) != bisect(found, at):
            if begin >= 0:
                yield begin, request[begin:end]
            begin = at
        end = at + len(text)
    if begin >= 0:
        yield begin, request[begin:end]


def _passage(
    draft: Draft, becomes: _Conversation, found: Sequence[_Found], fresh: Iterable[tuple[int, bytes]]
) -> tuple[tuple[_Found, ...], tuple[Prepared, ...]]:
    """A passage of fresh texts, which the conversation rests on then; all texts found with them.

    Where the chain is as deep as it may be, its newer half becomes part of the passage.
    """
    kept = becomes.chain if len(becomes.chain) < DEPTH else becomes.chain[: DEPTH // 2]
    depth = len(kept) + 1
    if len(kept) < len(becomes.chain):
        found = [(at, _Said(min(one.depth, depth), one.text)) for at, one in found]
    together = tuple(sorted((*found, *((at, _Said(depth, text)) for at, text in fresh))))
    added = tuple((place, one.text) for place, (_, one) in enumerate(together) if one.depth == depth)
    before = [one.text for _, one in together if one.depth < depth]
    link, meta = _Link(os.urandom(8), os.urandom(KEY_SIZE)), Passage(time=draft.meta.time)
    plain, raw_meta = records.encode(Texts(texts=added)), records.encode(meta)
    becomes.chain = (*kept, link)
    made = Prepared(
        raw_meta=raw_meta,
        meta=frame(raw_meta, Codec.META),
        body=frame_after(plain, kept[-1].key, passages.given(before)) if kept else frame(plain),
        column=records.body_column(meta),
        name=link.name,
        key=link.key,
        after=kept[-1].name if kept else b"",
    )
    return together, (made,)


def _ready(
    draft: Draft, body: SealedExchange, becomes: _Conversation, found: Sequence[_Found], *, whole: bool
) -> Prepared:
    """A completion that rests on the last passage of its conversation, if there is one."""
    if not becomes.chain:
        return prepare(draft)
    spans = ((at, at + len(one.text)) for at, one in found)
    raw_meta, plain = records.encode(draft.meta), records.encode(passages.unweave(body, spans))
    name, key = becomes.chain[-1]
    return Prepared(
        raw_meta=raw_meta,
        meta=frame(raw_meta, Codec.META),
        body=frame_after(plain, key, passages.given_to_body([one.text for _, one in found])),
        after=name,
        whole=body if whole else None,
    )


def _endpoint(draft: Draft) -> _Endpoint | None:
    """Whose calls to what a call is compared with; None where it cannot say what another one said."""
    if not isinstance(draft.meta, Completion) or not draft.meta.calls or not isinstance(draft.body, SealedExchange):
        return None
    request, call = draft.body.exchange.request, draft.meta.calls[0]
    if not _SMALLEST <= len(request.body) <= _LARGEST or request.body[:1] not in (b"{", b"["):
        return None
    return call.actor, call.credential, call.server_address, call.path


def _fit(conversation: _Conversation, request: bytes) -> _Fit:
    """Which passages of a conversation a request says whole, one text behind the other."""
    found: list[_Found] = []
    end, until, size = 0, len(conversation.chain) + 1, 0
    for one in conversation.said:
        if one.depth >= until:
            continue
        at = _place(request, one.text, end)
        if at < 0:
            until = one.depth
        else:
            found.append((at, one))
            end = at + len(one.text)
            size += len(one.text)
    if until > len(conversation.chain):
        return _Fit(conversation, until - 1, tuple(found), size)
    kept = tuple((at, one) for at, one in found if one.depth < until)
    return _Fit(conversation, until - 1, kept, sum(len(one.text) for _, one in kept))


def _place(request: bytes, text: bytes, start: int) -> int:
    """Where a text stands from `start` on, else -1. The search for its beginning costs no preparation, and the other is
    for requests that repeat it without end."""
    head = text[:_TEXT]
    for _ in range(_TRIES):
        start = request.find(head, start)
        if start < 0 or request.startswith(text, start):
            return start
        start += 1
    return request.find(text, start)


def _strings(request: bytes, beside: Iterable[_Found]) -> Iterator[tuple[int, bytes]]:
    """The long strings of a JSON text beside those found, as they are written, and where."""
    begin = 0
    for at, size in (*((at, len(one.text)) for at, one in beside), (len(request), 0)):
        if at - begin >= _GAP:
            yield from _strings_between(request, begin, at)
        begin = at + size + 1  # behind the quote


def _strings_between(request: bytes, begin: int, end: int) -> Iterator[tuple[int, bytes]]:
    """The long strings there. Searching for quotes takes a fifth of the time that an expression does."""
    find = request.find
    start = find(b'"', begin, end) + 1
    while start:
        close = find(b'"', start, end)
        while close > 0 and request[close - 1] == _BACKSLASH and _is_escaped(request, start, close):
            close = find(b'"', close + 1, end)
        if close < 0:
            close = end
        if close - start >= _TEXT:
            yield start, request[start:close]
        start = find(b'"', close + 1, end) + 1


def _is_escaped(request: bytes, start: int, quote: int) -> bool:
    """Whether a quote in the string from `start` on does not close it: an odd number of backslashes is before it."""
    at = quote
    while at > start and request[at - 1] == _BACKSLASH:
        at -= 1
    return (quote - at) % 2 == 1
