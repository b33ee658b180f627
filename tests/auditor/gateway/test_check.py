# SPDX-License-Identifier: Apache-2.0
"""`auditor gateway check`: all is well, or what is not."""

import socket
import sys
from pathlib import Path

import pytest

from auditor.errors import EnvironmentFailure
from auditor.gateway import authority, check, redirector
from auditor.gateway.config import GatewayConfig
from auditor.store import Enrolment, LedgerWriter, Location
from auditor.store.create import create_store
from auditor.store.keys.identity import Argon2
from tests.auditor.store.material import tampering
from tests.ports import free_port


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    create_store(tmp_path, b"passphrase", argon2=Argon2(iterations=1, memory_kib=64, lanes=1))
    return tmp_path / "gateway"


def failing(folder: Path, **options: object) -> list[str]:
    config = GatewayConfig.load(folder, {"listen": f"127.0.0.1:{free_port()}", **options})
    return [result.text for result in check.report(config).results if not result.holds]


def test_a_fresh_gateway_holds(folder: Path) -> None:
    assert failing(folder, metrics=f"127.0.0.1:{free_port()}") == []
    assert not (folder / "ca").exists(), "nothing is changed"
    authority.ensure(folder / "ca")
    assert failing(folder) == []


def test_a_taken_port(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        (said,) = failing(folder, listen=address)
        (also,) = failing(folder, metrics=address)
    assert "cannot listen on" in said
    assert address in also


def test_a_port_that_is_taken_while_the_gateway_runs(folder: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with LedgerWriter.for_gateway(Enrolment.load(folder), Location.parse(tmp_path / "store")):
            assert failing(folder, listen=address, metrics=address, publish=address) == []
        assert len(failing(folder, listen=address, metrics=address, publish=address)) == 3


def test_keys_that_are_missing_or_open_to_others(folder: Path) -> None:
    key = folder / "pseudonym.key"
    key.chmod(0o644)
    assert any("can be read by others" in said for said in failing(folder))
    key.unlink()
    assert any("pseudonym" in said.lower() for said in failing(folder))


def test_a_ledger_of_a_later_version(folder: Path, tmp_path: Path) -> None:
    location = Location.parse(tmp_path / "store")
    with LedgerWriter.for_gateway(Enrolment.load(folder), location) as writer:
        ledger = writer.ledger
    assert failing(folder) == []
    with tampering(location.ledger_file(ledger)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    (said,) = failing(folder)
    assert "9999" in said


def test_another_store(folder: Path, tmp_path: Path) -> None:
    create_store(tmp_path / "other", b"passphrase", argon2=Argon2(iterations=1, memory_kib=64, lanes=1))
    (folder / "gateway.toml").write_text('store = "../other/store"\n')
    assert any("another store" in said for said in failing(folder))


def test_what_clients_set(folder: Path) -> None:
    assert "HTTPS_PROXY=http://127.0.0.1:9" in check.clients(GatewayConfig.load(folder, {"listen": "127.0.0.1:9"}))
    reverse = check.clients(GatewayConfig.load(folder, {"mode": "reverse:https://api.openai.com"}))
    assert "in place of https://api.openai.com" in reverse
    assert "no proxy setting" in check.clients(GatewayConfig.load(folder, {"mode": "transparent"}))
    assert "name 127.0.0.1:8080 as their SOCKS5 proxy" in check.clients(GatewayConfig.load(folder, {"mode": "socks5"}))
    assert "ca --wireguard HOST" in check.clients(GatewayConfig.load(folder, {"mode": "wireguard"}))


@pytest.mark.parametrize("host", ["0.0.0.0", "[::]", ""])
def test_clients_are_told_a_name_where_it_listens_on_every_address(folder: Path, host: str) -> None:
    config = GatewayConfig.load(folder, {"listen": f"{host}:8080"})
    assert config.reachable("gateway.example") == "gateway.example:8080"
    assert check.proxy(config) == f"http://{config.reachable(socket.getfqdn())}"


@pytest.mark.parametrize(("host", "named"), [("10.0.0.1", "10.0.0.1:8080"), ("[fd00::1]", "[fd00::1]:8080")])
def test_clients_are_told_the_address_where_there_is_one(folder: Path, host: str, named: str) -> None:
    assert GatewayConfig.load(folder, {"listen": f"{host}:8080"}).reachable("gateway.example") == named


def test_the_ways_out_are_looked_at(folder: Path) -> None:
    file = folder / "gateway.toml"
    file.write_text(file.read_text() + '[ship]\nto = "postgresql://gw@127.0.0.1:1/audit"\n')
    (away,) = failing(folder, publish=f"127.0.0.1:{free_port()}")
    assert "cannot be reached" in away


@pytest.mark.skipif(sys.platform != "linux", reason="what mode local needs is looked at on Linux")
def test_a_machine_that_cannot_redirect(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EnvironmentFailure, match="needs the command sudo"):
        redirector.require(tmp_path)
    (tmp_path / "sudo").touch(0o755)
    with pytest.raises(EnvironmentFailure, match=r"groups of version 2 at \S+; this machine has others there"):
        redirector.require(tmp_path)
    (tmp_path / "cgroup.controllers").touch()
    redirector.require(tmp_path)
