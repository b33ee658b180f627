# SPDX-License-Identifier: Apache-2.0
"""Operations that handle resources rather than converse: listing models, files, batches, stores, administration.

Their bodies are plain JSON objects; what matters is which one was asked for, its id and model, and whether it failed.
A resource that carries text has a dialect of its own.
"""

from typing import Any

from auditor.dialects.errors import stated_error
from auditor.dialects.facts import Answered, Asked, Dialect
from auditor.dialects.openai_common import openai_usage
from auditor.dialects.paths import path_model
from auditor.dialects.values import first_text, flag, obj, text
from auditor.dialects.wire import Wire


def ask(wire: Wire) -> Asked:
    """Read a request: the model and whether a stream is wanted."""
    body = wire.asked
    return Asked(model=first_text(body.get("model"), path_model(wire.path)), stream=flag(body.get("stream")))


def answer(body: Any, _wire: Wire) -> Answered:
    """Read an answer: id, model, usage."""
    fields = obj(body)
    return Answered(
        id=first_text(fields.get("id"), fields.get("name")),
        model=text(fields.get("model")),
        usage=openai_usage(fields.get("usage")),
        error=stated_error(fields),
    )


def resource(name: str, source: str) -> Dialect:
    """The dialect of a resource, under its name."""
    return Dialect(name=name, source=source, ask=ask, answer=answer, extracts=("models", "ids"), binary=True)


_OPENAI = "https://platform.openai.com/docs/api-reference"

MODELS = resource("models", f"{_OPENAI}/models")
FINE_TUNING = resource("fine_tuning", f"{_OPENAI}/fine-tuning")
ADMIN = resource("admin", f"{_OPENAI}/administration")
