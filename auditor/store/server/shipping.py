# SPDX-License-Identifier: Apache-2.0
"""Shipping: a ledger that is written here is copied to the server, batch by batch, from its own file.

Invariants: a batch and the checkpoint at its end arrive in one transaction, so the server holds a whole ledger at any
time, and tells itself where to go on: an outage of any length, a crash on either side, even a server restored from an
older backup loses nothing and doubles nothing. Only rows are inserted. The writer is never waited for: who ships reads
its file like any reader.
"""

import contextlib
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

import msgspec
from sqlalchemy import Connection, Engine, Table, func, select
from sqlalchemy.dialects.postgresql import insert

from auditor.calls import Compact
from auditor.store import files
from auditor.store.format import schema
from auditor.store.ledger import engine
from auditor.store.server import engine as server
from auditor.store.server import feed, tables
from auditor.store.server.feed import Frame, Row

STATE_FILE: Final = "shipping.json"


class Shipping(Compact, frozen=True, kw_only=True):
    """How far a gateway's shipping came, as `STATE_FILE` in its folder says: leaves on the server, leaves still to go,
    and why it stands still, where it does."""

    shipped: int
    behind: int
    failure: str | None = None

    def save(self, folder: Path) -> None:
        """Write it down for who asks: recorder, metrics, status."""
        files.write(folder / STATE_FILE, msgspec.json.encode(self))

    @classmethod
    def load(cls, folder: Path) -> "Shipping | None":
        """What was written last; None where nothing ships."""
        try:
            return msgspec.json.decode((folder / STATE_FILE).read_bytes(), type=cls)
        except (OSError, msgspec.MsgspecError):
            return None


class Shipper:
    """Ships one ledger from its file to the server. For one thread."""

    def __init__(self, ledger_file: Path, ledger: str, url: str) -> None:
        self.ledger = ledger
        self._url = url
        self._file = ledger_file
        self._erasures = 0
        self.arrived = 0
        """Leaves that were on the server when last seen."""

    @property
    def _source(self) -> Engine:
        return engine.reading_engine(self._file)

    def size(self) -> int:
        """Leaves there are to ship."""
        with engine.translated(self._file):
            return feed.size(self._source, self.ledger)

    def has_news(self) -> bool:
        """Whether there is something the server had not when last seen; asks the file alone."""
        with engine.translated(self._file):
            changed = feed.erasures(self._source, self.ledger, self._erasures) is not None
            return changed or feed.size(self._source, self.ledger) != self.arrived

    def has_content(self, seqs: Collection[int]) -> bool:
        """Whether any of these records still has its content in the file."""
        table = schema.record
        here = (table.c.ledger == self.ledger, table.c.seq.in_(seqs), table.c.meta.is_not(None))
        with engine.translated(self._file), self._source.begin() as connection:
            return connection.execute(select(table.c.seq).where(*here).limit(1)).first() is not None

    def ship(self) -> int:
        """Ship one batch; how many leaves it had. Raises `ServerAway` and other failures: then nothing arrived."""
        with (
            engine.translated(self._file),
            server.translated(self._url),
            server.writing_engine(self._url).begin() as target,
        ):
            until = after = _size_there(target, self.ledger)
            with contextlib.closing(feed.read(self._source, self.ledger, after)) as parts:
                for part in parts:
                    if isinstance(part, Frame):
                        frame, until = part, part.until
                        _insert_frame(target, frame)
                    else:
                        _insert(target, schema.record, part.rows, frame)
            erasures = self._insert_erasures(target)
        self.arrived, self._erasures = until, erasures
        return until - after

    def ship_all(self) -> int:
        """Ship until nothing is left; how many leaves that were."""
        total = 0
        while leaves := self.ship():
            total += leaves
        return total

    def _insert_erasures(self, target: Connection) -> int:
        """Tell the server what lost its content here since; its auditors take out what it still holds."""
        rows = feed.erasures(self._source, self.ledger, self._erasures)
        if rows is None:
            return self._erasures
        _insert(target, schema.erasure, rows)
        return len(rows)


def arrived(url: str, ledger: str) -> int:
    """How many leaves of a ledger are on the server. Raises `ServerAway`."""
    with server.translated(url), server.writing_engine(url).begin() as target:
        return _size_there(target, ledger)


def _size_there(target: Connection, ledger: str) -> int:
    notes = schema.checkpoint
    return target.scalar(select(func.max(notes.c.size)).where(notes.c.ledger == ledger)) or 0


def _insert_frame(target: Connection, frame: Frame) -> None:
    for name, rows in frame.tables.items():
        if name == schema.epoch.name:  # the server has the auditors' own
            continue
        table = schema.metadata.tables[name]
        if table is schema.segment_footer:
            rows = [_without_erased(target, frame, row) for row in rows]
        _insert(target, table, rows, frame)


def _without_erased(target: Connection, frame: Frame, row: Row) -> Row:
    """A footer as it may arrive: without its blob where a record of its segment was erased on the server meanwhile."""
    (footer,), gone = feed.as_dicts(schema.segment_footer, [row]), schema.erasure
    _, first = frame.segments[footer["seg"]]
    here = (gone.c.ledger == frame.ledger, gone.c.seq.between(first, footer["last_seq"]))
    is_erased = target.execute(select(gone.c.seq).where(*here).limit(1)).first() is not None
    return tuple((footer | {"footer": None}).values()) if is_erased else row


def _insert(target: Connection, table: Table, rows: Sequence[Row], frame: Frame | None = None) -> None:
    if not rows:
        return
    values = feed.as_dicts(table, rows)
    if frame is not None and table.name in tables.PARTED:
        values = [value | {"epoch": frame.segments[value["seg"]][0]} for value in values]
    target.execute(insert(tables.tables[table.name]).on_conflict_do_nothing(), values)
