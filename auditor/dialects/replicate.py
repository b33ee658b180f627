# SPDX-License-Identifier: Apache-2.0
"""Replicate predictions: created, polled, and streamed from another host. The finish reason is the status.

Source: https://replicate.com/docs/reference/http, https://replicate.com/docs/topics/predictions/streaming
"""

import re
from collections.abc import Sequence
from typing import Any

from auditor.calls import AnyPart, Message, Text, Usage
from auditor.dialects.facts import Answered, Asked, Assembled, Dialect
from auditor.dialects.framing import Event
from auditor.dialects.media import located
from auditor.dialects.values import arr, count, first_text, flag, obj, text
from auditor.dialects.wire import Wire

_MODEL = re.compile(r"/models/([^/]+/[^/]+)/")
_URLS = ("http://", "https://", "data:")


def ask(wire: Wire) -> Asked:
    """Read a request: every text and medium among its inputs."""
    body = wire.asked
    given = obj(body.get("input"))
    system = text(given.get("system_prompt"))
    parts = [part for name, value in given.items() if name != "system_prompt" for part in _given(name, value)]
    in_path = _MODEL.search(wire.path)
    return Asked(
        model=in_path.group(1) if in_path else first_text(body.get("model"), body.get("version")),
        stream=flag(body.get("stream")),
        system_instructions=(Text(content=system),) if system else (),
        input_messages=(Message(role="user", parts=tuple(parts)),) if parts else (),
    )


def _given(name: str, value: Any) -> list[AnyPart]:
    if not isinstance(value, str) or not value:
        return []
    if value.startswith(_URLS):
        found = located(value, "image")
        return [found] if found else []
    return [Text(content=value)] if "prompt" in name or name in ("text", "input", "message", "messages") else []


def answer(body: Any, _wire: Wire) -> Answered:
    """Read an answer, plain or assembled."""
    fields = obj(body)
    status, output = text(fields.get("status")), fields.get("output")
    pieces = [output] if isinstance(output, str) else [one for one in arr(output) if isinstance(one, str)]
    media = [found for one in pieces if one.startswith(_URLS) and (found := located(one, "image"))]
    plain = "".join(pieces) if not media else ""
    parts: tuple[AnyPart, ...] = (*media, *((Text(content=plain),) if plain else ()))
    metrics = obj(fields.get("metrics"))
    return Answered(
        model=text(fields.get("model")),
        id=text(fields.get("id")),
        finish_reasons=(status,) if status else None,
        usage=Usage(
            input_tokens=count(metrics.get("input_token_count")), output_tokens=count(metrics.get("output_token_count"))
        ),
        output_messages=(Message(role="assistant", parts=parts, finish_reason=status),) if parts else (),
        error="failed" if fields.get("error") else None,
    )


def assemble(events: Sequence[Event]) -> Assembled:
    """Put a stream together: `output` events carry text, `done` ends it."""
    pieces = [one.data if isinstance(one.data, str) else "" for one in events if one.name == "output"]
    failed = any(one.name == "error" for one in events)
    return Assembled({"output": pieces, "error": failed or None}, any(one.name == "done" for one in events))


DIALECT = Dialect(
    name="replicate.predictions",
    source="https://replicate.com/docs/reference/http",
    ask=ask,
    answer=answer,
    assemble=assemble,
    extracts=("models", "ids", "prompt", "output", "status", "tokens"),
    binary=True,
)
