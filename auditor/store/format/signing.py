# SPDX-License-Identifier: Apache-2.0
"""The rolling signing key of a ledger: each segment signs with its own key, and the key before is dropped.

Invariants: the key file holds the key of the newest committed segment, and during a roll also the next one. The next
key is durable before the segment header that names it is committed, and the old key is dropped after. So a crash at
any point leaves a file with exactly one key that the ledger's newest header names, and the chain goes on. Before the
first segment the file holds the enrolment key.
"""

from pathlib import Path
from typing import Protocol

import msgspec
from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from auditor.errors import CheckFailed, InputError, UnlockError
from auditor.store import files


def public_of(key: Ed25519PrivateKey) -> bytes:
    """The raw public half."""
    return key.public_key().public_bytes_raw()


def holds(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether it is this key's signature of this message."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def check(public: bytes, message: bytes, signature: bytes, what: str) -> None:
    """Raise `CheckFailed` naming `what`, where the signature does not hold."""
    if not holds(public, message, signature):
        raise CheckFailed(f"{what} does not hold.")


class Wrapping(Protocol):
    """How a key file is protected at rest: a gateway's by file rights alone, a desk's also by the identity."""

    def seal(self, plaintext: bytes) -> bytes: ...  # noqa: D102

    def open(self, sealed: bytes) -> bytes: ...  # noqa: D102


class Plain:
    """Kept as it is; the file is readable by its owner only."""

    def seal(self, plaintext: bytes) -> bytes:
        """The same bytes."""
        return plaintext

    def open(self, sealed: bytes) -> bytes:
        """The same bytes."""
        return sealed


class KeyFile:
    """The file that carries a ledger's signing key from one segment, and one process, to the next."""

    def __init__(self, path: Path, wrapping: Wrapping | None = None) -> None:
        self.path = path
        self._wrapping = wrapping or Plain()

    def create(self, key: Ed25519PrivateKey) -> None:
        """Write the enrolment key as the first one."""
        self._write(key)

    def current(self, public: bytes) -> Ed25519PrivateKey:
        """The key whose public half the ledger names. Raises `CheckFailed` where the file and the ledger part."""
        for key in self._read():
            if public_of(key) == public:
                return key
        raise CheckFailed(
            f"The signing key in {self.path} does not continue this ledger.",
            "The ledger or the key file was replaced or rolled back: verify the ledger, then enrol the gateway anew.",
        )

    def prepare(self, current: Ed25519PrivateKey) -> Ed25519PrivateKey:
        """Make the next key and write it beside the current one."""
        following = Ed25519PrivateKey.generate()
        self._write(current, following)
        return following

    def drop_others(self, current: Ed25519PrivateKey) -> None:
        """Keep only the current key."""
        self._write(current)

    def _write(self, *keys: Ed25519PrivateKey) -> None:
        raw = msgspec.msgpack.encode([key.private_bytes_raw() for key in keys])
        files.replace_secret(self.path, self._wrapping.seal(raw))

    def _read(self) -> list[Ed25519PrivateKey]:
        sealed = files.read(self.path, "The signing key")
        try:
            raw = msgspec.msgpack.decode(self._wrapping.open(sealed), type=list[bytes])
            return [Ed25519PrivateKey.from_private_bytes(seed) for seed in raw]
        except InvalidTag as error:
            raise UnlockError(f"The signing key {self.path} does not open with this identity.") from error
        except (msgspec.MsgspecError, ValueError) as error:
            raise InputError(f"The signing key {self.path} is damaged.", "Restore it, or enrol anew.") from error
