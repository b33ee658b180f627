# SPDX-License-Identifier: Apache-2.0
"""HPKE (RFC 9180, base mode) written from the RFC out of primitives: an oracle for `suites`, itself held against the
published vectors.

KEMs: DHKEM(X25519, HKDF-SHA256) of section 4.1, and MLKEM768-X25519 (X-Wing,
https://datatracker.ietf.org/doc/draft-connolly-cfrg-xwing-kem/). KDF: HKDF-SHA256; AEAD: AES-GCM.
"""

import hashlib
import hmac
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

AES_128_GCM, AES_256_GCM, CHACHA20_POLY1305 = 1, 2, 3
X25519, XWING = 0x0020, 0x647A
_LABEL = b"\\.//^\\"


class Schedule(NamedTuple):
    """What both sides derive (section 5.1): a key, the first nonce, a secret to export from."""

    key: bytes
    nonce: bytes
    exporter: bytes

    def nonce_of(self, message: int) -> bytes:
        """The nonce of a message by its number (section 5.2)."""
        return (int.from_bytes(self.nonce) ^ message).to_bytes(12)


def open_one(kem: int, aead: int, private: bytes, message: bytes, info: bytes, aad: bytes = b"") -> bytes:
    """Open `enc || ciphertext` with a raw private key."""
    size = 32 if kem == X25519 else 1088 + 32
    enc, ciphertext = message[:size], message[size:]
    key, nonce, _ = schedule(kem, aead, decapsulate(kem, private, enc), info)
    return AESGCM(key).decrypt(nonce, ciphertext, aad)


def seal_one(kem: int, aead: int, public: bytes, plaintext: bytes, info: bytes, aad: bytes = b"") -> bytes:
    """Seal one message to a raw public key, as `enc || ciphertext`."""
    shared, enc = _dh_encap(public) if kem == X25519 else _xwing_encap(public)
    key, nonce, _ = schedule(kem, aead, shared, info)
    return enc + AESGCM(key).encrypt(nonce, plaintext, aad)


def decapsulate(kem: int, private: bytes, enc: bytes) -> bytes:
    """The shared secret."""
    return _dh_decap(private, enc) if kem == X25519 else _xwing_decap(private, enc)


def xwing_private(seed: bytes) -> bytes:
    """The raw private key of an X-Wing seed: ML-KEM's seed, then X25519's key."""
    return hashlib.shake_256(seed).digest(64 + 32)


def schedule(kem: int, aead: int, shared: bytes, info: bytes) -> Schedule:
    suite = _suite(kem, aead)
    context = b"\x00" + _extract(suite, b"", b"psk_id_hash", b"") + _extract(suite, b"", b"info_hash", info)
    secret = _extract(suite, shared, b"secret", b"")
    key = _expand(suite, secret, b"key", context, 16 if aead == AES_128_GCM else 32)
    nonce = _expand(suite, secret, b"base_nonce", context, 12)
    return Schedule(key, nonce, _expand(suite, secret, b"exp", context, 32))


def exported(kem: int, aead: int, exporter: bytes, context: bytes, length: int) -> bytes:
    """What is exported for a context (section 5.3)."""
    return _expand(_suite(kem, aead), exporter, b"sec", context, length)


def _suite(kem: int, aead: int) -> bytes:
    return b"HPKE" + b"".join(number.to_bytes(2, "big") for number in (kem, 1, aead))


def _dh_decap(private: bytes, enc: bytes) -> bytes:
    key = X25519PrivateKey.from_private_bytes(private)
    secret = key.exchange(X25519PublicKey.from_public_bytes(enc))
    return _dh_shared(secret, enc + key.public_key().public_bytes_raw())


def _dh_encap(public: bytes) -> tuple[bytes, bytes]:
    key = X25519PrivateKey.generate()
    enc = key.public_key().public_bytes_raw()
    return _dh_shared(key.exchange(X25519PublicKey.from_public_bytes(public)), enc + public), enc


def _dh_shared(secret: bytes, context: bytes) -> bytes:
    suite = b"KEM" + X25519.to_bytes(2, "big")
    return _expand(suite, _extract(suite, b"", b"eae_prk", secret), b"shared_secret", context, 32)


def _xwing_decap(private: bytes, enc: bytes) -> bytes:
    lattice = MLKEM768PrivateKey.from_seed_bytes(private[:64]).decapsulate(enc[:1088])
    classical = X25519PrivateKey.from_private_bytes(private[64:])
    secret = classical.exchange(X25519PublicKey.from_public_bytes(enc[1088:]))
    return hashlib.sha3_256(lattice + secret + enc[1088:] + classical.public_key().public_bytes_raw() + _LABEL).digest()


def _xwing_encap(public: bytes) -> tuple[bytes, bytes]:
    lattice, ciphertext = MLKEM768PublicKey.from_public_bytes(public[:1184]).encapsulate()
    key = X25519PrivateKey.generate()
    enc = key.public_key().public_bytes_raw()
    secret = key.exchange(X25519PublicKey.from_public_bytes(public[1184:]))
    return hashlib.sha3_256(lattice + secret + enc + public[1184:] + _LABEL).digest(), ciphertext + enc


def _extract(suite: bytes, salt: bytes, label: bytes, material: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + material, "sha256")


def _expand(suite: bytes, key: bytes, label: bytes, info: bytes, length: int) -> bytes:
    message = length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info
    return hmac.digest(key, message + b"\x01", "sha256")[:length]
