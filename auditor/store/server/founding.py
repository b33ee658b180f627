# SPDX-License-Identifier: Apache-2.0
"""A new store on a PostgreSQL server, and its gateways' roles there: all that belongs together, or none of it."""

import contextlib
import secrets
from collections.abc import Iterator

from sqlalchemy import Connection
from sqlalchemy.engine import make_url

from auditor.errors import EnvironmentFailure, InputError
from auditor.store import migrations
from auditor.store.format import schema
from auditor.store.keys.facts import StoreFacts
from auditor.store.server import engine as server
from auditor.store.server import roles, tables

_ADVICE = "Give an empty database, one a store, and a user who may create tables and roles in it."


@contextlib.contextmanager
def founded(url: str, public: StoreFacts, gateway: str) -> Iterator[tuple[str, str]]:
    """The gateway's own URL and password; what was made stays if the block ends well.

    Raises `InputError` where the database holds something already, `EnvironmentFailure` where the user's rights do not
    suffice.
    """
    with server.translated(url), server.writing_engine(url).begin() as connection:
        _check_empty(connection, url)
        _check_rights(connection, url)
        migrations.bring_up(connection)
        roles.set_up(connection, public.id)
        yield _admit(connection, url, public, gateway)


@contextlib.contextmanager
def admitted(url: str, public: StoreFacts, gateway: str) -> Iterator[tuple[str, str]]:
    """Make a store know another gateway: its own URL and password; what was made stays if the block ends well."""
    with server.translated(url), server.writing_engine(url).begin() as connection:
        yield _admit(connection, url, public, gateway)


def shut_out(url: str, public: StoreFacts, gateway: str) -> None:
    """Make a store know that a gateway writes no more, and keep its role out."""
    with server.translated(url), server.writing_engine(url).begin() as connection:
        server.put_facts(connection, url, public)
        roles.shut_out(connection, gateway)


def _admit(connection: Connection, url: str, public: StoreFacts, gateway: str) -> tuple[str, str]:
    server.put_facts(connection, url, public)
    password = secrets.token_urlsafe(24)
    role = roles.admit(connection, public.id, gateway, password)
    return make_url(url).set(username=role)._replace(password=None).render_as_string(), password


def _check_empty(connection: Connection, url: str) -> None:
    if connection.dialect.has_table(connection, schema.record.name):
        what = "a store" if connection.dialect.has_table(connection, tables.store_facts.name) else "other tables"
        raise InputError(f"{server.label(url)} holds {what} already; nothing was written.", _ADVICE)


def _check_rights(connection: Connection, url: str) -> None:
    query = "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
    if not connection.exec_driver_sql(query).scalar():
        raise EnvironmentFailure(f"This user may not create roles on {server.label(url)}.", _ADVICE)
