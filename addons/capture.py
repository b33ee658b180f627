# SPDX-License-Identifier: Apache-2.0
"""From mitmproxy's hooks to messages for the recorder: every AI exchange, with its true outcome.

A request leaves only once its intent is recorded (`intent = wait`), or right behind (`queue`). Where it cannot be
recorded, the policy decides: `block` answers 503 and forwards nothing, `allow` lets it pass and counts it. An exchange
ends exactly once; what no hook ended (a connection handler that died) a sweep ends.

mitmproxy swallows exceptions of addons and would let the request pass unrecorded: so every failure in `requestheaders`
counts as "cannot be recorded".
"""

import asyncio
import contextlib
import logging
import time
from datetime import UTC, datetime
from typing import Literal

import msgspec
from mitmproxy import http, tls

from addons.live import Live, is_bare
from addons.scope import Scope, destination
from addons.sides import broken_by
from auditor.calls import Exchange, Origin, Request
from auditor.gateway.link import NotRecorded, RecorderLink
from auditor.gateway.messages import Side

log = logging.getLogger(__name__)

SWEEP = 0.25
"""Seconds between sweeps: slow exchanges are told, forgotten ones ended."""
ABNORMAL_CLOSURE = 1006
"""The WebSocket close code of a connection that broke off (RFC 6455, section 7.4.1)."""


class Policy(msgspec.Struct, frozen=True):
    """What to do with intents; can change while the gateway runs."""

    intent: Literal["wait", "queue"] = "wait"
    on_store_failure: Literal["block", "allow"] = "block"


class Capture:
    """The addon: tees AI exchanges to the recorder."""

    def __init__(self, link: RecorderLink, scope: Scope, policy: Policy) -> None:
        self._link = link
        self._scope = scope
        self.policy = policy
        self._live: dict[str, Live] = {}
        self._draining = False
        self._idle = asyncio.Event()

    def __len__(self) -> int:
        return len(self._live)

    # --- HTTP ---------------------------------------------------------------------------------------------------

    async def requestheaders(self, flow: http.HTTPFlow) -> None:
        """Record the intent, then let the request leave and tee its body."""
        if flow.response or flow.error:
            return
        flow.request.stream = True
        if not self._scope.covers(flow):
            return
        live = Live(flow, self._link)
        try:
            await self._intend(live)
        except NotRecorded as failure:
            self._not_recorded(live, failure.reason)
        except Exception:  # mitmproxy would let the call pass without a word
            log.exception("an intent failed by a defect of ours")
            self._not_recorded(live, "the gateway failed")
        else:
            self._follow(live)

    def responseheaders(self, flow: http.HTTPFlow) -> None:
        """Stream the response, through a tee where it is recorded."""
        assert flow.response
        live = self._live.get(flow.id)
        flow.response.stream = live.received if live else True
        if live:
            live.answered()
        if self._draining and flow.request.http_version.startswith("HTTP/1") and flow.response.status_code != 101:
            flow.response.headers["connection"] = "close"

    def request(self, flow: http.HTTPFlow) -> None:
        """The request is complete; a response may have come before."""
        if live := self._live.get(flow.id):
            live.request_done = True
            if live.response_done:
                self._end(live, None)

    def response(self, flow: http.HTTPFlow) -> None:
        """The response is complete; a WebSocket conversation only begins here."""
        if live := self._live.get(flow.id):
            live.response_done = True
            if flow.websocket is None and live.request_done:
                self._end(live, None)

    def error(self, flow: http.HTTPFlow) -> None:
        """One side broke off."""
        if live := self._live.get(flow.id):
            self._end(live, broken_by(flow))

    # --- WebSocket ----------------------------------------------------------------------------------------------

    def websocket_message(self, flow: http.HTTPFlow) -> None:
        """One message passes."""
        if live := self._live.get(flow.id):
            live.message()
        elif flow.websocket:
            flow.websocket.messages.clear()

    def websocket_end(self, flow: http.HTTPFlow) -> None:
        """The conversation is over, closed in order or not."""
        live = self._live.get(flow.id)
        if live and flow.websocket:
            broken = flow.websocket.close_code == ABNORMAL_CLOSURE
            side: Side = "client" if flow.websocket.closed_by_client else "provider"
            self._end(live, side if broken else None)

    # --- connections --------------------------------------------------------------------------------------------

    def tls_failed_client(self, data: tls.TlsData) -> None:
        """A client does not accept the gateway's certificate: what it says to the provider cannot be read."""
        names, port = destination(data.context.server, data.context.client.sni)
        named = sorted(names, key=is_bare)
        self._link.count(undecryptable=1)
        if named:
            self._link.observed(
                Exchange(
                    id=data.context.client.id,
                    time=datetime.now(UTC),
                    request=Request(method="CONNECT", url=f"https://{named[0]}{'' if port == 443 else f':{port}'}"),
                    origin=Origin(address=data.context.client.peername[0]),
                    opaque=data.conn.error or "the TLS handshake failed",
                )
            )

    async def run(self) -> None:
        """Sweep until cancelled: tell what slow exchanges collected, end those whose client is long gone."""
        while True:
            await asyncio.sleep(SWEEP)
            now = time.time()
            for live in tuple(self._live.values()):
                gone = live.flow.client_conn.timestamp_end
                if gone and now - gone > 1.0:
                    self._end(live, "client")
                else:
                    live.tell()

    async def drain(self, grace: float) -> None:
        """Let running exchanges end for `grace` seconds; those still running then are ended by the gateway."""
        self._draining = True
        if self._live:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._idle.wait(), grace)
        for live in tuple(self._live.values()):
            self._end(live, "gateway")

    # --- inside -------------------------------------------------------------------------------------------------

    async def _intend(self, live: Live) -> None:
        opened = live.opened(self._scope.dialect(live.flow.request.host, live.flow.request.port))
        if self.policy.intent == "wait" or self._link.failing:
            await self._link.begin(opened)
        elif await self._link.room():
            self._link.announce(opened)
        else:
            raise NotRecorded("the recorder is away")

    def _follow(self, live: Live) -> None:
        self._live[live.flow.id] = live
        live.flow.request.stream = live.sent

    def _not_recorded(self, live: Live, reason: str) -> None:
        flow = live.flow
        if self.policy.on_store_failure == "allow":
            if self._link.tells(flow.id):  # its intent is late, not refused: it is recorded yet, or then counted
                self._follow(live)
            else:
                self._link.count(missed=1)
            return
        self._link.withdraw(flow.id, reason)
        self._link.count(blocked=1)
        flow.request.stream = False
        flow.response = refusal(reason)

    def _end(self, live: Live, interrupted: Side | None) -> None:
        self._live.pop(live.id, None)
        live.end(interrupted)
        if self._draining and not self._live:
            self._idle.set()


def refusal(reason: str) -> http.Response:
    """The answer to a call that may not pass unrecorded."""
    body = {"error": {"type": "audit_unavailable", "message": f"Not forwarded: it cannot be recorded ({reason})."}}
    return http.Response.make(503, msgspec.json.encode(body), {"content-type": "application/json", "retry-after": "5"})
