# SPDX-License-Identifier: Apache-2.0
"""An auditor's desk over a real store: imports into it, and reads back what its ledger holds."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from auditor.calls import Exchange
from auditor.imports import BadEntry
from auditor.imports.ingest import Import, Tally, Wishes, looked_at
from auditor.imports.workers import Workers
from auditor.store.format.records import Completion, Named, Names
from auditor.store.keys.identity import Identity
from auditor.store.ledger.reader import LedgerReader
from auditor.store.ledger.writer import LedgerWriter
from auditor.store.location import Location


class Desk:
    def __init__(self, location: Location, identity: Identity) -> None:
        self.location = location
        self.identity = identity

    def take(
        self, *paths: Path, workers: int = 0, on_bad: Callable[[Path, BadEntry], object] = print, **wishes: Any
    ) -> Tally:
        """Imports files as the command does, knowing what the ledger holds."""
        held = {meta.exchange for meta in self.completions()}
        with LedgerWriter.for_desk(self.location, self.identity) as ledger, Workers(workers) as pool:
            known = lambda ids: held.intersection(ids)  # noqa: E731
            run = Import(ledger, known, self.identity.pseudonym_key, pool, Wishes(**wishes))
            return run.run(looked_at(paths), on_bad=on_bad)

    def completions(self) -> list[Completion]:
        reader = LedgerReader.open(self.location, self.identity)
        metas = [record.meta for ledger in reader.ledgers() for record in reader.records(ledger)]
        return [meta for meta in metas if isinstance(meta, Completion)]

    def exchanges(self) -> list[Exchange]:
        reader = LedgerReader.open(self.location, self.identity)
        return [
            reader.body(ledger, record.seq).exchange
            for ledger in reader.ledgers()
            for record in reader.records(ledger)
            if isinstance(record.meta, Completion)
        ]

    def names(self) -> list[Names]:
        reader = LedgerReader.open(self.location, self.identity)
        return [
            reader.behind(ledger, record.seq)
            for ledger in reader.ledgers()
            for record in reader.records(ledger)
            if isinstance(record.meta, Named)
        ]
