# SPDX-License-Identifier: Apache-2.0
"""What a proxy and the recorder say to each other over their Unix socket.

A frame is the length of its payload (4 bytes, big-endian), then one message in msgpack. An exchange is told in
this order: `Opened`, any number of `Passed`, `Ended`; what passes is told as it passes, so that the recorder holds it,
not the proxy. Both ends run the same release of this package: the encoding is positional and carries no version.
"""

from datetime import datetime
from typing import Literal

import msgspec

from auditor.calls import Connection, Exchange, Frame, Headers, Origin

MAX_FRAME = 64 * 1024 * 1024
"""The longest payload either end accepts; longer data is told in several messages."""

type Side = Literal["client", "provider", "gateway"]


class Message(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """Base of the messages: positional, tagged by the class name."""


# --- proxy → recorder -------------------------------------------------------------------------------------------


class Hello(Message, frozen=True, tag=True):
    """The first message of a proxy: a name that no other proxy of this gateway has."""

    proxy: str


class Opened(Message, frozen=True, tag=True):
    """A request is about to leave; answered by `Committed` or `Refused`.

    `resumed`: told before, to a recorder that died; its intent is already on disk and is not written again.
    """

    id: str
    time: datetime
    method: str
    url: str
    headers: Headers
    origin: Origin
    dialect: str | None = None
    resumed: bool = False


class Answer(Message, frozen=True):
    """The head of a response."""

    status: int
    headers: Headers


class Passed(Message, frozen=True, tag=True):
    """Bytes and frames that passed since the last message; `skipped` bytes passed that could not be told."""

    id: str
    request: bytes = b""
    response: bytes = b""
    frames: tuple[Frame, ...] = ()
    answer: Answer | None = None
    skipped: int = 0


class Ended(Message, frozen=True, tag=True):
    """An exchange is over: the facts known only now. Answered by `Committed` once its record is durable.

    `blocked` says why it was answered by the gateway and did not leave.
    """

    id: str
    duration_ms: float
    first_byte_ms: float | None = None
    connection: Connection = Connection()
    interrupted: Side | None = None
    blocked: str | None = None
    arrivals: tuple[int, ...] = ()


class Observed(Message, frozen=True, tag=True):
    """A whole exchange told at once: one that never left, or a connection that could not be read."""

    exchange: Exchange


class Tally(Message, frozen=True, tag=True):
    """Counts since the last tally. `missed` calls passed unrecorded, the first of them at `missed_since`.

    `denied` requests came without a valid sign-in, `refused` connections led where the gateway does not go,
    `turned_away` ones came from public addresses, found no room or said nothing, `discovered` hosts look like AI
    endpoints nobody configured.
    """

    tunnelled: int = 0
    undecryptable: int = 0
    blocked: int = 0
    denied: int = 0
    refused: int = 0
    turned_away: int = 0
    discovered: int = 0
    missed: int = 0
    missed_since: datetime | None = None


class Vitals(Message, frozen=True, tag=True):
    """How a proxy is doing: what it holds now, and how long intents waited since the last time (a `Histogram`)."""

    exchanges: int = 0
    connections: int = 0
    queued: int = 0
    memory: int = 0
    descriptors: int = 0
    waited: tuple[int, ...] = ()
    waited_total: float = 0.0


type FromProxy = Hello | Opened | Passed | Ended | Observed | Tally | Vitals


# --- recorder → proxy -------------------------------------------------------------------------------------------


class Committed(Message, frozen=True, tag=True):
    """These intents and these completions (exchange ids) are durable."""

    intents: tuple[str, ...] = ()
    completions: tuple[str, ...] = ()


class Refused(Message, frozen=True, tag=True):
    """These intents could not be recorded, and why (a sentence for the operator, without content)."""

    intents: tuple[str, ...]
    reason: str


type FromRecorder = Committed | Refused


# --- frames -----------------------------------------------------------------------------------------------------

_encode = msgspec.msgpack.Encoder().encode
from_proxy = msgspec.msgpack.Decoder(FromProxy).decode
from_recorder = msgspec.msgpack.Decoder(FromRecorder).decode


def frame(message: FromProxy | FromRecorder) -> bytes:
    """One message as it travels."""
    payload = _encode(message)
    return len(payload).to_bytes(4, "big") + payload


class FrameReader:
    """Cuts a byte stream into payloads. Fed with what arrives, it keeps at most one unfinished frame."""

    def __init__(self) -> None:
        self._pending = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """Return the payloads that `data` completes; a frame beyond `MAX_FRAME` raises `ValueError`."""
        pending = self._pending
        pending += data
        payloads, at = [], 0
        while len(pending) - at >= 4:
            size = int.from_bytes(pending[at : at + 4], "big")
            if size > MAX_FRAME:
                raise ValueError(f"a frame of {size} bytes exceeds {MAX_FRAME}")
            if len(pending) - at - 4 < size:
                break
            payloads.append(bytes(pending[at + 4 : at + 4 + size]))
            at += 4 + size
        del pending[:at]
        return payloads
