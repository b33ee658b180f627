# SPDX-License-Identifier: Apache-2.0
"""Builds exchanges for the tests of the dialects: requests and answers of our own making, in each framing."""

import base64
import json
import struct
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any
from zlib import crc32

from auditor.calls import Content, Exchange, Frame, Reading, Request, Response
from auditor.dialects import parse
from auditor.providers import Providers

WHEN = datetime(2026, 11, 23, 12, tzinfo=UTC)
PROVIDERS = Providers.load()
OPENAI = "https://api.openai.com/v1"
ASK = {"role": "user", "content": "Ebb?"}

type Headers = Mapping[str, str]


def encoded(body: Any) -> bytes:
    """A body as bytes: bytes stay, text is UTF-8, anything else JSON."""
    if isinstance(body, bytes):
        return body
    return body.encode() if isinstance(body, str) else json.dumps(body).encode()


def exchange(
    url: str,
    request: Any = b"",
    response: Any = b"",
    *,
    method: str = "POST",
    status: int = 200,
    sends: Headers | None = None,
    returns: Headers | None = None,
) -> Exchange:
    """One HTTP exchange."""
    return Exchange(
        id="x1",
        time=WHEN,
        duration_ms=812.0,
        first_byte_ms=120.0,
        request=Request(method=method, url=url, headers=tuple((sends or {}).items()), body=encoded(request)),
        response=Response(status=status, headers=tuple((returns or {}).items()), body=encoded(response)),
    )


def socket(url: str, messages: Iterable[tuple[str, Any]]) -> Exchange:
    """One WebSocket conversation; `>` marks what the client sent, `<` what it received."""
    frames = tuple(
        Frame(direction="sent" if way == ">" else "received", text=encoded(one).decode(), at_ms=10.0 * number)
        for number, (way, one) in enumerate(messages)
    )
    return Exchange(
        id="x1", time=WHEN, request=Request(method="GET", url=url), response=Response(status=101), frames=frames
    )


def read(one: Exchange) -> Reading:
    """The only reading of an exchange."""
    (reading,) = parse(one, PROVIDERS)
    return reading


def sse(*events: Any, named: bool = False, done: bool = False, newline: str = "\n") -> bytes:
    """A stream of server-sent events; `named` puts each event's `type` into its `event` line."""
    lines: list[str] = []
    for event in events:
        lines += [f"event: {event['type']}"] if named else []
        lines += [f"data: {json.dumps(event)}", ""]
    lines += ["data: [DONE]", ""] if done else []
    return (newline.join(lines) + newline).encode()


def ndjson(*documents: Any) -> bytes:
    """One document a line."""
    return b"".join(json.dumps(one).encode() + b"\n" for one in documents)


def aws_stream(*events: tuple[str, Any]) -> bytes:
    """An AWS event stream of named events."""
    return b"".join(
        aws_message({":event-type": name, ":message-type": "event"}, encoded(data)) for name, data in events
    )


def aws_chunks(*documents: Any) -> bytes:
    """The stream of InvokeModel: documents in base64 in events named `chunk`."""
    return aws_stream(*(("chunk", {"bytes": base64.b64encode(encoded(one)).decode()}) for one in documents))


def aws_message(headers: Headers, payload: bytes) -> bytes:
    """One message of an AWS event stream."""
    head = b"".join(
        bytes([len(name)]) + name.encode() + b"\x07" + struct.pack(">H", len(value)) + value.encode()
        for name, value in headers.items()
    )
    prelude = struct.pack(">II", 16 + len(head) + len(payload), len(head))
    whole = prelude + struct.pack(">I", crc32(prelude)) + head + payload
    return whole + struct.pack(">I", crc32(whole))


def form(parts: Iterable[tuple[Mapping[str, str], bytes]], boundary: str = "edge") -> tuple[bytes, Headers]:
    """A multipart form and its header; each part is its headers and its bytes."""
    body = b""
    for headers, data in parts:
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        body += f"--{boundary}\r\n{head}\r\n".encode() + data + b"\r\n"
    return body + f"--{boundary}--\r\n".encode(), {"content-type": f"multipart/form-data; boundary={boundary}"}


def texts(content: Content, side: str = "output") -> list[tuple[str, list[str]]]:
    """Roles and the texts and kinds of the parts of a side's messages, short enough to compare by eye."""
    messages = content.output_messages if side == "output" else content.input_messages
    return [(one.role, [_brief(part) for part in one.parts]) for one in messages]


def _brief(part: Any) -> str:
    kind = type(part).__name__
    if kind == "Text":
        return str(part.content)
    if kind in ("Reasoning", "Refusal"):
        return f"{kind}: {part.content}"
    if kind == "ToolCall":
        return (
            f"{'ran' if part.server else 'call'} {part.name}({json.dumps(part.arguments, sort_keys=True)}) #{part.id}"
        )
    if kind == "ToolResponse":
        return f"result {part.response} #{part.id}"
    if kind == "Blob":
        return f"{part.modality} {part.mime_type} {part.size}"
    return f"{kind} {getattr(part, 'uri', None) or getattr(part, 'file_id', '')}"
