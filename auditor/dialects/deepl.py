# SPDX-License-Identifier: Apache-2.0
"""DeepL: texts to translate or to write better, as JSON or as a form, and whole documents.

Source: https://github.com/DeepLcom/deepl-python (`translator.py`, `deepl_client.py`); its API reference, which this
follows, is https://developers.deepl.com/docs
"""

from typing import Any
from urllib.parse import parse_qsl

from auditor.calls import AnyPart, Message, Text
from auditor.dialects.facts import Answered, Asked, Dialect, texts
from auditor.dialects.files import uploads
from auditor.dialects.media import blob
from auditor.dialects.values import obj, objs, text
from auditor.dialects.wire import Wire

_GUIDES = ("context", "custom_instructions")
"""What says how to translate, and is not translated itself."""


def ask(wire: Wire) -> Asked:
    """Read a request: the texts, or the document, after what guides their translation."""
    fields = {name: [value] for name, value in wire.asked.items()} or _form(wire)
    given = {name: [one for value in fields.get(name, ()) for one in texts(value)] for name in (*_GUIDES, "text")}
    sent = tuple(given["text"])
    return Asked(
        system_instructions=tuple(one for name in _GUIDES for one in given[name]),
        input_messages=(*uploads(wire), *((Message(role="user", parts=sent),) if sent else ())),
    )


def _form(wire: Wire) -> dict[str, list[Any]]:
    """The fields of a form in the query's encoding, each as often as it was sent."""
    fields: dict[str, list[Any]] = {}
    if wire.request.content_type.startswith("application/x-www-form-urlencoded"):
        for name, value in parse_qsl(wire.request.body.decode("utf-8", "replace"), max_num_fields=None):
            fields.setdefault(name, []).append(value)
    return fields


def answer(body: Any, wire: Wire) -> Answered:
    """Read an answer: the translations or improvements in their order, a document's id, or the document itself."""
    fields = obj(body)
    found = (*objs(fields.get("translations")), *objs(fields.get("improvements")))
    parts: tuple[AnyPart, ...] = tuple(Text(content=plain) for one in found if (plain := text(one.get("text"))))
    if body is None and wire.path.endswith("/result") and wire.response and wire.response.body:
        parts = (blob(wire.response.body, wire.response.content_type or None),)
    refused = text(fields.get("message")) or text(fields.get("error_message"))
    return Answered(
        id=text(fields.get("document_id")),
        output_messages=(Message(role="assistant", parts=parts),) if parts else (),
        error=refused if refused and not parts else None,
    )


DIALECT = Dialect(
    name="deepl",
    source="https://developers.deepl.com/docs",
    ask=ask,
    answer=answer,
    extracts=("texts", "documents", "translations", "ids"),
    binary=True,
)
