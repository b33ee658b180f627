# SPDX-License-Identifier: Apache-2.0
"""Material of the store's tests: drafts with canary words, and stores with a cheap passphrase."""

import contextlib
import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from sqlcipher3 import dbapi2

from auditor.calls import Call, DataCount, Exchange, Origin, Request, Response
from auditor.store import Enrolment, Identity, LedgerReader, LedgerWriter, Location, create_store
from auditor.store.format.records import Completion, Draft, Intent, Record, SealedExchange
from auditor.store.keys.identity import Argon2

PASSPHRASE = b"correct horse"
CHEAP = Argon2(iterations=1, memory_kib=64, lanes=1)
MOMENT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CANARIES = ("CanaryPrompt", "canary-model-9", "canary.example", "a-canaryactor", "k-canarycredential")


def completion(number: int, size: int = 600) -> Draft:
    """A completed exchange whose every word is a canary."""
    call = Call(
        id=f"call-{number}",
        time=MOMENT,
        provider="openai",
        request_model="canary-model-9",
        server_address="canary.example",
        actor="a-canaryactor",
        credential="k-canarycredential",
        input_tokens=number,
        data=(DataCount(type="EMAIL", direction="sent", count=2),),
    )
    prompt = f"CanaryPrompt {number} ".encode()
    exchange = Exchange(
        id=f"exchange-{number}",
        time=MOMENT,
        request=Request(method="POST", url="https://canary.example/v1/chat", body=prompt * (size // len(prompt) + 1)),
        response=Response(status=200, body=b"CanaryPrompt answer"),
        origin=Origin(address="10.0.0.7", user="canary-user"),
    )
    return Draft(
        Completion(time=MOMENT, exchange=exchange.id, calls=(call,)),
        SealedExchange(exchange=exchange),
    )


def intent(number: int) -> Draft:
    """A record without a body."""
    return Draft(
        Intent(time=MOMENT, exchange=f"exchange-{number}", method="POST", server_address="canary.example", path="/v1")
    )


def upload(number: int, size: int) -> Draft:
    """A completed exchange with so many bytes that cannot be compressed."""
    draft = completion(number)
    assert isinstance(draft.body, SealedExchange)
    exchange = draft.body.exchange
    noise = msgspec.structs.replace(exchange.request, body=random.Random(number).randbytes(size))
    return Draft(
        draft.meta, msgspec.structs.replace(draft.body, exchange=msgspec.structs.replace(exchange, request=noise))
    )


class Home:
    """A made store, and its parties."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made = create_store(folder, PASSPHRASE, argon2=CHEAP, months=2)
        self.location = Location.parse(self.made.store)
        self.gateway, self.desk = self.made.ledgers

    @property
    def identity(self) -> Identity:
        return Identity.open(self.made.identity, PASSPHRASE)

    @property
    def file(self) -> Path:
        """The gateway's ledger."""
        return self.location.ledger_file(self.gateway)

    def writer(self) -> LedgerWriter:
        """The gateway's writer."""
        return LedgerWriter.for_gateway(Enrolment.load(self.made.gateway), self.location)

    def reader(self) -> LedgerReader:
        return LedgerReader.open(self.location, self.identity)

    def records(self, after_seq: int = 0) -> list[Record]:
        """All records of the gateway."""
        return list(self.reader().records(self.gateway, after_seq))

    def write(self, *groups: int) -> list[int]:
        """One run of a gateway: groups of that many completions; the sequence numbers."""
        with self.writer() as writer:
            return [seq for size in groups for seq in writer.append([completion(number) for number in range(size)])]


def as_before_row_numbers(file: Path) -> None:
    """Give a ledger's file the table of records it had at first: with an index of its numbers beside it."""
    columns = "ledger TEXT NOT NULL, seq BIGINT NOT NULL, seg BIGINT NOT NULL, leaf BLOB NOT NULL, meta BLOB, body BLOB"
    with tampering(file) as connection:
        connection.execute("ALTER TABLE record RENAME TO now")
        connection.execute(f"CREATE TABLE record ({columns}, PRIMARY KEY (ledger, seq))")
        connection.execute("INSERT INTO record SELECT * FROM now ORDER BY seq")
        connection.execute("DROP TABLE now")
    with contextlib.closing(dbapi2.connect(file, isolation_level=None)) as connection:
        connection.execute("VACUUM")


@contextmanager
def tampering(path: Path) -> Iterator[dbapi2.Connection]:
    """A connection of an insider with write access, who knows SQL but no key."""
    connection = dbapi2.connect(path)
    connection.execute("PRAGMA synchronous = OFF")
    try:
        yield connection
        connection.commit()
    finally:
        connection.close()


@contextmanager
def as_a_guest(folder: Path) -> Iterator[None]:
    """Rights to read but not to write below a folder; as another user where we are root, whom rights do not bind."""
    for path in (folder, *folder.parents):
        if path.stat().st_mode & 0o055 != 0o055 and path.stat().st_uid == os.geteuid():
            path.chmod(path.stat().st_mode | 0o055)
    for path in folder.rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o700)
