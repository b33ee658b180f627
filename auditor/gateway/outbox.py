# SPDX-License-Identifier: Apache-2.0
"""Findings that wait to be forwarded: a bounded queue on disk for each target, sealed, that outlives the gateway.

A SQLCipher database beside `gateway.toml`, under a key made of the gateway's own secret: a copied disk without the
folder's keys tells nothing, and the gateway must read what it has yet to send. An event is there before anybody is told
that it waits, also if the process is killed; it goes once its target took it, so a target may see it twice, never less
than once. Where the queue is full the oldest goes and is counted, and the count stays.
"""

import contextlib
import hashlib
import logging
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlcipher3 import dbapi2

from auditor.errors import EnvironmentFailure

log = logging.getLogger(__name__)

FILE: Final = "forwarding.db"
MOST: Final = 10_000
"""Events that wait for one target."""

_BUSY_MS: Final = 10_000
_TABLES: Final = (
    "CREATE TABLE IF NOT EXISTS waiting"
    " (n INTEGER PRIMARY KEY AUTOINCREMENT, target TEXT NOT NULL, event BLOB NOT NULL)",
    "CREATE INDEX IF NOT EXISTS waiting_target ON waiting (target, n)",
    "CREATE TABLE IF NOT EXISTS counts (target TEXT PRIMARY KEY, delivered INTEGER NOT NULL, dropped INTEGER NOT NULL)",
)


class Waiting(NamedTuple):
    """An event and its number."""

    n: int
    event: bytes


class Standing(NamedTuple):
    """How a target stands: events that wait, and those delivered and dropped since the queue was made."""

    target: str
    waiting: int
    delivered: int
    dropped: int


class Outbox:
    """The queue. Any thread may call anything; two outboxes of one folder may be open while settings are read anew.
    Every method raises `OSError` where the disk does not do its part."""

    def __init__(self, path: Path, key: bytes, most: int = MOST) -> None:
        """Open the queue at `path` under a 32-byte key, or begin one; what cannot be read is begun anew, which the log
        says. Raises `EnvironmentFailure` where there can be none."""
        self._most = most
        self._lock = threading.Lock()
        try:
            self._connection = _opened(path, key)
        except dbapi2.DatabaseError:
            log.error("%s cannot be read: findings that waited in it are forwarded no more", path)
            _remove(path)
            try:
                self._connection = _opened(path, key)
            except dbapi2.DatabaseError as error:
                raise EnvironmentFailure(f"{path}: no queue can be kept there ({error}).") from None

    def put(self, target: str, event: bytes) -> None:
        """Let an event wait for a target; durable against the death of the process."""
        with self._writing() as connection:
            connection.execute("INSERT INTO waiting (target, event) VALUES (?, ?)", (target, event))
            over = _waiting(connection, target) - self._most
            if over > 0:
                connection.execute(
                    "DELETE FROM waiting WHERE n IN (SELECT n FROM waiting WHERE target = ? ORDER BY n LIMIT ?)",
                    (target, over),
                )
                _count(connection, target, dropped=over)

    def oldest(self, target: str) -> Waiting | None:
        """What waits longest."""
        query = "SELECT n, event FROM waiting WHERE target = ? ORDER BY n LIMIT 1"
        with self._using() as connection:
            row = connection.execute(query, (target,)).fetchone()
        return Waiting(*row) if row else None

    def settle(self, target: str, n: int, *, delivered: bool) -> None:
        """An event waits no more: its target took it, or nobody can."""
        with self._writing() as connection:
            if connection.execute("DELETE FROM waiting WHERE n = ?", (n,)).rowcount:
                _count(connection, target, delivered=int(delivered), dropped=int(not delivered))

    def standing(self, target: str) -> Standing:
        """The figures of a target."""
        query = "SELECT delivered, dropped FROM counts WHERE target = ?"
        with self._using() as connection:
            counted = connection.execute(query, (target,)).fetchone() or (0, 0)
            return Standing(target, _waiting(connection, target), *counted)

    def close(self) -> None:
        """Close the file; what waits, waits in it."""
        with self._lock:
            self._connection.close()

    @contextlib.contextmanager
    def _using(self) -> Iterator[Any]:
        with self._lock:
            try:
                yield self._connection
            except dbapi2.Error as error:
                raise OSError(f"the queue on disk failed: {error}") from None

    @contextlib.contextmanager
    def _writing(self) -> Iterator[Any]:
        with self._using() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                with contextlib.suppress(dbapi2.Error):
                    connection.execute("ROLLBACK")
                raise


def name_of(kind: str, url: str) -> str:
    """A target's name: what waits for another address is not sent to this one."""
    return f"{kind}-{hashlib.blake2b(url.encode(), digest_size=4).hexdigest()}"


def _waiting(connection: Any, target: str) -> int:
    return int(connection.execute("SELECT count(*) FROM waiting WHERE target = ?", (target,)).fetchone()[0])


def _count(connection: Any, target: str, delivered: int = 0, dropped: int = 0) -> None:
    connection.execute(
        "INSERT INTO counts VALUES (?, ?, ?) ON CONFLICT (target) DO UPDATE"
        " SET delivered = delivered + excluded.delivered, dropped = dropped + excluded.dropped",
        (target, delivered, dropped),
    )


def _opened(path: Path, key: bytes) -> Any:
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise EnvironmentFailure(f"{path}: no queue can be kept there ({error.strerror}).") from None
    connection = dbapi2.connect(str(path), isolation_level=None, check_same_thread=False)
    try:
        for statement in (
            f"PRAGMA key = \"x'{key.hex()}'\"",
            f"PRAGMA busy_timeout = {_BUSY_MS}",
            "PRAGMA journal_mode = WAL",
            "PRAGMA synchronous = NORMAL",
            "PRAGMA secure_delete = ON",
            *_TABLES,
        ):
            connection.execute(statement)
    except BaseException:
        connection.close()
        raise
    return connection


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(f"{path}{suffix}")
