# SPDX-License-Identifier: Apache-2.0
"""The counters of completeness, ledger by ledger: what passed, what is recorded, and what is missing.

    seen = recorded + lost + unknown + waiting + unaccounted

to the unit. `blocked` calls never left, so they are beside it.

A gateway reports its totals once a minute, so the ledger itself may know more: no figure is ever lower than what the
ledger shows.
"""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, Select, func, select, text

from auditor.archive.rows import INTENT_ONLY
from auditor.archive.schema import calls, gaps, intents
from auditor.archive.standing import Standing
from auditor.archive.times import moment
from auditor.calls import Value
from auditor.store.format.records import Gap, decode_meta

_LOSSES: Final = frozenset({"store_failure", "queue_full", "crash", "recorder_away"})
"""Reasons of gaps that stand for whole calls; the others do not."""


class LedgerStatus(Value, frozen=True, kw_only=True):
    """One ledger's account. `recorded` exchanges are `sealed` once their completion is in the ledger; `backlog` waits,
    and `unshipped` leaves of the ledger were not on the server yet when the gateway last reported.

    `unknown` left, and their outcome was never recorded, since a gateway broke off; `waiting` are under way;
    `unaccounted` should be none. `erased` of them have no content any more.
    `denied`, `refused` and `turned_away` are requests and connections the gateway did not serve, `discovered` hosts
    that look like AI endpoints nobody configured.
    `open` requests left and have not come back yet. `gaps` counts the gap records, `lost` the calls they stand for.
    `reported` is the gateway's last sign of life; a desk gives none.
    """

    ledger: str
    seen: int
    recorded: int
    sealed: int
    erased: int
    lost: int
    blocked: int
    tunnelled: int
    undecryptable: int
    unparsed: int
    backlog: int
    unshipped: int
    denied: int
    refused: int
    turned_away: int
    discovered: int
    open: int
    unknown: int
    waiting: int
    unaccounted: int
    gaps: int
    version: str | None
    started: datetime | None
    stopped: datetime | None
    reported: datetime | None
    last_checkpoint: datetime | None


class GapRecord(Value, frozen=True, kw_only=True):
    """A gap, and the record that says so."""

    ledger: str
    seq: int
    gap: Gap


def account(connection: Connection, standing: Standing, last_checkpoint: datetime | None) -> LedgerStatus:
    """The account of one ledger as the index has it."""
    told = standing.total()
    left = select(func.count()).select_from(intents).where(intents.c.ledger == standing.name)
    pending = connection.scalar(left) or 0
    found = gap_records(connection, standing.name)
    lost = max(told.lost, sum(one.gap.count for one in found if one.gap.reason in _LOSSES))
    sealed = standing.exchanges + standing.erased
    recorded = max(told.recorded, sealed)
    unknown = _unknown(connection, standing.name)
    settled = recorded + lost + unknown
    waiting = max(pending, 0 if standing.stopped else min(told.backlog, told.seen - settled))
    seen = max(told.seen, settled + waiting)
    return LedgerStatus(
        ledger=standing.name,
        seen=seen,
        recorded=recorded,
        sealed=sealed,
        erased=standing.erased,
        lost=lost,
        blocked=told.blocked,
        tunnelled=told.tunnelled,
        undecryptable=told.undecryptable,
        unparsed=told.unparsed,
        backlog=told.backlog,
        unshipped=told.unshipped,
        denied=told.denied,
        refused=told.refused,
        turned_away=told.turned_away,
        discovered=told.discovered,
        open=pending,
        unknown=unknown,
        waiting=waiting,
        unaccounted=seen - settled - waiting,
        gaps=len(found),
        version=standing.version,
        started=_moment(standing.started),
        stopped=_moment(standing.stopped),
        reported=_moment(standing.reported),
        last_checkpoint=last_checkpoint,
    )


def gap_records(connection: Connection, ledger: str | None = None) -> list[GapRecord]:
    """The gap records of one ledger, or of all."""
    query = select(gaps).order_by(gaps.c.ledger, gaps.c.seq)
    rows = connection.execute(query if ledger is None else query.where(gaps.c.ledger == ledger))
    found = ((row, decode_meta(row.meta)) for row in rows)
    return [GapRecord(ledger=row.ledger, seq=row.seq, gap=meta) for row, meta in found if isinstance(meta, Gap)]


def _unknown(connection: Connection, ledger: str) -> int:
    return connection.scalar(unknown(ledger)) or 0


def unknown(ledger: str) -> Select[int]:
    """Counts the calls of a ledger that are known by their intent only. The number is written out, since a partial
    index serves no parameter: without it every status would read every call."""
    by_intent = text(f"calls.part = {INTENT_ONLY}")
    return select(func.count()).select_from(calls).where(calls.c.ledger == ledger, by_intent)


def _moment(time: int | None) -> datetime | None:
    return None if time is None else moment(time)
