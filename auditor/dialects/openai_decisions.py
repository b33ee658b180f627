# SPDX-License-Identifier: Apache-2.0
"""OpenAI decisions: an input as of responses, questions about it, and an answer to each with its probabilities.

Source: https://github.com/openai/openai-python (`types/decision_create_params.py`, `types/decision.py`)
"""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from auditor.calls import AnyPart, Message, Text
from auditor.dialects import openai_responses
from auditor.dialects.errors import stated_error
from auditor.dialects.facts import Answered, Asked, Dialect, texts
from auditor.dialects.openai_common import content_parts, openai_usage
from auditor.dialects.values import obj, objs, text
from auditor.dialects.wire import Wire

type Fields = Mapping[str, Any]


def ask(wire: Wire) -> Asked:
    """Read a request: the input, then each question with what may be answered."""
    asked = openai_responses.asked_of(wire.asked)
    questions = tuple(part for one in objs(wire.asked.get("questions")) for part in _question(one))
    put = (Message(role="user", parts=questions),) if questions else ()
    return msgspec.structs.replace(asked, input_messages=(*asked.input_messages, *put))


def _question(question: Fields) -> Iterator[AnyPart]:
    yield from content_parts(question.get("instructions"))
    for one in (*objs(question.get("choices")), *objs(question.get("levels"))):
        yield from texts([one.get("value"), one.get("label"), one.get("description")])


def answer(body: Any, _wire: Wire) -> Answered:
    """Read an answer: what was chosen, the score, or how likely a statement is, in the order of the questions."""
    fields = obj(body)
    stated = (one.get("choice", one.get("score", one.get("probability"))) for one in objs(fields.get("answers")))
    parts = tuple(Text(content=str(value)) for value in stated if value is not None)
    return Answered(
        id=text(fields.get("id")),
        model=text(fields.get("model")),
        usage=openai_usage(fields.get("usage")),
        output_messages=(Message(role="assistant", parts=parts),) if parts else (),
        error=stated_error(fields),
    )


DIALECT = Dialect(
    name="openai.decisions",
    source="https://github.com/openai/openai-python/blob/main/src/openai/types/decision_create_params.py",
    ask=ask,
    answer=answer,
    extracts=("models", "messages", "answers", "tokens"),
)
