# SPDX-License-Identifier: Apache-2.0
"""Pins: the states of ledgers somebody saw and keeps, so that a tail cut, a ledger or a description rolled back is
noticed.

An auditor's pins lie beside the identity, one file a store, sealed under a key of the identity: who can write to the
store cannot make them fit. A statement is the same for others: sizes, roots and signed checkpoints in plain JSON, to be
kept where the store's keepers cannot reach it. Pins only ever grow, and only by a verification that held.
"""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from auditor.calls import Value
from auditor.errors import CheckFailed, InputError
from auditor.store import files
from auditor.store.format.merkle import HASH_SIZE
from auditor.store.format.sealing import NONCE_SIZE
from auditor.store.keys.identity import Identity
from auditor.store.verification.verify import Report

KIND: Final = "ai-usage-auditor statement"

type Roots = dict[str, dict[int, bytes]]
"""Roots by ledger, then by tree size: what `verify` compares with."""


class Seen(Value, frozen=True, kw_only=True):
    """A ledger at one size: its root in hex, its newest checkpoint's time (ms since 1970), and that checkpoint."""

    ledger: str
    size: int
    root: str
    at_ms: int | None = None
    note: str | None = None


class Statement(Value, frozen=True, kw_only=True):
    """A store as it was seen: its ledgers, and the facts of its description by their short names."""

    kind: str
    store: str
    ledgers: tuple[Seen, ...]
    facts: tuple[str, ...] = ()

    def roots(self) -> Roots:
        """Its roots, to compare with."""
        return {one.ledger: {one.size: bytes.fromhex(one.root)} for one in self.ledgers if one.size}


def stated(report: Report) -> Statement:
    """What a verification saw."""
    seen = (
        Seen(ledger=one.ledger, size=one.size, root=one.root, at_ms=one.newest_ms, note=one.note)
        for one in report.ledgers
    )
    return Statement(kind=KIND, store=report.store, ledgers=tuple(seen), facts=report.facts)


def encode(statement: Statement) -> bytes:
    """A statement as a file."""
    return msgspec.json.format(msgspec.json.encode(statement), indent=1) + b"\n"


def read(path: Path, store: str) -> Statement:
    """A statement about a store. Raises `InputError` where it is none, or about another store."""
    try:
        found = _decode(files.read(path, "The statement"))
    except (msgspec.MsgspecError, ValueError) as error:
        raise InputError(f"{path} is no statement.", "Give a file that `auditor verify --export` wrote.") from error
    if found.store != store:
        raise InputError(f"{path} is about another store.", "Give the one of this store.")
    return found


def merged(several: Iterable[Mapping[str, Mapping[int, bytes]]]) -> Roots:
    """The roots of several sources together."""
    found: Roots = {}
    for roots in several:
        for ledger, sizes in roots.items():
            found.setdefault(ledger, {}).update(sizes)
    return found


class PinFile:
    """The pins an identity keeps of a store."""

    def __init__(self, identity_file: Path, identity: Identity, store: str) -> None:
        self.path = identity_file.with_name(f"{identity_file.stem}.{store}.pins")
        self._cipher = AESGCM(identity.pin_key(store))
        self._store = store

    def load(self) -> Statement | None:
        """What was seen last; None before the first time. Raises `CheckFailed` where the file was altered."""
        if not self.path.exists():
            return None
        raw = files.read(self.path, "The file of pins")
        try:
            return _decode(self._cipher.decrypt(raw[:NONCE_SIZE], raw[NONCE_SIZE:], self._store.encode()))
        except (InvalidTag, msgspec.MsgspecError, ValueError) as error:
            raise CheckFailed(
                f"{self.path} was altered, or is another identity's.",
                "Compare with a copy; delete it only if you know why, since it tells a ledger rolled back.",
            ) from error

    def advance(self, report: Report) -> None:
        """Keep what a verification saw. Raises `ValueError` where it did not hold."""
        if not report.holds:
            raise ValueError("only a verification that held moves the pins")
        nonce = os.urandom(NONCE_SIZE)
        plain = msgspec.json.encode(stated(report))
        files.write(self.path, nonce + self._cipher.encrypt(nonce, plain, self._store.encode()), files.PRIVATE)


def _decode(raw: bytes) -> Statement:
    found = msgspec.json.decode(raw, type=Statement)
    if found.kind != KIND or any(len(bytes.fromhex(one.root)) != HASH_SIZE for one in found.ledgers):
        raise ValueError("no statement")
    return found
