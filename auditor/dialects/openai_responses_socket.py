# SPDX-License-Identifier: Apache-2.0
"""Responses over a socket (`wss /v1/responses`): one socket carries several, each opened by `response.create`.

Streams may be multiplexed by `stream_id`; without it responses follow each other. A request with `generate: false`
only warms the provider's cache: it is a call that sent content, without usage and without an answer.
Source: https://platform.openai.com/docs/guides/websocket-mode, openai-agents-python and codex (public clients)
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from auditor.calls import Usage
from auditor.dialects import openai_responses
from auditor.dialects.facts import CONVERSATION, Answered, Asked, Dialect, Turn
from auditor.dialects.openai_responses import ResponseAssembler, answered_of, asked_of
from auditor.dialects.values import obj, text
from auditor.dialects.wire import Wire

type Fields = Mapping[str, Any]


class _Response:
    """One response on the socket, from its request to its last event."""

    def __init__(self, asked: Asked, at_ms: float | None, *, warms: bool = False) -> None:
        self.asked, self.at_ms, self.warms = asked, at_ms, warms
        self.assembler = ResponseAssembler()
        self.begun = False
        self.failed = False

    def take(self, event: Fields) -> None:
        self.begun = True
        self.failed = self.failed or event.get("type") == "error"
        self.assembler.take(event)

    @property
    def over(self) -> bool:
        return self.assembler.done or self.failed

    def turn(self) -> Turn:
        answered = answered_of(self.assembler.result()) if self.begun else Answered()
        if self.warms:
            answered = msgspec.structs.replace(answered, usage=Usage(), output_messages=())
        complete = self.over or self.warms
        return Turn(self.asked, msgspec.structs.replace(answered, complete=complete), self.at_ms)


def converse(wire: Wire) -> tuple[Turn, ...]:
    """Read the responses of a socket in the order they were asked for."""
    responses: list[_Response] = []
    by_stream: dict[str | None, list[_Response]] = {}
    for sent, fields, at_ms in wire.socket:
        stream = text(fields.get("stream_id"))
        open_ones = by_stream.setdefault(stream, [])
        if sent and fields.get("type") == "response.create":
            body = {**fields, **obj(fields.get("response"))}
            responses.append(_Response(asked_of(body), at_ms, warms=body.get("generate") is False))
            open_ones.append(responses[-1])
        elif not sent:
            current = next((one for one in open_ones if not one.over), None)
            if current is not None:
                current.take(fields)
    return tuple(one.turn() for one in responses)


def recognises(body: Any) -> bool:
    """Whether a client's first message on a socket is of this format; its path must say so too."""
    return obj(body).get("type") == "response.create"


DIALECT = Dialect(
    name="openai.responses_socket",
    source="https://platform.openai.com/docs/guides/websocket-mode",
    ask=openai_responses.ask,
    answer=openai_responses.answer,
    converse=converse,
    recognises=recognises,
    extracts=CONVERSATION,
    binary=True,
    tells_ends=True,
)
