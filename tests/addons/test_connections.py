# SPDX-License-Identifier: Apache-2.0
"""Whose connections are taken, and how many."""

import logging

import pytest
from mitmproxy.addons.proxyserver import Proxyserver
from mitmproxy.connection import Client
from mitmproxy.proxy.mode_specs import ProxyMode

from addons.connections import STRANGER, TURNED_AWAY, Connections


class Counted:
    def __init__(self, most: int = 10, strangers: bool = False) -> None:
        self.count = 0
        servers = Proxyserver()  # type: ignore[no-untyped-call]
        self.connections = Connections(servers, most, 30.0, self.add, strangers)

    def add(self) -> None:
        self.count += 1

    def takes(self, address: str, mode: str = "regular") -> str | None:
        client = Client(peername=(address, 5), sockname=("10.0.0.1", 8080), proxy_mode=ProxyMode.parse(mode))
        self.connections.client_connected(client)
        return client.error


@pytest.mark.parametrize(
    ("address", "mode", "error"),
    [
        ("10.0.0.7", "regular", None),
        ("127.0.0.1", "regular", None),
        ("::ffff:10.0.0.7", "regular", None),
        ("fe80::1%eth0", "regular", None),
        ("8.8.8.8", "regular", STRANGER),
        ("::ffff:8.8.8.8", "regular", STRANGER),
        ("2606:4700::6812:7c0", "transparent", STRANGER),
        ("8.8.8.8", "local", None),
    ],
)
def test_strangers_are_turned_away_and_counted(address: str, mode: str, error: str | None) -> None:
    one = Counted()
    assert one.takes(address, mode) == error
    assert one.count == (1 if error else 0)
    assert len(one.connections) == (0 if error else 1)


def test_who_has_to_sign_in_is_no_stranger() -> None:
    assert Counted(strangers=True).takes("8.8.8.8") is None


def test_strangers_are_said_once_and_by_no_address(caplog: pytest.LogCaptureFixture) -> None:
    one = Counted()
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            one.takes("8.8.8.8")
    (said,) = caplog.messages
    assert "proxy_auth" in said
    assert "8.8.8.8" not in said
    assert one.count == 3


def test_beyond_so_many_nobody_is_taken() -> None:
    one = Counted(most=1)
    assert one.takes("10.0.0.7") is None
    assert one.takes("10.0.0.8") == TURNED_AWAY
    assert (one.count, len(one.connections)) == (1, 1)
