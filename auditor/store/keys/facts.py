# SPDX-License-Identifier: Apache-2.0
"""The public facts of a store: its auditors, its ledgers and its epoch keys, each signed by an auditor.

`store.json` holds them all, signed as a whole; the rows a verifier needs beside the records (a ledger's enrolment, an
epoch's key) also stand alone, each with its own signature, so that they can travel with a ledger.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal, Self

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from auditor.calls import Compact, Span, Value
from auditor.errors import CheckFailed, InputError
from auditor.store import files
from auditor.store.format import layout, signing
from auditor.store.format.layout import Purpose
from auditor.store.keys import early

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


class Signed(Compact, frozen=True, kw_only=True):
    """A fact that stands alone: which auditor signed it, and the signature over all its other fields.

    A field at its default is not among what is signed, so that a field added later leaves earlier signatures whole.
    What was signed before that was so holds too: see `early`.
    """

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
        bare = msgspec.structs.replace(self, signature=b"")
        if not any(signing.holds(signing_key, message, self.signature) for message in bare._messages()):
            raise CheckFailed(f"{what} does not hold.")

    def _message(self) -> bytes:
        return layout.statement(type(self).__name__, _encode_signed(self))

    def _messages(self) -> Iterator[bytes]:
        yield self._message()
        for payload in early.encodings(self):
            yield layout.statement(type(self).__name__, payload)

    def _title(self) -> str:
        return type(self).__name__


class EpochKey(Signed, frozen=True, kw_only=True):
    """The public key that one purpose of the segments of an epoch (a month, "2026-11") is sealed to. Unix seconds."""

    store: str
    epoch: str
    purpose: Purpose
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
    purpose: Purpose
    recipient: str
    at: int

    def _title(self) -> str:
        return f"the end of epoch key {self.epoch}"


class Member(Signed, frozen=True, kw_only=True):
    """An auditor added to a store: whether they manage it as its founder does, and which purposes they may open."""

    store: str
    who: Auditor
    manages: bool
    purposes: tuple[Purpose, ...]

    def _title(self) -> str:
        return f"auditor {self.who.name}'s membership"


class Removed(Signed, frozen=True, kw_only=True):
    """That an auditor left: what they wrote or signed counts up to the `size` their own ledger had then."""

    store: str
    who: str
    ledger: str
    size: int
    at: int

    def _title(self) -> str:
        return f"the removal of auditor {self.who}"


class Retired(Signed, frozen=True, kw_only=True):
    """That a gateway writes no more: its ledger ends at `size`, and nothing beyond counts. Unix seconds."""

    store: str
    ledger: str
    size: int
    at: int

    def _title(self) -> str:
        return f"the end of ledger {self.ledger}"


class StoreFacts(Signed, frozen=True, kw_only=True):
    """Everything public about a store. Its founder's key is where trust starts; members are added in a chain from it.

    `two_to_reveal`: revealing takes a second person. `span`: how long an actor keeps a pseudonym.
    """

    format: int
    id: str
    created: str
    founder: Auditor
    ledgers: tuple[LedgerEnrolment, ...]
    epochs: tuple[EpochKey, ...]
    members: tuple[Member, ...] = ()
    removed: tuple[Removed, ...] = ()
    retired: tuple[Retired, ...] = ()
    two_to_reveal: bool = False
    span: Span = "forever"

    @property
    def auditors(self) -> tuple[Auditor, ...]:
        """All who ever were auditors of the store, its founder first."""
        return (self.founder, *(member.who for member in self.members))

    @property
    def active(self) -> tuple[Auditor, ...]:
        """Those who are."""
        gone = {one.who for one in self.removed}
        return tuple(auditor for auditor in self.auditors if auditor.id not in gone)

    def managers(self) -> tuple[Auditor, ...]:
        """Those who may add, remove and make keys."""
        may = {self.founder.id, *(member.who.id for member in self.members if member.manages)}
        return tuple(auditor for auditor in self.active if auditor.id in may)

    def purposes(self, auditor: str) -> tuple[Purpose, ...]:
        """What an auditor may open, by id."""
        granted = {member.who.id: member.purposes for member in self.members}
        return granted.get(auditor, tuple(Purpose))

    def enrolment(self, ledger: str) -> LedgerEnrolment:
        """A ledger's enrolment. Raises `InputError`."""
        for found in self.ledgers:
            if found.ledger == ledger:
                return found
        raise InputError(f"Ledger {ledger} is not enrolled in this store.")

    def end_of(self, ledger: str) -> int | None:
        """The size at which a ledger was retired, if it was."""
        return next((one.size for one in self.retired if one.ledger == ledger), None)

    def keys_at(self, unix_seconds: float) -> tuple[EpochKey, ...]:
        """The epoch keys for a moment, one a purpose."""
        return tuple(self.epoch_at(unix_seconds, purpose) for purpose in Purpose)

    def epoch_at(self, unix_seconds: float, purpose: Purpose = Purpose.METADATA) -> EpochKey:
        """The epoch key for a moment; the nearest one where none covers it, since recording must go on.

        Of several made for the same time the last: it replaced the others when an auditor left.
        """
        keys = [key for key in self.epochs if key.purpose == purpose]
        covering = [key for key in keys if key.not_before <= unix_seconds < key.not_after]
        begun = [key for key in keys if key.not_before <= unix_seconds]
        return max(reversed(covering or begun or keys[:1]), key=lambda key: key.not_before)

    def signing_key(self, auditor: str) -> bytes:
        """The signing key of an auditor by id; empty, so that no signature holds, where there is none."""
        return next((one.signing_key for one in self.auditors if one.id == auditor), b"")

    @property
    def standing(self) -> frozenset[str]:
        """Short names of all facts that stand alone here. They only ever grow: a description that lacks one of an
        earlier description was rolled back, or written by somebody who did not know it."""
        alone = (*self.members, *self.ledgers, *self.epochs, *self.removed, *self.retired)
        return frozenset(key_id(fact.signature) for fact in alone)

    def check_follows(self, earlier: "StoreFacts") -> None:
        """Raise `InputError` where this description lacks what an earlier one has."""
        if not earlier.standing <= self.standing:
            raise InputError(
                "The store's description there is newer; nothing was written.",
                "Another auditor changed it: do it again.",
            )

    @property
    def epochs_end(self) -> int:
        """When the last epoch key ends, Unix seconds: gateways need new ones by then."""
        return max(key.not_after for key in self.epochs)

    def check_erased(self, erased: Erased) -> None:
        """Raise `CheckFailed` where no auditor of the store signed an erasure, or one did who had left by then."""
        erased.check(self.signing_key(erased.auditor))
        for gone in self.removed:
            if gone.who == erased.auditor and (erased.by_ledger != gone.ledger or erased.by_seq >= gone.size):
                raise CheckFailed(f"{erased._title().capitalize()} is signed by an auditor who had left.")

    def check_all(self) -> None:
        """Raise `CheckFailed` where any signature does not hold. Trust starts at the founder's key."""
        keys = {self.founder.id: self.founder.signing_key}
        for member in self.members:
            self._check_standing(member, keys)
            if member.manages:
                keys[member.who.id] = member.who.signing_key
        standing: tuple[LedgerEnrolment | EpochKey | Removed | Retired, ...]
        standing = (*self.ledgers, *self.epochs, *self.removed, *self.retired)
        for fact in standing:
            self._check_standing(fact, keys)
        managing = {auditor.id: auditor.signing_key for auditor in self.managers()}
        self.check(managing.get(self.auditor, b""))

    def _check_standing(
        self, fact: LedgerEnrolment | EpochKey | Member | Removed | Retired, keys: dict[str, bytes]
    ) -> None:
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
        if _is_early(raw):
            raise InputError(
                f"{source} is of the first days, when a store had one auditor and a month one key: this version does "
                "not read it.",
                "Make a new store with auditor init; the version that made the old one reads it.",
            ) from error
        raise InputError(
            f"{source} is no store description.", "Restore it from a backup or a gateway's folder."
        ) from error
    if found.format != layout.FORMAT:
        raise InputError(
            f"{source} has format {found.format}, this version knows {layout.FORMAT}.", "Update the program."
        )
    if {key.purpose for key in found.epochs} != set(Purpose):
        raise InputError(f"{source} lacks epoch keys.", "Restore it from a backup.")
    found.check_all()
    return found


def _is_early(raw: bytes) -> bool:
    """Whether a description has the form it had before keys had purposes."""
    try:
        found = msgspec.json.decode(raw)
    except msgspec.MsgspecError:
        return False
    return isinstance(found, dict) and found.get("format") == 1 and "founder" not in found and "epochs" in found


def load(folder: Path) -> StoreFacts:
    """The facts of the store in a folder."""
    path = folder / STORE_FILE
    return decode(files.read(path, "The store's description"), path)
