# SPDX-License-Identifier: Apache-2.0
"""Engines over a ledger's SQLite file: one that writes, others that only read.

Invariants: exactly one connection writes *and* checkpoints a file (its holder has `locking.exclusive`); all others
open it `mode=ro`. The SQLite is the one bundled in `sqlcipher3`, used without a key, since the distribution's may carry
the WAL-reset race that loses commits (fixed in 3.51.3, https://www.sqlite.org/wal.html). Durable means
`synchronous=FULL`; erased bytes leave the file by `secure_delete`.
"""

import functools
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool, StaticPool
from sqlcipher3 import dbapi2

from auditor.errors import AuditorError, CheckFailed, DiskFull, EnvironmentFailure, InputError
from auditor.store import migrations
from auditor.store.format import layout

APPLICATION_ID: Final = 0x41494155
"""Marks our files in SQLite's header ("AIAU")."""

BUSY_MS: Final = 10_000

_PAGE_SIZE = 8192
_LOG_PAGES = 4096
"""Pages of the log (32 MiB) that are folded into the file at once: each time costs two syncs more."""


def writing_engine(path: Path) -> Engine:
    """The one engine that may write this file; makes or upgrades its tables. Dispose of it to close the file."""
    engine = _engine(f"{path.absolute().as_uri()}?mode=rwc", StaticPool)
    event.listen(engine, "connect", _prepare_writer)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        with translated(path), engine.begin() as connection:
            migrations.bring_up(connection)
    except BaseException:
        engine.dispose()
        raise
    return engine


@functools.lru_cache(maxsize=256)
def reading_engine(path: Path) -> Engine:
    """An engine that cannot write.

    One a file, for its compiled statements; a new connection each time, so that nothing holds the writer's log back.

    Where the folder is read-only to us and no writer has the file open, SQLite cannot make its shared memory: then the
    file is complete by itself and is read as immutable.
    """
    uri = path.absolute().as_uri()

    def connect() -> Any:
        try:
            return _connect(f"{uri}?mode=ro", probe=True)
        except dbapi2.OperationalError:
            wal = path.with_name(path.name + "-wal")
            if not path.exists() or (wal.exists() and wal.stat().st_size):
                raise
            return _connect(f"{uri}?mode=ro&immutable=1", probe=True)

    engine = create_engine("sqlite+pysqlite://", module=dbapi2, creator=connect, poolclass=NullPool)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine


def _engine(uri: str, pool: type[StaticPool] | type[NullPool]) -> Engine:
    return create_engine("sqlite+pysqlite://", module=dbapi2, creator=lambda: _connect(uri), poolclass=pool)


def _connect(uri: str, probe: bool = False) -> Any:
    connection = dbapi2.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
    try:
        connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        if probe:
            _check_known(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def _check_known(connection: Any) -> int:
    """The number of a file's format, 0 of a new one. Raises `InputError` where file or tables are of a later one."""
    version: int
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version not in (0, layout.FORMAT):
        raise InputError(
            f"The ledger has format {version}, this program knows {layout.FORMAT}; nothing was written.",
            "Update the program, or restore the backup from before the store was upgraded.",
        )
    if connection.execute("SELECT 1 FROM sqlite_schema WHERE name = ?", (migrations.TABLE,)).fetchone():
        for (tables,) in connection.execute(f"SELECT version_num FROM {migrations.TABLE}"):  # noqa: S608 - a constant
            migrations.check_known(tables)
    return version


def _prepare_writer(connection: Any, _: object) -> None:
    if _check_known(connection) == 0:
        connection.execute(f"PRAGMA page_size={_PAGE_SIZE}")
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version={layout.FORMAT}")
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "secure_delete=ON",
        "fullfsync=ON",
        f"wal_autocheckpoint={_LOG_PAGES}",
    ):
        connection.execute(f"PRAGMA {pragma}").fetchone()


class committing:  # noqa: N801 - reads as the context that it is; a generator's costs a third of a small commit's books
    """A writer's transaction on the driver's own cursor: durable where the block ends well, else nothing of it.

    SQLAlchemy compiles the statements; to keep the books of five of them took more than sealing 16 records.
    """

    def __init__(self, connection: Connection) -> None:
        self._raw: Any = connection.connection.dbapi_connection

    def __enter__(self) -> Any:
        self._cursor = self._raw.cursor()
        self._cursor.execute("BEGIN IMMEDIATE")
        return self._cursor

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        try:
            if error is None:
                self._cursor.execute("COMMIT")
        finally:
            if self._raw.in_transaction:  # a full disk has rolled it back already
                self._raw.rollback()
            self._cursor.close()


class translated:  # noqa: N801 - as `committing`
    """Turn the database's failures into ours, naming the file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        match error:
            case DBAPIError():
                raise failure(error.orig or error, self._path) from error
            case dbapi2.Error():
                raise failure(error, self._path) from error
            case UnicodeDecodeError():  # SQLite quotes a damaged schema in its message, which is no text then
                raise CheckFailed(f"{self._path} is damaged or no ledger.", "Restore it from a backup.") from error


def failure(error: BaseException, path: Path) -> AuditorError:
    """The failure a person can act on, by SQLite's result code (https://www.sqlite.org/rescode.html)."""
    match getattr(error, "sqlite_errorcode", 0) & 0xFF:
        case 13:
            return DiskFull(f"The disk holding {path} is full.", "Free space: recording resumes by itself.")
        case 8 | 14:
            return EnvironmentFailure(f"{path} cannot be opened or written.", "Check the folder and your rights.")
        case 5 | 6:
            return EnvironmentFailure(f"{path} is in use by another program.", "Close it, or try again.")
        case 0 | 11 | 26:  # 0: the driver could not make sense of a value
            return CheckFailed(f"{path} is damaged or no ledger.", "Restore it from a backup.")
    return EnvironmentFailure(f"The ledger {path} failed: {error}.", "Check the disk.")
