# SPDX-License-Identifier: Apache-2.0
"""claude.ai in the browser and its apps: a prompt with attachments, and a stream like that of Anthropic messages.

The format is unpublished; it was taken from public clients. Older streams carry `completion` pieces.
"""

from collections.abc import Sequence
from typing import Any

from auditor.calls import AnyPart, Message, Text
from auditor.dialects import anthropic_messages, text_completion
from auditor.dialects.anthropic_common import tools_of
from auditor.dialects.facts import Answered, Asked, Assembled, Dialect
from auditor.dialects.framing import Event
from auditor.dialects.loose import or_all
from auditor.dialects.media import file_reference
from auditor.dialects.values import arr, first_text, obj, objs, text
from auditor.dialects.wire import Wire


def ask(wire: Wire) -> Asked:
    """Read a request: the prompt, the texts of attachments, references to files."""
    body = wire.asked
    prompt = text(body.get("prompt"))
    attached = [text(one.get("extracted_content")) for one in objs(body.get("attachments"))]
    parts: list[AnyPart | None] = [Text(content=one) for one in (*attached, prompt) if one]
    parts += [_file(one) for one in (*arr(body.get("files")), *arr(body.get("sync_sources")))]
    known = tuple(part for part in parts if part is not None)
    asked = Asked(
        model=text(body.get("model")),
        stream=True,
        input_messages=(Message(role="user", parts=known),) if known else (),
        tool_definitions=tools_of(body.get("tools")),
    )
    return or_all(asked, wire)


def _file(value: Any) -> AnyPart | None:
    fields = obj(value)
    return file_reference(first_text(value, fields.get("file_uuid"), fields.get("uuid")))


def answer(body: Any, wire: Wire) -> Answered:
    """Read an answer, assembled from either generation of the stream."""
    return text_completion.answered_of(body) if "choices" in obj(body) else anthropic_messages.answer(body, wire)


def assemble(events: Sequence[Event]) -> Assembled:
    """Put a stream together."""
    older = any("completion" in obj(one.data) for one in events)
    return text_completion.assemble(events) if older else anthropic_messages.assemble(events)


DIALECT = Dialect(
    name="claude.web",
    source="unpublished; observed in public clients",
    ask=ask,
    answer=answer,
    assemble=assemble,
    extracts=("models", "messages", "ids"),
    binary=True,
)
