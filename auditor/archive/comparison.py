# SPDX-License-Identifier: Apache-2.0
"""Fingerprints on a PostgreSQL server of the auditors' own, which tells by SQL what calls hold those of an upload.

The server holds a copy of the index's fingerprints as rows: each encrypted once more under a key that only the index
holds, beside the number the index gave its call; in a schema of its own, whose name tells nothing without the identity.
Where the index forgets a call it forgets the key with it: the copy is emptied and made anew under another one, so what
the server's files and backups still hold of the old one is noise. See docs/adr/0021-fingerprints-on-a-server.md.
"""

import hashlib
import secrets
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    LargeBinary,
    MetaData,
    Select,
    Table,
    func,
    insert,
    select,
    text,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.schema import CreateSchema

from auditor.archive import sharing
from auditor.archive.index import Index
from auditor.archive.schema import copied
from auditor.archive.sharing import COMMON, Numbers
from auditor.errors import EnvironmentFailure
from auditor.hashing import Hashes, Keyed
from auditor.store.server import engine as server

_SCHEMA: Final = "analysis"
"""Stands for the schema's own name."""

_metadata = MetaData(schema=_SCHEMA)
_held = Table(
    "fingerprint",
    _metadata,
    Column("mark", BigInteger, primary_key=True),
    Column("call", BigInteger, primary_key=True, autoincrement=False),
)
_copy = Table("copy", _metadata, Column("name", LargeBinary, primary_key=True))
"""Of which index, and under which key."""


def _passing(name: str, number: str) -> Table:
    """A table of fingerprints with one number each, for one transaction."""
    columns = Column("mark", BigInteger), Column(number, BigInteger)
    return Table(name, MetaData(), *columns, prefixes=["TEMPORARY"], postgresql_on_commit="DROP")


_asked = _passing("asked", "question")
_new = _passing("new", "call")

_PAIR: Final = np.dtype([("fields", ">i2"), ("one", ">i4"), ("mark", ">i8"), ("two", ">i4"), ("number", ">i8")])
"""A row of two numbers as COPY takes it, https://www.postgresql.org/docs/current/sql-copy.html."""
_COPY_BEGIN: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_COPY_END: Final = b"\xff\xff"


class _State(NamedTuple):
    """How far the copy came, and the secret its key is made of."""

    secret: bytes
    newest: int


class Comparison:
    """The copy of one index on a server. Raises `EnvironmentFailure` where the server does not do its part."""

    def __init__(self, url: str, index: Index, key: bytes) -> None:
        """`key` is the index's, from the identity."""
        self._url, self._index, self._key = server.parse(url), index, key
        self._schema = f"{_SCHEMA}_{self._derived(b'schema', b'', 8).hex()}"
        engine = server.writing_engine(self._url)
        self._engine = engine.execution_options(schema_translate_map={_SCHEMA: self._schema})

    def holders(self, wanted: Sequence[Hashes]) -> list[Counter[int]]:
        """For each of some sets of fingerprints the numbers of the calls that hold some of them, and how many each
        holds; the copy is brought up to date first."""
        state = self._followed()
        found: list[Counter[int]] = [Counter() for _ in wanted]
        with server.translated(self._url), self._engine.begin() as connection:
            self._check(connection, state)
            _asked.create(connection)
            for number, one in enumerate(wanted):
                marks = self._marks(state, np.unique(one))
                _load(connection, _asked, marks, np.full(len(marks), number, dtype=np.int64))
            connection.execute(text("ANALYZE asked"))
            for question, call, count in connection.execute(_question()):
                found[question][call] = count
        return found

    def _followed(self) -> _State:
        """Copies what the index has that the server has not; begins again where the index forgets the key meanwhile."""
        while True:
            state = self._prepared(self._begun())
            for prints, calls in self._news(state.newest):
                self._add(state, prints, calls)
                state = state._replace(newest=int(calls.max()))
                if not self._noted(state):
                    break
            else:
                return state

    def _prepared(self, state: _State) -> _State:
        """The tables, empty where they hold another index's copy or one under another key."""
        with server.translated(self._url), self._engine.begin() as connection:
            connection.execute(CreateSchema(self._schema, if_not_exists=True))
            _metadata.create_all(connection)
            if self._is_ours(connection, state):
                return state
            connection.execute(text(f'TRUNCATE "{self._schema}".fingerprint, "{self._schema}".copy'))
            connection.execute(insert(_copy), {"name": self._name(state)})
        return state._replace(newest=0)

    def _add(self, state: _State, prints: Hashes, calls: Numbers) -> None:
        with server.translated(self._url), self._engine.begin() as connection:
            self._check(connection, state)
            _new.create(connection)
            _load(connection, _new, self._marks(state, prints), calls)
            rows = select(_new.c.mark, _new.c.call).distinct().order_by(_new.c.mark)
            connection.execute(upsert(_held).from_select(["mark", "call"], rows).on_conflict_do_nothing())

    def _check(self, connection: Connection, state: _State) -> None:
        """Raises where the copy was replaced meanwhile; until the transaction ends nobody can do that then."""
        if not self._is_ours(connection, state):
            what = f"{server.label(self._url)}: another index of this auditor took the copy of fingerprints over."
            raise EnvironmentFailure(what, "Analyse again, on one machine at a time.")

    def _is_ours(self, connection: Connection, state: _State) -> bool:
        return list(connection.scalars(select(_copy.c.name).with_for_update(read=True))) == [self._name(state)]

    def _name(self, state: _State) -> bytes:
        return self._derived(b"name", state.secret, 16)

    def _begun(self) -> _State:
        with self._index.writing() as connection:
            row = connection.execute(select(copied.c.secret, copied.c.newest)).one_or_none()
            if row is not None:
                return _State(*row)
            state = _State(secrets.token_bytes(16), 0)
            connection.execute(insert(copied), state._asdict())
        return state

    def _noted(self, state: _State) -> bool:
        """Notes how far the copy came; False where its key is no longer the index's."""
        this = update(copied).where(copied.c.secret == state.secret)
        with self._index.writing() as connection:
            return connection.execute(this.values(newest=state.newest)).rowcount == 1

    def _news(self, newest: int) -> Iterator[tuple[Hashes, Numbers]]:
        """What came after a call, by pieces."""
        while True:
            with self._index.reading() as connection:
                piece = sharing.after(connection, newest)
            if piece is None:
                return
            yield piece.prints, piece.calls
            newest = int(piece.calls.max())

    def _marks(self, state: _State, prints: Hashes) -> Hashes:
        return Keyed(self._derived(b"marks", state.secret, 16)).of(prints)

    def _derived(self, use: bytes, secret: bytes, size: int) -> bytes:
        return hashlib.blake2b(secret, key=self._key, digest_size=size, person=b"analysis" + use).digest()


def _question() -> Select[int, int, int]:
    """Which calls hold what is asked for, where not too many hold it; of what more hold, no more is read."""
    marks = select(_asked.c.mark).distinct().subquery()
    few = select(_held.c.call).where(_held.c.mark == marks.c.mark).limit(COMMON + 1).lateral()
    found = select(marks.c.mark, few.c.call).select_from(marks.join(few, true())).cte()
    rare = select(found.c.mark).group_by(found.c.mark).having(func.count() <= COMMON).subquery()
    joined = _asked.join(found, _asked.c.mark == found.c.mark).join(rare, rare.c.mark == found.c.mark)
    counted = select(_asked.c.question, found.c.call, func.count()).select_from(joined)
    return counted.group_by(_asked.c.question, found.c.call)


def _load(connection: Connection, table: Table, marks: Hashes, numbers: Numbers) -> None:
    """Fill a table of two columns."""
    rows = np.empty(len(marks), dtype=_PAIR)
    rows["fields"], rows["one"], rows["two"] = 2, 8, 8
    rows["mark"], rows["number"] = marks.view(np.int64), numbers
    cursor = connection.connection.driver_connection.cursor()  # type: ignore[union-attr]
    with cursor.copy(f"COPY {table.name} FROM STDIN (FORMAT BINARY)") as copy:
        copy.write(_COPY_BEGIN + rows.tobytes() + _COPY_END)
