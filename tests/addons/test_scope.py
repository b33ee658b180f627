# SPDX-License-Identifier: Apache-2.0
"""What is opened and what is not."""

from types import SimpleNamespace

import pytest
from mitmproxy import tls
from mitmproxy.connection import Client, ConnectionState, Server
from mitmproxy.options import Options
from mitmproxy.proxy import context
from mitmproxy.proxy.layer import NextLayer
from mitmproxy.proxy.layers import HttpLayer, TCPLayer
from mitmproxy.proxy.layers.http import HTTPMode
from mitmproxy.proxy.mode_specs import ProxyMode
from mitmproxy.proxy.server_hooks import ServerConnectionHookData
from mitmproxy.test import tflow, tutils

from addons.destinations import REFUSED
from addons.scope import Scope
from auditor.providers.configured import ProviderHost


class Counted:
    def __init__(self, *hosts: str) -> None:
        self.count = 0
        self.scope = Scope([ProviderHost.parse(host) for host in hosts], self.add)

    def add(self) -> None:
        self.count += 1


def opened(scope: Scope, sni: str | None, address: tuple[str, int] | None, mode: str = "regular") -> bool:
    data = _hello(sni, address, mode)
    scope.tls_clienthello(data)
    scope.server_connected(_way(data.context))
    return not data.ignore_connection


def _way(made: context.Context) -> ServerConnectionHookData:
    return ServerConnectionHookData(client=made.client, server=made.server)


def _context(address: tuple[str, int] | None, mode: str = "regular") -> context.Context:
    client = Client(peername=("10.0.0.7", 5), sockname=("10.0.0.1", 8080), proxy_mode=ProxyMode.parse(mode))
    made = context.Context(client, Options())
    made.server = Server(address=address)
    return made


def _hello(sni: str | None, address: tuple[str, int] | None, mode: str) -> tls.ClientHelloData:
    return tls.ClientHelloData(_context(address, mode), SimpleNamespace(sni=sni))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sni", "address", "wanted"),
    [
        ("api.openai.com", ("api.openai.com", 443), True),
        ("API.OpenAI.com", ("10.1.2.3", 443), True),
        (None, ("api.anthropic.com", 443), True),
        ("front.example", ("api.anthropic.com", 443), True),
        ("shop.example", ("shop.example", 443), False),
        ("openai.com.evil.example", ("openai.com.evil.example", 443), False),
        (None, None, False),
        ("llm.local", ("llm.local", 8443), True),
        ("llm.local", ("llm.local", 443), False),
    ],
)
def test_by_name_and_address(sni: str | None, address: tuple[str, int] | None, wanted: bool) -> None:
    one = Counted("llm.local:8443=openai")
    assert opened(one.scope, sni, address) is wanted
    assert one.count == (0 if wanted else 1)


def test_a_reverse_proxy_opens_what_it_stands_before() -> None:
    assert opened(Counted().scope, "anything.example", ("10.0.0.9", 443), "reverse:https://10.0.0.9")


def test_plain_requests_are_recorded_by_host_and_counted_else() -> None:
    one = Counted("llm.local:8000=openai")
    request = {"host": "llm.local", "port": 8000, "path": b"/v1/chat/completions", "authority": b""}
    assert one.scope.covers(tflow.tflow(req=tutils.treq(**request)))
    assert one.count == 0
    other = tflow.tflow(req=tutils.treq(host="shop.example"))
    assert not one.scope.covers(other)
    one.scope.responseheaders(other)
    assert one.count == 1
    assert one.scope.dialect("LLM.local", 8000) == "openai"
    assert one.scope.dialect("llm.local", 1) is None


def test_raw_tcp_is_not_kept() -> None:
    one = Counted()
    raw = NextLayer(_context(("shop.example", 22)))
    raw.layer = TCPLayer(raw.context)
    one.scope.next_layer(raw)
    assert isinstance(raw.layer, TCPLayer)
    assert raw.layer.flow is None
    one.scope.server_connected(_way(raw.context))
    assert one.count == 1
    web = NextLayer(_context(("shop.example", 80)))
    web.layer = layer = HttpLayer(web.context, HTTPMode.transparent)
    one.scope.next_layer(web)
    assert web.layer is layer


@pytest.mark.parametrize(("address", "decrypted"), [(("api.openai.com", 80), False), (("10.0.0.9", 443), True)])
def test_what_goes_to_a_provider_is_never_raw(address: tuple[str, int], decrypted: bool) -> None:
    one = Counted()
    raw = NextLayer(_context(address))
    raw.context.client.timestamp_tls_setup = 1.0 if decrypted else None
    raw.context.client.tls = decrypted
    raw.layer = TCPLayer(raw.context)
    one.scope.next_layer(raw)
    assert isinstance(raw.layer, HttpLayer)
    assert one.count == 0


@pytest.mark.parametrize(("error", "counted"), [(REFUSED, 0), ("Connection refused", 1), (None, 1)])
def test_what_is_refused_on_its_way_has_not_passed(error: str | None, counted: int) -> None:
    one, hello = Counted(), _hello("shop.example", ("10.0.0.9", 443), "regular")
    one.scope.tls_clienthello(hello)
    assert one.count == 0, "nobody was asked for yet"
    hello.context.server.error = error
    one.scope.server_connect_error(_way(hello.context))
    flow = tflow.tflow(req=tutils.treq(host="10.0.0.9"), err=tflow.terr(f"Connection killed: {error}"))
    one.scope.covers(flow)
    one.scope.error(flow)
    assert one.count == 2 * counted
    one.scope.server_connected(_way(hello.context))
    one.scope.responseheaders(flow)
    assert one.count == 2 * counted, "each is counted once"


def test_a_tunnel_that_is_open_already_is_counted_at_once() -> None:
    one, hello = Counted(), _hello("shop.example", ("shop.example", 443), "regular")
    hello.context.server.state = ConnectionState.OPEN
    one.scope.tls_clienthello(hello)
    assert one.count == 1


def test_new_hosts_take_the_place_of_the_old() -> None:
    one = Counted("old.local=openai")
    one.scope.use([ProviderHost.parse("new.local=anthropic")])
    assert opened(one.scope, "new.local", ("new.local", 443))
    assert not opened(one.scope, "old.local", ("old.local", 443))
