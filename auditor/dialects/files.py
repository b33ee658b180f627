# SPDX-License-Identifier: Apache-2.0
"""Files and batches: what is uploaded, downloaded, or sent as many requests in one.

A file is described by name, size and hash; a JSONL file is read row by row, a plain text as it is, another document
with the text found in it.
Sources: https://platform.openai.com/docs/api-reference/files, …/uploads, …/batch,
https://docs.anthropic.com/en/api/files-create, …/creating-message-batches, https://ai.google.dev/api/files
"""

import re
from collections.abc import Mapping
from typing import Any

from auditor.calls import AnyPart, Message, Text
from auditor.dialects.errors import stated_error
from auditor.dialects.facts import Answered, Asked, Dialect
from auditor.dialects.framing import FormPart
from auditor.dialects.media import blob
from auditor.dialects.paths import path_model
from auditor.dialects.rows import jsonl_messages, row_messages
from auditor.dialects.values import first_text, obj, objs, text
from auditor.dialects.wire import Wire

type Fields = Mapping[str, Any]

_PLAIN_TYPES = ("text/", "application/json", "application/xml", "application/x-ndjson", "application/jsonl")
_PLAIN_NAMES = (".txt", ".md", ".csv", ".tsv", ".json", ".xml", ".yaml", ".yml", ".log", ".py", ".js", ".sql")


def ask(wire: Wire) -> Asked:
    """Read a request: an upload (a form, or the bytes themselves), or a batch with its requests inline."""
    body = wire.asked
    messages = list(uploads(wire))
    if not wire.files and not body and wire.request.body:
        name = wire.request.headers.get("x-goog-upload-file-name")
        messages += _upload(FormPart(None, name, wire.request.content_type or None, wire.request.body))
    messages += [message for one in _requests(body) for message in row_messages(one)]
    model = first_text(body.get("model"), obj(body.get("batch")).get("model"), path_model(wire.path))
    return Asked(model=model, input_messages=tuple(messages))


def uploads(wire: Wire) -> tuple[Message, ...]:
    """The files of a request's form: each described, and its rows or its text."""
    return tuple(message for one in wire.files for message in _upload(one))


def _upload(part: FormPart) -> tuple[Message, ...]:
    rows, plain = jsonl_messages(part.data), _is_plain(part)
    described: tuple[AnyPart, ...] = (
        blob(part.data, part.content_type, name=part.filename, read=not rows and not plain),
    )
    if plain and part.data and not rows:
        described = (*described, Text(content=part.text))
    return (Message(role="user", parts=described), *rows)


def _is_plain(part: FormPart) -> bool:
    kind, name = (part.content_type or "").lower(), (part.filename or "").lower()
    return "html" not in kind and (kind.startswith(_PLAIN_TYPES) or name.endswith(_PLAIN_NAMES))


def _requests(body: Fields) -> list[Fields]:
    gemini = obj(obj(obj(body.get("batch")).get("inputConfig")).get("requests"))
    return [*objs(body.get("requests")), *objs(gemini.get("requests"))]


def answer(body: Any, wire: Wire) -> Answered:
    """Read an answer: a resource's facts, or the content of a file."""
    fields = obj(body)
    # A file of one line is one JSON object too: that of a row, which has an id of the batch's maker's own.
    known = "custom_id" not in fields and any(name in fields for name in ("id", "object", "data", "name"))
    messages: tuple[Message, ...] = ()
    if not known and wire.response is not None and wire.response.body:
        messages = jsonl_messages(wire.response.body) or _download(body, wire)
    inlined = obj(obj(fields.get("metadata")).get("output")) or obj(fields.get("response"))
    results = objs(obj(inlined.get("inlinedResponses")).get("inlinedResponses"))
    messages += tuple(message for one in results for message in row_messages(one))
    return Answered(
        id=first_text(fields.get("id"), fields.get("name"), obj(fields.get("file")).get("name")),
        model=text(fields.get("model")),
        output_messages=messages,
        error=stated_error(fields),
    )


def _download(body: Any, wire: Wire) -> tuple[Message, ...]:
    """The content of a file that is no JSON."""
    response = wire.response
    if body is not None or response is None or wire.method != "GET":
        return ()
    named = re.search(r'filename="?([^";]+)', response.headers.get("content-disposition", ""))
    found = blob(response.body, response.content_type or None, name=named[1] if named else None)
    return (Message(role="assistant", parts=(found,)),)


FILES = Dialect(
    name="files",
    source="https://platform.openai.com/docs/api-reference/files",
    ask=ask,
    answer=answer,
    extracts=("ids", "files", "rows"),
    binary=True,
)
BATCHES = FILES._replace(name="batches", source="https://platform.openai.com/docs/api-reference/batch")
