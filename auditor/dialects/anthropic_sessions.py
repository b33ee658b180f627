# SPDX-License-Identifier: Apache-2.0
"""Anthropic's managed agents: what they are told, events sent into their sessions, all that happened, and memories.

Agents, deployments and dreams state instructions and first events; a memory store holds texts under paths.
Source: https://docs.anthropic.com/en/api/beta/sessions, …/agents, …/deployments, …/memory_stores, and the types of
https://github.com/anthropics/anthropic-sdk-python (`types/beta`)
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from auditor.calls import Message, ToolCall, ToolResponse
from auditor.dialects.anthropic_common import blocks, tools_of, usage_of
from auditor.dialects.errors import error_code
from auditor.dialects.facts import Answered, Asked, Assembled, Dialect, said, texts
from auditor.dialects.framing import Event, typed
from auditor.dialects.values import arguments, first_text, obj, objs, text
from auditor.dialects.wire import Wire

type Fields = Mapping[str, Any]


def ask(wire: Wire) -> Asked:
    """Read a request: what it tells an agent, the events it sends, or the memory it writes."""
    body = wire.asked
    agent = obj(body.get("agent")) or body
    events = [*objs(body.get("initial_events")), *objs(body.get("events"))]
    noted = said("user", *(text(body.get(name)) for name in ("description", "content")))
    return Asked(
        model=_model(agent) or _model(body),
        system_instructions=texts([agent.get("system"), body.get("instructions")]),
        input_messages=(*noted, *(message for one in events for message in _happened(one))),
        tool_definitions=tools_of(agent.get("tools")),
    )


def _model(fields: Fields) -> str | None:
    return first_text(fields.get("model"), obj(fields.get("model")).get("id"))


def answer(body: Any, _wire: Wire) -> Answered:
    """Read an answer: a session, the events of one, or what is remembered."""
    fields = obj(body)
    events = objs(fields.get("data"))
    agent = obj(fields.get("agent"))
    return Answered(
        id=text(fields.get("id")),
        model=_model(fields) or _model(agent),
        usage=usage_of(fields.get("usage")),
        output_messages=(
            *said("assistant", text(fields.get("content"))),
            *(message for one in events for message in _happened(one)),
        ),
        error=(error_code(fields) or "error") if fields.get("error") or fields.get("type") == "error" else None,
    )


def _happened(event: Fields) -> Iterator[Message]:
    """One event as a message: `user.message`, `agent.message`, tools' uses and results."""
    side, _, kind = (text(event.get("type")) or "").partition(".")
    role = side if side in ("user", "system") else "assistant"
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
        rubric = text(obj(event.get("rubric")).get("content"))
        parts = (*texts([event.get("description"), rubric]), *blocks(event.get("content")))
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
    extracts=("models", "messages", "tools", "tool calls", "tokens", "ids"),
    binary=True,
)

MEMORIES = DIALECT._replace(
    name="anthropic.memories",
    source="https://docs.anthropic.com/en/api/beta/memory_stores",
    assemble=None,
    extracts=("texts", "ids"),
)
