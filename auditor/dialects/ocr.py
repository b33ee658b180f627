# SPDX-License-Identifier: Apache-2.0
"""Reading documents (Mistral OCR): a document goes in, its pages come out as text.

Source: https://docs.mistral.ai/api/#tag/ocr
"""

from typing import Any

from auditor.calls import Message
from auditor.dialects.errors import stated_error
from auditor.dialects.facts import Answered, Asked, Dialect, said
from auditor.dialects.openai_common import content_parts
from auditor.dialects.values import obj, objs, text
from auditor.dialects.wire import Wire


def ask(wire: Wire) -> Asked:
    """Read a request."""
    body = wire.asked
    parts = content_parts(body.get("document"))
    return Asked(model=text(body.get("model")), input_messages=(Message(role="user", parts=parts),) if parts else ())


def answer(body: Any, _wire: Wire) -> Answered:
    """Read an answer."""
    fields = obj(body)
    return Answered(
        model=text(fields.get("model")),
        id=text(fields.get("id")),
        output_messages=said("assistant", *(text(one.get("markdown")) for one in objs(fields.get("pages")))),
        error=stated_error(fields),
    )


DIALECT = Dialect(
    name="mistral.ocr",
    source="https://docs.mistral.ai/api/#tag/ocr",
    ask=ask,
    answer=answer,
    extracts=("models", "document", "text"),
)
