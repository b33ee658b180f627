# SPDX-License-Identifier: Apache-2.0
"""The capture's decisions, hook by hook; what real connections do is in tests/e2e."""

import asyncio
import json
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any

import pytest
from mitmproxy.flow import Error
from mitmproxy.http import Response
from mitmproxy.test import tflow, tutils

from addons import sides
from addons.capture import Capture, Policy
from addons.scope import Scope
from auditor.gateway.link import NotRecorded
from auditor.gateway.messages import Ended, Opened, Passed


class Link:
    """A line to no recorder; `refuses` is raised for every intent, `answers` tells whether there is room."""

    def __init__(self) -> None:
        self.log: list[Any] = []
        self.refuses: Exception | None = None
        self.failing = False
        self.has_room = True
        self.still_told = False
        self.counts: dict[str, int] = {}

    async def begin(self, opened: Opened) -> None:
        self.log.append(opened)
        if self.refuses:
            raise self.refuses

    async def room(self) -> bool:
        return self.has_room

    def announce(self, opened: Opened) -> None:
        self.log.append(("announced", opened.id))

    def tells(self, exchange: str) -> bool:
        return self.still_told

    def withdraw(self, exchange: str, blocked: str) -> None:
        self.log.append(("withdrawn", blocked))

    def passed(self, message: Passed) -> None:
        self.log.append(message)

    def ended(self, message: Ended) -> None:
        self.log.append(message)

    def count(self, **counts: int) -> None:
        for name, number in counts.items():
            self.counts[name] = self.counts.get(name, 0) + number

    def ends(self) -> list[str | None]:
        return [one.interrupted for one in self.log if isinstance(one, Ended)]


@pytest.fixture
def link() -> Link:
    return Link()


def run(work: Coroutine[Any, Any, None]) -> None:
    asyncio.run(asyncio.wait_for(work, 5))


def capture(link: Link, intent: str = "wait", failure: str = "block") -> Capture:
    scope = Scope((), lambda: None)
    return Capture(link, scope, Policy(intent, failure))  # type: ignore[arg-type]


def call(host: str = "api.openai.com", **options: Any) -> Any:
    request = tutils.treq(host=host, port=443, scheme=b"https", path=b"/v1/chat/completions", authority=b"")
    return tflow.tflow(req=request, **options)


def test_a_call_from_head_to_end(link: Link) -> None:
    async def work() -> None:
        one, flow = capture(link), call()
        await one.requestheaders(flow)
        assert len(one) == 1
        assert flow.request.stream(b"question") == b"question"
        one.request(flow)
        flow.response = tutils.tresp()
        one.responseheaders(flow)
        assert flow.response.stream(b"answer") == b"answer"
        one.response(flow)
        assert len(one) == 0

    run(work())
    assert [type(message) for message in link.log] == [Opened, Passed, Ended]
    assert link.ends() == [None]


def test_a_response_before_the_end_of_the_request_does_not_end_the_exchange(link: Link) -> None:
    async def work() -> None:
        one, flow = capture(link), call(resp=True)
        await one.requestheaders(call())
        flow.response = None
        await one.requestheaders(flow)
        flow.response = tutils.tresp()
        one.responseheaders(flow)
        one.response(flow)
        assert link.ends() == []
        flow.request.stream(b"the rest")
        one.request(flow)

    run(work())
    assert link.ends() == [None]


def test_other_hosts_pass_without_a_trace(link: Link) -> None:
    async def work() -> None:
        one, flow = capture(link), call("shop.example")
        await one.requestheaders(flow)
        assert flow.request.stream is True
        flow.response = tutils.tresp()
        one.responseheaders(flow)
        assert flow.response.stream is True
        one.request(flow)
        one.response(flow)

    run(work())
    assert link.log == []
    assert link.counts == {}


@pytest.mark.parametrize("failure", [NotRecorded("The disk is full."), RuntimeError("a defect")])
def test_what_cannot_be_recorded_is_blocked(link: Link, failure: Exception) -> None:
    async def work() -> None:
        link.refuses = failure
        flow = call()
        await capture(link).requestheaders(flow)
        assert flow.response.status_code == 503
        assert not flow.request.stream
        error = json.loads(flow.response.content)["error"]
        assert error["type"] == "audit_unavailable"
        assert ("The disk is full" in error["message"]) == isinstance(failure, NotRecorded)
        assert "defect" not in error["message"]

    run(work())
    assert link.counts == {"blocked": 1}
    assert link.log[-1][0] == "withdrawn"
    assert link.log[-1][1]


def test_or_it_is_allowed_and_counted(link: Link) -> None:
    async def work() -> None:
        link.refuses = NotRecorded("The disk is full.")
        one, flow = capture(link, failure="allow"), call()
        await one.requestheaders(flow)
        assert flow.response is None
        assert flow.request.stream is True
        assert len(one) == 0

    run(work())
    assert link.counts == {"missed": 1}


def test_an_allowed_call_whose_intent_is_late_is_recorded_and_not_counted_twice(link: Link) -> None:
    async def work() -> None:
        link.refuses, link.still_told = NotRecorded("the recorder does not answer"), True
        one, flow = capture(link, failure="allow"), call()
        await one.requestheaders(flow)
        assert flow.response is None
        assert len(one) == 1
        flow.request.stream(b"")
        one.request(flow)
        flow.response = Response.make(200)
        one.responseheaders(flow)
        one.response(flow)

    run(work())
    assert link.counts == {}
    assert link.ends() == [None]


def test_queued_intents_are_announced_unless_the_ledger_fails(link: Link) -> None:
    async def work() -> None:
        one = capture(link, intent="queue")
        await one.requestheaders(call())
        assert link.log[0][0] == "announced"
        link.failing = True
        await one.requestheaders(call())
        assert isinstance(link.log[1], Opened), "while it fails, the queue waits too"
        link.failing, link.has_room = False, False
        flow = call()
        await one.requestheaders(flow)
        assert flow.response.status_code == 503

    run(work())


def test_what_was_answered_before_is_left_alone(link: Link) -> None:
    async def work() -> None:
        one = capture(link)
        refused = call()
        refused.response = Response.make(407)
        await one.requestheaders(refused)
        invalid = call(err=Error("no"))
        await one.requestheaders(invalid)

    run(work())
    assert link.log == []


@pytest.mark.parametrize(("noted", "side"), [("client", "client"), ("provider", "provider"), (None, "client")])
def test_an_error_names_the_side(link: Link, noted: str | None, side: str) -> None:
    async def work() -> None:
        one, flow = capture(link), call()
        await one.requestheaders(flow)
        if noted:
            flow.metadata[sides.KEY] = noted
        one.error(flow)
        one.error(flow)

    run(work())
    assert link.ends() == [side]


def test_an_exchange_that_no_hook_ends_is_swept(link: Link, monkeypatch: pytest.MonkeyPatch) -> None:
    async def work() -> None:
        monkeypatch.setattr("addons.capture.SWEEP", 0.01)
        one, gone, slow = capture(link), call(), call()
        gone.client_conn.timestamp_end = datetime.now(UTC).timestamp() - 2
        slow.client_conn.timestamp_end = None
        for flow in (gone, slow):
            await one.requestheaders(flow)
        slow.request.stream(b"slowly")
        sweeping = asyncio.create_task(one.run())
        async with asyncio.timeout(20):
            while len(one) != 1:  # noqa: ASYNC110 - nothing tells of a sweep
                await asyncio.sleep(0.01)
        sweeping.cancel()

    run(work())
    assert link.ends() == ["client"]
    assert [one.request for one in link.log if isinstance(one, Passed)] == [b"slowly"]


def test_draining_waits_for_calls_and_ends_what_lasts_too_long(link: Link) -> None:
    async def work() -> None:
        one, quick, lasting = capture(link), call(), call()
        for flow in (quick, lasting):
            await one.requestheaders(flow)
        draining = asyncio.create_task(one.drain(1.0))
        await asyncio.sleep(0)
        quick.response = tutils.tresp()
        one.responseheaders(quick)
        assert quick.response.headers["connection"] == "close"
        one.request(quick)
        one.response(quick)
        assert not draining.done()
        await draining
        await one.drain(1.0)

    run(work())
    assert link.ends() == [None, "gateway"]
