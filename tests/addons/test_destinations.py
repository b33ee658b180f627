# SPDX-License-Identifier: Apache-2.0
"""Private addresses are not reached unless the operator named them."""

from pathlib import Path

import pytest
from mitmproxy.connection import Server
from mitmproxy.proxy.server_hooks import ServerConnectionHookData
from mitmproxy.test import tflow, tutils

from addons.destinations import REFUSED, Destinations
from auditor.gateway.config import GatewayConfig
from auditor.gateway.settings import Settings


def guard(tmp_path: Path, hosts: str = "", **settings: object) -> tuple[Destinations, list[int]]:
    placed = tmp_path / "hosts"
    placed.write_text(hosts)
    config = GatewayConfig(folder=str(tmp_path), store="s", settings=Settings(**settings))  # type: ignore[arg-type]
    refused: list[int] = []
    return Destinations(config, lambda: refused.append(1), placed), refused


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("104.18.7.192", True),
        ("2606:4700::6812:7c0", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.251", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("64:ff9b::6812:7c0", True),
        ("2002:7f00:1::", False),
    ],
)
def test_public_addresses_only(tmp_path: Path, address: str, allowed: bool) -> None:
    assert guard(tmp_path)[0].permits("any.example", 443, address) is allowed


@pytest.mark.parametrize(
    "settings",
    [
        {"allow_network": ("10.0.0.0/8",)},
        {"provider_host": ("llm.corp:443=openai",)},
        {"provider_host": ("llm.corp=openai",)},
        {"resolve": ("llm.corp:443=10.1.2.3",)},
        {"mode": "reverse:https://llm.corp"},
        {"mode": "upstream:http://llm.corp:443"},
        {"mode": "transparent"},
        {"mode": "local"},
    ],
)
def test_what_the_operator_named(tmp_path: Path, settings: dict[str, object]) -> None:
    assert guard(tmp_path, **settings)[0].permits("LLM.corp.", 443, "10.1.2.3")


def test_a_router_still_guards_itself(tmp_path: Path) -> None:
    one, _ = guard(tmp_path, mode="transparent")
    assert not one.permits("127.0.0.1", 443, "127.0.0.1")
    assert not one.permits("x", 80, "169.254.169.254")


def test_names_in_the_hosts_file(tmp_path: Path) -> None:
    hosts = "127.0.0.1 localhost\n10.1.2.3\tllm.corp llm # own\n\n::1 ip6-localhost localhost.localdomain x.localhost\n"
    one, _ = guard(tmp_path, hosts)
    assert one.permits("llm.corp", 8000, "10.1.2.3")
    assert not one.permits("llm.corp", 8000, "10.1.2.4")
    assert not one.permits("localhost", 80, "127.0.0.1")
    assert not one.permits("localhost.localdomain", 80, "::1")


def test_of_a_name_the_public_addresses_remain(tmp_path: Path) -> None:
    one, _ = guard(tmp_path)
    inner, outer = (2, 1, 6, "", ("10.0.0.1", 443)), (2, 1, 6, "", ("104.18.7.192", 443))
    assert one.resolved("mixed.example", 443, [inner, outer]) == [outer]
    with pytest.raises(OSError, match="private"):
        one.resolved("rebound.example", 443, [inner])
    assert one.resolved("nowhere.example", 443, []) == []


def test_what_is_refused_is_counted_once(tmp_path: Path) -> None:
    one, refused = guard(tmp_path)
    tunnel = tflow.tflow(req=tutils.treq(host="10.0.0.1", port=443, method=b"CONNECT"))
    one.http_connect(tunnel)
    assert tunnel.response
    assert tunnel.response.status_code == 403
    assert len(refused) == 1
    way = ServerConnectionHookData(client=tflow.tclient_conn(), server=Server(address=("10.0.0.1", 443)))
    one.server_connect(way)
    assert way.server.error == REFUSED
    one.server_connect_error(way)
    assert len(refused) == 2
    way.server.error = "Connection refused"
    one.server_connect_error(way)
    assert len(refused) == 2, "that was the server's doing"
