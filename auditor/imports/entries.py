# SPDX-License-Identifier: Apache-2.0
"""What readers of recordings yield: exchanges, and bad entries named by place and cause.

A bad entry's `what` is made of our own words and field names only: an exception's text may quote the input, so it
never passes through.
"""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from auditor.calls import Exchange, Value
from auditor.errors import InputError

SCHEMES = frozenset({"http", "https", "ws", "wss"})


class BadEntry(Value, frozen=True, kw_only=True):
    """An entry that could not be read: `place` is "line 3" or "entry 3" (from 1), `what` the cause without content."""

    place: str
    what: str


type Entry = Exchange | BadEntry
type OnBytes = Callable[[int], object]
"""Told how many more bytes of the file have been read."""


class Unreadable(ValueError):
    """An entry cannot become an exchange; the text says why, without content."""


def checked_url(url: str) -> str:
    """`url` when it is an absolute web address; raises `Unreadable` else."""
    try:
        parts = urlsplit(url)
        known = parts.scheme.lower() in SCHEMES and bool(parts.hostname)
        _ = parts.port
    except ValueError:
        known = False
    if not known:
        raise Unreadable("the request's url is no http(s) or ws(s) address")
    return url


_MISSING = re.compile(r"^Object missing required field `([\w.]+)`(?: - at `([$\w.\[\]]+)`)?$")
_EXPECTED = re.compile(r"^Expected `([\w |]+)`, got `(\w+)`(?: - at `([$\w.\[\]]+)`)?$")
_AT = re.compile(r" - at `([$\w.\[\]]+)`$")


def cause(error: Exception) -> str:
    """Says what is wrong with an entry without quoting it: names of fields and types only."""
    if isinstance(error, Unreadable):
        return str(error)
    if isinstance(error, msgspec.ValidationError):
        return _mismatch(str(error))
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if isinstance(error, UnicodeDecodeError):
        return "it is no UTF-8"
    return "it is no valid JSON"


def _mismatch(text: str) -> str:
    if found := _MISSING.match(text):
        return f"{_field(found[2])}`{found[1]}` is missing"
    if found := _EXPECTED.match(text):
        return f"{_field(found[3])}{found[2]} found where {found[1]} belongs"
    found = _AT.search(text)
    return f"{_field(found[1] if found else None)}the value is not valid"


def _field(path: str | None) -> str:
    name = (path or "$").removeprefix("$").lstrip(".")
    return f"{name}: " if name else ""


def unreadable_file(path: Path, why: str) -> InputError:
    """The failure for a file of which nothing can be read."""
    return InputError(
        f"{path} cannot be imported: {why}.",
        "Give a HAR file, a mitmproxy flow file or NDJSON of exchanges; nothing was written.",
    )
