# SPDX-License-Identifier: Apache-2.0
"""Stores of documents and searches in them: a question goes in, passages come out.

OpenAI's vector stores, Google's corpora and file search, Mistral's libraries, Perplexity's and Z.ai's search, Cortex
search: they list what was found under different names.
Sources: https://platform.openai.com/docs/api-reference/vector-stores/search, https://ai.google.dev/api/file-search,
https://docs.perplexity.ai/api-reference/search-post
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from auditor.calls import Message, ToolResponse
from auditor.dialects import embeddings
from auditor.dialects.facts import Answered
from auditor.dialects.values import first_text, obj, objs, text
from auditor.dialects.wire import Wire

type Fields = Mapping[str, Any]

_LISTS = ("data", "results", "search_results", "search_result", "relevantChunks", "contexts", "chunks", "passages")
_TEXTS = ("text", "content", "snippet", "passage", "sourceText")


def answer(body: Any, wire: Wire) -> Answered:
    """Read an answer: a store's facts, or the passages that were found."""
    answered = embeddings.answer(body, wire)
    found = tuple(ToolResponse(response=one) for one in _passages(obj(body)))
    said = (Message(role="assistant", parts=found),) if found else ()
    return msgspec.structs.replace(answered, output_messages=said)


def _passages(fields: Fields) -> Iterator[str]:
    for name in _LISTS:
        listed = fields.get(name)
        for one in objs(obj(listed).get(name) if isinstance(listed, dict) else listed):  # Vertex nests it once more
            inner = {**one, **obj(one.get("chunk")), **obj(obj(one.get("chunk")).get("data"))}
            pieces = [text(piece.get("text")) for piece in objs(inner.get("content"))]
            yield from filter(None, pieces or [first_text(*(inner.get(key) for key in _TEXTS))])


DIALECT = embeddings.TEXTS._replace(
    name="retrieval",
    source="https://platform.openai.com/docs/api-reference/vector-stores",
    answer=answer,
    extracts=("ids", "inputs", "passages"),
)
