# SPDX-License-Identifier: Apache-2.0
"""OpenAI responses: the answer is a list of items, a stream names its events and ends with the whole response.

The Codex backend ends its streams with an empty `output`: then the items that were streamed stand in for it. The
finish reason is the response's `status`, as the format states it.
Source: https://platform.openai.com/docs/api-reference/responses, …/responses-streaming
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from auditor.calls import Message, Text
from auditor.dialects.errors import error_code
from auditor.dialects.facts import CONVERSATION, Answered, Asked, Assembled, Dialect
from auditor.dialects.framing import Event, typed
from auditor.dialects.openai_common import Fields, content_parts, openai_usage, tool_definitions
from auditor.dialects.openai_items import answer_message, messages_of
from auditor.dialects.paths import path_model
from auditor.dialects.values import flag, obj, objs, text
from auditor.dialects.wire import Wire


def ask(wire: Wire) -> Asked:
    """Read a request."""
    asked = asked_of(wire.asked)
    return asked if asked.model else msgspec.structs.replace(asked, model=path_model(wire.path))


def asked_of(body: Fields) -> Asked:
    """Read a request's fields, as they are also sent in `response.create` on a socket."""
    instructions = body.get("instructions")
    system = messages_of(instructions) if isinstance(instructions, list) else ()
    plain = text(instructions)
    return Asked(
        model=text(body.get("model")),
        stream=flag(body.get("stream")),
        system_instructions=(Text(content=plain),) if plain else tuple(part for one in system for part in one.parts),
        input_messages=(*_prompt_variables(body), *messages_of(body.get("input"))),
        tool_definitions=tool_definitions(body.get("tools")),
    )


def answer(body: Any, _wire: Wire) -> Answered:
    """Read an answer, plain or assembled."""
    return answered_of(obj(body))


def answered_of(fields: Fields) -> Answered:
    """Read a response object."""
    status = text(fields.get("status"))
    output = answer_message(fields.get("output"), status)
    failed = fields.get("error")
    return Answered(
        model=text(fields.get("model")),
        id=text(fields.get("id")),
        finish_reasons=(status,) if status else None,
        usage=openai_usage(fields.get("usage")),
        output_messages=output,
        error=(error_code(fields) or "error") if failed else "failed" if status == "failed" else None,
    )


class ResponseAssembler:
    """Takes the events of one streamed response; `result` is the response object they amount to."""

    def __init__(self) -> None:
        self._response: dict[str, Any] = {}
        self._items: dict[int, dict[str, Any]] = {}
        self.done = False

    def take(self, event: Fields) -> None:
        """Take one event."""
        kind = event.get("type")
        handle = _EVENTS.get(kind) if isinstance(kind, str) else None
        if handle:
            handle(self, event)

    def result(self) -> dict[str, Any]:
        """The response so far."""
        streamed = [self._items[index] for index in sorted(self._items)]
        output = self._response.get("output") or streamed
        return {**self._response, "output": output}

    def _snapshot(self, event: Fields) -> None:
        self._response |= obj(event.get("response"))

    def _final(self, event: Fields) -> None:
        self._snapshot(event)
        self.done = True

    def _item(self, event: Fields) -> None:
        self._items[_index(event, "output_index")] = dict(obj(event.get("item")))

    def _part(self, event: Fields) -> dict[str, Any]:
        item = self._items.setdefault(_index(event, "output_index"), {"type": "message", "role": "assistant"})
        content = item.get("content")
        parts = item["content"] = list(content) if isinstance(content, list) else []
        index = min(_index(event, "content_index"), len(parts))
        if index == len(parts):
            parts.append({})
        part: dict[str, Any] = parts[index] if isinstance(parts[index], dict) else {}
        return part

    def _part_added(self, event: Fields) -> None:
        self._part(event).update(obj(event.get("part")))

    def _text_delta(self, event: Fields) -> None:
        part = self._part(event)
        part.setdefault("type", "output_text")
        key = "refusal" if part["type"] == "refusal" else "text"
        part[key] = (text(part.get(key)) or "") + (text(event.get("delta")) or "")

    def _reasoning_delta(self, event: Fields) -> None:
        self._items.setdefault(_index(event, "output_index"), {"type": "reasoning"})
        self._part(event)["type"] = "reasoning_text"
        self._text_delta(event)

    def _transcript_delta(self, event: Fields) -> None:
        part = self._part(event)
        part["type"] = "output_audio"
        part["transcript"] = (text(part.get("transcript")) or "") + (text(event.get("delta")) or "")

    def _arguments_delta(self, event: Fields) -> None:
        item = self._items.get(_index(event, "output_index"))
        if item is not None:
            key = _SAID_IN.get(str(item.get("type")), "arguments")
            item[key] = (text(item.get(key)) or "") + (text(event.get("delta")) or "")

    def _summary_delta(self, event: Fields) -> None:
        item = self._items.setdefault(_index(event, "output_index"), {"type": "reasoning"})
        summary = item["summary"] = objs(item.get("summary"))
        index = min(_index(event, "summary_index"), len(summary))
        if index == len(summary):
            summary.append({"type": "summary_text", "text": ""})
        summary[index] = {
            **summary[index],
            "text": (text(summary[index].get("text")) or "") + (text(event.get("delta")) or ""),
        }

    def _error(self, event: Fields) -> None:
        self._response["error"] = event.get("error") or {"code": event.get("code"), "type": event.get("type")}


_SAID_IN = {"custom_tool_call": "input", "code_interpreter_call": "code"}
"""The field in which a call carries what was asked of the tool, where it is not `arguments`."""
_EVENTS: Mapping[str, Callable[[ResponseAssembler, Fields], None]] = {
    "response.created": ResponseAssembler._snapshot,
    "response.in_progress": ResponseAssembler._snapshot,
    "response.queued": ResponseAssembler._snapshot,
    "response.completed": ResponseAssembler._final,
    "response.failed": ResponseAssembler._final,
    "response.incomplete": ResponseAssembler._final,
    "response.cancelled": ResponseAssembler._final,
    "response.done": ResponseAssembler._final,
    "response.output_item.added": ResponseAssembler._item,
    "response.output_item.done": ResponseAssembler._item,
    "response.content_part.added": ResponseAssembler._part_added,
    "response.output_text.delta": ResponseAssembler._text_delta,
    "response.text.delta": ResponseAssembler._text_delta,
    "response.audio_transcript.delta": ResponseAssembler._transcript_delta,
    "response.output_audio_transcript.delta": ResponseAssembler._transcript_delta,
    "response.refusal.delta": ResponseAssembler._text_delta,
    "response.function_call_arguments.delta": ResponseAssembler._arguments_delta,
    "response.custom_tool_call_input.delta": ResponseAssembler._arguments_delta,
    "response.mcp_call_arguments.delta": ResponseAssembler._arguments_delta,
    "response.code_interpreter_call_code.delta": ResponseAssembler._arguments_delta,
    "response.reasoning_text.delta": ResponseAssembler._reasoning_delta,
    "response.reasoning_summary_text.delta": ResponseAssembler._summary_delta,
    "error": ResponseAssembler._error,
}


def assemble(events: Sequence[Event]) -> Assembled:
    """Put a stream together."""
    assembler = ResponseAssembler()
    for fields in typed(events):
        assembler.take(fields)
    return Assembled(assembler.result(), assembler.done)


def recognises(body: Any) -> bool:
    """Whether a request body is of this format."""
    fields = obj(body)
    named = "model" in fields or isinstance(fields.get("prompt"), dict)  # a stored prompt names its model itself
    return isinstance(fields.get("input"), (str, list)) and named and "messages" not in fields


def converses(body: Any) -> bool:
    """Whether a request's input is a list of turns, where texts to embed would be strings."""
    turns = objs(obj(body).get("input"))
    return bool(turns) and "role" in turns[0]


def _index(event: Fields, name: str) -> int:
    value = event.get(name)
    return value if isinstance(value, int) and value >= 0 else 0


def _prompt_variables(body: Fields) -> tuple[Message, ...]:
    """What is filled into a stored prompt."""
    variables = obj(obj(body.get("prompt")).get("variables"))
    parts = tuple(part for value in variables.values() for part in content_parts(value))
    return (Message(role="user", parts=parts),) if parts else ()


DIALECT = Dialect(
    name="openai.responses",
    source="https://platform.openai.com/docs/api-reference/responses",
    ask=ask,
    answer=answer,
    assemble=assemble,
    recognises=recognises,
    extracts=CONVERSATION,
)
