# SPDX-License-Identifier: Apache-2.0
"""Where a proxy process accepts connections: on a socket it was born with, shared by all proxies of the gateway.

The supervisor opens the socket, so a port that is taken is known before anything starts, a proxy that dies takes no
waiting connection with it, and several processes need no balancer. mitmproxy opens sockets itself and has no option to
hand it one: its one method that does is replaced in this process.

Connections are accepted one in a turn of the event loop: asyncio takes all that wait at once, and leaves the other
processes nothing.
"""

import asyncio
import socket

from mitmproxy.proxy.mode_servers import AsyncioServerInstance

BACKLOG = 1024


def on(listener: socket.socket) -> None:
    """Make mitmproxy's TCP modes accept on this socket."""
    listener.setblocking(False)

    async def listen(self: AsyncioServerInstance, host: str, port: int) -> list[asyncio.Server]:  # type: ignore[type-arg]
        server = await asyncio.start_server(self.handle_stream, sock=listener, backlog=1)
        listener.listen(BACKLOG)  # what waits may be many, though one is taken in a turn
        return [server]

    AsyncioServerInstance.listen = listen  # type: ignore[method-assign, assignment]
