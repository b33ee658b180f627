# SPDX-License-Identifier: Apache-2.0
"""Hosts are found where the operator says."""

import asyncio
import socket

import pytest

from addons import resolve


def test_entries() -> None:
    table = resolve.parse(["api.openai.com:443=127.0.0.1:8443", "B.example:80=10.0.0.1", "c:1=[::1]:2", "d:1=[::1]"])
    assert table == {
        ("api.openai.com", 443): ("127.0.0.1", 8443),
        ("b.example", 80): ("10.0.0.1", 80),
        ("c", 1): ("::1", 2),
        ("d", 1): ("::1", 1),
    }


@pytest.mark.parametrize("entry", ["", "a=b", "a:x=b", "a:1=", ":1=b", "a:1=b:x"])
def test_nonsense_is_named(entry: str) -> None:
    with pytest.raises(ValueError, match="HOST:PORT=ADDRESS"):
        resolve.parse([entry])


def test_a_loop_asks_no_name_service_for_them() -> None:
    async def work() -> None:
        loop = asyncio.get_running_loop()
        resolve.install(loop, ["no.such.host.example:443=127.0.0.1:4443"])
        found = await loop.getaddrinfo("No.Such.Host.example", 443, type=socket.SOCK_STREAM)
        assert {address for *_, address in found} == {("127.0.0.1", 4443)}
        untouched = await loop.getaddrinfo("127.0.0.1", 443, type=socket.SOCK_STREAM)
        assert {address for *_, address in untouched} == {("127.0.0.1", 443)}

    asyncio.run(work())
