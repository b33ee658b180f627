# SPDX-License-Identifier: Apache-2.0
"""Bedrock InvokeModel: the native body of each model family, told apart by its form.

Claude speaks Anthropic messages, Nova speaks Converse, gpt-oss, Jamba, Qwen and others speak OpenAI chat, Command R
speaks Cohere chat, and Titan, Llama, Mistral and older models complete a prompt. Counts some bodies leave out are in
the response headers, and at the end of a stream in `amazon-bedrock-invocationMetrics`.
Source: https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html
"""

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from auditor.calls import Usage
from auditor.dialects import (
    anthropic_messages,
    bedrock_converse,
    cohere_chat_v1,
    openai_chat,
    resource,
    text_completion,
)
from auditor.dialects.bedrock_converse import usage_of
from auditor.dialects.facts import CONVERSATION, Answered, Asked, Assembled, Dialect
from auditor.dialects.framing import Event
from auditor.dialects.paths import path_model
from auditor.dialects.values import count, decode_json, obj, objs, text
from auditor.dialects.wire import Wire

type Fields = Mapping[str, Any]

_METRICS = "amazon-bedrock-invocationMetrics"


def ask(wire: Wire) -> Asked:
    """Read a request."""
    body = wire.asked
    asked = _ask_family(body)
    return msgspec.structs.replace(asked, model=path_model(wire.path), stream=wire.path.endswith("-stream"))


def ask_count(wire: Wire) -> Asked:
    """Read a request to count tokens: it holds that of Converse, or the body for InvokeModel in base64."""
    given = obj(wire.asked.get("input"))
    encoded = text(obj(given.get("invokeModel")).get("body"))
    asked = _ask_family(_decoded(encoded)) if encoded else _ask_family(obj(given.get("converse")))
    return msgspec.structs.replace(asked, model=path_model(wire.path))


def _decoded(encoded: str) -> Fields:
    try:
        return obj(decode_json(base64.b64decode(encoded)))
    except (binascii.Error, ValueError):
        return {}


def _ask_family(body: Fields) -> Asked:
    messages = objs(body.get("messages"))
    if "anthropic_version" in body and messages:
        return anthropic_messages.asked_of(body)
    if (
        "inferenceConfig" in body
        or "toolConfig" in body
        or "schemaVersion" in body
        or bedrock_converse.recognises(body)
    ):
        return bedrock_converse.asked_of(body, None, stream=False)
    if messages:
        return openai_chat.asked_of(body)
    if "message" in body or "chat_history" in body:
        return cohere_chat_v1.asked_of(body)
    return text_completion.asked_of(body)


def answer(body: Any, wire: Wire) -> Answered:
    """Read an answer, plain or assembled."""
    answered = _answer_family(obj(body), wire)
    if answered.usage.input_tokens is None or answered.usage.output_tokens is None:
        answered = msgspec.structs.replace(answered, usage=_completed(answered.usage, obj(body), wire))
    return answered


def _answer_family(body: Fields, wire: Wire) -> Answered:
    if "stop_reason" in body and isinstance(body.get("content"), list):
        return anthropic_messages.answer(body, wire)
    if "output" in body and isinstance(body["output"], dict):
        return bedrock_converse.answer(body, wire)
    choices = objs(body.get("choices"))
    if choices and ("message" in choices[0] or "delta" in choices[0]):
        return openai_chat.answer(body, wire)
    if "response_id" in body or "chat_history" in body:
        return cohere_chat_v1.answer(body, wire)
    return text_completion.answered_of(body)


def _completed(usage: Usage, body: Fields, wire: Wire) -> Usage:
    """The usage with the counts the body left out, from the stream's metrics or the headers."""
    metrics = usage_of(body.get(_METRICS))
    sent = count(wire.header("x-amzn-bedrock-input-token-count"))
    received = count(wire.header("x-amzn-bedrock-output-token-count"))
    return msgspec.structs.replace(
        usage,
        input_tokens=_first(usage.input_tokens, metrics.input_tokens, sent),
        output_tokens=_first(usage.output_tokens, metrics.output_tokens, received),
    )


def _first(*counts: int | None) -> int | None:
    return next((one for one in counts if one is not None), None)


def assemble(events: Sequence[Event]) -> Assembled:
    """Put a stream together, by the family its first telling event belongs to."""
    bodies = [obj(one.data) for one in events]
    if any(choice.keys() & {"delta", "message"} for one in bodies for choice in objs(one.get("choices"))[:1]):
        assembled = openai_chat.DIALECT.assemble
    elif any(one.get("type") == "message_start" for one in bodies):
        assembled = anthropic_messages.DIALECT.assemble
    elif any("messageStart" in one or "contentBlockDelta" in one for one in bodies):
        assembled = bedrock_converse.DIALECT.assemble
    elif any("event_type" in one for one in bodies):
        assembled = cohere_chat_v1.DIALECT.assemble
    else:
        assembled = text_completion.assemble
    assert assembled is not None
    whole, complete = assembled(events)
    metrics = next((one[_METRICS] for one in reversed(bodies) if _METRICS in one), None)
    return Assembled({**obj(whole), _METRICS: metrics} if metrics else whole, complete)


def recognises(body: Any) -> bool:
    """Whether a request body may be of these formats; its path must say so too."""
    fields = obj(body)
    return bool(objs(fields.get("messages"))) or any(text(fields.get(name)) for name in ("prompt", "inputText"))


DIALECT = Dialect(
    name="bedrock.invoke",
    source="https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html",
    ask=ask,
    answer=answer,
    assemble=assemble,
    recognises=recognises,
    extracts=CONVERSATION,
)
COUNT = Dialect(
    name="bedrock.count_tokens",
    source="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_CountTokens.html",
    ask=ask_count,
    answer=resource.answer,
    extracts=("models", "messages"),
)
