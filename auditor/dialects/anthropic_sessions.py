# SPDX-License-Identifier: Apache-2.0
"""Sessions of Anthropic's managed agents: events the client sends in, and the list or stream of all that happened.

Source: https://docs.anthropic.com/en/api/beta/sessions
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from auditor.calls import Message, ToolCall, ToolResponse
from auditor.dialects.anthropic_common import blocks, usage_of
from auditor.dialects.errors import error_code
from auditor.dialects.facts import Answered, Asked, Assembled, Dialect
from auditor.dialects.framing import Event, typed
from auditor.dialects.values import arguments, first_text, obj, objs, text
from auditor.dialects.wire import Wire

type Fields = Mapping[str, Any]


def ask(wire: Wire) -> Asked:
    """Read a request: the events it sends."""
    events = objs(wire.asked.get("events"))
    return Asked(input_messages=tuple(message for one in events for message in _happened(one)))


def answer(body: Any, _wire: Wire) -> Answered:
    """Read an answer: a session, or the events of one."""
    fields = obj(body)
    events = objs(fields.get("data"))
    agent = obj(fields.get("agent"))
    return Answered(
        id=text(fields.get("id")),
        model=first_text(fields.get("model"), agent.get("model"), obj(agent.get("model")).get("id")),
        usage=usage_of(fields.get("usage")),
        output_messages=tuple(message for one in events for message in _happened(one)),
        error=(error_code(fields) or "error") if fields.get("error") or fields.get("type") == "error" else None,
    )


def _happened(event: Fields) -> Iterator[Message]:
    """One event as a message: `user.message`, `agent.message`, tools' uses and results."""
    side, _, kind = (text(event.get("type")) or "").partition(".")
    role = "user" if side == "user" else "assistant"
    if kind in ("tool_use", "custom_tool_use", "mcp_tool_use"):
        call = ToolCall(
            name=first_text(event.get("name"), kind) or kind,
            id=text(event.get("id")),
            arguments=arguments(event.get("input")),
            server=kind != "custom_tool_use",
        )
        yield Message(role=role, parts=(call,))
    elif kind.endswith("tool_result"):
        call_id = first_text(event.get("custom_tool_use_id"), event.get("tool_use_id"))
        yield Message(role="tool", parts=(ToolResponse(response=event.get("content"), id=call_id),))
    else:
        parts = blocks(event.get("content"))
        yield from (Message(role=role, parts=parts),) if parts else ()


def assemble(events: Sequence[Event]) -> Assembled:
    """Put a stream together: it lists the events as they happen, for as long as the client listens."""
    return Assembled({"data": list(typed(events))}, complete=True)


DIALECT = Dialect(
    name="anthropic.sessions",
    source="https://docs.anthropic.com/en/api/beta/sessions",
    ask=ask,
    answer=answer,
    assemble=assemble,
    extracts=("models", "messages", "tool calls", "tokens", "ids"),
    binary=True,
)
