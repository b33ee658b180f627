# SPDX-License-Identifier: Apache-2.0
"""Google's PaLM formats: `predict` of text and chat models, also of one's own endpoints, generateText, generateMessage.

Source: https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/text, …/text-chat,
https://ai.google.dev/api/palm
"""

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.calls import Message, Text, Usage
from auditor.dialects import text_completion
from auditor.dialects.errors import stated_error
from auditor.dialects.facts import Answered, Asked, Dialect, role_of, said
from auditor.dialects.paths import path_model
from auditor.dialects.values import count, first_text, obj, objs, text
from auditor.dialects.wire import Wire

type Fields = Mapping[str, Any]


def ask(wire: Wire) -> Asked:
    """Read a request: the turns or the prompt of every instance."""
    body = wire.asked
    holders = objs(body.get("instances")) or [body]
    context = tuple(plain for one in holders for plain in _contexts(one))
    return Asked(
        model=first_text(path_model(wire.path), body.get("model")),
        system_instructions=tuple(Text(content=one) for one in context),
        input_messages=tuple(message for one in holders for message in _turns(one)),
    )


def _contexts(fields: Fields) -> Iterator[str]:
    for holder in (fields, obj(fields.get("prompt"))):
        plain = text(holder.get("context"))
        if plain:
            yield plain


def _turns(fields: Fields) -> Iterator[Message]:
    inner = obj(fields.get("prompt"))
    turns = objs(fields.get("messages")) or objs(inner.get("messages"))
    for one in turns:
        yield from said(role_of(one.get("author")), text(one.get("content")))
    if not turns:
        prompt = first_text(fields.get("prefix"), fields.get("content")) or fields.get("prompt")
        yield from text_completion.asked_of({**fields, "prompt": prompt}).input_messages


def answer(body: Any, _wire: Wire) -> Answered:
    """Read an answer: a text or the candidates of every prediction."""
    fields = obj(body)
    predictions = fields.get("predictions")
    plain = [one for one in predictions if isinstance(one, str)] if isinstance(predictions, list) else []
    made = objs(predictions) or [fields]
    texts = [*plain, *(one for prediction in made for one in _texts(prediction))]
    return Answered(
        usage=_usage(obj(obj(fields.get("metadata")).get("tokenMetadata"))),
        output_messages=tuple(message for one in texts for message in said("assistant", one)),
        error=stated_error(fields),
    )


def _texts(prediction: Fields) -> Iterator[str]:
    candidates = objs(prediction.get("candidates")) or [prediction]
    for one in candidates:
        found = first_text(*(one.get(name) for name in ("content", "output", "generated_text", "text")))
        if found:
            yield found


def _usage(tokens: Fields) -> Usage:
    sent, received = obj(tokens.get("inputTokenCount")), obj(tokens.get("outputTokenCount"))
    return Usage(input_tokens=count(sent.get("totalTokens")), output_tokens=count(received.get("totalTokens")))


DIALECT = Dialect(
    name="google.palm",
    source="https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/text",
    ask=ask,
    answer=answer,
    extracts=("models", "messages", "tokens"),
    binary=True,
)
