# SPDX-License-Identifier: Apache-2.0
"""Writer beside its chat: applications with named inputs, questions to a knowledge graph, translation and vision.

Source: https://github.com/writer/writer-sdk-python (`types/application_*`, `types/question*`, `types/translation_*`,
`types/vision_*`)
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from auditor.calls import Message
from auditor.dialects.errors import stated_error
from auditor.dialects.facts import Answered, Asked, Assembled, Dialect, said, texts
from auditor.dialects.framing import Event
from auditor.dialects.values import flag, obj, objs, text
from auditor.dialects.wire import Wire

type Fields = Mapping[str, Any]


def ask(wire: Wire) -> Asked:
    """Read a request: a text under the name its operation gives it, or the inputs of an application."""
    body = wire.asked
    parts = tuple(one for name in ("question", "text", "prompt", "query") for one in texts(body.get(name)))
    parts += tuple(one for given in objs(body.get("inputs")) for one in texts(given.get("value")))
    return Asked(
        model=text(body.get("model")),
        stream=flag(body.get("stream")),
        input_messages=(Message(role="user", parts=parts),) if parts else (),
    )


def answer(body: Any, _wire: Wire) -> Answered:
    """Read an answer, plain or assembled; one of a job has its answer inside."""
    fields = obj(body)
    made = obj(fields.get("data")) or fields
    return Answered(
        id=text(fields.get("id")),
        output_messages=said("assistant", *_said(made)),
        error=stated_error(fields),
    )


def _said(made: Fields) -> Iterator[str | None]:
    yield from (text(made.get(name)) for name in ("title", "suggestion", "answer", "data"))


def assemble(events: Sequence[Event]) -> Assembled:
    """Put a stream together: pieces of a title and a content, or of an answer; it states no end."""
    titles: list[str] = []
    pieces: list[str] = []
    for _, data in events:
        delta = obj(obj(data).get("delta"))
        titles.append(text(delta.get("title")) or "")
        pieces.append(text(delta.get("content")) or text(obj(obj(data).get("data")).get("answer")) or "")
    return Assembled({"title": "".join(titles), "suggestion": "".join(pieces)}, complete=True)


DIALECT = Dialect(
    name="writer",
    source="https://dev.writer.com/api-reference",
    ask=ask,
    answer=answer,
    assemble=assemble,
    extracts=("models", "texts", "answers", "ids"),
)
