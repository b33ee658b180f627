# SPDX-License-Identifier: Apache-2.0
"""Perplexity in the browser and its apps: a question, and events that repeat the blocks of the answer as they grow.

The format is unpublished; it was taken from public clients. A block carries its text as `markdown_block` (`answer`, or
`chunks`), or as patches to it in `diff_block`. The same answer comes in several blocks, one of them for the whole.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from auditor.dialects.facts import Answered, Asked, Assembled, Dialect, said
from auditor.dialects.framing import Event
from auditor.dialects.loose import or_all
from auditor.dialects.patches import apply
from auditor.dialects.values import arr, count, first_text, obj, objs, text
from auditor.dialects.wire import Wire

type Fields = Mapping[str, Any]


def ask(wire: Wire) -> Asked:
    """Read a request: the question and what it is about."""
    body = wire.asked
    params = obj(body.get("params"))
    attached = (text(one) for one in arr(params.get("attachments")))
    question = first_text(body.get("query_str"), params.get("dsl_query"))
    asked = Asked(
        model=text(params.get("model_preference")), stream=True, input_messages=said("user", question, *attached)
    )
    return or_all(asked, wire)


def answer(body: Any, _wire: Wire) -> Answered:
    """Read an assembled answer."""
    fields = obj(body)
    status = text(fields.get("status"))
    return Answered(
        model=first_text(fields.get("display_model"), fields.get("user_selected_model")),
        id=first_text(fields.get("backend_uuid"), fields.get("uuid")),
        finish_reasons=(status,) if status else None,
        output_messages=said("assistant", text(fields.get("answer"))),
        error="error" if fields.get("error_code") or status == "FAILED" else None,
    )


def assemble(events: Sequence[Event]) -> Assembled:
    """Put a stream together: the last statement of everything, and of the blocks the one that says most."""
    whole: dict[str, Any] = {}
    blocks: dict[str, dict[str, Any]] = {}
    done = False
    for name, data in events:
        fields = obj(data)
        whole |= {key: value for key, value in fields.items() if key != "blocks" and value is not None}
        for one in objs(fields.get("blocks")):
            _grow(blocks.setdefault(str(one.get("intended_usage")), {}), one)
        done = done or name == "end_of_stream" or bool(fields.get("final_sse_message") or fields.get("text_completed"))
    written = [said for one in blocks.values() if (said := _markdown(obj(one.get("markdown_block"))))]
    return Assembled({"answer": max(written, key=len, default=None), **whole}, done)


def _grow(block: dict[str, Any], stated: Fields) -> None:
    markdown, change = obj(stated.get("markdown_block")), obj(stated.get("diff_block"))
    if markdown:
        held = obj(block.get("markdown_block"))
        start = count(markdown.get("chunk_starting_offset")) or 0
        chunks = [*arr(held.get("chunks"))[:start], *arr(markdown.get("chunks"))]
        block["markdown_block"] = {**held, **markdown, "chunks": chunks}
    for one in objs(change.get("patches")):
        apply(block, f"{change.get('field')}{one.get('path') or ''}", str(one.get("op")), one.get("value"))


def _markdown(fields: Fields) -> str | None:
    chunks = "".join(one for one in arr(fields.get("chunks")) if isinstance(one, str))
    return first_text(fields.get("answer"), chunks)


DIALECT = Dialect(
    name="perplexity.web",
    source="unpublished; observed in public clients",
    ask=ask,
    answer=answer,
    assemble=assemble,
    extracts=("models", "messages", "ids", "finish reasons"),
    binary=True,
)
