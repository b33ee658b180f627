# SPDX-License-Identifier: Apache-2.0
"""QUIC is refused, so that clients fall back to TCP, where their calls can be recorded.

Only modes `wireguard` and `local` see it. mitmproxy would decrypt it by a stack of its own; half of what this gateway
promises (streams untouched, true outcomes) is not tested there. Every QUIC client has to cope with networks that drop
it.
"""

from collections.abc import Callable

from mitmproxy.proxy import commands, events
from mitmproxy.proxy.layer import CommandGenerator, Layer, NextLayer
from mitmproxy.proxy.layers import ClientQuicLayer, ServerQuicLayer


class Refused(Layer):
    """Closes what it is given."""

    def _handle_event(self, event: events.Event) -> CommandGenerator[None]:
        if isinstance(event, events.Start):
            yield commands.CloseConnection(self.context.client)


class NoQuic:
    """The addon; `refused` is called once for each connection. It stands behind mitmproxy's `NextLayer`."""

    def __init__(self, refused: Callable[[], None]) -> None:
        self._refused = refused

    def next_layer(self, nextlayer: NextLayer) -> None:
        """Put a closed door where QUIC would be spoken."""
        if isinstance(nextlayer.layer, ClientQuicLayer | ServerQuicLayer):
            nextlayer.layer = Refused(nextlayer.context)
            self._refused()
