# SPDX-License-Identifier: Apache-2.0
"""DeepSeek Chat in the browser and its apps: a prompt, and a stream of JSON patches.

The format is unpublished; it was taken from public clients. The first event carries the whole `response`; later ones a
path `p`, an operation `o` (`APPEND`, `SET`, or `BATCH` for several below one path) and a value `v`, and a bare `v` goes
on where the last one wrote. Older streams write into `content` and `thinking_content`, newer ones into `fragments` of
a type each. The conversation's tokens so far are stated, not those of the call.
"""

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from auditor.calls import AnyPart, Message, Reasoning, Text
from auditor.dialects.facts import Answered, Asked, Assembled, Dialect, joined, said
from auditor.dialects.files import uploads
from auditor.dialects.framing import Event
from auditor.dialects.loose import or_all
from auditor.dialects.patches import apply
from auditor.dialects.values import obj, objs, text
from auditor.dialects.wire import Wire

type Fields = Mapping[str, Any]


def ask(wire: Wire) -> Asked:
    """Read a request."""
    body = wire.asked
    asked = Asked(
        model=text(body.get("model_type")),
        stream=True,
        input_messages=(*uploads(wire), *said("user", text(body.get("prompt")))),
    )
    return or_all(asked, wire)


def answer(body: Any, _wire: Wire) -> Answered:
    """Read the assembled response."""
    fields = obj(obj(body).get("response"))
    status = text(fields.get("status"))
    found = [_fragment(one) for one in objs(fields.get("fragments"))]
    found += [_fragment({"type": kind, "content": fields.get(name)}) for kind, name in _OLDER]
    parts = joined(part for part in found if part is not None)
    return Answered(
        model=text(fields.get("model")),
        finish_reasons=(status,) if status else None,
        output_messages=(Message(role="assistant", parts=parts, finish_reason=status),) if parts else (),
    )


_OLDER = (("THINK", "thinking_content"), ("RESPONSE", "content"))


def _fragment(fields: Fields) -> AnyPart | None:
    plain = text(fields.get("content"))
    if not plain:
        return None
    return Reasoning(content=plain) if fields.get("type") == "THINK" else Text(content=plain)


def assemble(events: Sequence[Event]) -> Assembled:
    """Put a stream together."""
    whole: dict[str, Any] = {}
    path, operation = "", "append"
    for _, data in events:
        event = obj(data)
        if "v" not in event:
            continue
        first = obj(event["v"]).get("response")
        if isinstance(first, dict) and "p" not in event:
            whole["response"] = copy.deepcopy(first)
            continue
        path = event["p"] if isinstance(event.get("p"), str) else path
        operation = event["o"].lower() if isinstance(event.get("o"), str) else operation if "p" not in event else "set"
        _take(whole, path, operation, event["v"])
    return Assembled(whole, text(obj(whole.get("response")).get("status")) == "FINISHED")


def _take(whole: dict[str, Any], path: str, operation: str, value: Any) -> None:
    if operation != "batch":
        apply(whole, path, operation, value)
        return
    for one in objs(value):
        apply(whole, f"{path}/{one.get('p')}", str(one.get("o") or "set").lower(), one.get("v"))


DIALECT = Dialect(
    name="deepseek.web",
    source="unpublished; observed in public clients",
    ask=ask,
    answer=answer,
    assemble=assemble,
    extracts=("models", "messages", "finish reasons"),
    binary=True,
)
