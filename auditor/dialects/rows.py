# SPDX-License-Identifier: Apache-2.0
"""Rows of JSONL files: batch requests and results, fine-tuning and preference data, of every provider that has them.

A row is what would have been said in a call of its own; its messages are read by its form.
Sources: https://platform.openai.com/docs/guides/batch, …/guides/supervised-fine-tuning,
https://docs.anthropic.com/en/docs/build-with-claude/batch-processing,
https://ai.google.dev/gemini-api/docs/batch-api, https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference-data.html
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from auditor.calls import Message
from auditor.dialects import anthropic_common, gemini_common, openai_items
from auditor.dialects.facts import said
from auditor.dialects.openai_chat import chat_message
from auditor.dialects.openai_common import content_parts
from auditor.dialects.values import decode_json, first_text, obj, objs, text

type Fields = Mapping[str, Any]

ROWS_LIMIT = 50_000
"""Rows read of one file; the rest stays in the raw exchange."""


def jsonl_messages(data: bytes) -> tuple[Message, ...]:
    """The messages of all rows of a JSONL file; none where it is none."""
    if data.lstrip()[:1] != b"{":
        return ()
    lines = data.splitlines()[:ROWS_LIMIT]
    return tuple(message for line in lines if line.strip() for message in row_messages(_row(line)))


def row_messages(row: Fields) -> Iterator[Message]:
    """The messages of one row: of the request or data in it, then of the answer."""
    for name in ("body", "params", "request", "modelInput", "input"):
        inner = obj(row.get(name))
        if inner:
            yield from row_messages(inner)
    for name, read in _READERS.items():
        if name in row:
            yield from read(row[name])
    for name in ("response", "result", "message", "modelOutput"):
        inner = obj(row.get(name))
        if inner:
            yield from row_messages(inner)


def _row(line: bytes) -> Fields:
    try:
        return obj(decode_json(line))
    except ValueError:
        return {}


def _messages(value: Any) -> Iterator[Message]:
    anthropic = any(isinstance(one.get("content"), list) and _tool_blocks(one) for one in objs(value))
    yield from anthropic_common.messages_of(value) if anthropic else map(chat_message, objs(value))


def _tool_blocks(message: Fields) -> bool:
    return any(one.get("type") in ("tool_use", "tool_result", "thinking", "image") for one in objs(message["content"]))


def _choices(value: Any) -> Iterator[Message]:
    for one in objs(value):
        message = obj(one.get("message"))
        yield from (chat_message(message),) if message else said("assistant", text(one.get("text")))


def _candidates(value: Any) -> Iterator[Message]:
    for one in objs(value):
        yield gemini_common.content_message(obj(one.get("content")), "assistant")


def _content(value: Any) -> Iterator[Message]:
    parts = anthropic_common.blocks(value) if isinstance(value, list) else ()
    yield from (Message(role="assistant", parts=parts),) if parts else ()


def _system(value: Any) -> Iterator[Message]:
    parts = content_parts(value)
    yield from (Message(role="system", parts=parts),) if parts else ()


def _gemini_system(value: Any) -> Iterator[Message]:
    parts = gemini_common.parts_of(obj(value).get("parts"))
    yield from (Message(role="system", parts=parts),) if parts else ()


def _texts(role: str) -> Callable[[Any], Iterator[Message]]:
    def read(value: Any) -> Iterator[Message]:
        yield from said(role, first_text(value))

    return read


_READERS: Mapping[str, Callable[[Any], Iterator[Message]]] = {
    "instructions": _system,
    "system": _system,
    "systemInstruction": _gemini_system,
    "system_instruction": _gemini_system,
    "messages": _messages,
    "contents": lambda value: iter(gemini_common.contents_of(value)),
    "input": lambda value: iter(openai_items.messages_of(value)) if isinstance(value, (str, list)) else iter(()),
    "prompt": _texts("user"),
    "inputText": _texts("user"),
    "completion": _texts("assistant"),
    "preferred_output": _messages,
    "non_preferred_output": _messages,
    "choices": _choices,
    "candidates": _candidates,
    "output": lambda value: iter(openai_items.answer_message(value, None)),
    "content": _content,
}
