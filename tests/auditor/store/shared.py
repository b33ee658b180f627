# SPDX-License-Identifier: Apache-2.0
"""A store on a PostgreSQL server, with a gateway that ships to it."""

from pathlib import Path

import msgspec

from auditor.store import Enrolment, Identity, LedgerReader, LedgerWriter, Location, create_store
from auditor.store.format.records import Draft
from auditor.store.server import engine as server
from auditor.store.server.shipping import Shipper
from tests.auditor.store.material import CHEAP, PASSPHRASE, completion
from tests.postgres import Postgres


class SharedHome:
    """A made store on a server, and its parties: the gateway writes to `local`, and ships."""

    def __init__(self, folder: Path, postgres: Postgres) -> None:
        self.folder = folder
        self.url = server.parse(postgres.database())
        self.database = self.url.rpartition("/")[2]
        self.location = msgspec.structs.replace(Location.parse(self.url), folder=folder / "desk")
        self.made = create_store(folder, PASSPHRASE, argon2=CHEAP, months=2, shared=self.location)
        self.gateway, self.desk = self.made.ledgers
        self.local = Location(folder=folder / "store")

    @property
    def identity(self) -> Identity:
        return Identity.open(self.made.identity, PASSPHRASE)

    @property
    def gateway_url(self) -> str:
        """The URL the gateway ships to, with its password."""
        config = (self.made.gateway / "gateway.toml").read_text()
        url: str = config.partition('to = "')[2].partition('"')[0]
        return server.with_password(url, (self.made.gateway / "server.password").read_text().strip())

    def writer(self) -> LedgerWriter:
        return LedgerWriter.for_gateway(Enrolment.load(self.made.gateway), self.local)

    def desk_writer(self) -> LedgerWriter:
        return LedgerWriter.for_desk(self.location, self.identity)

    def shipper(self) -> Shipper:
        return Shipper(self.local.ledger_file(self.gateway), self.gateway, self.gateway_url)

    def reader(self, location: Location | None = None) -> LedgerReader:
        return LedgerReader.open(location or self.location, self.identity)

    def write(self, *groups: int) -> None:
        """One run of the gateway: groups of that many completions."""
        with self.writer() as writer:
            for size in groups:
                writer.append([completion(number) for number in range(size)])

    def note(self, draft: Draft) -> None:
        """One record of the desk."""
        with self.desk_writer() as desk:
            desk.append([draft])

    def seqs(self, location: Location | None = None) -> list[int]:
        """The gateway's records, as they are read."""
        return [record.seq for record in self.reader(location).records(self.gateway)]
