# SPDX-License-Identifier: Apache-2.0
"""Ports for what must be told one before it listens."""

import socket

_HELD: list[socket.socket] = []


def free_port() -> int:
    """A port of loopback at which nobody listens. It is held until the run ends, so that no other program is given it.

    A bound socket that does not listen refuses connections, and who sets SO_REUSEADDR, as servers do, may listen there
    all the same (socket(7)).
    """
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    _HELD.append(held)
    port: int = held.getsockname()[1]
    return port
