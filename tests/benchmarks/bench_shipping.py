# SPDX-License-Identifier: Apache-2.0
"""Shipping to PostgreSQL: measure 14 of the store's design. `AUDITOR_BENCH_OUTAGE` sets the outage's seconds (20).

The server is durable (fsync, synchronous_commit). "Local" is a commit of the gateway's ledger at groups of 256, what
shipping has to keep up with.
"""

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from statistics import median

import msgspec

from auditor.gateway.config import GatewayConfig
from auditor.gateway.courier import Carrier
from auditor.store import Enrolment, LedgerReader, LedgerWriter, Location, create_store
from auditor.store.format.records import Draft
from auditor.store.keys.identity import Argon2, Identity
from auditor.store.ledger.conversations import Conversations
from auditor.store.server import engine as server
from auditor.store.server.shipping import Shipper, Shipping
from auditor.store.verification.verify import verify
from tests.auditor.store.talk import read_back, woven
from tests.benchmarks.bench_store import drafts, seconds
from tests.postgres import Postgres, running

GROUP, GROUPS, ROUNDS = 256, 16, 5
OUTAGE = float(os.environ.get("AUDITOR_BENCH_OUTAGE", "20"))


class Shared:
    """A store on a server, its gateway's writer and folder."""

    def __init__(self, folder: Path, postgres: Postgres) -> None:
        self.location = msgspec.structs.replace(Location.parse(postgres.database()), folder=folder / "desk")
        cheap = Argon2(iterations=1, memory_kib=64, lanes=1)
        made = create_store(folder, b"bench", argon2=cheap, months=2, shared=self.location)
        self.identity = Identity.open(made.identity, b"bench")
        self.ledger, self.gateway = made.ledgers[0], made.gateway
        self.local = Location(folder=folder / "store")
        self.enrolment = Enrolment.load(made.gateway)
        self.writer = LedgerWriter.for_gateway(self.enrolment, self.local)

    @property
    def config(self) -> GatewayConfig:
        return GatewayConfig.load(self.gateway)

    def seqs(self, location: Location) -> list[int]:
        return [one.seq for one in LedgerReader.open(location, self.identity).records(self.ledger)]


@contextmanager
def shared() -> Iterator[tuple[Shared, Postgres]]:
    """A store on a durable server."""
    with tempfile.TemporaryDirectory() as folder, running(durable=True) as postgres:
        made = Shared(Path(folder), postgres)
        try:
            yield made, postgres
        finally:
            made.writer.close()
            server.dispose()


def shipping() -> None:
    """Commit some groups, then ship them, in turns."""
    material, turns = drafts(GROUP * GROUPS), []
    with shared() as (made, _):
        ship = made.config.ship
        assert ship is not None
        shipper = Shipper(made.local.ledger_file(made.ledger), made.ledger, ship.url(made.gateway))

        def commit() -> None:
            for at in range(0, len(material), GROUP):
                made.writer.append(material[at : at + GROUP])

        commit()
        shipper.ship_all()
        for _ in range(ROUNDS):
            turns.append((seconds(commit), seconds(shipper.ship_all)))
        assert verify(made.location, made.identity).holds
    count = len(material)
    ratio = median(commit / shipped for commit, shipped in turns)
    local, there = (count / median(column) for column in zip(*turns, strict=True))
    _print(
        f"14    shipped / committed locally, groups of {GROUP}: {there:,.0f}/s / {local:,.0f}/s = {ratio:.2f}   >= 0.4"
    )


def outage() -> None:
    """Write without pause while the server is away; afterwards nothing is lost and nothing doubled, and what calls of
    conversations said is put together on the server as it was."""
    with shared() as (made, postgres):
        load = Load(made)
        carrier = Carrier(made.config, made.local, made.enrolment)
        carrier.start()
        load.write(1)
        postgres.stop("immediate")
        written = load.write(OUTAGE)
        state = Shipping.load(made.gateway)
        behind = state.behind if state else 0
        postgres.start()
        begun = time.monotonic()
        load.write(1)
        carrier.stop(600)
        caught_up = time.monotonic() - begun
        there, here = made.seqs(made.location), made.seqs(made.local)
        lost, doubled = len(set(here) - set(there)), len(there) - len(set(there))
        holds = verify(made.location, made.identity).holds
        calls, wrong = read_back(LedgerReader.open(made.location, made.identity), made.ledger)
    _print(
        f"14    outage of {OUTAGE:.0f} s under load: {written:,} records written meanwhile, {behind:,} leaves behind"
    )
    _print(f"      caught up in {caught_up:.0f} s; lost {lost}, doubled {doubled}, verified {holds}   0, 0, True")
    _print(f"      {calls:,} calls of conversations read back from the server, {len(wrong)} not what they said   0")


class Load:
    """What a gateway writes: of 16 calls a commit four of conversations, with the passages they rest on."""

    def __init__(self, made: Shared) -> None:
        self._writer = made.writer
        self._plain: list[Draft] = drafts(12)
        self._talk = woven(beside=4)
        self._conversations = Conversations()

    def write(self, for_seconds: float) -> int:
        """Commit one after the other for so long; how many records that were."""
        count, until = 0, time.monotonic() + for_seconds
        while time.monotonic() < until:
            calls = [*self._plain, *islice(self._talk, 4)]
            ready = [one for draft in calls for one in self._conversations.prepare(draft)]
            count += len(self._writer.append(ready))
            time.sleep(0.15)
        return count


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def main() -> None:
    shipping()
    outage()


if __name__ == "__main__":
    main()
