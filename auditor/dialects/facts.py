# SPDX-License-Identifier: Apache-2.0
"""What a dialect is, and what it hands back: the facts of a request, of an answer, and of the turns of a socket."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from auditor.calls import AnyPart, Message, Text, ToolCall, ToolDefinition, Usage, Value
from auditor.dialects.framing import Event
from auditor.dialects.wire import Wire


class Asked(Value, frozen=True, kw_only=True):
    """What a request states."""

    model: str | None = None
    stream: bool | None = None
    system_instructions: tuple[AnyPart, ...] = ()
    input_messages: tuple[Message, ...] = ()
    tool_definitions: tuple[ToolDefinition, ...] = ()


class Answered(Value, frozen=True, kw_only=True):
    """What an answer states. `error` is a code, never a text; `complete` is False where a stream broke off."""

    model: str | None = None
    id: str | None = None
    finish_reasons: tuple[str, ...] | None = None
    usage: Usage = Usage()
    output_messages: tuple[Message, ...] = ()
    error: str | None = None
    complete: bool = True


class Assembled(NamedTuple):
    """A stream put together into the body a plain answer would have had."""

    body: Any
    complete: bool


class Turn(NamedTuple):
    """One response on a socket: what was asked for it, what came, and when it began (ms from the start)."""

    asked: Asked
    answered: Answered
    at_ms: float | None = None


class Dialect(NamedTuple):
    """One wire format.

    `source` is where the format is documented. `recognises` tells from a request's JSON body alone whether it is
    this format, for hosts nobody listed. `assemble` turns the events of a stream into a plain answer's body;
    `converse` reads a socket. `extracts` names the facts it yields, for the documentation. `binary` says that answers
    need not be JSON: then an answer that is none is no broken one. `tells_ends` says that a socket's messages state
    where each response is over: one that was is complete, however the socket ended later.
    """

    name: str
    source: str
    ask: Callable[[Wire], Asked]
    answer: Callable[[Any, Wire], Answered]
    assemble: Callable[[Sequence[Event]], Assembled] | None = None
    converse: Callable[[Wire], tuple[Turn, ...]] | None = None
    recognises: Callable[[Any], bool] | None = None
    extracts: tuple[str, ...] = ()
    binary: bool = False
    tells_ends: bool = False


CONVERSATION = ("models", "messages", "tools", "tool calls", "finish reasons", "tokens")
"""What the dialects of conversations extract."""


_ROLES = {
    "developer": "system",
    "function": "tool",
    "model": "assistant",
    "bot": "assistant",
    "chatbot": "assistant",
    "ai": "assistant",
    "human": "user",
}


def role_of(value: Any, default: str = "user") -> str:
    """The common name (system, user, assistant, tool) of a format's role."""
    plain = value.lower() if isinstance(value, str) and value else default
    return _ROLES.get(plain, plain)


def joined(parts: Iterable[AnyPart]) -> tuple[AnyPart, ...]:
    """The parts with neighbouring texts run together: providers cut one text up for citations or while streaming."""
    out: list[AnyPart] = []
    for part in parts:
        last = out[-1] if out else None
        if isinstance(part, Text) and isinstance(last, Text):
            out[-1] = Text(content=last.content + part.content)
        else:
            out.append(part)
    return tuple(out)


def said(role: str, *texts: str | None) -> tuple[Message, ...]:
    """A message of plain text, or none where no text is left."""
    parts = tuple(Text(content=one) for one in texts if one)
    return (Message(role=role, parts=parts),) if parts else ()


def texts(values: Any) -> tuple[Text, ...]:
    """Text parts of a string or an array of strings."""
    if isinstance(values, str):
        return (Text(content=values),) if values else ()
    if isinstance(values, list):
        return tuple(Text(content=one) for one in values if isinstance(one, str) and one)
    return ()


def tool_names(messages: Sequence[Message]) -> tuple[str, ...]:
    """The names of the tools a model asked its client to run, in order."""
    return tuple(
        part.name for message in messages for part in message.parts if isinstance(part, ToolCall) and not part.server
    )
