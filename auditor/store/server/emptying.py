# SPDX-License-Identifier: Apache-2.0
"""Erasure on a server: an auditor empties what lies there, and leaves the signed order for the gateway's own file.

Gateways may not change a row there. So what a gateway erased on its own is taken out here by the next auditor who
erases or finishes (`sweep`), and a footer that came late is, too.
"""

import secrets
from collections.abc import Sequence

import msgspec
from sqlalchemy import Connection, exists, select, update

from auditor.store.format import schema
from auditor.store.keys.facts import Erased, StoreFacts
from auditor.store.ledger import erasure
from auditor.store.server import engine as server
from auditor.store.server import tables

_record, _footer, _gone = schema.record, schema.segment_footer, schema.erasure


def order(url: str, leaves: Sequence[Erased]) -> None:
    """Empty leaves of one ledger on the server, and order the same of its writer, in one transaction."""
    table, number = tables.erasure_order, secrets.token_hex(8)
    encoded = msgspec.json.encode(tuple(leaves)) + b"\n"
    with server.translated(url), server.writing_engine(url).begin() as connection:
        erasure.empty(connection, leaves)
        connection.execute(table.insert().values(ledger=leaves[0].ledger, number=number, leaves=encoded))


def sweep(url: str, store: StoreFacts) -> int:
    """Take out what was erased elsewhere and still lies here, as far as an auditor signed for it; how many records."""
    same = (_gone.c.ledger == _record.c.ledger) & (_gone.c.seq == _record.c.seq)
    left = select(_gone, _record.c.leaf).join(_record, same).where(_record.c.meta.is_not(None))
    with server.translated(url), server.writing_engine(url).begin() as connection:
        rows = [{str(name): value for name, value in row.items()} for row in connection.execute(left).mappings()]
        signed = [msgspec.convert({**row, "store": store.id}, Erased) for row in rows if erasure.is_signed(row, store)]
        for ledger in {one.ledger for one in signed}:
            erasure.empty(connection, [one for one in signed if one.ledger == ledger])
        _empty_late_footers(connection)
    return len(signed)


def _empty_late_footers(connection: Connection) -> None:
    """Empty footers of segments in which a record was emptied."""
    here = (_record.c.ledger == _footer.c.ledger) & (_record.c.seg == _footer.c.seg) & _record.c.meta.is_(None)
    late = update(_footer).where(_footer.c.footer.is_not(None), exists().where(here))
    connection.execute(late.values(footer=None))
