# SPDX-License-Identifier: Apache-2.0
"""Server-sent events, decoded chunk by chunk.

Lines may end in LF, CRLF or CR; comments are skipped; several `data` lines join with LF; a stream that ends without
its last blank line still yields that event (the standard would drop it: then a cut stream would lose its last words).
llama.cpp reports failures in lines `error: {…}`; they count as events named `error`.
Format: https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

type SseEvent = tuple[str | None, bytes]
"""One event: its name where it has one, and its data. A plain tuple: streams hold thousands."""


class SseDecoder:
    """Decodes a stream of server-sent events; see the package for `feed` and `close`."""

    def __init__(self) -> None:
        self._pending = b""
        self._name: str | None = None
        self._data: list[bytes] = []

    def feed(self, chunk: bytes) -> list[SseEvent]:
        """The events that this chunk completes."""
        pending = self._pending + chunk
        if b"\r" in pending:
            # A CR at the very end may be half of a CRLF: it waits for the next chunk.
            held = pending.endswith(b"\r")
            pending = (pending[:-1] if held else pending).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        else:
            held = False
        *lines, rest = pending.split(b"\n")
        self._pending = rest + b"\r" if held else rest
        return self._events(lines)

    def close(self) -> list[SseEvent]:
        """The event that was still pending, if any."""
        last, self._pending = self._pending.removesuffix(b"\r"), b""
        return self._events([last, b""])

    def _events(self, lines: list[bytes]) -> list[SseEvent]:
        events: list[SseEvent] = []
        for line in lines:
            if line.startswith(b"data: "):  # as nearly all are written; `_field` reads it in any form
                self._data.append(line[6:])
            elif line:
                self._field(line)
            elif self._data or self._name:
                if self._data:
                    data = self._data[0] if len(self._data) == 1 else b"\n".join(self._data)
                    events.append((self._name, data))
                self._name, self._data = None, []
        return events

    def _field(self, line: bytes) -> None:
        field, _, value = line.removeprefix(b"\xef\xbb\xbf").partition(b":")
        value = value.removeprefix(b" ")
        if field == b"event":
            self._name = value.decode("utf-8", "replace")
        elif field == b"data":
            self._data.append(value)
        elif field == b"error":
            self._name = "error"
            self._data.append(value)
