# SPDX-License-Identifier: Apache-2.0
"""Requests in no known format: every text they hold, so that the detectors still see what was sent.

Web assistants, telemetry and operations newer than this program end here, and bodies that are broken. Texts are the
values of JSON and of forms, of a socket's messages too; of any other body (protocol buffers, say) its readable runs.
What cannot be text, such as long base64, is left out; the exchange is recorded whole anyway.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from auditor.calls import Message
from auditor.dialects import resource
from auditor.dialects.facts import Asked, Dialect, said
from auditor.dialects.files import uploads
from auditor.dialects.values import first_text
from auditor.dialects.wire import Wire

_MOST = 1_000_000
"""Characters taken of one request."""
_BLANK = re.compile(r"\s")
_LONGEST_WORD = 4096
_RUN = re.compile(rb"[\t\n\r\x20-\x7e\x80-\xf4]{6,}")


def ask(wire: Wire) -> Asked:
    """Read a request: its texts as one message, after the files it uploads."""
    return Asked(model=first_text(resource.ask(wire).model), input_messages=(*uploads(wire), *_texts(wire)))


def or_all(asked: Asked, wire: Wire) -> Asked:
    """What was read of a request, or all its texts where nothing was: unpublished formats change without notice."""
    return asked if asked.input_messages else msgspec.structs.replace(asked, input_messages=ask(wire).input_messages)


def _texts(wire: Wire) -> tuple[Message, ...]:
    taken, size = [], 0
    for one in _pieces(wire):
        if size + len(one) > _MOST:
            taken.append(one[: _MOST - size])
            break
        taken.append(one)
        size += len(one) + 1
    return said("user", "\n".join(taken))


def _pieces(wire: Wire) -> Iterator[str]:
    request = wire.request
    for value in (request.json, *(one.fields for one in wire.socket if one.sent)):
        yield from _strings(value)
    yield from (one.text for one in request.form if one.filename is None)
    if request.json is None and not request.form:
        yield from (run.decode("utf-8", "ignore") for run in _RUN.findall(request.body[:_MOST]))


def _strings(value: Any) -> Iterator[str]:
    """The strings of a JSON value, in their order; without recursion, since bodies nest as deep as they like."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            if one and (len(one) <= _LONGEST_WORD or _BLANK.search(one)):
                yield one
        elif isinstance(one, dict):
            waiting += reversed(one.values())
        elif isinstance(one, list):
            waiting += reversed(one)


DIALECT = Dialect(
    name="other", source="none", ask=ask, answer=resource.answer, extracts=("texts", "models", "ids"), binary=True
)
"""Reads what no row names: at a known provider, the operation is `other`."""
