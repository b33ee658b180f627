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
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import takewhile
from typing import Final, NamedTuple

from auditor.store.format import passages, records
from auditor.store.format.passages import DEPTH
from auditor.store.format.prepare import Prepared, prepare
from auditor.store.format.records import Completion, Draft, Passage, SealedExchange, Texts
from auditor.store.format.sealing import KEY_SIZE, Codec, Given, frame, frame_after
from auditor.store.ledger.remembered import Beside, Conversation, Found, Link, Said
from auditor.store.ledger.strings import place_of, strings

BYTES: Final = 32 << 20
"""Of texts remembered at most."""
IDLE: Final = 15 * 60.0
"""Seconds for which a conversation is remembered after its last call."""

_KEPT: Final = 8
"""Texts that bodies are compressed with, kept ready: many calls begin with the same system prompt."""
_BETWEEN: Final = 256
_WORTH: Final = 512
_MARK: Final = b"cache_control"
_SMALLEST: Final = 2 << 10
_LARGEST: Final = 4 << 20

type _Endpoint = tuple[str | None, ...]


class _Fit(NamedTuple):
    """How much of a conversation a request says: the passages of which it says all, and where; `size` in bytes."""

    conversation: Conversation
    depth: int = 0
    found: tuple[Found, ...] = ()
    size: int = 0


class Conversations:
    """Makes drafts ready. One instance serves one thread, and one ledger in the order of its records.

    `whole`: bodies are kept whole beside, for a ledger that may not have what was made ready before.
    """

    def __init__(self, *, whole: bool = True) -> None:
        self._whole = whole
        self._known: OrderedDict[_Endpoint, Beside] = OrderedDict()
        self._weight = 0
        self._given = lru_cache(maxsize=_KEPT)(Given)

    def prepare(self, draft: Draft) -> tuple[Prepared, ...]:
        """A draft made ready, behind the passage it rests on where that is new."""
        endpoint, body = _endpoint(draft), draft.body
        if endpoint is None or not isinstance(body, SealedExchange):
            return (prepare(draft),)
        self._forget_silent()
        there = self._known.pop(endpoint, None) or Beside()
        self._weight -= there.weight
        made = _taken_up(draft, body, there, self._given, whole=self._whole)
        self._known[endpoint] = there
        self._weight += there.weight
        while self._weight > BYTES:
            self._forget_oldest()
        return made

    def forget_old(self) -> None:
        """Forget the conversations that have been silent; to be called now and then."""
        self._given.cache_clear()
        self._forget_silent()

    def forget(self) -> None:
        """Forget everything: the ledger begins anew."""
        self._given.cache_clear()
        self._known.clear()
        self._weight = 0

    def _forget_silent(self) -> None:
        before = time.monotonic() - IDLE
        while self._known and self._known[oldest := next(iter(self._known))].last_used < before:
            self._weight -= self._known.pop(oldest).weight

    def _forget_oldest(self) -> None:
        """Forget a conversation of the endpoint that was not called for longest."""
        endpoint = next(iter(self._known))
        there = self._known[endpoint]
        self._weight -= there.weight
        there.forget_oldest()
        self._weight += there.weight
        if not there:
            del self._known[endpoint]


def _taken_up(
    draft: Draft, body: SealedExchange, there: Beside, given: Callable[[bytes], Given], *, whole: bool
) -> tuple[Prepared, ...]:
    """A draft made ready; the conversations of its endpoint remember it."""
    now, request = time.monotonic(), body.exchange.request.body
    there.forget_before(now - IDLE)
    if not there:
        there.put(Conversation(now, now, unread=request), len(request), ())
        return (prepare(draft),)
    fits = list(_fits(there.likely(request, now), request))
    best = max(fits, key=lambda fit: fit.size, default=_Fit(Conversation(now, now)))
    new = tuple(strings(request, ((at, len(one.text)) for at, one in best.found)))
    follows = next((fit for fit in fits if _goes_on(fit, best, new)), None)
    if follows is None:
        broke = 0 < best.depth == len(best.conversation.chain) - 1
        becomes = Conversation(best.conversation.begun if best.depth else now, now, apart=broke)
        fresh = new[: 0 if best.depth else _shared((fit.conversation for fit in fits), new)]
    else:
        becomes, best = follows.conversation, follows
        fresh = new if sum(len(text) for _, text in new) >= _WORTH else ()
        if becomes.chain and not becomes.apart:
            fresh = tuple(_joined(fresh, request, [at for at, _ in best.found]))
    becomes.used, becomes.chain = now, best.conversation.chain[: best.depth]
    becomes.new = tuple(text for _, text in new[len(fresh) :]) if follows is None or not fresh else ()
    found, made = _passage(draft, becomes, best.found, fresh) if fresh else (best.found, ())
    becomes.said = tuple(one for _, one in found)
    weight = best.size + sum(len(text) for _, text in fresh) + sum(map(len, becomes.new))
    there.put(becomes, weight, [text for _, text in new])
    return (*made, _ready(draft, body, becomes, found, given, whole=whole))


def _fits(there: Sequence[Conversation], request: bytes) -> Iterator[_Fit]:
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


def _shared(there: Iterable[Conversation], new: Sequence[tuple[int, bytes]]) -> int:
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
    draft: Draft, becomes: Conversation, found: Sequence[Found], fresh: Iterable[tuple[int, bytes]]
) -> tuple[tuple[Found, ...], tuple[Prepared, ...]]:
    """A passage of fresh texts, which the conversation rests on then; all texts found with them.

    Where the chain is as deep as it may be, its newer half becomes part of the passage.
    """
    kept = becomes.chain if len(becomes.chain) < DEPTH else becomes.chain[: DEPTH // 2]
    depth = len(kept) + 1
    if len(kept) < len(becomes.chain):
        found = [(at, Said(min(one.depth, depth), one.text)) for at, one in found]
    together = tuple(sorted((*found, *((at, Said(depth, text)) for at, text in fresh))))
    added = tuple((place, one.text) for place, (_, one) in enumerate(together) if one.depth == depth)
    before = [one.text for _, one in together if one.depth < depth]
    link, meta = Link(os.urandom(8), os.urandom(KEY_SIZE)), Passage(time=draft.meta.time)
    plain, raw_meta = records.encode(Texts(texts=added)), records.encode(meta)
    becomes.chain = (*kept, link)
    made = Prepared(
        raw_meta=raw_meta,
        meta=frame(raw_meta, Codec.META),
        body=frame_after(plain, kept[-1].key, Given(passages.given(before))) if kept else frame(plain),
        column=records.body_column(meta),
        name=link.name,
        key=link.key,
        after=kept[-1].name if kept else b"",
    )
    return together, (made,)


def _ready(
    draft: Draft,
    body: SealedExchange,
    becomes: Conversation,
    found: Sequence[Found],
    given: Callable[[bytes], Given],
    *,
    whole: bool,
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
        body=frame_after(plain, key, given(passages.given_to_body([one.text for _, one in found]))),
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


def _fit(conversation: Conversation, request: bytes) -> _Fit:
    """Which passages of a conversation a request says whole, one text behind the other."""
    found: list[Found] = []
    end, until, size = 0, len(conversation.chain) + 1, 0
    for one in conversation.said:
        if one.depth >= until:
            continue
        at = place_of(request, one.text, end)
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
