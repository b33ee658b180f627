# SPDX-License-Identifier: Apache-2.0
import os
import stat
import tomllib
from pathlib import Path

import pytest

from auditor.errors import AuditorError, EnvironmentFailure, InputError
from auditor.store import Enrolment, Identity, Location, create_store, files
from tests.auditor.store.material import CHEAP, MOMENT, PASSPHRASE, Home


def test_three_parts_are_made(home: Home) -> None:
    assert sorted(os.listdir(home.folder)) == ["auditor.identity", "gateway", "store"]
    store = home.location.facts()
    assert store.id == home.made.store_id
    assert [enrolled.kind for enrolled in store.ledgers] == ["gateway", "desk"]
    assert home.identity.auditor in store.auditors


def test_the_gateway_part_stands_alone(home: Home) -> None:
    enrolment = Enrolment.load(home.made.gateway)
    assert enrolment.ledger == home.gateway
    assert enrolment.pseudonym_key == home.identity.pseudonym_key
    config = tomllib.loads((home.made.gateway / "gateway.toml").read_text())
    assert (home.made.gateway / config["store"]).resolve() == home.made.store.resolve()
    for name in ("signing.key", "pseudonym.key"):
        assert stat.S_IMODE((home.made.gateway / name).stat().st_mode) == 0o600


def test_epochs_begin_with_the_current_month(tmp_path: Path) -> None:
    made = create_store(tmp_path / "audit", PASSPHRASE, argon2=CHEAP, now=MOMENT)
    epochs = Location.parse(made.store).facts().epochs
    assert [epochs[0].epoch, epochs[-1].epoch, len(epochs)] == ["2026-11", "2027-10", 36]


@pytest.mark.parametrize("existing", ["store", "auditor.identity", "gateway"])
def test_nothing_is_overwritten(tmp_path: Path, existing: str) -> None:
    (tmp_path / existing).write_text("mine")
    with pytest.raises(InputError, match="exists already"):
        create_store(tmp_path, PASSPHRASE, argon2=CHEAP)
    assert os.listdir(tmp_path) == [existing]
    assert (tmp_path / existing).read_text() == "mine"


def test_other_files_in_the_folder_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    create_store(tmp_path, PASSPHRASE, argon2=CHEAP)
    assert sorted(os.listdir(tmp_path)) == ["auditor.identity", "gateway", "notes.txt", "store"]


@pytest.mark.parametrize(
    ("step", "failing"), [*(("write", n) for n in range(1, 8)), *(("rename", n) for n in (1, 2, 3))]
)
def test_a_failure_at_any_point_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, failing: int
) -> None:
    """Both the writing of files and their moving into place fail at each of their steps."""
    calls = {"write": 0, "rename": 0}
    real_write, real_rename = files.write, os.rename

    def write(path: Path, content: bytes, mode: int = files.PUBLIC) -> None:
        calls["write"] += 1
        if (step, calls["write"]) == ("write", failing):
            raise EnvironmentFailure("The disk is full.")
        real_write(path, content, mode)

    def rename(source: Path, target: Path) -> None:
        calls["rename"] += 1
        if (step, calls["rename"]) == ("rename", failing):
            raise OSError(28, "No space left on device")
        real_rename(source, target)

    monkeypatch.setattr(files, "write", write)
    monkeypatch.setattr(os, "rename", rename)
    with pytest.raises(AuditorError):
        create_store(tmp_path / "audit", PASSPHRASE, argon2=CHEAP, months=1)
    assert os.listdir(tmp_path) == []


def test_an_unwritable_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EnvironmentFailure, match="cannot be written"):
        create_store(tmp_path / "file" / "audit", PASSPHRASE, argon2=CHEAP)


def test_another_passphrase_does_not_open_it(home: Home) -> None:
    with pytest.raises(AuditorError) as caught:
        Identity.open(home.made.identity, b"another")
    assert caught.value.exit_code == 3
