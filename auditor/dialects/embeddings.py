# SPDX-License-Identifier: Apache-2.0
"""Embeddings, reranking, moderation, retrieval: texts and images go in, numbers come out; what was sent matters.

OpenAI and compatible providers, Cohere (v1, v2), Voyage (also multimodal), Jina, Mistral, Ollama, Titan, Nova and
Cohere on Bedrock, and the rerankers differ in the names of their fields only. Inputs that are token numbers say
nothing.
Sources: https://platform.openai.com/docs/api-reference/embeddings, https://docs.cohere.com/reference/embed,
https://docs.cohere.com/reference/rerank, https://docs.voyageai.com/reference,
https://docs.aws.amazon.com/bedrock/latest/userguide/titan-embedding-models.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from auditor.calls import AnyPart, Message, Text, Usage
from auditor.dialects.cohere_chat_v1 import usage_of
from auditor.dialects.errors import stated_error
from auditor.dialects.facts import Answered, Asked, Dialect
from auditor.dialects.media import base64_blob, located
from auditor.dialects.openai_common import content_parts, openai_usage
from auditor.dialects.paths import path_model
from auditor.dialects.values import count, first_text, obj, text
from auditor.dialects.wire import Wire

type Fields = Mapping[str, Any]

_INPUTS = ("query", "input", "inputs", "texts", "inputText", "prompt", "documents", "images", "passages", "text",
           "queries", "sources", "records", "singleEmbeddingParams", "segmentedEmbeddingParams")  # fmt: skip


_KINDS = frozenset({"type", "embeddingPurpose", "id"})
"""Fields that say what an input is, and nothing of it."""


def ask(wire: Wire) -> Asked:
    """Read a request."""
    return asked_of(wire.asked, wire)


def asked_of(body: Fields, wire: Wire) -> Asked:
    """Read a request's fields."""
    parts = tuple(part for name in _INPUTS for part in _inputs(body.get(name)))
    image = base64_blob(body.get("inputImage"), None, "image")
    parts = (*parts, image) if image else parts
    ranking = obj(obj(body.get("rerankingConfiguration")).get("bedrockRerankingConfiguration"))
    ranked_by = obj(ranking.get("modelConfiguration")).get("modelArn")
    return Asked(
        model=first_text(body.get("model"), body.get("model_id"), ranked_by, path_model(wire.path)),
        input_messages=(Message(role="user", parts=parts),) if parts else (),
    )


def _inputs(value: Any) -> Iterator[AnyPart]:
    if isinstance(value, str):
        media = located(value, "image") if value.startswith("data:") else None
        yield from (media,) if media else (Text(content=value),) if value else ()
    elif isinstance(value, list):
        for one in value:
            yield from _inputs(one)
    elif isinstance(value, dict):
        yield from _described(value)


def _described(fields: Fields) -> Iterator[AnyPart]:
    """One input as an object: typed parts, a document's fields, or Nova's parameters."""
    content = fields.get("content")
    if isinstance(content, list) or "role" in fields:
        yield from content_parts(content)
        return
    typed = content_parts([fields]) if text(fields.get("type")) else ()
    yield from typed
    for name, value in fields.items() if not typed else ():
        if name not in _KINDS:
            yield from _inputs(value.get("value") if isinstance(value, dict) and "value" in value else value)


def answer(body: Any, wire: Wire) -> Answered:
    """Read an answer: its counts and ids."""
    fields = obj(body)
    usage = openai_usage(fields.get("usage"))
    if usage.input_tokens is None:
        usage = msgspec.structs.replace(usage, input_tokens=_input_tokens(fields, wire))
    return Answered(
        model=first_text(fields.get("model"), fields.get("model_id")),
        id=text(fields.get("id")),
        usage=Usage(input_tokens=usage.input_tokens, cache_read_input_tokens=usage.cache_read_input_tokens),
        error=stated_error(fields),
    )


def _input_tokens(fields: Fields, wire: Wire) -> int | None:
    stated = (
        count(obj(fields.get("usage")).get("total_tokens")),
        usage_of(fields.get("meta")).input_tokens,
        count(fields.get("inputTextTokenCount")),
        count(fields.get("input_token_count")),
        count(fields.get("prompt_eval_count")),
        count(wire.header("x-amzn-bedrock-input-token-count")),
    )
    return next((one for one in stated if one is not None), None)


def recognises(body: Any) -> bool:
    """Whether a request body is of this format; only a path that says so can tell it from a response's."""
    fields = obj(body)
    return "model" in fields and any(name in fields for name in _INPUTS)


DIALECT = Dialect(
    name="embeddings",
    source="https://platform.openai.com/docs/api-reference/embeddings",
    ask=ask,
    answer=answer,
    recognises=recognises,
    extracts=("models", "inputs", "tokens"),
)

RERANK = DIALECT._replace(
    name="rerank",
    source="https://docs.cohere.com/reference/rerank",
    recognises=lambda body: {"query", "documents"} <= obj(body).keys(),
)
TEXTS = DIALECT._replace(name="texts", recognises=None, binary=True)
MODERATION = TEXTS._replace(
    name="moderation",
    source="https://platform.openai.com/docs/api-reference/moderations",
    recognises=lambda body: "input" in obj(body),
)
TOKENIZE = TEXTS._replace(name="tokenize", source="https://docs.cohere.com/reference/tokenize")
