# SPDX-License-Identifier: Apache-2.0
import socket
import ssl
from pathlib import Path

import pytest

from tests.auditor.cli.house import House


def listen_anywhere(house: House) -> None:
    with (house.gateway / "gateway.toml").open("a") as settings:
        settings.write('\n[proxy]\nlisten = "127.0.0.1:0"\n')


def test_check_says_that_all_is_well_and_what_clients_set(house: House) -> None:
    listen_anywhere(house)
    ran = house.ok("gateway", "check", "--config", house.gateway, bare=True)
    assert "FAIL" not in ran.out
    assert "HTTPS_PROXY=http://127.0.0.1:" in ran.out
    assert ran.err == ""


def test_the_gateways_folder_lies_beside_the_store_unless_it_is_named(house: House) -> None:
    listen_anywhere(house)
    house.ok("gateway", "check")
    house.ok("gateway", "check", "--config", house.gateway / "gateway.toml", bare=True)


def test_check_marks_what_does_not_hold_and_ends_with_1(house: House) -> None:
    (house.gateway / "pseudonym.key").unlink()
    ran = house.run("gateway", "check", "--config", house.gateway, bare=True)
    assert ran.code == 1
    assert "FAIL" in ran.out
    assert "pseudonym.key" in ran.out
    assert ran.sentence.startswith("The gateway is not ready to run.")


def test_a_port_in_use_ends_with_4(house: House) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        ran = house.run("gateway", "run", "--config", house.gateway, "--listen", address, bare=True)
    assert ran.code == 4
    assert address in ran.sentence


@pytest.mark.parametrize(
    ("option", "value"), [("--listen", "canary"), ("--mode", "canary"), ("--intent", "canary"), ("--workers", "canary")]
)
def test_wrong_options_end_with_2(house: House, option: str, value: str) -> None:
    ran = house.run("gateway", "run", "--config", house.gateway, option, value, bare=True)
    assert ran.code == 2
    assert ran.sentence


def test_a_folder_that_is_no_gateways_ends_with_2(house: House, tmp_path: Path) -> None:
    for command in ("run", "check", "ca"):
        ran = house.run("gateway", command, "--config", tmp_path / "nowhere", bare=True)
        assert ran.code == 2
        assert "is no gateway folder" in ran.sentence


def test_ca_prints_the_steps_with_the_certificates_path_and_fingerprint(house: House) -> None:
    ran = house.ok("gateway", "ca", "--config", house.gateway, bare=True)
    assert "SHA-256 fingerprint" in ran.out
    assert "NODE_EXTRA_CA_CERTS=" in ran.out
    assert str(house.gateway) in ran.out
    assert "PRIVATE" not in ran.out


def test_ca_names_a_proxy_only_where_clients_name_one_and_never_every_address(house: House) -> None:
    file = house.gateway / "gateway.toml"
    before = file.read_text()
    try:
        file.write_text(f'{before}\n[proxy]\nlisten = "0.0.0.0:8080"\n')
        everywhere = house.ok("gateway", "ca", "--config", house.gateway, bare=True).out
        file.write_text(f'{before}\n[proxy]\nmode = "transparent"\n')
        transparent = house.ok("gateway", "ca", "--config", house.gateway, bare=True).out
    finally:
        file.write_text(before)
    assert "HTTPS_PROXY=http://" in everywhere
    assert "0.0.0.0" not in everywhere
    assert "SSL_CERT_FILE=" in transparent
    assert "HTTPS_PROXY=" not in transparent


def test_ca_prints_what_a_client_of_mode_wireguard_imports(house: House) -> None:
    said = house.ok("gateway", "ca", "--config", house.gateway, "--wireguard", "gateway.example", bare=True).out
    assert "Endpoint = gateway.example:8080" in said
    assert "PrivateKey = " in said


def test_ca_exports_the_certificate_and_never_the_key(house: House, tmp_path: Path) -> None:
    printed = house.ok("gateway", "ca", "--config", house.gateway, "--pem", bare=True).out
    house.ok("gateway", "ca", "--config", house.gateway, "--out", tmp_path / "ca.pem", bare=True)
    assert (tmp_path / "ca.pem").read_text() == printed
    assert "PRIVATE" not in printed
    trust = ssl.create_default_context(cafile=str(tmp_path / "ca.pem"))
    assert trust.get_ca_certs()


def test_ca_that_cannot_be_written_ends_with_4(house: House, tmp_path: Path) -> None:
    ran = house.run("gateway", "ca", "--config", house.gateway, "--out", tmp_path / "no" / "ca.pem", bare=True)
    assert ran.code == 4
    assert "ca.pem" in ran.sentence
