# SPDX-License-Identifier: Apache-2.0
"""The Gemini app in the browser: arrays without names, packed as texts into a form and into framed lines.

The format is unpublished; it was taken from public clients. The form's `f.req` holds an array whose second element is
an array as text: first of it the prompt and its files. The answer, behind a line that protects against being run as a
script, repeats all candidates as they grow, each with its id, its text and (at 37) its thoughts.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

from auditor.calls import AnyPart, Message, Reasoning, Text
from auditor.dialects.facts import Answered, Asked, Dialect, said
from auditor.dialects.loose import or_all
from auditor.dialects.values import arr, decode_json, first_text, text
from auditor.dialects.wire import Wire

_ENVELOPE = "wrb.fr"
_CANDIDATES, _THOUGHTS = 4, 37


def ask(wire: Wire) -> Asked:
    """Read a request: the prompt, and the names of its files."""
    form = parse_qs(wire.request.body.decode("utf-8", "replace"), max_num_fields=64)
    prompt = arr(_at(_unpacked(_at(_unpacked(next(iter(form.get("f.req", [])), None)), 1)), 0))
    names = (text(_at(one, 1)) for one in arr(_at(prompt, 3)))
    asked = Asked(stream=True, input_messages=said("user", text(_at(prompt, 0)), *names))
    return or_all(asked, wire)


def answer(_body: Any, wire: Wire) -> Answered:
    """Read an answer: the last statement of the first candidate."""
    latest: list[Any] = []
    turn: Any = None
    failed = None
    for payload, refusal in _payloads(wire.response.body if wire.response else b""):
        candidate = arr(_at(_at(payload, _CANDIDATES), 0))
        latest, turn = candidate or latest, _at(payload, 1) or turn
        failed = failed or refusal
    plain, thought = text(_at(_at(latest, 1), 0)), text(_at(_at(_at(latest, _THOUGHTS), 0), 0))
    parts: tuple[AnyPart, ...] = (
        *((Reasoning(content=thought),) if thought else ()),
        *((Text(content=plain),) if plain else ()),
    )
    return Answered(
        id=first_text(_at(turn, 1), _at(latest, 0)),
        output_messages=(Message(role="assistant", parts=parts),) if parts else (),
        error="error" if failed and not parts else None,
        complete=bool(parts or failed),
    )


def _payloads(body: bytes) -> Iterator[tuple[Any, Any]]:
    """What the lines carry: the arrays packed into them, and what failed."""
    for line in body.splitlines():
        for envelope in arr(_unpacked(line)) if line.startswith(b"[") else ():
            if _at(envelope, 0) == _ENVELOPE:
                yield _unpacked(_at(envelope, 2)), _at(envelope, 5)


def _unpacked(value: Any) -> Any:
    try:
        return decode_json(value) if isinstance(value, (str, bytes)) else None
    except ValueError:
        return None


def _at(value: Any, index: int) -> Any:
    held = arr(value)
    return held[index] if index < len(held) else None


DIALECT = Dialect(
    name="gemini.web",
    source="unpublished; observed in public clients",
    ask=ask,
    answer=answer,
    extracts=("messages", "ids"),
    binary=True,
)
