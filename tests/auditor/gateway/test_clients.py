# SPDX-License-Identifier: Apache-2.0
"""What a client's environment has to hold, and what is said where it does not."""

import socket
from pathlib import Path

import pytest

from auditor.errors import InputError
from auditor.gateway import authority
from auditor.gateway.clients import CLIENTS, check
from auditor.gateway.config import GatewayConfig
from auditor.gateway.settings import Settings
from tests.ports import free_port


@pytest.fixture
def config(tmp_path: Path) -> GatewayConfig:
    authority.ensure(tmp_path / "ca")
    return GatewayConfig(folder=str(tmp_path), store="s", settings=Settings(listen=f"127.0.0.1:{free_port()}"))


def test_nothing_is_set(config: GatewayConfig) -> None:
    proxy, trust, gateway = check(config, "openai-python", {})
    assert not proxy.holds
    assert f"Set HTTPS_PROXY=http://127.0.0.1:{config.listen[1]}" in proxy.text
    assert not trust.holds
    assert "ca-bundle.pem" in trust.text
    assert not gateway.holds
    assert "Start it first" in gateway.text


@pytest.mark.parametrize("name", CLIENTS)
def test_what_the_gateway_states_is_right(config: GatewayConfig, name: str) -> None:
    url = f"http://127.0.0.1:{config.listen[1]}"
    environment = authority.environment(config.authority / authority.CERTIFICATE_FILE, url)
    proxy, trust, _ = check(config, name, environment)
    assert proxy.holds, proxy.text
    assert trust.holds, trust.text


def test_another_proxy_and_another_authority(config: GatewayConfig, tmp_path: Path) -> None:
    other = authority.ensure(tmp_path / "other")
    environment = {"https_proxy": "http://127.0.0.1:1", "NODE_EXTRA_CA_CERTS": str(other)}
    proxy, trust, _ = check(config, "claude-code", environment)
    assert "https_proxy does not lead to this gateway" in proxy.text
    assert "NODE_EXTRA_CA_CERTS is no file that holds this gateway's certificate" in trust.text


def test_localhost_and_a_sign_in_in_the_url(config: GatewayConfig) -> None:
    port = config.listen[1]
    for url in (f"localhost:{port}", f"http://alice:secret@127.0.0.1:{port}/"):
        assert check(config, "curl", {"HTTPS_PROXY": url})[0].holds


def test_what_answers_is_no_gateway(config: GatewayConfig) -> None:
    with socket.create_server(("127.0.0.1", config.listen[1])) as other:
        other.listen()
        import threading

        def answer() -> None:
            made, _ = other.accept()
            with made:
                made.recv(1000)
                made.sendall(b"HTTP/1.1 403 No\r\n\r\n")

        threading.Thread(target=answer, daemon=True).start()
        result = check(config, "curl", {})[2]
    assert not result.holds
    assert "403" in result.text


@pytest.mark.parametrize("mode", ["reverse:https://api.openai.com", "transparent", "wireguard", "local", "socks5"])
def test_in_other_modes_no_proxy_is_asked_for(config: GatewayConfig, mode: str) -> None:
    other = GatewayConfig(folder=config.folder, store="s", settings=Settings(mode=mode))
    with pytest.raises(InputError, match="name no HTTP proxy"):
        check(other, "curl", {})


def test_an_unknown_client(config: GatewayConfig) -> None:
    with pytest.raises(InputError, match="no client that is known"):
        check(config, "telnet")
