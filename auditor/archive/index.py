# SPDX-License-Identifier: Apache-2.0
"""The file of the index: SQLCipher under a raw key from the identity, opened per thread, made anew when in doubt.

It is a cache: where it is of another version, under another key or damaged, it is deleted and fills again from the
ledgers. It is confidential at rest, and no evidence: evidence lies in the ledgers.

Threads: every thread reads through a connection of its own (SQLCipher's are not shared, nothing is pooled);
`interrupt` may be called from any thread.
"""

import contextlib
import functools
import os
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import re2
from sqlalchemy import Connection, Engine, NullPool, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlcipher3 import dbapi2

from auditor.archive import schema
from auditor.errors import AuditorError, EnvironmentFailure

_BUSY_MS: Final = 10_000
_CACHE_KIB: Final = 64 * 1024
_PAGE_SIZE: Final = 8192
_LOG_PAGES: Final = 8192


class Interrupted(AuditorError):
    """A query was cancelled."""


class Unreadable(EnvironmentFailure):
    """The file is damaged, or under another key."""


class _Own:
    """A thread's connection; closed when the thread is gone."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def __del__(self) -> None:
        self.connection.close()


class Index:
    """The open index; create it with `Index.open`."""

    def __init__(self, path: Path, key: bytes) -> None:
        self.path = path
        self._key = key
        self._reading = self._engine("BEGIN")
        self._writing = self._engine("BEGIN IMMEDIATE")
        self._mine = threading.local()
        self._lock = threading.Lock()
        self._owned: weakref.WeakSet[_Own] = weakref.WeakSet()
        self._running: dict[Any, int] = {}

    @classmethod
    def open(cls, path: Path, key: bytes) -> "Index":
        """The index at `path`, created or made anew where needed. Raises `EnvironmentFailure`."""
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise EnvironmentFailure(f"The index folder {path.parent} cannot be made: {error.strerror}.") from error
        index = cls(path, key)
        version = index._version()
        if version not in {0, schema.VERSION}:
            index.close()
            remove(path)
            index = cls(path, key)
        if version != schema.VERSION:
            index._create()
        return index

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """This thread's connection in a read transaction: one consistent state. Keep it short."""
        connection = self._own()
        with _translated(self.path):
            transaction = connection.begin()
            try:
                with self._interruptible(connection):
                    yield connection
            finally:
                transaction.rollback()  # unlike COMMIT it also ends what a cursor left open was reading

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """A write transaction, one at a time among all processes; committed where nothing is raised."""
        with _translated(self.path), self._writing.begin() as connection:
            yield connection

    def interrupt(self, thread: int | None = None) -> None:
        """Cancel every read under way, in whatever thread or in this one alone: it raises `Interrupted` there."""
        with self._lock:
            for raw, reading in self._running.items():
                if thread in (None, reading):
                    raw.interrupt()

    def analyze(self) -> None:
        """Bring the planner's statistics up to date, after many rows came."""
        with self.writing() as connection:
            connection.exec_driver_sql("PRAGMA analysis_limit = 1000")
            connection.exec_driver_sql("PRAGMA optimize")

    def close(self) -> None:
        """Close the connections of all threads. No query may be running."""
        with self._lock:
            owned = list(self._owned)
        for own in owned:
            own.connection.close()
        self._mine = threading.local()
        self._reading.dispose()
        self._writing.dispose()

    @contextlib.contextmanager
    def _interruptible(self, connection: Connection) -> Iterator[None]:
        """Within, and never at the ends of a transaction: an interrupted COMMIT leaves the transaction open."""
        raw = connection.connection.dbapi_connection
        with self._lock:
            self._running[raw] = threading.get_ident()
        try:
            yield
        finally:
            with self._lock:
                self._running.pop(raw, None)

    def _own(self) -> Connection:
        own: _Own | None = getattr(self._mine, "own", None)
        if own is None:
            with _translated(self.path):
                own = self._mine.own = _Own(self._reading.connect())
            with self._lock:
                self._owned.add(own)
        return own.connection

    def _version(self) -> int | None:
        """The version of the index; 0 where it is empty, None where it cannot be read with this key."""
        try:
            with _translated(self.path), self._reading.begin() as connection:
                return connection.exec_driver_sql("PRAGMA user_version").scalar()
        except Unreadable:
            return None

    def _create(self) -> None:
        with self.writing() as connection:
            schema.metadata.create_all(connection)
            connection.exec_driver_sql(f"PRAGMA user_version = {schema.VERSION}")

    def _engine(self, begin: str) -> Engine:
        engine = create_engine("sqlite+pysqlite://", module=dbapi2, creator=self._connect, poolclass=NullPool)
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
        return engine

    def _connect(self) -> Any:
        raw = dbapi2.connect(str(self.path), isolation_level=None, check_same_thread=False)
        try:
            for statement in (
                f"PRAGMA key = \"x'{self._key.hex()}'\"",
                f"PRAGMA cipher_page_size = {_PAGE_SIZE}",
                f"PRAGMA busy_timeout = {_BUSY_MS}",
                "PRAGMA journal_mode = WAL",
                "PRAGMA synchronous = NORMAL",
                f"PRAGMA wal_autocheckpoint = {_LOG_PAGES}",
                f"PRAGMA cache_size = -{_CACHE_KIB}",
                "PRAGMA temp_store = MEMORY",
                "PRAGMA secure_delete = ON",
            ):
                raw.execute(statement)
            raw.create_function("regexp", 2, _regexp, deterministic=True)
        except BaseException:
            raw.close()
            raise
        return raw


@functools.lru_cache(maxsize=256)
def _pattern(expression: str) -> Any:
    return re2.compile(expression)


def _regexp(expression: str, text: Any) -> bool | None:
    """SQL's REGEXP by RE2, whose time is linear in the text; an absent text matches nothing."""
    return None if text is None else _pattern(expression).search(str(text)) is not None


def remove(path: Path) -> None:
    """Delete an index with its log; it will be rebuilt."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(f"{path}{suffix}")


@contextlib.contextmanager
def _translated(path: Path) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        reason = str(error.orig)
        if "interrupted" in reason:
            raise Interrupted("The query was cancelled.") from None
        advice = "It is a cache: delete the file and it is rebuilt."
        if isinstance(error.orig, dbapi2.OperationalError):
            raise EnvironmentFailure(f"The index {path} failed: {reason}.", advice) from error
        if type(error.orig) is dbapi2.DatabaseError:
            raise Unreadable(f"The index {path} cannot be read: {reason}.", advice) from error
        raise
