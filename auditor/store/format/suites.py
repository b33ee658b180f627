# SPDX-License-Identifier: Apache-2.0
"""HPKE (RFC 9180) as the store uses it: wrapping short keys to a public key, with the algorithms named by number.

Numbers are those of the HPKE registry (https://www.iana.org/assignments/hpke/). The default KEM is the hybrid
MLKEM768-X25519 (https://datatracker.ietf.org/doc/draft-ietf-hpke-pq/): what is recorded today must stay closed to
whoever copies it now and computes later. Where the local OpenSSL lacks ML-KEM, new keys fall back to X25519.
Keys travel as raw bytes: ML-KEM part first, X25519 part last.
"""

from typing import Final

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from auditor.errors import InputError, UnlockError

X25519: Final = "0020-0001-0002"
HYBRID: Final = "647a-0001-0002"
"""Suite names: KEM, KDF (HKDF-SHA256) and AEAD (AES-256-GCM) by their registered numbers."""

_MLKEM_SEED = 64
_MLKEM_PUBLIC = 1184

type PrivateKey = X25519PrivateKey | MLKEM768X25519PrivateKey
type PublicKey = X25519PublicKey | MLKEM768X25519PublicKey


def default_suite() -> str:
    """The suite for new keys: the hybrid, else X25519 where ML-KEM is not compiled in."""
    try:
        MLKEM768PrivateKey.generate()
    except UnsupportedAlgorithm:
        return X25519
    return HYBRID


def generate(suite: str) -> tuple[bytes, bytes]:
    """A new key pair as raw (private, public) bytes."""
    classical = X25519PrivateKey.generate()
    private, public = classical.private_bytes_raw(), classical.public_key().public_bytes_raw()
    if _known(suite) == X25519:
        return private, public
    lattice = MLKEM768PrivateKey.generate()
    return lattice.private_bytes_raw() + private, lattice.public_key().public_bytes_raw() + public


def public_of(suite: str, private: bytes) -> bytes:
    """The raw public half of a raw private key. Raises `UnlockError` for bytes that are none."""
    try:
        key = _private_key(_known(suite), private)
        if isinstance(key, X25519PrivateKey):
            return key.public_key().public_bytes_raw()
        lattice = MLKEM768PrivateKey.from_seed_bytes(private[:_MLKEM_SEED])
        classical = X25519PrivateKey.from_private_bytes(private[_MLKEM_SEED:])
    except ValueError as error:
        raise UnlockError("A private key is malformed.") from error
    return lattice.public_key().public_bytes_raw() + classical.public_key().public_bytes_raw()


def wrap(suite: str, public: bytes, plaintext: bytes, info: bytes) -> bytes:
    """Seal `plaintext` to a public key; `info` binds it to its purpose. The encapsulation comes first."""
    return _hpke(suite).encrypt(plaintext, _public_key(suite, public), info)


def unwrap(suite: str, private: bytes, wrapped: bytes, info: bytes) -> bytes:
    """Open what `wrap` sealed. Raises `UnlockError` where key, purpose or bytes differ."""
    try:
        return _hpke(suite).decrypt(wrapped, _private_key(suite, private), info)
    except (InvalidTag, ValueError) as error:
        raise UnlockError("A wrapped key does not open with this private key.") from error


def _known(suite: str) -> str:
    if suite not in (X25519, HYBRID):
        raise InputError(f"Algorithm suite {suite!r} is unknown to this version.", "Update the program.")
    return suite


def _hpke(suite: str) -> Suite:
    kem = KEM.X25519 if _known(suite) == X25519 else KEM.MLKEM768_X25519
    return Suite(kem, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


def _private_key(suite: str, raw: bytes) -> PrivateKey:
    if suite == X25519:
        return X25519PrivateKey.from_private_bytes(raw)
    lattice = MLKEM768PrivateKey.from_seed_bytes(raw[:_MLKEM_SEED])
    return MLKEM768X25519PrivateKey(lattice, X25519PrivateKey.from_private_bytes(raw[_MLKEM_SEED:]))


def _public_key(suite: str, raw: bytes) -> PublicKey:
    if suite == X25519:
        return X25519PublicKey.from_public_bytes(raw)
    lattice = MLKEM768PublicKey.from_public_bytes(raw[:_MLKEM_PUBLIC])
    return MLKEM768X25519PublicKey(lattice, X25519PublicKey.from_public_bytes(raw[_MLKEM_PUBLIC:]))
