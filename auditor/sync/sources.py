# SPDX-License-Identifier: Apache-2.0
"""Where sealed records come from: a store's folder or backup, a PostgreSQL server, or a gateway by HTTPS."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, Protocol

from sqlalchemy import select

from auditor.errors import CheckFailed, InputError
from auditor.store.format import schema
from auditor.store.ledger import engine, erasure
from auditor.store.location import Location
from auditor.store.server import emptying, feed
from auditor.store.server.feed import Parts, Row

STEP: Final = 1024
"""Leaves of one piece: larger than shipping's, since every piece costs a round trip."""


class Source(Protocol):
    """Gives pieces of ledgers; it is believed nothing."""

    label: str
    longest_wait: float
    """Seconds it may hold an answer back until there is news; 0 where it cannot."""

    def store(self) -> str:
        """The id of the store its ledgers belong to."""

    def ledgers(self) -> Sequence[str]:
        """The ledgers it has."""

    def size(self, ledger: str) -> int:
        """How many leaves a ledger has there."""

    def read(self, ledger: str, after: int, wait: float = 0) -> Parts:
        """The next piece past so many leaves; none where there is no news within `wait` seconds."""

    def erasures(self, ledger: str, known: int) -> Sequence[Row] | None:
        """The rows of `erasure`; None where there are as many as known."""

    def order(self, ledger: str, leaves: bytes) -> None:
        """Deliver an erasure that auditors signed, as its file holds it, to who writes the ledger."""


class LocatedSource:
    """A store's folder, a backup or snapshot of it, or a PostgreSQL server."""

    longest_wait = 0.0

    def __init__(self, location: Location) -> None:
        self.label = location.label
        self._location = location

    def store(self) -> str:
        """The store's id. Raises `InputError` where there is none."""
        return self._location.facts().id

    def ledgers(self) -> Sequence[str]:
        """The ledgers that have begun."""
        return self._location.ledgers()

    def size(self, ledger: str) -> int:
        """Leaves under the newest checkpoint."""
        with self._location.translated(ledger):
            return feed.size(self._location.engine(ledger), ledger)

    def read(self, ledger: str, after: int, wait: float = 0) -> Parts:
        """The next piece, at once: a folder or a database tells nobody of news."""
        with self._location.translated(ledger):
            yield from feed.read(self._location.engine(ledger), ledger, after, STEP)

    def erasures(self, ledger: str, known: int) -> Sequence[Row] | None:
        """The rows of `erasure`."""
        with self._location.translated(ledger):
            return feed.erasures(self._location.engine(ledger), ledger, known)

    def order(self, ledger: str, leaves: bytes) -> None:
        """Lay the order down where the ledger's writer looks."""
        signed = erasure.checked(leaves, "The order", self._location.facts(), ledger)
        if self._location.server is not None:
            emptying.order(self._location.server, signed)
        else:
            erasure.order(self._location, ledger, signed)


class FileSource:
    """One ledger's file, copied from wherever."""

    longest_wait = 0.0

    def __init__(self, path: Path) -> None:
        """Raises `CheckFailed` where it is no ledger's file."""
        self.label = str(path)
        self._path = path
        with engine.translated(path), engine.reading_engine(path).begin() as connection:
            found = connection.execute(select(schema.ledger.c.store, schema.ledger.c.ledger)).all()
        if len(found) != 1:
            raise CheckFailed(f"{path} holds {len(found) or 'no'} ledgers.", "Give a file that holds one.")
        self._store, self._ledger = map(str, found[0])

    def store(self) -> str:
        """The id of its store, as it says."""
        return self._store

    def ledgers(self) -> Sequence[str]:
        """Its one ledger."""
        return (self._ledger,)

    def size(self, ledger: str) -> int:
        """Leaves under the newest checkpoint."""
        with engine.translated(self._path):
            return feed.size(engine.reading_engine(self._path), ledger)

    def read(self, ledger: str, after: int, wait: float = 0) -> Parts:
        """The next piece."""
        with engine.translated(self._path):
            yield from feed.read(engine.reading_engine(self._path), ledger, after, STEP)

    def erasures(self, ledger: str, known: int) -> Sequence[Row] | None:
        """The rows of `erasure`."""
        with engine.translated(self._path):
            return feed.erasures(engine.reading_engine(self._path), ledger, known)

    def order(self, ledger: str, leaves: bytes) -> None:
        """Nobody looks for orders beside a copied file."""
        raise InputError(f"{self.label} is a copy: its writer gets no orders there.", "Sync with the gateway itself.")
