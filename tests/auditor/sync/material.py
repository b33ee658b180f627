# SPDX-License-Identifier: Apache-2.0
"""A desk on another machine than the gateway: the same store's folder, without the gateway's ledger."""

import shutil
from pathlib import Path

from auditor.store import LedgerReader, Location
from auditor.store.keys import facts
from auditor.store.verification.verify import Report, verify
from tests.auditor.store.material import Home


class Desk:
    """A copy of what `init` made, as it was before the gateway wrote anything."""

    def __init__(self, home: Home, folder: Path) -> None:
        self.home = home
        self.location = Location(folder=folder / "store")
        self.location.ledger_folder.mkdir(parents=True)
        shutil.copy(home.location.folder / facts.STORE_FILE, self.location.folder)

    def seqs(self) -> list[int]:
        """The gateway's records, as they are read here."""
        reader = LedgerReader.open(self.location, self.home.identity)
        return [record.seq for record in reader.records(self.home.gateway)] if reader.ledgers() else []

    def verified(self) -> Report:
        return verify(self.location, self.home.identity)
