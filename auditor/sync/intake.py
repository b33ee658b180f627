# SPDX-License-Identifier: Apache-2.0
"""A ledger's copy in a store's folder: what arrives is inspected piece by piece, each kept whole or not at all.

Invariants: only who holds the copy's lock writes it, so a ledger that is written here is never pulled into; what is
kept has been proved; broken off at any point, the next pull goes on from the last piece.
"""

import contextlib
from collections.abc import Iterator, Sequence

import msgspec
from sqlalchemy import Table, func, select
from sqlalchemy.dialects.sqlite import insert

from auditor.closing import Closing
from auditor.errors import CheckFailed
from auditor.store import files
from auditor.store.format import schema
from auditor.store.keys.facts import Erased, StoreFacts
from auditor.store.ledger import chain, engine, erasure, locking
from auditor.store.location import Location
from auditor.store.server import feed
from auditor.store.server.feed import Frame, Parts, Row
from auditor.sync.inspection import Inspection


class Intake(Closing):
    """The copy of one ledger, open for what arrives. For one thread; close it."""

    def __init__(self, location: Location, store: StoreFacts, ledger: str) -> None:
        """Raises `InputError` where the ledger is not enrolled, `EnvironmentFailure` where somebody writes it."""
        self.ledger = ledger
        self._location = location
        self._store = store
        self._enrolment = store.enrolment(ledger)
        self._path = location.ledger_file(ledger)
        with contextlib.ExitStack() as stack:
            self._connection = stack.enter_context(locking.writing(self._path))
            with engine.translated(self._path), self._connection.begin():
                self._position = chain.load(self._connection, ledger)
            files.write(location.copy_mark(ledger), b"")
            self._resources = stack.pop_all()

    @property
    def size(self) -> int:
        """How many leaves are here."""
        return self._position.tree.size

    @property
    def erasures(self) -> int:
        """How many records are known to have lost their content."""
        table = schema.erasure
        with self._connection.begin():
            return self._connection.scalar(select(func.count()).select_from(table)) or 0

    def take(self, parts: Parts) -> int:
        """Inspect a piece and keep it; how many leaves it had. Raises `CheckFailed`: then nothing of it is kept."""
        with contextlib.closing(parts), self._proved(), self._connection.begin():
            inspection: Inspection | None = None
            for part in parts:
                if isinstance(part, Frame):
                    inspection = Inspection(self._position, part, (self._enrolment, self._store), self._has_note)
                    for name, rows in part.tables.items():
                        self._insert(schema.metadata.tables[name], rows)
                elif inspection is None:
                    raise CheckFailed(f"Ledger {self.ledger}: records came without their frame.")
                else:
                    inspection.records(part.rows)
                    self._insert(schema.record, part.rows)
            if inspection is None:
                return 0
            position = inspection.finish()
        taken, self._position = position.tree.size - self.size, position
        return taken

    def forget(self, rows: Sequence[Row]) -> int:
        """Erase here what was erased there, as far as an auditor signed for it; how many records."""
        with self._proved():
            signed = self._signed(rows)
            if signed:
                with self._connection.begin():
                    erasure.empty(self._connection, signed)
                erasure.wash(self._connection, engine.BUSY_MS)
        return len(signed)

    def carry_out(self) -> None:
        """Carry out the erasures that were ordered here."""
        with engine.translated(self._path):
            if erasure.carry_out(self._connection, self._location, self._store, self.ledger):
                erasure.wash(self._connection, engine.BUSY_MS)

    def close(self) -> None:
        """Let the copy go."""
        self._resources.close()

    def _signed(self, rows: Sequence[Row]) -> list[Erased]:
        """The erasures among these that concern records which are here with their content."""
        record, wanted = schema.record, {row["seq"]: row for row in feed.as_dicts(schema.erasure, rows)}
        here = select(record.c.seq, record.c.leaf).where(record.c.ledger == self.ledger, record.c.meta.is_not(None))
        found = []
        with self._connection.begin():
            for seq, leaf in self._connection.execute(here.where(record.c.seq.in_(wanted))) if wanted else ():
                row = {**wanted[seq], "leaf": leaf}
                if not erasure.is_signed(row, self._store):
                    raise CheckFailed(f"Ledger {self.ledger}: record {seq} was erased, but no auditor signed for it.")
                found.append(msgspec.convert({**row, "store": self._store.id}, Erased))
        return found

    def _has_note(self, size: int) -> bool:
        """Whether a checkpoint of this size is here."""
        table = schema.checkpoint
        query = select(table.c.size).where(table.c.ledger == self.ledger, table.c.size == size)
        return self._connection.scalar(query) is not None

    def _insert(self, table: Table, rows: Sequence[Row]) -> None:
        if rows:
            self._connection.execute(insert(table).on_conflict_do_nothing(), feed.as_dicts(table, rows))

    @contextlib.contextmanager
    def _proved(self) -> Iterator[None]:
        """What cannot even be read as rows of a ledger is told as such."""
        try:
            with engine.translated(self._path):
                yield
        except (ValueError, TypeError, KeyError, OverflowError, msgspec.MsgspecError) as error:
            raise CheckFailed(f"Ledger {self.ledger}: what came is no piece of a ledger.") from error
