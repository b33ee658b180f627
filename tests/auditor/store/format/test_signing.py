# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from auditor.errors import CheckFailed, InputError, UnlockError
from auditor.store.create import Sealed
from auditor.store.format.signing import KeyFile, check, public_of


@pytest.fixture
def first() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


@pytest.fixture
def key_file(tmp_path: Path, first: Ed25519PrivateKey) -> KeyFile:
    made = KeyFile(tmp_path / "signing.key")
    made.create(first)
    return made


def test_a_crash_before_the_commit_goes_on_with_the_current_key(key_file: KeyFile, first: Ed25519PrivateKey) -> None:
    key_file.prepare(first)
    assert public_of(KeyFile(key_file.path).current(public_of(first))) == public_of(first)


def test_a_crash_after_the_commit_goes_on_with_the_next_key(key_file: KeyFile, first: Ed25519PrivateKey) -> None:
    following = key_file.prepare(first)
    assert public_of(KeyFile(key_file.path).current(public_of(following))) == public_of(following)


def test_the_old_key_is_gone_from_the_file(key_file: KeyFile, first: Ed25519PrivateKey) -> None:
    following = key_file.prepare(first)
    key_file.drop_others(following)
    assert first.private_bytes_raw() not in key_file.path.read_bytes()
    with pytest.raises(CheckFailed, match="does not continue this ledger"):
        key_file.current(public_of(first))


def test_a_sealed_key_file_shows_no_key_and_opens_with_its_wrapping_only(
    tmp_path: Path, first: Ed25519PrivateKey
) -> None:
    path = tmp_path / "desk.signing"
    KeyFile(path, Sealed(bytes(32))).create(first)
    assert first.private_bytes_raw() not in path.read_bytes()
    assert public_of(KeyFile(path, Sealed(bytes(32))).current(public_of(first))) == public_of(first)
    with pytest.raises(UnlockError):
        KeyFile(path, Sealed(bytes([1]) * 32)).current(public_of(first))


@pytest.mark.parametrize("content", [b"", b"\x91\xc4\x03abc", b"garbage"])
def test_a_damaged_key_file_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "signing.key"
    path.write_bytes(content)
    with pytest.raises(InputError, match="is damaged"):
        KeyFile(path).current(bytes(32))


def test_signatures(first: Ed25519PrivateKey) -> None:
    check(public_of(first), b"message", first.sign(b"message"), "It")
    for public, message in ((public_of(first), b"another"), (bytes(32), b"message"), (b"short", b"message")):
        with pytest.raises(CheckFailed, match="It does not hold"):
            check(public, message, first.sign(b"message"), "It")
