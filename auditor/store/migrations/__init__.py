# SPDX-License-Identifier: Apache-2.0
"""Migrations of a ledger's tables by Alembic (https://alembic.sqlalchemy.org), alike for files and for PostgreSQL.

A new file gets today's tables at once. One of an earlier version is brought up by whoever may write it, in one
transaction, before anything else is written; readers need nothing done. What is sealed and signed is never touched: the
byte layout has a number of its own (`layout.FORMAT`). A database of a later version is refused, by readers too: an
earlier program might take for damage, or pass over, what it does not know.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Column, Connection, MetaData, Table, Text, func, insert, select

from auditor.errors import InputError
from auditor.store.format import schema

if TYPE_CHECKING:
    from alembic.config import Config

BASELINE: Final = "0001"
"""The tables as they were before versions were written down."""
HEAD: Final = "0002"

TABLE: Final = "alembic_version"
"""Where a database says its version."""

_LOCK: Final = 0x41494155
"""Of the server: one program at a time changes tables."""

_version = Table(TABLE, MetaData(), Column("version_num", Text, primary_key=True))
_KNOWN: Final = (BASELINE, HEAD)


def bring_up(connection: Connection) -> None:
    """Bring a database to today's tables, inside the transaction of a connection that may write.

    Raises `InputError` where it is of a later version.
    """
    if connection.dialect.name == "postgresql":  # several auditors may come at once
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
    found = version(connection)
    if found == HEAD:
        return
    if found is None and connection.dialect.name == "sqlite":
        schema.metadata.create_all(connection)
        _version.create(connection)
        connection.execute(insert(_version).values(version_num=HEAD))
        return
    check_known(found)
    _upgrade(connection, stamp=found is not None and not connection.dialect.has_table(connection, _version.name))


def check_known(found: str | None) -> None:
    """Raise `InputError` where tables are of a later version."""
    if found not in (None, *_KNOWN):
        raise InputError(
            f"The store's tables have version {found}, this program knows {HEAD}; nothing was written.",
            "Update the program, or restore the backup from before the store was upgraded.",
        )


def version(connection: Connection) -> str | None:
    """Which version a database's tables have; None where there are none."""
    has_table = connection.dialect.has_table
    if has_table(connection, _version.name):
        return connection.scalar(select(_version.c.version_num))
    return BASELINE if has_table(connection, schema.record.name) else None


def _upgrade(connection: Connection, stamp: bool) -> None:
    """Run what is missing."""
    from alembic import command

    config = _config(connection)
    if stamp:
        command.stamp(config, BASELINE)
    command.upgrade(config, "head")


def _config(connection: Connection) -> "Config":
    """Alembic's, for a connection. It is loaded only where tables are changed: it costs a tenth of a second."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
