# SPDX-License-Identifier: Apache-2.0
"""Oracle's OCI Generative AI: chats in OpenAI's or Cohere's form, under names of its own, and embeddings and ranks.

`chatRequest` is a chat completion (`apiFormat` GENERIC) or Cohere's chat (COHERE) whose fields are in camel case; the
model stands beside it, in `servingMode`. A stream of the first form says what is new; of the second its last event has
the whole text once more.
Source: https://docs.oracle.com/en-us/iaas/api/#/en/generative-ai-inference/20231130/ChatResult/Chat
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from auditor.dialects import cohere_chat_v1, embeddings, openai_chat
from auditor.dialects.facts import CONVERSATION, Answered, Asked, Assembled, Dialect
from auditor.dialects.framing import Event
from auditor.dialects.openai_common import openai_usage
from auditor.dialects.values import first_text, obj, objs, text
from auditor.dialects.wire import Wire

type Fields = Mapping[str, Any]

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def _snake(fields: Any) -> dict[str, Any]:
    """The fields of one object under their names elsewhere (`finishReason` is `finish_reason`)."""
    return {_HUMP.sub("_", name).lower(): value for name, value in obj(fields).items()}


def _message(fields: Any) -> dict[str, Any]:
    message = _snake(fields)
    content = message.get("content")
    calls = [{"id": one.get("id"), "type": "function", "function": one} for one in objs(message.get("tool_calls"))]
    parts = {"content": [_snake(one) for one in objs(content)]} if isinstance(content, list) else {}
    return {**message, **parts, "tool_calls": calls}


def ask(wire: Wire) -> Asked:
    """Read a request to chat."""
    given = _snake(wire.asked.get("chatRequest"))
    given |= {"model": _model(wire), "stream": given.get("is_stream")}
    if objs(given.get("messages")):
        return openai_chat.asked_of({**given, "messages": [_message(one) for one in objs(given["messages"])]})
    several = {name: [_snake(one) for one in objs(given.get(name))] for name in ("chat_history", "tools")}
    return cohere_chat_v1.asked_of({**given, **several, "preamble": given.get("preamble_override")})


def _model(wire: Wire) -> str | None:
    serving = obj(wire.asked.get("servingMode"))
    return first_text(serving.get("modelId"), serving.get("endpointId"))


def answer(body: Any, wire: Wire) -> Answered:
    """Read an answer, plain or assembled."""
    outer = obj(body)
    said = _snake(outer.get("chatResponse"))
    choices = [{**_snake(one), "message": _message(one.get("message"))} for one in objs(said.get("choices"))]
    read = openai_chat.answer({"choices": choices}, wire) if choices else cohere_chat_v1.answer(said, wire)
    return msgspec.structs.replace(
        read, model=text(outer.get("modelId")), usage=openai_usage(_snake(said.get("usage")))
    )


def assemble(events: Sequence[Event]) -> Assembled:
    """Put a stream together: texts and arguments go on from event to event."""
    said = [obj(data) for _, data in events]
    reason = next((found for one in reversed(said) if (found := text(one.get("finishReason")))), None)
    usage = next((one["usage"] for one in reversed(said) if one.get("usage")), None)
    if any("message" in one for one in said):
        choice = {"message": _spoken([obj(one.get("message")) for one in said]), "finishReason": reason}
        return Assembled({"chatResponse": {"choices": [choice], "usage": usage}}, bool(reason))
    pieces = [found for one in said if not one.get("finishReason") and (found := text(one.get("text")))]
    whole = next((found for one in said if one.get("finishReason") and (found := text(one.get("text")))), None)
    calls = [call for one in said for call in objs(one.get("toolCalls"))]
    fields = {"text": whole or "".join(pieces), "toolCalls": calls, "finishReason": reason, "usage": usage}
    return Assembled({"chatResponse": fields}, bool(reason))


def _spoken(messages: Sequence[Fields]) -> dict[str, Any]:
    plain = "".join(text(part.get("text")) or "" for one in messages for part in objs(one.get("content")))
    calls: list[dict[str, Any]] = []
    for piece in (piece for one in messages for piece in objs(one.get("toolCalls"))):
        if piece.get("id") or not calls:
            calls.append({**piece, "arguments": text(piece.get("arguments")) or ""})
        else:
            calls[-1]["arguments"] += text(piece.get("arguments")) or ""
    return {"content": [{"text": plain}] if plain else [], "toolCalls": calls}


def _ask_inputs(wire: Wire) -> Asked:
    return msgspec.structs.replace(embeddings.ask(wire), model=_model(wire))


DIALECT = Dialect(
    name="oracle.chat",
    source="https://docs.oracle.com/en-us/iaas/api/#/en/generative-ai-inference/20231130/ChatResult/Chat",
    ask=ask,
    answer=answer,
    assemble=assemble,
    extracts=CONVERSATION,
)
INPUTS = embeddings.TEXTS._replace(
    name="oracle.inputs",
    source="https://docs.oracle.com/en-us/iaas/api/#/en/generative-ai-inference/20231130/EmbedTextResult/EmbedText",
    ask=_ask_inputs,
)
