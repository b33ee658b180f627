# SPDX-License-Identifier: Apache-2.0
"""Official SDKs as oracles: they run against a canned answer, and what passed is kept as an exchange."""

from collections.abc import Callable
from typing import Any

import httpx
import httpx2

from auditor.calls import Exchange, Reading, Request, Response
from tests.auditor.dialects.exchanges import WHEN, encoded, read

EVENT_STREAM = "text/event-stream"


class Canned:
    """A transport that answers every request with one body and remembers what passed."""

    def __init__(self, body: Any, content_type: str = "application/json", status: int = 200) -> None:
        self.body, self.content_type, self.status = encoded(body), content_type, status
        self.passed: list[Exchange] = []

    def client(self) -> httpx2.Client:
        """A client for the SDKs on httpx2."""

        def answer(request: httpx2.Request) -> httpx2.Response:
            return httpx2.Response(self.status, headers=self._pass(request), content=self.body)

        return httpx2.Client(transport=httpx2.MockTransport(answer))

    def older_client(self) -> httpx.Client:
        """A client for the SDKs on httpx."""

        def answer(request: httpx.Request) -> httpx.Response:
            return httpx.Response(self.status, headers=self._pass(request), content=self.body)

        return httpx.Client(transport=httpx.MockTransport(answer))

    def _pass(self, request: httpx.Request | httpx2.Request) -> dict[str, str]:
        """Remember a request with its answer; give the answer's headers."""
        headers = {"content-type": self.content_type}
        asked = Request(
            method=request.method,
            url=str(request.url),
            headers=tuple(request.headers.multi_items()),
            body=request.read(),
        )
        response = Response(status=self.status, headers=tuple(headers.items()), body=self.body)
        self.passed.append(Exchange(id="x1", time=WHEN, request=asked, response=response))
        return headers

    def reading(self) -> Reading:
        """What we read in the one exchange that passed."""
        (one,) = self.passed
        return read(one)


def through[T](canned: Canned, run: Callable[[httpx2.Client], T]) -> tuple[T, Reading]:
    """What the SDK returned, and what we read."""
    with canned.client() as client:
        result = run(client)
    return result, canned.reading()
