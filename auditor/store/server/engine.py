# SPDX-License-Identifier: Apache-2.0
"""A store on a PostgreSQL server: the same tables, reached through psycopg.

Who reads does so in read-only transactions, each of one state. What fails is told with the server's name, never with a
password. Connections are pooled per process; one that an outage left stale is replaced before it is used.
"""

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Engine, create_engine, select, union
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError

from auditor.errors import EnvironmentFailure, InputError
from auditor.store import migrations
from auditor.store.format import schema
from auditor.store.keys.facts import StoreFacts, decode, encode
from auditor.store.server import tables

SCHEMES: Final = ("postgresql", "postgresql+psycopg")

_FORM = "Write postgresql+psycopg://USER@HOST:PORT/DATABASE."
_CONNECT: Final = {
    "application_name": "ai-usage-auditor",
    "client_encoding": "utf8",
    "connect_timeout": 5,
    "keepalives_idle": 5,
    "keepalives_interval": 5,
    "tcp_user_timeout": 20_000,
}
"""A server unplugged is noticed within 20 s, see https://www.postgresql.org/docs/current/libpq-connect.html."""

_READS: Final = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
_NO_TABLE, _NO_RIGHT = "42P01", "42501"  # https://www.postgresql.org/docs/current/errcodes-appendix.html

_engines: dict[tuple[str, bool], Engine] = {}
_lock = threading.Lock()


class ServerAway(EnvironmentFailure):
    """The server could not be reached, or broke off."""


def is_url(text: str) -> bool:
    """Whether a store is named by a URL rather than by a path."""
    return "://" in text


def parse(text: str) -> str:
    """A URL as SQLAlchemy takes it. Raises `InputError` where it is none of a PostgreSQL database."""
    scheme = text.partition("://")[0]
    if scheme not in SCHEMES:
        raise InputError(f"{scheme} stores are not supported.", f"Give a folder. Or: {_FORM}")
    try:
        url = make_url(text).set(drivername=SCHEMES[1])
    except (ArgumentError, ValueError):
        raise InputError("The store's URL is malformed.", _FORM) from None
    if not url.database:
        raise InputError(f"{label(url)} names no database.", _FORM)
    return url.render_as_string(hide_password=False)


def label(url: str | URL) -> str:
    """The URL as anybody may see it: without user, password and options."""
    made = make_url(url)
    return URL.create(SCHEMES[0], host=made.host, port=made.port, database=made.database).render_as_string()


def with_password(url: str, password: str) -> str:
    """The URL with its password put in."""
    return make_url(url).set(password=password).render_as_string(hide_password=False)


def reading_engine(url: str) -> Engine:
    """The engine for those who only read."""
    return _engine(url, is_writing=False)


def writing_engine(url: str) -> Engine:
    """The engine for those who insert."""
    return _engine(url, is_writing=True)


def _engine(url: str, is_writing: bool) -> Engine:
    with _lock:
        if (url, is_writing) not in _engines:
            options: dict[str, Any] = {} if is_writing else _READS
            made = create_engine(url, pool_pre_ping=True, connect_args=_CONNECT, execution_options=options)
            _engines[url, is_writing] = made
        return _engines[url, is_writing]


def dispose() -> None:
    """Close this process's pooled connections; none may be in use."""
    with _lock:
        for engine in _engines.values():
            engine.dispose()
        _engines.clear()


def facts(url: str) -> bytes:
    """The store's public facts as they lie on the server, unchecked. Raises `InputError` where there is no store."""
    table = tables.store_facts
    with translated(url), reading_engine(url).begin() as connection:
        migrations.check_known(migrations.version(connection))
        found: bytes | None = connection.scalar(select(table.c.facts))
    if found is None:
        raise _no_store(url)
    return found


def bring_up(url: str) -> None:
    """Bring the server's tables to today's version. Raises `InputError` where they are of a later one."""
    with translated(url), writing_engine(url).begin() as connection:
        migrations.bring_up(connection)


def save_facts(url: str, public: StoreFacts) -> None:
    """Replace the store's public facts; its epoch keys get their rows, and room for their records. Raises `InputError`
    where another auditor changed them since they were read."""
    with translated(url), writing_engine(url).begin() as connection:
        put_facts(connection, url, public)


def put_facts(connection: Connection, url: str, public: StoreFacts) -> None:
    """`save_facts` inside a transaction."""
    migrations.bring_up(connection)
    table, keys = tables.store_facts, tables.tables[schema.epoch.name]
    if (there := connection.scalar(select(table.c.facts).with_for_update())) is not None:
        public.check_follows(decode(there, Path(label(url))))
    epochs = [msgspec.structs.asdict(key) for key in public.epochs]
    tables.make_partitions(connection, sorted({key["epoch"] for key in epochs}))
    connection.execute(insert(keys).on_conflict_do_nothing(), epochs)
    if there is None:
        connection.execute(table.insert().values(store=tables.THE_STORE, facts=encode(public)))
    else:
        connection.execute(table.update().values(facts=encode(public)))


def ledgers(url: str) -> tuple[str, ...]:
    """The ledgers that have begun, by name."""
    with translated(url), reading_engine(url).begin() as connection:
        named = union(select(schema.ledger.c.ledger), select(schema.segment.c.ledger))
        return tuple(sorted(connection.scalars(named)))


def orders(url: str, ledger: str) -> list[tuple[str, bytes]]:
    """The orders to erase that auditors left for a ledger's writer: number, and the leaves they signed."""
    table = tables.erasure_order
    query = select(table.c.number, table.c.leaves).where(table.c.ledger == ledger).order_by(table.c.number)
    with translated(url), reading_engine(url).begin() as connection:
        return [(row.number, row.leaves) for row in connection.execute(query)]


@contextlib.contextmanager
def translated(url: str) -> Iterator[None]:
    """Turn the server's failures into ours."""
    try:
        yield
    except DBAPIError as error:
        raise failure(error, url) from None


def failure(error: DBAPIError, url: str) -> EnvironmentFailure | InputError:
    """The failure a person can act on, by SQLSTATE; the server's own words may quote rows, so they are left out."""
    state = getattr(error.orig, "sqlstate", None) or ""
    where = label(url)
    if state == _NO_TABLE:
        return _no_store(url)
    if state == _NO_RIGHT:
        return EnvironmentFailure(f"{where} does not grant this user what it takes.", "Ask its administrator.")
    if state.startswith("28"):
        return ServerAway(f"{where} does not let this user in.", "Check user and password, or ~/.pgpass.")
    if state == "3D000":
        return ServerAway(f"{where} does not exist on its server.", "Create it: createdb NAME.")
    if state.startswith(("08", "57P")) or (not state and isinstance(error, OperationalError | InterfaceError)):
        return ServerAway(f"{where} cannot be reached.", "Check that the server runs, and the network between.")
    return EnvironmentFailure(f"{where} failed (SQLSTATE {state or 'unknown'}).", "See the server's log.")


def _no_store(url: str) -> InputError:
    return InputError(f"{label(url)} holds no store.", "Create one: auditor --store URL init --out DIR.")
