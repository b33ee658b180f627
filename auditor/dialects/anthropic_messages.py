# SPDX-License-Identifier: Apache-2.0
"""Anthropic messages, plain and streamed; also as Bedrock, Vertex, Azure and routers carry it.

Source: https://docs.anthropic.com/en/api/messages, …/messages-streaming
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from auditor.calls import Message, Refusal
from auditor.dialects.anthropic_common import Fields, blocks, messages_of, tools_of, usage_of
from auditor.dialects.errors import error_code
from auditor.dialects.facts import CONVERSATION, Answered, Asked, Assembled, Dialect, joined
from auditor.dialects.framing import Event, typed
from auditor.dialects.paths import path_model
from auditor.dialects.values import first_text, flag, obj, objs, text
from auditor.dialects.wire import Wire


def ask(wire: Wire) -> Asked:
    """Read a request."""
    asked = asked_of(wire.asked)
    return asked if asked.model else msgspec.structs.replace(asked, model=path_model(wire.path))


def asked_of(body: Fields) -> Asked:
    """Read a request's fields."""
    return Asked(
        model=text(body.get("model")),
        stream=flag(body.get("stream")),
        system_instructions=blocks(body.get("system")),
        input_messages=messages_of(body.get("messages")),
        tool_definitions=tools_of(body.get("tools")),
    )


def answer(body: Any, _wire: Wire) -> Answered:
    """Read an answer, plain or assembled."""
    fields = obj(body)
    reason = text(fields.get("stop_reason"))
    why = text(obj(fields.get("stop_details")).get("explanation"))
    parts = (*joined(blocks(fields.get("content"))), *((Refusal(content=why),) if why else ()))
    failed = fields.get("type") == "error" or fields.get("error")
    return Answered(
        model=_served_by(fields),
        id=text(fields.get("id")),
        finish_reasons=(reason,) if reason else None,
        usage=usage_of(fields.get("usage")),
        output_messages=(Message(role="assistant", parts=parts, finish_reason=reason),) if parts or reason else (),
        error=(error_code(fields) or "error") if failed else None,
    )


def _served_by(fields: Fields) -> str | None:
    """The model that answered: where one fell back to another on the way, the last of them, which a block states.

    Source: https://docs.anthropic.com/en/api/messages (content blocks of type `fallback`)
    """
    fell_back = [one for one in objs(fields.get("content")) if one.get("type") == "fallback"]
    models = (text(obj(one.get("to")).get("model")) for one in reversed(fell_back))
    return first_text(*models, fields.get("model"))


class MessageAssembler:
    """Takes the events of one streamed message."""

    def __init__(self) -> None:
        self._message: dict[str, Any] = {}
        self._blocks: dict[int, dict[str, Any]] = {}
        self.done = False

    def take(self, event: Fields) -> None:
        """Take one event."""
        kind = event.get("type")
        handle = _EVENTS.get(kind) if isinstance(kind, str) else None
        if handle:
            handle(self, event)

    def result(self) -> dict[str, Any]:
        """The message so far."""
        held = [self._blocks[index] for index in sorted(self._blocks)]
        return {**self._message, "content": held or self._message.get("content")}

    def _start(self, event: Fields) -> None:
        self._message.update(obj(event.get("message")))

    def _block_start(self, event: Fields) -> None:
        block = dict(obj(event.get("content_block")))
        if not block.get("input"):
            block.pop("input", None)
        self._blocks[_index(event)] = block

    def _block_delta(self, event: Fields) -> None:
        delta = obj(event.get("delta"))
        block = self._blocks.setdefault(_index(event), {"type": "text"})
        for source, target in _GROWING:
            piece = delta.get(source)
            if isinstance(piece, str):
                held = block.get(target)
                block[target] = (held if isinstance(held, str) else "") + piece

    def _message_delta(self, event: Fields) -> None:
        self._message.update({key: value for key, value in obj(event.get("delta")).items() if value is not None})
        stated = {key: value for key, value in obj(event.get("usage")).items() if value is not None}
        self._message["usage"] = {**obj(self._message.get("usage")), **stated}

    def _stop(self, _event: Fields) -> None:
        self.done = True

    def _error(self, event: Fields) -> None:
        self._message["error"] = event.get("error") or {"type": "error"}


_GROWING = (("text", "text"), ("thinking", "thinking"), ("partial_json", "input"), ("content", "content"))

_EVENTS: Mapping[str, Callable[[MessageAssembler, Fields], None]] = {
    "message_start": MessageAssembler._start,
    "content_block_start": MessageAssembler._block_start,
    "content_block_delta": MessageAssembler._block_delta,
    "message_delta": MessageAssembler._message_delta,
    "message_stop": MessageAssembler._stop,
    "error": MessageAssembler._error,
}


def assemble(events: Sequence[Event]) -> Assembled:
    """Put a stream together."""
    assembler = MessageAssembler()
    for fields in typed(events):
        assembler.take(fields)
    return Assembled(assembler.result(), assembler.done)


def recognises(body: Any) -> bool:
    """Whether a request body may be of this format; its path must say so too."""
    fields = obj(body)
    return bool(objs(fields.get("messages"))) and ("model" in fields or "anthropic_version" in fields)


def unmistakable(body: Any) -> bool:
    """Whether a request body can only be of this format: the system's instructions stand beside the messages."""
    return recognises(body) and "system" in obj(body) and "max_tokens" in obj(body)


def _index(event: Fields) -> int:
    value = event.get("index")
    return value if isinstance(value, int) else 0


DIALECT = Dialect(
    name="anthropic.messages",
    source="https://docs.anthropic.com/en/api/messages",
    ask=ask,
    answer=answer,
    assemble=assemble,
    recognises=recognises,
    extracts=CONVERSATION,
)
