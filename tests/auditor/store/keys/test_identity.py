# SPDX-License-Identifier: Apache-2.0
import stat
from datetime import datetime
from pathlib import Path

import msgspec
import pytest

from auditor.errors import InputError, UnlockError
from auditor.store.format import suites
from auditor.store.keys import epochs
from auditor.store.keys.identity import Argon2, Identity
from tests.auditor.store.material import CHEAP, MOMENT, PASSPHRASE


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "auditor.identity"
    identity = Identity.create("Ada", PASSPHRASE, CHEAP)
    identity.with_epochs(epochs.make(identity, "store-1", MOMENT, 3)).save(path)
    return path


def test_it_opens_with_its_passphrase_and_is_private(path: Path) -> None:
    identity = Identity.open(path, PASSPHRASE)
    assert identity.name == "Ada"
    assert len(identity.pseudonym_key) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert Identity.open(path, PASSPHRASE).index_key("s") == identity.index_key("s") != identity.index_key("t")


def test_a_wrong_passphrase_is_told_without_repeating_it(path: Path) -> None:
    with pytest.raises(UnlockError) as caught:
        Identity.open(path, b"wrong horse")
    assert "passphrase does not open" in caught.value.diagnostics()
    assert "wrong horse" not in caught.value.diagnostics()


def test_an_empty_passphrase_is_refused() -> None:
    with pytest.raises(InputError, match="empty"):
        Identity.create("Ada", b"")


def test_the_file_shows_no_private_key(path: Path) -> None:
    identity = Identity.open(path, PASSPHRASE)
    raw = path.read_bytes()
    for secret in (identity.pseudonym_key, identity.signing_key.private_bytes_raw()):
        assert secret not in raw
        assert msgspec.json.encode(secret)[1:40] not in raw


@pytest.mark.parametrize("field", ["name", "public_key", "signing_key"])
def test_an_altered_public_half_does_not_open(path: Path, field: str) -> None:
    file = msgspec.json.decode(path.read_bytes())
    text = file["auditor"][field]
    file["auditor"][field] = ("B" if text[0] == "A" else "A") + text[1:]
    path.write_bytes(msgspec.json.encode(file))
    with pytest.raises(UnlockError):
        Identity.open(path, PASSPHRASE)


@pytest.mark.parametrize("content", [b"", b"{}", b"\x00\xff", b'{"kind": "something else"}'])
def test_another_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(InputError, match="is no identity"):
        Identity.open(path, PASSPHRASE)


def test_an_absurd_cost_is_refused_before_it_is_paid(path: Path) -> None:
    file = msgspec.json.decode(path.read_bytes())
    file["argon2"]["memory_kib"] = 1 << 40
    path.write_bytes(msgspec.json.encode(file))
    with pytest.raises(InputError, match="absurd"):
        Identity.open(path, PASSPHRASE)


def test_the_default_cost_is_the_designed_one() -> None:
    assert Argon2() == Argon2(iterations=3, memory_kib=256 * 1024, lanes=4)


def test_epoch_keys_are_made_ahead_and_open_in_the_identity_only(path: Path) -> None:
    identity = Identity.open(path, PASSPHRASE)
    held = epochs.make(identity, "store-1", datetime(2026, 11, 30, tzinfo=MOMENT.tzinfo), 3)
    assert [one.key.epoch for one in held[::3]] == ["2026-11", "2026-12", "2027-01"]
    assert [one.key.not_after for one in held[:-3]] == [one.key.not_before for one in held[3:]]
    holder, stranger = identity.with_epochs(held), Identity.create("Eve", PASSPHRASE, CHEAP).with_epochs(held)
    for one in held:
        one.key.check(identity.auditor.signing_key)
        wrapped = suites.wrap(one.key.suite, one.key.public_key, b"segment secret", b"info")
        assert holder.open_secret(one.key.recipient, wrapped, b"info") == b"segment secret"
        with pytest.raises(UnlockError):
            stranger.open_secret(one.key.recipient, wrapped, b"info")
    with pytest.raises(UnlockError, match="does not hold"):
        identity.open_secret("unknown", b"", b"")
