# SPDX-License-Identifier: Apache-2.0
"""ChatGPT in the browser and its apps: a conversation request, and a stream of JSON patches.

The format is unpublished; it was taken from public clients. With `delta_encoding v1` an event carries `p` (path),
`o` (operation) and `v` (value); a bare `v` goes on where the last one wrote; `patch` carries several. Without it each
event repeats the whole message. No token counts are stated; the model that answered is `resolved_model_slug`.
"""

import copy
from collections.abc import Mapping, Sequence
from typing import Any

from auditor.calls import AnyPart, Message, Text
from auditor.dialects.facts import Answered, Asked, Assembled, Dialect, role_of
from auditor.dialects.framing import Event
from auditor.dialects.loose import or_all
from auditor.dialects.media import file_reference
from auditor.dialects.patches import apply
from auditor.dialects.values import arr, first_text, obj, objs, text
from auditor.dialects.wire import Wire

type Fields = Mapping[str, Any]


def ask(wire: Wire) -> Asked:
    """Read a request."""
    body = wire.asked
    asked = Asked(
        model=text(body.get("model")),
        stream=True,
        input_messages=tuple(_message(one) for one in objs(body.get("messages"))),
    )
    return or_all(asked, wire)


def answer(body: Any, _wire: Wire) -> Answered:
    """Read the assembled messages."""
    fields = obj(body)
    answered = [one for one in objs(fields.get("messages")) if obj(one.get("author")).get("role") == "assistant"]
    told = [obj(one.get("metadata")) for one in answered]
    slugs = [first_text(one.get("resolved_model_slug"), one.get("model_slug")) for one in told]
    reasons = [text(obj(one.get("finish_details")).get("type")) for one in told]
    return Answered(
        model=first_text(*reversed(slugs)),
        id=first_text(*(one.get("id") for one in reversed(answered))),
        finish_reasons=tuple(one for one in reasons if one) or None,
        output_messages=tuple(message for one in answered if (message := _message(one)).parts),
        error="error" if fields.get("error") else None,
    )


def _message(fields: Fields) -> Message:
    content = obj(fields.get("content"))
    pieces = [*arr(content.get("parts")), content.get("text")]
    parts = tuple(part for one in pieces if (part := _part(one)) is not None)
    return Message(role=role_of(obj(fields.get("author")).get("role")), parts=parts)


def _part(piece: Any) -> AnyPart | None:
    if isinstance(piece, str):
        return Text(content=piece) if piece else None
    return file_reference(obj(piece).get("asset_pointer"), "image")


def assemble(events: Sequence[Event]) -> Assembled:
    """Put a stream together."""
    patches = _Patches()
    done = False
    for _, data in events:
        if isinstance(data, dict):
            patches.take(data)
        done = done or data == "[DONE]"
    return Assembled({"messages": list(patches.messages.values()), "error": patches.failed}, done)


class _Patches:
    """The messages of a stream while its patches are applied. Paths lead below the current message."""

    def __init__(self) -> None:
        self.messages: dict[str, dict[str, Any]] = {}
        self.failed: Any = None
        self._root: dict[str, Any] = {}
        self._path, self._operation = "", "append"

    def take(self, event: Fields) -> None:
        """Take one event."""
        self.failed = self.failed or event.get("error")
        whole = obj(event.get("message")) or obj(obj(event.get("v")).get("message"))
        if whole:
            self._root = {"message": copy.deepcopy(dict(whole))}
            self.messages[str(whole.get("id"))] = self._root["message"]
            return
        if "v" not in event:
            return
        self._path = event["p"] if isinstance(event.get("p"), str) else self._path
        self._operation = event["o"] if isinstance(event.get("o"), str) else self._operation
        if self._operation == "patch":
            for one in objs(event["v"]):
                apply(self._root, str(one.get("p") or ""), str(one.get("o") or "append"), one.get("v"))
        else:
            apply(self._root, self._path, self._operation, event["v"])


DIALECT = Dialect(
    name="chatgpt.web",
    source="unpublished; observed in public clients",
    ask=ask,
    answer=answer,
    assemble=assemble,
    extracts=("models", "messages", "ids"),
    binary=True,
)
