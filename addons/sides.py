# SPDX-License-Identifier: Apache-2.0
"""Which side broke off: mitmproxy knows it, but its `error` hook tells only a sentence.

The HTTP layer handles a `RequestProtocolError` where the client failed and a `ResponseProtocolError` where the provider
did; the sentences of both can be the same ("stream reset by client" is said of either peer of an HTTP/2 connection).
`install()` makes the layer note the side in the flow's metadata before the hook runs.
"""

from typing import Literal

from mitmproxy.flow import Flow
from mitmproxy.proxy.layer import CommandGenerator
from mitmproxy.proxy.layers.http import HttpStream
from mitmproxy.proxy.layers.http._events import RequestProtocolError, ResponseProtocolError

KEY = "auditor.broken_by"

_original = HttpStream.handle_protocol_error


def _noting(self: HttpStream, event: RequestProtocolError | ResponseProtocolError) -> CommandGenerator[None]:
    flow = getattr(self, "flow", None)
    if flow is not None:
        flow.metadata[KEY] = "client" if isinstance(event, RequestProtocolError) else "provider"
    return _original(self, event)


def install() -> None:
    """Note the side from now on, in this process; calling it again changes nothing."""
    HttpStream.handle_protocol_error = _noting  # type: ignore[method-assign]


def broken_by(flow: Flow) -> Literal["client", "provider"]:
    """The side that broke off. A client that left while its intent was awaited is noticed by no event of its own."""
    return "provider" if flow.metadata.get(KEY) == "provider" else "client"
