# SPDX-License-Identifier: Apache-2.0
"""Reading what was said: the one way to content, and it leaves a record before it opens anything.

Invariants: no body is opened unless an `Access` record with a reason is durable in the auditor's own ledger; the
content is read anew from the exchange as it was captured, so a better dialect shows more of an old call.
"""

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, select

from auditor.archive import rows
from auditor.archive.index import Index
from auditor.archive.restoring import restored
from auditor.archive.schema import accesses, among, call_values, calls, withheld
from auditor.calls import Call, Content, Exchange, PlacedMatch
from auditor.errors import InputError, UnlockError
from auditor.providers import Providers
from auditor.spelling import put_back
from auditor.store import Identity, LedgerReader, LedgerWriter, Location
from auditor.store.format.records import Access, Draft, Record, SealedExchange, decode_meta
from auditor.store.keys.identity import KeyGone

_AT_ONCE = 500


class Opened(NamedTuple):
    """A call with what was said in it, and its exchange with the matches of this call only.

    `sealed` is None where nothing was captured (the gateway broke down) or nothing is left (erased). Unmasked, what
    was withheld from the exchange is back in `content`, and the matches lie where it does; in `sealed` the exchange
    stays as it was stored, `captured` is it with what was withheld.
    """

    call: Call
    content: Content
    sealed: SealedExchange | None
    stored: tuple[PlacedMatch, ...] = ()
    """Unmasked, the matches as they lie where nothing is put back, in the order of those in `sealed`."""
    back: Exchange | None = None

    @property
    def captured(self) -> Exchange | None:
        """The exchange as it was captured, as far as this reading brings back what was withheld."""
        return self.back or (self.sealed.exchange if self.sealed else None)

    def now(self, placed: PlacedMatch) -> PlacedMatch:
        """Where a match lies in this content that was read in a masked one."""
        moved = dict(zip(self.stored, self.sealed.matches, strict=True)) if self.stored and self.sealed else {}
        return moved.get(placed, placed)


class Place(NamedTuple):
    """Where a call's record lies, and which call of its exchange it is (-1: known by its intent only)."""

    ledger: str
    seq: int
    part: int


def write_access(location: Location, identity: Identity, access: Access) -> None:
    """Record an access durably in the auditor's ledger. Raises `InputError` for an empty reason."""
    if not access.reason.strip():
        raise InputError("Reading content takes a reason.", "Say in a few words why you need to read it.")
    with LedgerWriter.for_desk(location, identity) as writer:
        writer.append([Draft(access)])


def places(connection: Connection, ids: Sequence[str]) -> dict[str, tuple[Call, Place]]:
    """Call and place of those ids that the index knows."""
    query = select(calls.c.id, calls.c.ledger, calls.c.seq, calls.c.part, call_values.c.value)
    query = query.join(call_values, call_values.c.n == calls.c.n).where(among(calls.c.id, ids))
    return {
        row.id: (rows.decoded(row.value), Place(row.ledger, row.seq, row.part)) for row in connection.execute(query)
    }


def open_content(
    index: Index, reader: LedgerReader, providers: Providers, ids: Iterable[str], *, unmasked: bool = False
) -> Iterator[Opened]:
    """Open calls in the order of their ids; the access must be recorded already. `unmasked`: with what was withheld."""
    wanted = list(ids)
    for start in range(0, len(wanted), _AT_ONCE):
        block = wanted[start : start + _AT_ONCE]
        with index.reading() as connection:
            found = places(connection, block)
        for id_ in block:
            if id_ not in found:
                raise InputError(f"There is no call {id_}.", "Refresh, or check the id.")
            opened = _open(reader, providers, *found[id_])
            yield _completed(index, reader, opened) if unmasked else opened


def _open(reader: LedgerReader, providers: Providers, call: Call, place: Place) -> Opened:
    if place.part == rows.INTENT_ONLY:
        return Opened(call, Content(), None)
    try:
        sealed = reader.body(place.ledger, place.seq)
    except (InputError, KeyGone):
        return Opened(call, Content(), None)
    matches = tuple(found for found in sealed.matches if found.call == place.part)
    content = _content(sealed.exchange, providers, place.part)
    return Opened(call, content, msgspec.structs.replace(sealed, matches=matches))


def _completed(index: Index, reader: LedgerReader, opened: Opened) -> Opened:
    """A call with what was withheld from its exchange, as far as this identity may open it and it was not erased."""
    if opened.sealed is None:
        return opened
    query = select(withheld.c.ledger, withheld.c.seq).where(withheld.c.exchange == opened.sealed.exchange.id)
    with index.reading() as connection:
        kept = connection.execute(query).all()
    values: dict[str, str] = {}
    spelled: dict[str, tuple[bytes, ...]] = {}
    for row in kept:
        with contextlib.suppress(InputError, UnlockError):
            apart = reader.kept_apart(row.ledger, row.seq)
            values, spelled = values | apart.values, spelled | apart.spelled
    if not values:
        return opened
    content, matches = restored(opened.content, opened.sealed.matches, values)
    sealed = msgspec.structs.replace(opened.sealed, matches=matches)
    back = put_back(opened.sealed.exchange, values, spelled)
    return Opened(opened.call, content, sealed, stored=opened.sealed.matches, back=back)


def _content(exchange: Exchange, providers: Providers, part: int) -> Content:
    from auditor import dialects  # the formats, where a content is asked for: most of what an index serves is not

    readings = dialects.parse(exchange, providers)
    return readings[part].content if part < len(readings) else Content()


def access_log(connection: Connection) -> list[Record]:
    """The access records of all auditors, newest first."""
    query = select(accesses).order_by(accesses.c.time.desc(), accesses.c.seq.desc())
    return [Record(row.ledger, row.seq, decode_meta(row.meta), False) for row in connection.execute(query)]


def access(auditor: str, action: str, reason: str, ids: Sequence[str], scope: str | None) -> Access:
    """The record of an access to these calls, now."""
    return Access(
        time=datetime.now(UTC), auditor=auditor, action=action, reason=reason.strip(), calls=tuple(ids), scope=scope
    )
