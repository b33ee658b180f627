# SPDX-License-Identifier: Apache-2.0
"""The sealed ledgers: keys, records, chains, verification.

The names below load on first use, so that a proxy, which only needs `records`, loads neither the database nor the
cryptography. `verification.verify` and `format.prepare` are imported from their modules.
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from auditor.store.create import create_store
    from auditor.store.keys.enrolment import Enrolment
    from auditor.store.keys.identity import Identity
    from auditor.store.ledger.reader import LedgerReader
    from auditor.store.ledger.writer import LedgerWriter
    from auditor.store.location import Location

__all__ = ["Enrolment", "Identity", "LedgerReader", "LedgerWriter", "Location", "create_store"]

_HOMES = {
    "Enrolment": "keys.enrolment",
    "Identity": "keys.identity",
    "LedgerReader": "ledger.reader",
    "LedgerWriter": "ledger.writer",
    "Location": "location",
    "create_store": "create",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
