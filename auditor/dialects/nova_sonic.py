# SPDX-License-Identifier: Apache-2.0
"""Amazon Nova Sonic: speech and text both ways over one HTTP/2 exchange, each side a stream of events.

Every content has a start that says its role, pieces, and an end. What the user said comes back as the provider wrote it
down; what the model says comes first as planned (`SPECULATIVE`) and then as spoken (`FINAL`), which counts where it
came. A session is one call: its turns overlap, and its counts are stated for all of it.
Source: https://docs.aws.amazon.com/nova/latest/nova2-userguide/sonic-input-events.html, …/sonic-output-events.html
"""

import base64
import binascii
import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from auditor.calls import AnyPart, Message, Text, ToolCall, ToolResponse, Usage
from auditor.dialects import bedrock_converse
from auditor.dialects.facts import CONVERSATION, Answered, Asked, Assembled, Dialect, role_of
from auditor.dialects.framing import Event
from auditor.dialects.media import blob
from auditor.dialects.paths import path_model
from auditor.dialects.values import arguments, arr, count, decode_json, first_text, obj, text
from auditor.dialects.wire import Wire

type Fields = Mapping[str, Any]

_SAID = ("textInput", "textOutput")
_HEARD = ("audioInput", "audioOutput")
_INTERRUPTED = '"interrupted"'
"""In a text that only marks that the user broke in."""


class _Content:
    """One content between its start and its end."""

    def __init__(self, start: Fields) -> None:
        self.role = role_of(start.get("role"))
        self.stage = _stage(start)
        self.call_id = text(obj(start.get("toolResultInputConfiguration")).get("toolUseId"))
        self.texts: list[str] = []
        self.audio = bytearray()
        self.calls: list[AnyPart] = []

    def take(self, kind: str, fields: Fields) -> None:
        """Take one event of this content."""
        piece = text(fields.get("content")) or ""
        if kind == "toolResult":
            self.role = "tool"
            self.calls.append(ToolResponse(response=arguments(piece), id=self.call_id))
        elif kind == "toolUse":
            name = text(fields.get("toolName")) or "tool"
            self.calls.append(ToolCall(name=name, id=text(fields.get("toolUseId")), arguments=arguments(piece)))
        elif kind in _SAID and _INTERRUPTED not in piece:
            self.texts.append(piece)
        elif kind in _HEARD:
            with contextlib.suppress(binascii.Error, ValueError):
                self.audio += base64.b64decode(piece)

    def parts(self) -> tuple[AnyPart, ...]:
        """What it says."""
        plain = "".join(self.texts)
        heard = (blob(bytes(self.audio), "audio/lpcm", "audio"),) if self.audio else ()
        return (*heard, *((Text(content=plain),) if plain else ()), *self.calls)


def _stage(start: Fields) -> str | None:
    stated = start.get("additionalModelFields")
    with contextlib.suppress(ValueError):
        return text(obj(decode_json(stated) if isinstance(stated, str) else stated).get("generationStage"))
    return None


def _events(events: Iterable[Event]) -> Iterator[tuple[str, Fields]]:
    """The names and fields of a stream's events."""
    for _, data in events:
        for kind, fields in obj(obj(data).get("event")).items():
            yield kind, obj(fields)


def _contents(events: Iterable[tuple[str, Fields]]) -> list[_Content]:
    """The contents of one side, in the order they began."""
    found: dict[str, _Content] = {}
    for kind, fields in events:
        name = first_text(fields.get("contentId"), fields.get("contentName")) or ""
        if kind == "contentStart":
            found[name] = _Content(fields)
        elif kind in (*_SAID, *_HEARD, "toolResult", "toolUse"):
            found.setdefault(name, _Content(fields)).take(kind, fields)
    return list(found.values())


def _messages(contents: Iterable[_Content]) -> Iterator[Message]:
    return (Message(role=one.role, parts=parts) for one in contents if (parts := one.parts()))


def ask(wire: Wire) -> Asked:
    """Read what was sent, and what the provider wrote down of it."""
    sent = list(_events(wire.request.events or ()))
    received = _events((wire.response.events if wire.response else None) or ())
    contents = _contents(sent)
    offered = next((fields for kind, fields in sent if kind == "promptStart"), {})
    tools = {"toolConfig": obj(offered.get("toolConfiguration"))}
    written = [one for one in _contents(received) if one.role == "user"]
    return Asked(
        model=path_model(wire.path),
        stream=True,
        system_instructions=tuple(part for one in contents if one.role == "system" for part in one.parts()),
        input_messages=tuple(_messages([*(one for one in contents if one.role != "system"), *written])),
        tool_definitions=bedrock_converse.asked_of(tools, None, stream=True).tool_definitions,
    )


def answer(body: Any, _wire: Wire) -> Answered:
    """Read the assembled answer."""
    fields = obj(body)
    said = [one for one in arr(fields.get("contents")) if isinstance(one, _Content)]
    spoken = any(one.stage == "FINAL" for one in said)
    kept = (one for one in said if one.role != "user" and not (spoken and one.stage == "SPECULATIVE"))
    parts = tuple(part for one in kept for part in one.parts())
    reason = text(fields.get("stopReason"))
    return Answered(
        id=first_text(fields.get("completionId"), fields.get("sessionId")),
        finish_reasons=(reason,) if reason else None,
        usage=Usage(
            input_tokens=count(fields.get("totalInputTokens")), output_tokens=count(fields.get("totalOutputTokens"))
        ),
        output_messages=(Message(role="assistant", parts=parts, finish_reason=reason),) if parts else (),
        error=text(fields.get("exception")),
    )


def assemble(events: Sequence[Event]) -> Assembled:
    """Put a stream together: its contents, the last counts, and why it ended."""
    received = list(_events(events))
    whole: dict[str, Any] = {"contents": _contents(received)}
    for kind, fields in received:
        if kind in ("completionStart", "completionEnd", "usageEvent"):
            whole |= fields
    failed = next((obj(data) for name, data in events if name == "exception"), None)
    if failed is not None:
        whole["exception"] = first_text(failed.get("type")) or "exception"
    return Assembled(whole, any(kind == "completionEnd" for kind, _ in received))


DIALECT = Dialect(
    name="bedrock.nova_sonic",
    source="https://docs.aws.amazon.com/nova/latest/nova2-userguide/sonic-input-events.html",
    ask=ask,
    answer=answer,
    assemble=assemble,
    extracts=(*CONVERSATION, "audio"),
    binary=True,
)
