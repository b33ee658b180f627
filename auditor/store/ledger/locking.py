# SPDX-License-Identifier: Apache-2.0
"""One writer a ledger: a lock between processes that the operating system releases when its holder dies, and the
connection that only its holder may have.

SQLite's own file lock on a small file beside the ledger, since it works alike on every platform.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sqlalchemy import Connection
from sqlcipher3 import dbapi2

from auditor.errors import EnvironmentFailure
from auditor.store.ledger import engine

WAIT_SECONDS: Final = 3.0


@contextlib.contextmanager
def exclusive(ledger_file: Path, wait_seconds: float | None = None) -> Iterator[None]:
    """Hold the ledger for writing. Raises `EnvironmentFailure` where another process holds it past the wait (3 s)."""
    path = ledger_file.with_suffix(".lock")
    with contextlib.closing(_open(path, WAIT_SECONDS if wait_seconds is None else wait_seconds)) as connection:
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except dbapi2.OperationalError as error:
            raise engine.failure(error, ledger_file) from error
        yield


def is_held(ledger_file: Path) -> bool:
    """Whether somebody writes the ledger now; no file is made for the question."""
    if not ledger_file.with_suffix(".lock").exists():
        return False
    try:
        with exclusive(ledger_file, wait_seconds=0):
            return False
    except EnvironmentFailure:
        return True


@contextlib.contextmanager
def writing(ledger_file: Path, wait_seconds: float | None = None) -> Iterator[Connection]:
    """The connection that writes the ledger's file, with its tables made or upgraded. Raises as `exclusive`, and
    `InputError` where the file is of a later program."""
    with exclusive(ledger_file, wait_seconds), contextlib.ExitStack() as stack:
        writer = engine.writing_engine(ledger_file)
        stack.callback(writer.dispose)
        with engine.translated(ledger_file):
            connection = stack.enter_context(writer.connect())
        yield connection


def _open(path: Path, wait_seconds: float) -> dbapi2.Connection:
    try:
        return dbapi2.connect(path, timeout=wait_seconds, isolation_level=None, check_same_thread=False)
    except dbapi2.Error as error:
        raise EnvironmentFailure(f"{path.parent} cannot be written.", "Check the folder and your rights.") from error
