# SPDX-License-Identifier: Apache-2.0
"""Traces that agent frameworks upload to OpenAI: their spans repeat what agents and tools said.

Source: https://openai.github.io/openai-agents-python/tracing
"""

from collections.abc import Iterator
from typing import Any

from auditor.calls import Message, Text
from auditor.dialects.facts import Asked, Dialect
from auditor.dialects.openai_items import messages_of
from auditor.dialects.resource import answer
from auditor.dialects.values import first_text, obj, objs, text
from auditor.dialects.wire import Wire


def ask(wire: Wire) -> Asked:
    """Read a request: what its spans hold of inputs and outputs."""
    spans = [obj(one.get("span_data")) for one in objs(wire.asked.get("data"))]
    messages = tuple(message for one in spans for message in _said(one))
    return Asked(model=first_text(*(one.get("model") for one in spans)), input_messages=messages)


def _said(span: Any) -> Iterator[Message]:
    for name, role in (("input", "user"), ("output", "assistant")):
        value = span.get(name)
        plain = text(value)
        if plain:
            yield Message(role=role, parts=(Text(content=plain),))
        elif isinstance(value, list):
            yield from messages_of(value)


DIALECT = Dialect(
    name="openai.traces",
    source="https://openai.github.io/openai-agents-python/tracing",
    ask=ask,
    answer=answer,
    extracts=("models", "messages"),
    binary=True,
)
