# SPDX-License-Identifier: Apache-2.0
"""A small real store: a gateway's ledger that tests write to, and the archive over it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from auditor.archive import Archive
from auditor.calls import Call, Outcome
from auditor.store import Enrolment, Identity, LedgerWriter, Location, create_store
from auditor.store.format.records import Completion, Draft, Intent
from auditor.store.keys.identity import Argon2

T0 = datetime(2026, 11, 20, 8, tzinfo=UTC)


def call(number: int, **facts: object) -> Call:
    """A call, one minute after the one before."""
    known = {
        "id": f"call-{number:04d}",
        "time": T0 + timedelta(minutes=number),
        "provider": "openai",
        "operation": "chat",
        "request_model": "gpt-4o",
        "path": "/v1/chat/completions",
        "actor": "a-one",
        "outcome": Outcome.COMPLETE,
    }
    return Call(**{**known, **facts})  # type: ignore[arg-type]


def completion(*calls: Call, exchange: str | None = None) -> Draft:
    """The completion of an exchange with these calls."""
    return Draft(Completion(time=calls[0].time, exchange=exchange or calls[0].id, calls=calls))


def intent(number: int) -> Draft:
    """The intent of the call of this number."""
    of = call(number)
    return Draft(
        Intent(time=of.time, exchange=of.id, method="POST", server_address="h.example", path="/p", provider="openai")
    )


@dataclass
class Store:
    """Where the parts of a test's store are."""

    folder: Path
    location: Location
    identity: Identity
    gateway: Enrolment

    def archive(self, cache: str = "cache") -> Archive:
        """The archive, with its index in a folder of the test."""
        return Archive.open(self.location, self.identity, cache=self.folder / cache)

    def write(self, *drafts: Draft) -> None:
        """Append to the gateway's ledger and let it go."""
        with LedgerWriter.for_gateway(self.gateway, self.location) as writer:
            writer.append(drafts)


def make_store(folder: Path) -> Store:
    """An empty store; its passphrase costs next to nothing."""
    cheap = Argon2(iterations=1, memory_kib=64, lanes=1)
    created = create_store(folder / "out", b"passphrase", argon2=cheap, now=T0)
    identity = Identity.open(created.identity, b"passphrase")
    return Store(folder, Location.parse(created.store), identity, Enrolment.load(created.gateway))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store for one test."""
    return make_store(tmp_path)


@pytest.fixture(scope="module")
def shared_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """An empty store for the tests of a module."""
    return make_store(tmp_path_factory.mktemp("shared"))


@pytest.fixture
def filled(store: Store) -> Iterator[Callable[..., Archive]]:
    """Writes drafts and gives the refreshed archive."""
    opened: list[Archive] = []

    def fill(*drafts: Draft) -> Archive:
        if drafts:
            store.write(*drafts)
        archive = opened[0] if opened else store.archive()
        opened[:] = [archive]
        archive.refresh()
        return archive

    yield fill
    for archive in opened:
        archive.close()
