# SPDX-License-Identifier: Apache-2.0
"""Grok in the browser and its apps: a message, and one JSON document a line, tokens first and the whole answer last.

The format is unpublished; it was taken from public clients. A first turn nests what it says in `result.response`, a
later one states it in `result`.
"""

from collections.abc import Sequence
from typing import Any

from auditor.calls import AnyPart, Message, Reasoning, Text
from auditor.dialects.facts import Answered, Asked, Assembled, Dialect, joined
from auditor.dialects.framing import Event
from auditor.dialects.loose import or_all
from auditor.dialects.media import file_reference
from auditor.dialects.values import arr, first_text, obj, text
from auditor.dialects.wire import Wire


def ask(wire: Wire) -> Asked:
    """Read a request: the message, and references to files."""
    body = wire.asked
    plain = text(body.get("message"))
    files = (file_reference(text(one)) for one in arr(body.get("fileAttachments")))
    parts: list[AnyPart] = [Text(content=plain)] if plain else []
    parts += [one for one in files if one is not None]
    asked = Asked(
        model=first_text(body.get("modelName"), body.get("modelMode"), body.get("model")),
        stream=True,
        input_messages=(Message(role="user", parts=tuple(parts)),) if parts else (),
    )
    return or_all(asked, wire)


def answer(body: Any, _wire: Wire) -> Answered:
    """Read an assembled answer, or one that came in a single document."""
    fields = obj(body)
    if "result" in fields:
        fields = assemble([Event(None, body)]).body
    stated = obj(fields.get("response"))
    about = obj(stated.get("metadata"))
    plain = text(stated.get("message"))
    written: list[AnyPart] = [Text(content=plain)] if plain else fields.get("said") or []
    parts = (*(fields.get("thought") or ()), *written)
    return Answered(
        model=first_text(obj(about.get("request_metadata")).get("model"), about.get("modelName")),
        id=first_text(stated.get("responseId"), fields.get("id")),
        output_messages=(Message(role="assistant", parts=parts),) if parts else (),
        error="error" if fields.get("error") else None,
    )


def assemble(events: Sequence[Event]) -> Assembled:
    """Put a stream together: the whole answer where it came, else its tokens."""
    whole: dict[str, Any] = {}
    tokens: list[AnyPart] = []
    done = False
    for _, data in events:
        result = obj(obj(data).get("result"))
        fields = obj(result.get("response")) or result
        whole |= {"error": True} if obj(data).get("error") or fields.get("error") else {}
        whole |= {"response": fields["modelResponse"]} if obj(fields.get("modelResponse")) else {}
        whole |= {"id": fields["responseId"]} if text(fields.get("responseId")) else {}
        token = text(fields.get("token"))
        if token:
            tokens.append(Reasoning(content=token) if fields.get("isThinking") else Text(content=token))
        done = done or fields.get("isSoftStop") is True or "modelResponse" in fields
    thought = "".join(one.content for one in tokens if isinstance(one, Reasoning))
    whole["thought"] = [Reasoning(content=thought)] if thought else []
    whole["said"] = list(joined(one for one in tokens if isinstance(one, Text)))
    return Assembled(whole, done)


DIALECT = Dialect(
    name="grok.web",
    source="unpublished; observed in public clients",
    ask=ask,
    answer=answer,
    assemble=assemble,
    extracts=("models", "messages", "ids"),
    binary=True,
)
