# SPDX-License-Identifier: Apache-2.0
"""The tables of `schema` on PostgreSQL: records and footers are parted by epoch, so that a month can be dropped.

Three things differ from a ledger's file. Ledgers share the tables, and parted ones carry their `epoch`. `store_facts`
holds what `store.json` holds, and `erasure_order` what the folder of orders does. And who may do what is the server's
to enforce: a gateway may insert rows of its own ledger and see how far it came; nothing else.
"""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import Column, Connection, MetaData, PrimaryKeyConstraint, Table, Text

from auditor.store.format import schema

PARTED: Final = (schema.record.name, schema.segment_footer.name)
"""The tables that grow with what passes; their partitions are named after them and the epoch."""

THE_STORE: Final = "store"
"""The key of the one row of `store_facts`."""

_DEFAULT = "other"

metadata = MetaData()


def _parted(table: Table) -> Table:
    made = table.to_metadata(metadata)
    made.append_column(Column("epoch", Text, primary_key=True))
    made.c.ledger.primary_key = True
    made.append_constraint(PrimaryKeyConstraint(*(column for column in made.c if column.primary_key)))
    made.dialect_options["postgresql"]["partition_by"] = "LIST (epoch)"
    return made


tables: Final[dict[str, Table]] = {
    table.name: _parted(table) if table.name in PARTED else table.to_metadata(metadata)
    for table in schema.metadata.sorted_tables
}

store_facts = Table(
    "store_facts",
    metadata,
    Column("store", Text, primary_key=True),
    Column("facts", schema.Blob, nullable=False),
)

erasure_order = Table(  # signed by an auditor, for the writer of a ledger to carry out in its own file
    "erasure_order",
    metadata,
    Column("ledger", Text, primary_key=True),
    Column("number", Text, primary_key=True),
    Column("leaves", schema.Blob, nullable=False),
)


def make_partitions(connection: Connection, epochs: Iterable[str]) -> None:
    """Make the partitions of these epochs, where they are missing, and one for all others."""
    quoted = connection.dialect.identifier_preparer.quote
    for name in PARTED:
        for epoch in epochs:
            partition = quoted(f"{name}_{epoch}")
            values = "'" + epoch.replace("'", "''") + "'"
            connection.exec_driver_sql(
                f"CREATE TABLE IF NOT EXISTS {partition} PARTITION OF {quoted(name)} FOR VALUES IN ({values})"
            )
        connection.exec_driver_sql(
            f"CREATE TABLE IF NOT EXISTS {quoted(f'{name}_{_DEFAULT}')} PARTITION OF {quoted(name)} DEFAULT"
        )
