# SPDX-License-Identifier: Apache-2.0
"""Who may do what on the server: a gateway's role inserts rows of its own ledger, and reads none.

All it sees is how far its own ledger came (`checkpoint`: ledger, size), which of its records were erased, and the
orders to erase that wait for it. Auditors connect as the tables' owner, or as a role granted to them. Passwords reach
the server as SCRAM verifiers, so that no log of statements shows them.
"""

from typing import Any, Final

from sqlalchemy import Connection

from auditor.store.server import tables

SHIPPED: Final = (
    "ledger",
    "segment",
    "segment_key",
    "segment_footer",
    "record",
    "segment_index",
    "checkpoint",
    "erasure",
)
"""What a gateway inserts; epoch keys come from auditors."""

_SEEN: Final = {"checkpoint": "(ledger, size)", "erasure": "(ledger, seq)", tables.erasure_order.name: ""}
_POLICY = "of_its_own_ledger"


def group(store: str) -> str:
    """The role whose members are a store's gateways."""
    return f"auditor-gateways-{store}"


def role(ledger: str) -> str:
    """The role a gateway logs in with; row security derives it from the rows' `ledger`."""
    return f"auditor-{ledger}"


def set_up(connection: Connection, store: str) -> None:
    """Make the group of gateways and tie every shipped table down to it."""
    run, members = connection.exec_driver_sql, _quoted(connection, group(store))
    if not _exists(connection, group(store)):
        run(f"CREATE ROLE {members} NOLOGIN")
    for name in (*SHIPPED, tables.erasure_order.name):
        run(f"REVOKE ALL ON {name} FROM PUBLIC")
        run(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY")
        own = "'auditor-' || ledger = current_user"
        if name in SHIPPED:
            run(f"GRANT INSERT ON {name} TO {members}")
            run(f"CREATE POLICY {_POLICY} ON {name} FOR INSERT TO {members} WITH CHECK ({own})")
        if name in _SEEN:
            run(f"GRANT SELECT {_SEEN[name]} ON {name} TO {members}")
            run(f"CREATE POLICY {_POLICY}_seen ON {name} FOR SELECT TO {members} USING ({own})")


def admit(connection: Connection, store: str, ledger: str, password: str) -> str:
    """Make a gateway's role, or give it a new password; its name."""
    name = role(ledger)
    driver: Any = connection.connection.driver_connection
    verifier = driver.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
    verb = "ALTER" if _exists(connection, name) else "CREATE"
    connection.exec_driver_sql(f"{verb} ROLE {_quoted(connection, name)} LOGIN PASSWORD '{verifier}'")
    connection.exec_driver_sql(f"GRANT {_quoted(connection, group(store))} TO {_quoted(connection, name)}")
    return name


def shut_out(connection: Connection, ledger: str) -> None:
    """Let a gateway's role log in no more."""
    connection.exec_driver_sql(f"ALTER ROLE {_quoted(connection, role(ledger))} NOLOGIN")


def _exists(connection: Connection, name: str) -> bool:
    return bool(connection.exec_driver_sql("SELECT 1 FROM pg_roles WHERE rolname = %(name)s", {"name": name}).scalar())


def _quoted(connection: Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote_identifier(name)
