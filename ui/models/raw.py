# SPDX-License-Identifier: Apache-2.0
"""An exchange as it was on the wire, as text for people: start line, header lines, body with its encoding undone."""

import json

from auditor.calls import Exchange, Frame, Headers
from auditor.dialects.framing import BodyTooLarge, decoded
from ui.models import formats

PRETTY_LIMIT = 1_000_000
DUMP_BYTES = 4_096


def request_text(exchange: Exchange) -> str:
    """The request as text."""
    request = exchange.request
    sent = [frame for frame in exchange.frames if frame.direction == "sent"]
    return _message(f"{request.method} {request.url}", request.headers, request.body, sent)


def response_text(exchange: Exchange) -> str:
    """The response as text, or why there is none."""
    response = exchange.response
    if response is None:
        ended = f"the {exchange.interrupted} broke off" if exchange.interrupted else "none was seen"
        return f"There is no response: {exchange.blocked or exchange.opaque or ended}."
    received = [frame for frame in exchange.frames if frame.direction == "received"]
    return _message(f"{response.status}", response.headers, response.body, received)


def _message(start: str, headers: Headers, body: bytes, frames: list[Frame]) -> str:
    lines = [formats.one_line(start, 8_000), *(formats.one_line(f"{name}: {value}", 8_000) for name, value in headers)]
    lines += ["", body_text(body, headers)] if body else []
    lines += ["", *(_frame(frame) for frame in frames)] if frames else []
    return "\n".join(lines)


def _frame(frame: Frame) -> str:
    when = f"{frame.at_ms:,.0f} ms  " if frame.at_ms is not None else ""
    shown = frame.text if frame.text is not None else f"{formats.size(len(frame.data or b''))} of bytes"
    return f"{when}{formats.safe_text(shown)}"


def body_text(body: bytes, headers: Headers) -> str:
    """A body as text: JSON indented, text as it is, anything else as the start of a hexadecimal listing."""
    encoding = ",".join(value for name, value in headers if name.lower() == "content-encoding")
    try:
        plain = decoded(body, encoding)
    except BodyTooLarge:
        return f"The body unfolds to more than can be shown; {formats.size(len(body))} as sent."
    try:
        text = plain.decode()
    except UnicodeDecodeError:
        return hex_listing(plain)
    return hex_listing(plain) if "\0" in text else formats.safe_text(pretty(text))


def pretty(text: str) -> str:
    """JSON with indents where the text is JSON of a bearable size; else the text."""
    if len(text) > PRETTY_LIMIT or text.lstrip()[:1] not in {"{", "["}:
        return text
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text


def hex_listing(data: bytes) -> str:
    """Offset, bytes and printable characters, 16 a line."""
    lines = []
    for at in range(0, min(len(data), DUMP_BYTES), 16):
        part = data[at : at + 16]
        printable = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in part)
        lines.append(f"{at:08x}  {part.hex(' '):<47}  {printable}")
    rest = len(data) - DUMP_BYTES
    return "\n".join(lines) + (f"\n… {formats.size(rest)} more" if rest > 0 else "")
