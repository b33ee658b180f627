# SPDX-License-Identifier: Apache-2.0
"""Stored conversations, responses and completions of OpenAI: lists of items or messages put in or taken out.

Source: https://platform.openai.com/docs/api-reference/conversations, …/responses/input-items, …/chat/list
"""

from typing import Any

from auditor.calls import Message
from auditor.dialects import openai_chat, openai_responses
from auditor.dialects.errors import stated_error
from auditor.dialects.facts import Answered, Asked, Dialect
from auditor.dialects.openai_items import messages_of
from auditor.dialects.values import obj, objs, text
from auditor.dialects.wire import Wire


def ask(wire: Wire) -> Asked:
    """Read a request: the items it adds."""
    body = wire.asked
    return Asked(model=text(body.get("model")), input_messages=messages_of(body.get("items")))


def answer(body: Any, wire: Wire) -> Answered:
    """Read an answer: one response or completion, or a list of items or messages."""
    fields = obj(body)
    if "output" in fields:
        return openai_responses.answer(body, wire)
    if "choices" in fields:
        return openai_chat.answer(body, wire)
    listed = objs(fields.get("data"))
    messages: tuple[Message, ...] = messages_of([one for one in listed if "content" in one or "type" in one])
    return Answered(
        id=text(fields.get("id")),
        model=text(fields.get("model")),
        output_messages=messages,
        error=stated_error(fields),
    )


DIALECT = Dialect(
    name="openai.stored",
    source="https://platform.openai.com/docs/api-reference/conversations",
    ask=ask,
    answer=answer,
    assemble=openai_responses.assemble,
    extracts=("ids", "messages"),
    binary=True,
)
