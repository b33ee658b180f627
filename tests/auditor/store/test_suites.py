# SPDX-License-Identifier: Apache-2.0
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.errors import InputError, UnlockError
from auditor.store import suites
from tests.auditor.store import hpke_oracle

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
