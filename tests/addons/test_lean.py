# SPDX-License-Identifier: Apache-2.0
"""Hooks reach the addons that have them, in their order, whatever one of them raises; messages are made unchecked."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from mitmproxy import http
from mitmproxy.exceptions import AddonHalt
from mitmproxy.master import Master
from mitmproxy.options import Options
from mitmproxy.proxy.layers.http import HttpRequestHook
from mitmproxy.test import tflow

from addons import lean


class Addon:
    """Notes what it is told of, and does something then."""

    def __init__(self, name: str, told: list[str], does: Callable[[], None] = lambda: None) -> None:
        self.name = name
        self._told = told
        self._does = does

    def request(self, flow: http.HTTPFlow) -> None:
        self._told.append(self.name)
        self._does()


class Slow(Addon):
    """The same, awaited."""

    async def request(self, flow: http.HTTPFlow) -> None:  # type: ignore[override]
        await asyncio.sleep(0)
        super().request(flow)


class Curious(Addon):
    """Cares for changes, and for no request."""

    request = None  # type: ignore[assignment]

    def update(self, flows: list[http.HTTPFlow]) -> None:
        self._told.append("a change")


def fails() -> None:
    raise RuntimeError("a defect")


def halts() -> None:
    raise AddonHalt


def told_by(*addons: Callable[[list[str]], Addon]) -> list[str]:
    """Who is told of a request, before and after the last addon came."""
    told: list[str] = []

    async def tell() -> None:
        master: Any = Master(Options())
        master._legacy_log_events.uninstall()  # it would listen beyond this event loop
        hooks: Any = lean.Hooks(master)
        for addon in addons:
            await hooks.handle_lifecycle(HttpRequestHook(tflow.tflow()))
            told.clear()
            hooks.add(addon(told))
        await hooks.handle_lifecycle(HttpRequestHook(tflow.tflow()))

    asyncio.run(tell())
    return told


def test_all_that_have_a_hook_are_told_in_their_order() -> None:
    one, two, three = (lambda told: Addon("one", told), lambda told: Slow("two", told), lambda told: Addon("3", told))
    assert told_by(one, lambda told: Curious("none", told), two, three) == ["one", "two", "3"]


def test_a_defect_is_logged_and_costs_the_others_nothing(caplog: pytest.LogCaptureFixture) -> None:
    assert told_by(lambda told: Addon("one", told, fails), lambda told: Addon("two", told)) == ["one", "two"]
    assert "Addon error: a defect" in caplog.text


def test_an_addon_may_end_an_event() -> None:
    assert told_by(lambda told: Slow("one", told, halts), lambda told: Addon("two", told)) == ["one"]


def test_messages_are_made_without_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http.MessageData, "__post_init__", http.MessageData.__post_init__)
    lean.install()
    assert http.Response.make(200, b"body").content == b"body"
    assert http.Request.make("POST", "https://api.openai.com/v1", b"{}").pretty_url == "https://api.openai.com/v1"
