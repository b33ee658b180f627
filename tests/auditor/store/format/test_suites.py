# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.errors import InputError, UnlockError
from auditor.store.format import suites
from tests.auditor.store.format import hpke_oracle

KEMS = {suites.X25519: hpke_oracle.X25519, suites.HYBRID: hpke_oracle.XWING}


def test_the_oracle_opens_the_vector_of_rfc_9180_a_1_1() -> None:
    private = bytes.fromhex("4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8")
    enc = bytes.fromhex("37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431")
    ciphertext = bytes.fromhex(
        "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a"
    )
    info, aad = bytes.fromhex("4f6465206f6e2061204772656369616e2055726e"), b"Count-0"
    opened = hpke_oracle.open_one(hpke_oracle.X25519, hpke_oracle.AES_128_GCM, private, enc + ciphertext, info, aad)
    assert opened == b"Beauty is truth, truth beauty"


class Vector(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A published vector of one suite, base mode, KDF HKDF-SHA256; message n was sealed with "Count-n" beside it."""

    source: str
    kem: int
    aead: int
    info: str
    private: str
    public: str
    enc: str
    shared: str
    key: str
    nonce: str
    exporter: str
    plaintext: str
    ciphertexts: list[str]
    exports: list[tuple[str, int, str]]

    @property
    def raw_private(self) -> bytes:
        """As `suites` writes it."""
        raw = bytes.fromhex(self.private)
        return raw if self.kem == hpke_oracle.X25519 else hpke_oracle.xwing_private(raw)

    @property
    def suite(self) -> str:
        return next(suite for suite, kem in KEMS.items() if kem == self.kem)


VECTORS = msgspec.json.decode(Path(__file__).with_name("hpke_vectors.json").read_bytes(), type=list[Vector])
CIPHERS = {hpke_oracle.AES_256_GCM: AESGCM, hpke_oracle.CHACHA20_POLY1305: ChaCha20Poly1305}


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: f"{vector.kem:04x}-{vector.aead:04x}")
def test_the_oracle_agrees_with_every_value_of_the_published_vectors(vector: Vector) -> None:
    shared = hpke_oracle.decapsulate(vector.kem, vector.raw_private, bytes.fromhex(vector.enc))
    made = hpke_oracle.schedule(vector.kem, vector.aead, shared, bytes.fromhex(vector.info))
    assert [shared.hex(), *(part.hex() for part in made)] == [vector.shared, vector.key, vector.nonce, vector.exporter]
    cipher, plaintext = CIPHERS[vector.aead](made.key), bytes.fromhex(vector.plaintext)
    sealed = [cipher.encrypt(made.nonce_of(at), plaintext, b"Count-%d" % at) for at in range(len(vector.ciphertexts))]
    assert [one.hex() for one in sealed] == vector.ciphertexts
    for context, length, value in vector.exports:
        given = hpke_oracle.exported(vector.kem, vector.aead, made.exporter, bytes.fromhex(context), length)
        assert given.hex() == value


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: f"{vector.kem:04x}-{vector.aead:04x}")
def test_the_library_derives_what_the_published_vectors_say(vector: Vector) -> None:
    """It seals single messages with nothing beside them, so one is made under the vector's own shared secret."""
    info, shared = bytes.fromhex(vector.info), bytes.fromhex(vector.shared)
    made = hpke_oracle.schedule(vector.kem, hpke_oracle.AES_256_GCM, shared, info)
    message = bytes.fromhex(vector.enc) + AESGCM(made.key).encrypt(made.nonce, b"secret", b"")
    assert suites.unwrap(vector.suite, vector.raw_private, message, info) == b"secret"
    assert suites.public_of(vector.suite, vector.raw_private).hex() == vector.public


@pytest.mark.parametrize("suite", KEMS)
def test_what_we_wrap_another_implementation_opens(suite: str) -> None:
    private, public = suites.generate(suite)
    wrapped = suites.wrap(suite, public, b"secret", b"purpose")
    assert hpke_oracle.open_one(KEMS[suite], hpke_oracle.AES_256_GCM, private, wrapped, b"purpose") == b"secret"


@pytest.mark.parametrize("suite", KEMS)
def test_what_another_implementation_seals_we_unwrap(suite: str) -> None:
    private, public = suites.generate(suite)
    sealed = hpke_oracle.seal_one(KEMS[suite], hpke_oracle.AES_256_GCM, public, b"secret", b"purpose")
    assert suites.unwrap(suite, private, sealed, b"purpose") == b"secret"


@pytest.mark.parametrize("suite", KEMS)
def test_another_key_another_purpose_or_an_altered_byte_opens_nothing(suite: str) -> None:
    private, public = suites.generate(suite)
    stranger, _ = suites.generate(suite)
    wrapped = suites.wrap(suite, public, b"secret", b"purpose")
    altered = wrapped[:-1] + bytes([wrapped[-1] ^ 1])
    for key, message, info in (
        (stranger, wrapped, b"purpose"),
        (private, wrapped, b"another"),
        (private, altered, b"purpose"),
        (private, wrapped[:20], b"purpose"),
        (private, b"", b"purpose"),
    ):
        with pytest.raises(UnlockError):
            suites.unwrap(suite, key, message, info)


def test_an_unknown_suite_is_refused() -> None:
    with pytest.raises(InputError):
        suites.generate("0010-0001-0001")


def test_new_keys_are_hybrid_where_the_library_can() -> None:
    assert suites.default_suite() == suites.HYBRID


@given(plaintext=st.binary(max_size=200), info=st.binary(max_size=50))
@settings(max_examples=20)
def test_round_trip(plaintext: bytes, info: bytes) -> None:
    private, public = suites.generate(suites.HYBRID)
    wrapped = suites.wrap(suites.HYBRID, public, plaintext, info)
    assert suites.unwrap(suites.HYBRID, private, wrapped, info) == plaintext
