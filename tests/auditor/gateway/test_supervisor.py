# SPDX-License-Identifier: Apache-2.0
import socket
import tempfile
from pathlib import Path

import pytest

from auditor.gateway.supervisor import announcement, socket_folder


@pytest.mark.parametrize("length", [1, 40, 60, 66, 67, 120])
def test_a_socket_finds_room_however_long_the_path_of_the_temporary_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, length: int
) -> None:
    with tempfile.TemporaryDirectory() as short:
        temporary = Path(short) / ("t" * length)
        temporary.mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(temporary))
        with socket_folder() as folder, socket.socket(socket.AF_UNIX) as bound:
            bound.bind(f"{folder}/recorder.sock")
            assert Path(folder).stat().st_mode & 0o777 == 0o700
            assert Path(folder).is_relative_to(temporary) == (len(f"{temporary}") <= 103 - 39)
        assert not Path(folder).exists()


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        ("regular", "The gateway listens on 127.0.0.1:8080 (regular)."),
        ("reverse:https://api.openai.com", "The gateway listens on 127.0.0.1:8080 (reverse:https://api.openai.com)."),
        ("wireguard", "The gateway listens on 127.0.0.1:8080 (wireguard)."),
        ("local", "The gateway captures all programs of this machine."),
        ("local:curl,!wget", "The gateway captures the programs of this machine that local:curl,!wget names."),
    ],
)
def test_it_says_what_it_serves(mode: str, said: str) -> None:
    assert announcement(mode, "127.0.0.1", 8080) == said
