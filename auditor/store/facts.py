# SPDX-License-Identifier: Apache-2.0
"""The public facts of a store: its auditors, its ledgers and its epoch keys, each signed by an auditor.

`store.json` holds them all, signed as a whole; the rows a verifier needs beside the records (a ledger's enrolment, an
epoch's key) also stand alone, each with its own signature, so that they can travel with a ledger.
"""

import hashlib
from pathlib import Path
from typing import Final, Literal, Self

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from auditor.calls import Value
from auditor.errors import CheckFailed, InputError
from auditor.store import files, layout, signing

STORE_FILE: Final = "store.json"
LEDGER_FOLDER: Final = "ledgers"
ORDER_FOLDER: Final = "erasures"

_encode_signed = msgspec.msgpack.Encoder(order="deterministic").encode


def key_id(public: bytes) -> str:
    """A short name of a public key: the first 16 hex digits of its SHA-256."""
    return hashlib.sha256(public).hexdigest()[:16]


class Auditor(Value, frozen=True, kw_only=True):
    """One who reads: `signing_key` (Ed25519) signs facts, `public_key` (of `suite`) receives epoch keys."""

    name: str
    suite: str
    public_key: bytes
    signing_key: bytes

    @property
    def id(self) -> str:
        """The name its signatures carry."""
        return key_id(self.signing_key)


class Signed(Value, frozen=True, kw_only=True):
    """A fact that stands alone: which auditor signed it, and the signature over all its other fields."""

    auditor: str = ""
    signature: bytes = b""

    def signed(self, key: Ed25519PrivateKey) -> Self:
        """The same fact, signed."""
        named = msgspec.structs.replace(self, auditor=key_id(signing.public_of(key)), signature=b"")
        return msgspec.structs.replace(named, signature=key.sign(named._message()))

    def check(self, signing_key: bytes) -> None:
        """Raise `CheckFailed` where this auditor did not sign this fact."""
        what = f"The signature of {self._title()}"
        if self.auditor != key_id(signing_key):
            raise CheckFailed(f"{what} is of another auditor.")
        signing.check(signing_key, msgspec.structs.replace(self, signature=b"")._message(), self.signature, what)

    def _message(self) -> bytes:
        return layout.statement(type(self).__name__, _encode_signed(self))

    def _title(self) -> str:
        return type(self).__name__


class EpochKey(Signed, frozen=True, kw_only=True):
    """The public key that segments of one epoch (a month, "2026-11") are sealed to. Times are Unix seconds."""

    store: str
    epoch: str
    recipient: str
    suite: str
    public_key: bytes
    not_before: int
    not_after: int

    def _title(self) -> str:
        return f"epoch key {self.epoch}"


class LedgerEnrolment(Signed, frozen=True, kw_only=True):
    """A ledger and the key its chain of signatures starts from."""

    store: str
    ledger: str
    name: str
    kind: Literal["gateway", "desk"]
    enrol_key: bytes

    def _title(self) -> str:
        return f"ledger {self.ledger}'s enrolment"


class Erased(Signed, frozen=True, kw_only=True):
    """That leaf `seq` of a ledger lost its content, by record `by_seq` of the auditor's ledger `by_ledger`."""

    store: str
    ledger: str
    seq: int
    leaf: bytes
    by_ledger: str
    by_seq: int

    def _title(self) -> str:
        return f"the erasure of record {self.seq}"


class Destroyed(Signed, frozen=True, kw_only=True):
    """That an auditor destroyed their private half of an epoch key, at a time (Unix seconds)."""

    store: str
    epoch: str
    recipient: str
    at: int

    def _title(self) -> str:
        return f"the end of epoch key {self.epoch}"


class StoreFacts(Signed, frozen=True, kw_only=True):
    """Everything public about a store."""

    format: int
    id: str
    created: str
    auditors: tuple[Auditor, ...]
    ledgers: tuple[LedgerEnrolment, ...]
    epochs: tuple[EpochKey, ...]

    def enrolment(self, ledger: str) -> LedgerEnrolment:
        """A ledger's enrolment. Raises `InputError`."""
        for found in self.ledgers:
            if found.ledger == ledger:
                return found
        raise InputError(f"Ledger {ledger} is not enrolled in this store.")

    def epoch_at(self, unix_seconds: float) -> EpochKey:
        """The epoch key for a moment; the nearest one where none covers it, since recording must go on."""
        covering = [key for key in self.epochs if key.not_before <= unix_seconds < key.not_after]
        begun = [key for key in self.epochs if key.not_before <= unix_seconds]
        candidates = covering or begun or self.epochs[:1]
        return max(candidates, key=lambda key: key.not_before)

    def signing_key(self, auditor: str) -> bytes:
        """The signing key of an auditor by id; empty, so that no signature holds, where there is none."""
        return next((one.signing_key for one in self.auditors if one.id == auditor), b"")

    @property
    def epochs_end(self) -> int:
        """When the last epoch key ends, Unix seconds: gateways need new ones by then."""
        return max(key.not_after for key in self.epochs)

    def check_all(self) -> None:
        """Raise `CheckFailed` where any signature does not hold. Trust starts at the first auditor's key."""
        keys = {auditor.id: auditor.signing_key for auditor in self.auditors}
        self.check(self.auditors[0].signing_key)
        standing: tuple[LedgerEnrolment | EpochKey, ...] = (*self.ledgers, *self.epochs)
        for fact in standing:
            fact.check(keys.get(fact.auditor, b""))
            if fact.store != self.id:
                raise CheckFailed(f"{fact._title().capitalize()} belongs to another store.")

    def _title(self) -> str:
        return f"store {self.id}'s facts"


def encode(facts: StoreFacts) -> bytes:
    """The facts as a file for people and programs: indented JSON, bytes in base64."""
    return msgspec.json.format(msgspec.json.encode(facts), indent=1) + b"\n"


def decode(raw: bytes, source: Path) -> StoreFacts:
    """Facts whose signatures hold. Raises `InputError` naming the source, or `CheckFailed`."""
    try:
        found = msgspec.json.decode(raw, type=StoreFacts)
    except msgspec.MsgspecError as error:
        raise InputError(
            f"{source} is no store description.", "Restore it from a backup or a gateway's folder."
        ) from error
    if found.format != layout.FORMAT:
        raise InputError(
            f"{source} has format {found.format}, this version knows {layout.FORMAT}.", "Update the program."
        )
    if not (found.auditors and found.epochs):
        raise InputError(f"{source} names no auditor or no epoch key.", "Restore it from a backup.")
    found.check_all()
    return found


def load(folder: Path) -> StoreFacts:
    """The facts of the store in a folder."""
    path = folder / STORE_FILE
    return decode(files.read(path, "The store's description"), path)
