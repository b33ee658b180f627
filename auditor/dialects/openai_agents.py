# SPDX-License-Identifier: Apache-2.0
"""Sessions of OpenAI's hosted agents: what is sent in, and the items that come out as a list or as a stream.

Sessions are begun with a model or a stored agent and a first input; later inputs are events. Automations state the same
for later. Items are those of responses, with commands and messages between agents besides.
Source: https://github.com/openai/openai-python (`types/beta/agents`, `types/beta/agent_session_event.py`)
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from auditor.calls import Message, ToolResponse
from auditor.dialects import openai_responses
from auditor.dialects.errors import error_code
from auditor.dialects.facts import CONVERSATION, Answered, Asked, Assembled, Dialect
from auditor.dialects.framing import Event, typed
from auditor.dialects.openai_common import openai_usage, tool_content
from auditor.dialects.openai_items import messages_of
from auditor.dialects.values import first_text, flag, obj, objs, text
from auditor.dialects.wire import Wire

type Fields = Mapping[str, Any]

_TURN = "agent.session.turn."
_ENDS = frozenset({
    f"{_TURN}completed", f"{_TURN}failed", f"{_TURN}cancelled", "agent.session.idle", "agent.session.requires_action",
    "agent.session.failed", "agent.session.budget_reached",
})  # fmt: skip
"""Events after which a session waits for its client."""


def ask(wire: Wire) -> Asked:
    """Read a request: what a session begins with, the events sent into one, or what an automation will send."""
    body = obj(wire.asked.get("target")) or wire.asked
    asked = openai_responses.asked_of({**(obj(body.get("agent")) or body), "input": body.get("input")})
    sent = tuple(message for one in objs(body.get("events")) for message in _sent(one))
    return msgspec.structs.replace(
        asked, stream=flag(body.get("stream")), input_messages=(*asked.input_messages, *sent)
    )


def _sent(event: Fields) -> tuple[Message, ...]:
    """An event of the client: messages, or what its tool returned."""
    if text(event.get("call_id")) is None:
        return messages_of(event.get("input"))
    returned = event.get("output") if event.get("output") is not None else event.get("error")
    return (Message(role="tool", parts=(ToolResponse(response=tool_content(returned), id=text(event["call_id"])),)),)


def answer(body: Any, _wire: Wire) -> Answered:
    """Read an answer: a session, a turn, a list of items, or a stream put together."""
    fields = obj(body)
    failed, status = fields.get("error"), text(fields.get("status"))
    wanted = [one for one in objs(fields.get("required_actions")) if one.get("type") == "function_call"]
    return Answered(
        id=text(fields.get("id")),
        model=first_text(obj(fields.get("agent")).get("model"), fields.get("model")),
        finish_reasons=(status,) if status else None,
        usage=openai_usage(fields.get("usage")),
        output_messages=messages_of([*objs(fields.get("data")), *wanted]),
        error=(error_code(obj(failed)) or "error") if failed else None,
    )


def assemble(events: Sequence[Event]) -> Assembled:
    """Put a stream together: items as they were last stated; of one that was cut off, the text that came."""
    session: dict[str, Any] = {}
    items: dict[str, dict[str, Any]] = {}
    pieces: dict[str, list[str]] = {}
    ended = False
    for event in typed(events):
        kind = text(event.get("type")) or ""
        ended = kind in _ENDS or ended
        if kind in (f"{_TURN}item.added", f"{_TURN}item.done"):
            item = obj(event.get("item"))
            items[str(item.get("id"))] = dict(item)
            if kind.endswith("done"):
                pieces.pop(str(item.get("id")), None)
        elif kind == f"{_TURN}output_text.delta":
            pieces.setdefault(str(event.get("item_id")), []).append(text(event.get("delta")) or "")
        else:
            session |= _state(event)
    for key, said in pieces.items():
        cut = {"type": "output_text", "text": "".join(said)}
        items[key] = {"type": "message", "role": "assistant", "content": [cut]}
    return Assembled({**session, "required_actions": [], "data": list(items.values())}, ended)


def _state(event: Fields) -> Fields:
    """What an event says of the session: what it is, how its turn stands, and what went wrong."""
    turn = obj(event.get("turn"))
    failed = event.get("error") or turn.get("error")
    stated = {"status": turn.get("status"), "usage": event.get("usage") or turn.get("usage"), "error": failed}
    return {**obj(event.get("session")), **{name: value for name, value in stated.items() if value}}


DIALECT = Dialect(
    name="openai.agent_sessions",
    source="https://github.com/openai/openai-python/tree/main/src/openai/types/beta/agents",
    ask=ask,
    answer=answer,
    assemble=assemble,
    extracts=(*CONVERSATION, "ids"),
    binary=True,
)
