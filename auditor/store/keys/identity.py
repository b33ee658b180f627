# SPDX-License-Identifier: Apache-2.0
"""An auditor's identity: the one file that opens records. It never leaves the auditor's machine and its backups.

The private keys are sealed under the passphrase (Argon2id, then AES-256-GCM over the public part too), or under a key
that two of several people put together (`sharing`); each epoch's private key is sealed to the identity's public key
(HPKE), in this file only, never in a store. Opening the file costs the passphrase derivation once; epoch keys open on
demand.
"""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, Protocol

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from auditor.calls import Value
from auditor.errors import CheckFailed, InputError, UnlockError
from auditor.store import files
from auditor.store.format import layout, signing, suites
from auditor.store.format.layout import Purpose
from auditor.store.format.sealing import KEY_SIZE, NONCE_SIZE, derive
from auditor.store.keys import facts, sharing

KIND: Final = "ai-usage-auditor identity"
_MAX_MEMORY_KIB: Final = 4 << 20


class Argon2(Value, frozen=True, kw_only=True):
    """Cost of the passphrase (RFC 9106, section 4, second recommended option, with more memory): about 0.6 s."""

    iterations: int = 3
    memory_kib: int = 256 * 1024
    lanes: int = 4

    def derive(self, passphrase: bytes, salt: bytes) -> bytes:
        """The key a passphrase gives."""
        return Argon2id(
            salt=salt, length=KEY_SIZE, iterations=self.iterations, lanes=self.lanes, memory_cost=self.memory_kib
        ).derive(passphrase)


class _Secrets(Value, frozen=True, kw_only=True):
    """What the passphrase protects. `founder` signs for the store: where trust starts; empty before the first grant."""

    private_key: bytes
    signing_key: bytes
    pseudonym_key: bytes
    root: bytes
    founder: bytes = b""


class KeyGone(UnlockError):
    """The epoch key was destroyed on purpose: what is sealed to it stays closed for good."""


class HeldEpoch(Value, frozen=True, kw_only=True):
    """An epoch's public key, and its private half sealed to the identity."""

    key: facts.EpochKey
    private: bytes


class _File(Value, frozen=True, kw_only=True):
    """The identity file. Most of it is authenticated by `sealed`; epoch keys authenticate themselves, and what was
    destroyed is signed."""

    kind: str
    format: int
    auditor: facts.Auditor
    argon2: Argon2
    salt: bytes
    sealed: bytes
    shares: tuple[sharing.Share, ...] = ()
    epochs: tuple[HeldEpoch, ...] = ()
    destroyed: tuple[facts.Destroyed, ...] = ()

    def bound(self) -> bytes:
        """What the sealed part is bound to."""
        return layout.statement("identity", msgspec.msgpack.encode((self.format, self.auditor, self.argon2, self.salt)))


class Opener(Protocol):
    """Who can open segment secrets: an unlocked identity."""

    def purpose_of(self, recipient: str) -> Purpose | None:
        """What an epoch key is for, held or destroyed; None for one never held."""
        ...

    def open_secret(self, recipient: str, wrapped: bytes, info: bytes) -> bytes:
        """The secret wrapped to an epoch key. Raises `UnlockError` where its private half is not held."""
        ...


class Identity:
    """An unlocked identity. Holds private keys: keep it short-lived and never log it."""

    def __init__(self, file: _File, secrets: _Secrets) -> None:
        self._file = file
        self._secrets = secrets
        self._opened: dict[str, bytes] = {}
        self._held = {held.key.recipient: held for held in file.epochs}
        self._destroyed = {gone.recipient: gone for gone in file.destroyed}

    @classmethod
    def create(cls, name: str, passphrase: bytes, argon2: Argon2 | None = None, suite: str | None = None) -> "Identity":
        """A new identity, in memory; `save` writes it. Raises `InputError` for an empty passphrase."""
        _check_passphrase(passphrase)
        suite = suite or suites.default_suite()
        private, public = suites.generate(suite)
        signer = Ed25519PrivateKey.generate()
        secrets = _Secrets(
            private_key=private,
            signing_key=signer.private_bytes_raw(),
            pseudonym_key=os.urandom(KEY_SIZE),
            root=os.urandom(KEY_SIZE),
            founder=signing.public_of(signer),
        )
        auditor = facts.Auditor(name=name, suite=suite, public_key=public, signing_key=signing.public_of(signer))
        file = _File(
            kind=KIND,
            format=layout.FORMAT,
            auditor=auditor,
            argon2=argon2 or Argon2(),
            salt=os.urandom(16),
            sealed=b"",
        )
        return cls(_lock(file, secrets, passphrase), secrets)

    @classmethod
    def open(cls, path: Path, passphrase: bytes) -> "Identity":
        """Unlock an identity file. Raises `UnlockError` on a wrong passphrase, `InputError` on a file that is none."""
        file = _decode(files.read(path, "The identity"), path)
        if file.shares:
            names = ", ".join(share.holder.name for share in file.shares)
            raise UnlockError(f"{path} takes two people.", f"Give --holder FILE for two of: {names}.")
        return cls._unlocked(file, file.argon2.derive(passphrase, file.salt), f"The passphrase does not open {path}.")

    @classmethod
    def open_together(cls, path: Path, holders: Sequence["Identity"]) -> "Identity":
        """Unlock an identity that takes two people, by their own. Raises as `open`."""
        file = _decode(files.read(path, "The identity"), path)
        if not file.shares:
            raise UnlockError(f"{path} opens with a passphrase, not by two people.", "Leave --holder out.")
        return cls._unlocked(file, sharing.join(file.shares, holders), f"The shares do not open {path}.")

    @staticmethod
    def people(path: Path) -> tuple[facts.Auditor, ...]:
        """The people two of whom unlock an identity file, told without unlocking it; none where a passphrase does.

        Raises `InputError` on a file that is none.
        """
        return tuple(share.holder for share in _decode(files.read(path, "The identity"), path).shares)

    @classmethod
    def _unlocked(cls, file: _File, key: bytes, failure: str) -> "Identity":
        try:
            raw = AESGCM(key).decrypt(file.sealed[:NONCE_SIZE], file.sealed[NONCE_SIZE:], file.bound())
        except (InvalidTag, ValueError) as error:
            raise UnlockError(failure, "Check it, and that the file is unchanged.") from error
        for gone in file.destroyed:
            gone.check(file.auditor.signing_key)
        return cls(file, msgspec.msgpack.decode(raw, type=_Secrets))

    def save(self, path: Path) -> None:
        """Write the file, readable by its owner only; the bytes of its old version are overwritten where possible."""
        files.replace_secret(path, msgspec.json.format(msgspec.json.encode(self._file), indent=1) + b"\n")

    @property
    def name(self) -> str:
        """The auditor's name."""
        return self._file.auditor.name

    @property
    def auditor(self) -> facts.Auditor:
        """The public half."""
        return self._file.auditor

    @property
    def opener(self) -> Opener:
        """What opens segment secrets."""
        return self

    @property
    def signing_key(self) -> Ed25519PrivateKey:
        """The key that signs facts: enrolments, epoch keys, erasures."""
        return Ed25519PrivateKey.from_private_bytes(self._secrets.signing_key)

    @property
    def founder(self) -> bytes:
        """The signing key that trust in its store starts from; its own where it made the store."""
        return self._secrets.founder

    @property
    def holders(self) -> tuple[facts.Auditor, ...]:
        """The people two of whom unlock it; none where a passphrase does."""
        return tuple(share.holder for share in self._file.shares)

    @property
    def pseudonym_key(self) -> bytes:
        """The 32-byte key of pseudonyms; gateways hold the same, so that imports agree with them."""
        return self._secrets.pseudonym_key

    def index_key(self, store_id: str) -> bytes:
        """The 32-byte key of this auditor's index over a store."""
        return derive(self._secrets.root, "index", store_id.encode())

    def desk_key(self, ledger: str) -> bytes:
        """The 32-byte key that seals the signing key of this auditor's own ledger."""
        return derive(self._secrets.root, "desk", ledger.encode())

    def pin_key(self, store_id: str) -> bytes:
        """The 32-byte key of this auditor's pins of a store."""
        return derive(self._secrets.root, "pins", store_id.encode())

    def note_key(self, store_id: str) -> bytes:
        """The 32-byte key of this auditor's notes about a store."""
        return derive(self._secrets.root, "notes", store_id.encode())

    def with_epochs(self, epochs: Iterable[HeldEpoch]) -> "Identity":
        """The same identity, holding more epoch keys."""
        file = msgspec.structs.replace(self._file, epochs=(*self._file.epochs, *epochs))
        return Identity(file, self._secrets)

    @property
    def epochs(self) -> tuple[HeldEpoch, ...]:
        """The epoch keys it holds."""
        return self._file.epochs

    @property
    def destroyed(self) -> tuple[facts.Destroyed, ...]:
        """The epoch keys it destroyed."""
        return self._file.destroyed

    def without_epochs(self, recipients: frozenset[str], now: int) -> "Identity":
        """The same identity without the private halves of these epoch keys, for good once it is saved."""
        gone = [held.key for held in self._file.epochs if held.key.recipient in recipients]
        destroyed = [
            facts.Destroyed(
                store=key.store, epoch=key.epoch, purpose=key.purpose, recipient=key.recipient, at=now
            ).signed(self.signing_key)
            for key in gone
        ]
        left = tuple(held for held in self._file.epochs if held.key.recipient not in recipients)
        file = msgspec.structs.replace(self._file, epochs=left, destroyed=(*self._file.destroyed, *destroyed))
        return Identity(file, self._secrets)

    def with_passphrase(self, passphrase: bytes) -> "Identity":
        """The same identity under another passphrase once it is saved. Raises `InputError` for an empty one."""
        _check_passphrase(passphrase)
        fresh = msgspec.structs.replace(self._file, salt=os.urandom(16), shares=())
        return Identity(_lock(fresh, self._secrets, passphrase), self._secrets)

    def shared_among(self, holders: Sequence[facts.Auditor]) -> "Identity":
        """The same identity, to be unlocked by any two of these people once it is saved. Raises `InputError`."""
        key = os.urandom(KEY_SIZE)
        fresh = msgspec.structs.replace(self._file, shares=sharing.split(key, holders))
        return Identity(_seal(fresh, self._secrets, key), self._secrets)

    def joining(self, founder: bytes, pseudonym_key: bytes, passphrase: bytes) -> "Identity":
        """The same identity in a store that somebody else founded, once it is saved."""
        secrets = msgspec.structs.replace(self._secrets, founder=founder, pseudonym_key=pseudonym_key)
        fresh = msgspec.structs.replace(self._file, salt=os.urandom(16))
        return Identity(_lock(fresh, secrets, passphrase), secrets)

    def purpose_of(self, recipient: str) -> Purpose | None:
        """What an epoch key is for, held or destroyed; None for one never held."""
        if held := self._held.get(recipient):
            return held.key.purpose
        gone = self._destroyed.get(recipient)
        return None if gone is None else gone.purpose

    def open_secret(self, recipient: str, wrapped: bytes, info: bytes) -> bytes:
        """The secret wrapped to an epoch key this identity holds. Raises `KeyGone` where it was destroyed."""
        held = self._held.get(recipient)
        if held is None and recipient in self._destroyed:
            raise KeyGone("The epoch key of these records was destroyed; they can no longer be opened.")
        if held is None:
            raise UnlockError(
                "This identity does not hold the epoch key the records are sealed to.",
                "A manager of the store grants it: auditor identity grant NAME.",
            )
        if recipient not in self._opened:
            self._opened[recipient] = self._open_epoch(held)
        return suites.unwrap(held.key.suite, self._opened[recipient], wrapped, info)

    def open_own(self, sealed: bytes, info: bytes) -> bytes:
        """What was sealed to its own public key. Raises `UnlockError`."""
        return suites.unwrap(self.auditor.suite, self._secrets.private_key, sealed, info)

    def resealed(self, held: HeldEpoch, to: facts.Auditor) -> HeldEpoch:
        """An epoch key it holds, its private half sealed to another auditor."""
        private = suites.wrap(to.suite, to.public_key, self._open_epoch(held), epoch_info(held.key))
        return HeldEpoch(key=held.key, private=private)

    def check_held(self, held: HeldEpoch) -> None:
        """Raise `CheckFailed` where what is sealed to it is not the private half of the epoch key."""
        if suites.public_of(held.key.suite, self._open_epoch(held)) != held.key.public_key:
            raise CheckFailed(f"Epoch key {held.key.epoch} came with a private half of another key.")

    def _open_epoch(self, held: HeldEpoch) -> bytes:
        return self.open_own(held.private, epoch_info(held.key))


def epoch_info(key: facts.EpochKey) -> bytes:
    """What an epoch's sealed private key is bound to."""
    return layout.statement("epoch", f"{key.store}/{key.epoch}/{key.recipient}".encode())


def _check_passphrase(passphrase: bytes) -> None:
    if not passphrase:
        raise InputError("The passphrase is empty.", "Give one, best several words long.")


def _lock(file: _File, secrets: _Secrets, passphrase: bytes) -> _File:
    return _seal(file, secrets, file.argon2.derive(passphrase, file.salt))


def _seal(file: _File, secrets: _Secrets, key: bytes) -> _File:
    nonce = os.urandom(NONCE_SIZE)
    sealed = nonce + AESGCM(key).encrypt(nonce, msgspec.msgpack.encode(secrets), file.bound())
    return msgspec.structs.replace(file, sealed=sealed)


def _decode(raw: bytes, path: Path) -> _File:
    try:
        file = msgspec.json.decode(raw, type=_File)
    except msgspec.MsgspecError as error:
        raise InputError(
            f"{path} is no identity file.", "Give the auditor.identity that `auditor init` wrote."
        ) from error
    if file.kind != KIND or file.format != layout.FORMAT:
        raise InputError(f"{path} is no identity this version knows.", "Update the program.")
    if not 0 < file.argon2.memory_kib <= _MAX_MEMORY_KIB or not 0 < file.argon2.iterations <= 100:
        raise InputError(f"{path} asks for an absurd passphrase cost.", "Restore the file from a backup.")
    return file
