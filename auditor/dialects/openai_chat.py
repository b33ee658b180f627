# SPDX-License-Identifier: Apache-2.0
"""OpenAI chat completions, and the many providers that speak it.

Deviations read here: reasoning beside the content (`reasoning_content` of DeepSeek, `reasoning` of OpenRouter and
Groq), content as a list (Mistral), tool calls without `index` or with their name in each chunk, usage under `x_groq`,
tools a provider ran itself (`executed_tools` of Groq), images in answers (OpenRouter), errors inside an answer, the
reason under `stop_reason` (Mistral on Bedrock), calls wrapped for later (Perplexity).
Source: https://platform.openai.com/docs/api-reference/chat
"""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from auditor.calls import AnyPart, Message, Reasoning, Refusal, Text, ToolCall, ToolResponse
from auditor.dialects.errors import error_code
from auditor.dialects.facts import CONVERSATION, Answered, Asked, Dialect, role_of
from auditor.dialects.media import base64_blob
from auditor.dialects.openai_chat_stream import assemble, finish_reason
from auditor.dialects.openai_common import (
    Fields,
    content_parts,
    openai_usage,
    tool_content,
    tool_definitions,
)
from auditor.dialects.paths import path_model
from auditor.dialects.values import arguments, first_text, flag, obj, objs, text
from auditor.dialects.wire import Wire


def ask(wire: Wire) -> Asked:
    """Read a request."""
    asked = asked_of(wire.asked)
    return asked if asked.model else msgspec.structs.replace(asked, model=path_model(wire.path))


def asked_of(body: Fields) -> Asked:
    """Read a request's fields; those of an asynchronous call lie one level deeper (Perplexity)."""
    body = body if "messages" in body else obj(body.get("request")) or body
    return Asked(
        model=first_text(body.get("model"), body.get("model_id")),
        stream=flag(body.get("stream")),
        input_messages=(
            *(tuple(chat_message(one) for one in objs(body.get("messages"))) or _prompt(body)),
            *_predicted(body),
        ),
        tool_definitions=tool_definitions(body.get("tools"), body.get("functions")),
    )


def answer(body: Any, _wire: Wire) -> Answered:
    """Read an answer, plain or assembled."""
    fields = obj(body)
    fields = fields if "choices" in fields else {**fields, **obj(fields.get("response"))}
    choices = objs(fields.get("choices"))
    return Answered(
        model=first_text(fields.get("model"), fields.get("model_id")),
        id=text(fields.get("id")),
        finish_reasons=tuple(reason for one in choices if (reason := finish_reason(one))) or None,
        usage=openai_usage(fields.get("usage") or obj(fields.get("x_groq")).get("usage")),
        output_messages=tuple(_choice(one) for one in choices),
        error=_error(fields, choices),
    )


def chat_message(fields: Fields) -> Message:
    """One message of a request or an answer."""
    role = role_of(fields.get("role"))
    if role == "tool":
        call_id = first_text(fields.get("tool_call_id"), fields.get("name"))
        parts: tuple[AnyPart, ...] = (ToolResponse(response=tool_content(fields.get("content")), id=call_id),)
    else:
        said = (*_reasoning(fields), *content_parts(fields.get("content")), *_extras(fields))
        parts = (*said, *tool_calls(fields), *_found(fields))
    return Message(role=role, parts=parts, name=text(fields.get("name")))


def tool_calls(fields: Fields) -> tuple[ToolCall, ...]:
    """The tool calls of a message, in either generation of the format, and those the provider ran itself."""
    calls = [_tool_call(one) for one in objs(fields.get("tool_calls"))]
    legacy = obj(fields.get("function_call"))
    if legacy and not calls:
        calls.append(_tool_call({"function": legacy}))
    ran = [
        ToolCall(name=name, arguments=arguments(one.get("arguments")), server=True)
        for one in objs(fields.get("executed_tools"))
        if (name := first_text(one.get("name"), one.get("type")))
    ]
    return (*ran, *(call for call in calls if call is not None))


def _found(fields: Fields) -> Iterator[ToolResponse]:
    """What the tools found that the provider ran itself; it is no answer of the model."""
    outputs = (text(one.get("output")) for one in objs(fields.get("executed_tools")))
    return (ToolResponse(response=output) for output in outputs if output)


def _tool_call(fields: Fields) -> ToolCall | None:
    function = obj(fields.get("function") or fields.get("custom")) or fields
    name = text(function.get("name"))
    if name is None:
        return None
    raw = function.get("arguments", function.get("input"))
    return ToolCall(name=name, id=text(fields.get("id")), arguments=arguments(raw))


_REASONING = ("reasoning_content", "reasoning", "reasoning_text", "tool_plan")
"""What compatible providers call it; the last is Cohere's."""


def _reasoning(fields: Fields) -> tuple[AnyPart, ...]:
    plain = first_text(*(fields.get(name) for name in _REASONING))
    if plain is None:
        details = objs(fields.get("reasoning_details"))
        plain = "".join(first_text(one.get("text"), one.get("summary")) or "" for one in details)
    return (Reasoning(content=plain),) if plain else ()


def _extras(fields: Fields) -> tuple[AnyPart, ...]:
    refusal, audio = text(fields.get("refusal")), obj(fields.get("audio"))
    transcript = text(audio.get("transcript"))
    parts: list[AnyPart | None] = [
        Refusal(content=refusal) if refusal else None,
        Text(content=transcript) if transcript else None,
        base64_blob(audio.get("data"), None, "audio"),
        *content_parts(fields.get("images")),
    ]
    return tuple(part for part in parts if part is not None)


def _choice(choice: Fields) -> Message:
    fields = obj(choice.get("message") or choice.get("delta"))
    plain = first_text(choice.get("text"), choice.get("messages"))  # completions, Snowflake
    message = chat_message({**fields, "role": "assistant"})
    parts = message.parts or ((Text(content=plain),) if plain else ())
    return Message(role="assistant", parts=parts, finish_reason=finish_reason(choice))


def _error(fields: Fields, choices: Sequence[Fields]) -> str | None:
    if fields.get("error"):
        return error_code(fields) or "error"
    return next((error_code(one) or "error" for one in choices if one.get("error")), None)


def _prompt(body: Fields) -> tuple[Message, ...]:
    """What a stored prompt or an old client sends in place of messages."""
    variables = obj(body.get("variables"))
    parts = content_parts(body.get("prompt") or [value for value in variables.values() if isinstance(value, str)])
    return (Message(role="user", parts=parts),) if parts else ()


def _predicted(body: Fields) -> tuple[Message, ...]:
    """What the client expects to be answered, say the file it wants edited: sent, and so read, like any text."""
    parts = content_parts(obj(body.get("prediction")).get("content"))
    return (Message(role="assistant", parts=parts),) if parts else ()


def recognises(body: Any) -> bool:
    """Whether a request body is of this format."""
    messages = objs(obj(body).get("messages"))
    return bool(messages) and isinstance(messages[0].get("role"), str)


DIALECT = Dialect(
    name="openai.chat",
    source="https://platform.openai.com/docs/api-reference/chat",
    ask=ask,
    answer=answer,
    assemble=assemble,
    recognises=recognises,
    extracts=CONVERSATION,
)
