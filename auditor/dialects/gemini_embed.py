# SPDX-License-Identifier: Apache-2.0
"""Gemini embedContent and batchEmbedContents, countTokens and cached contents, and Vertex's embedding `predict`.

Source: https://ai.google.dev/api/embeddings, https://ai.google.dev/api/tokens, https://ai.google.dev/api/caching,
https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/text-embeddings-api
"""

from collections.abc import Iterator, Mapping
from typing import Any

from auditor.calls import AnyPart, Message, Text, Usage
from auditor.dialects import gemini_generate
from auditor.dialects.errors import stated_error
from auditor.dialects.facts import Answered, Asked, Dialect
from auditor.dialects.gemini_common import contents_of, parts_of, usage_of
from auditor.dialects.media import base64_blob, located
from auditor.dialects.paths import path_model
from auditor.dialects.values import count, first_text, obj, objs, text, total
from auditor.dialects.wire import Wire

type Fields = Mapping[str, Any]


def ask(wire: Wire) -> Asked:
    """Read a request: the texts of all its contents."""
    body = wire.asked
    contents = [obj(body.get("content")), *(obj(one.get("content")) for one in objs(body.get("requests")))]
    parts = [part for one in contents for part in parts_of(one.get("parts"))]
    parts += [part for one in objs(body.get("instances")) for part in _instance(one)]
    return Asked(
        model=path_model(wire.path) or text(body.get("model")),
        input_messages=(Message(role="user", parts=tuple(parts)),) if parts else (),
    )


def _instance(fields: Fields) -> Iterator[AnyPart]:
    """An input of `predict`: a text, or of the multimodal models a text, a picture and a film."""
    plain = first_text(fields.get("content"), fields.get("prompt"), fields.get("text"))
    yield from (Text(content=plain),) if plain else ()
    for kind in ("image", "video"):
        media = obj(fields.get(kind))
        mime_type = text(media.get("mimeType"))
        found = base64_blob(media.get("bytesBase64Encoded"), mime_type, kind) or located(
            media.get("gcsUri"), kind, mime_type
        )
        yield from (found,) if found else ()


def answer(body: Any, _wire: Wire) -> Answered:
    """Read an answer: its counts."""
    fields = obj(body)
    statistics = [obj(obj(one.get("embeddings")).get("statistics")) for one in objs(fields.get("predictions"))]
    stated = usage_of(fields.get("usageMetadata"))
    counted = total(*(count(one.get("token_count")) for one in statistics))
    return Answered(
        usage=stated if stated.input_tokens is not None else Usage(input_tokens=counted),
        error=stated_error(fields),
    )


def ask_contents(wire: Wire) -> Asked:
    """Read a request that carries contents to count or to cache."""
    inner = obj(wire.asked.get("generateContentRequest"))
    asked = gemini_generate.ask(wire)
    if not inner:
        return asked
    return Asked(
        model=asked.model,
        system_instructions=parts_of(obj(inner.get("systemInstruction")).get("parts")),
        input_messages=contents_of(inner.get("contents")),
    )


def answer_cache(body: Any, _wire: Wire) -> Answered:
    """Read a cache, or a count."""
    fields = obj(body)
    return Answered(
        id=text(fields.get("name")),
        model=text(fields.get("model")),
        error=stated_error(fields),
    )


def recognises(body: Any) -> bool:
    """Whether a request body is of these formats; its path must say so too."""
    return any(
        isinstance(obj(body).get(name), (dict, list)) for name in ("content", "contents", "requests", "instances")
    )


EMBED = Dialect(
    name="gemini.embed",
    source="https://ai.google.dev/api/embeddings",
    ask=ask,
    answer=answer,
    recognises=recognises,
    extracts=("models", "inputs", "tokens"),
)
CACHES = Dialect(
    name="gemini.caches",
    source="https://ai.google.dev/api/caching",
    ask=ask_contents,
    answer=answer_cache,
    extracts=("models", "messages", "ids"),
    binary=True,
)
COUNT = CACHES._replace(name="gemini.count_tokens", source="https://ai.google.dev/api/tokens", recognises=recognises)
