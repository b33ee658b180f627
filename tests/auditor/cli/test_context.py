# SPDX-License-Identifier: Apache-2.0
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from auditor.cli import context
from auditor.cli.context import Context, Options
from auditor.errors import UnlockError
from tests.auditor.cli.house import PASSPHRASE, House


def test_the_identity_lies_beside_the_store_unless_it_is_named(house: House, tmp_path: Path) -> None:
    assert Context(Options(store=str(house.store))).identity_file == house.folder / "auditor.identity"
    named = Context(Options(store=str(house.store), identity=tmp_path / "other")).identity_file
    assert named == tmp_path / "other"


def test_the_users_data_folder_is_the_default(house: House, tmp_path: Path) -> None:
    work = Context(Options())
    assert work.location.folder.is_relative_to(tmp_path / "user")
    assert work.identity_file.parent == work.location.folder.parent


def test_options_come_from_the_environment_too(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDITOR_STORE", str(house.store))
    monkeypatch.setenv("AUDITOR_IDENTITY", str(house.folder / "auditor.identity"))
    monkeypatch.setenv("AUDITOR_PASSPHRASE_FILE", str(house.passphrase))
    assert house.ok("verify", "--json", bare=True).rows[0]["holds"] is True


@pytest.mark.parametrize("raw", [PASSPHRASE, PASSPHRASE + b"\n", PASSPHRASE + b"\r\nnote\n"])
def test_the_first_line_of_the_file_is_the_passphrase(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "pw").write_bytes(raw)
    assert context.from_file(tmp_path / "pw") == PASSPHRASE


def test_an_empty_passphrase_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pw").write_bytes(b"\n")
    with pytest.raises(UnlockError, match="is empty"):
        context.from_file(tmp_path / "pw")


def test_a_wrong_passphrase_ends_with_3_and_is_not_repeated(house: House) -> None:
    house.passphrase.write_bytes(b"canary-7f3k\n")
    ran = house.run("verify")
    assert ran.code == 3
    assert "does not open" in ran.sentence
    assert "canary" not in ran.err


def test_without_a_terminal_the_passphrase_cannot_be_asked_for(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", open(os.devnull))  # noqa: SIM115
    ran = house.run("--passphrase-file", "-", "verify")
    sys.stdin.close()
    assert ran.code == 3
    assert ran.sentence.startswith("There is no terminal to ask for the passphrase.")


def test_a_missing_store_is_said_before_the_passphrase_is_asked_for(house: House, tmp_path: Path) -> None:
    house.passphrase.unlink()
    ran = house.run("--store", tmp_path / "nowhere", "verify")
    assert ran.code == 2
    assert str(tmp_path / "nowhere") in ran.sentence


def test_a_missing_identity_is_said(house: House, tmp_path: Path) -> None:
    ran = house.run("--identity", tmp_path / "nowhere", "verify")
    assert ran.code == 3
    assert str(tmp_path / "nowhere") in ran.sentence


def test_the_terminal_is_asked_and_shows_nothing(house: House) -> None:
    """A real terminal: the prompt appears, the passphrase does not."""
    leader, follower = pty.openpty()
    program = [sys.executable, "-m", "auditor", "--store", str(house.store), "verify", "--json"]
    run = subprocess.Popen(
        program, stdin=follower, stderr=follower, stdout=subprocess.PIPE, start_new_session=True, close_fds=True
    )
    os.close(follower)
    seen = b""
    while b"Passphrase:" not in seen:
        seen += os.read(leader, 1024)
    os.write(leader, PASSPHRASE + b"\n")
    out, _ = run.communicate(timeout=60)
    while True:
        try:
            seen += os.read(leader, 1024)
        except OSError:
            break
    os.close(leader)
    assert run.returncode == 0
    assert b'"holds":true' in out
    assert PASSPHRASE not in seen
