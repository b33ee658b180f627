# SPDX-License-Identifier: Apache-2.0
"""Tolerant readers of decoded JSON: each takes anything and returns the wanted shape, or its empty form.

Dialects read through these, so that an unknown or broken field costs that field and never the call.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

import msgspec

_EMPTY: Mapping[str, Any] = {}
_LARGEST = 2**53
"""Above this a JSON number is no count, and no index could hold it."""


def obj(value: Any) -> Mapping[str, Any]:
    """The object, or an empty one."""
    return value if isinstance(value, dict) else _EMPTY


def arr(value: Any) -> list[Any]:
    """The array, or an empty one."""
    return value if isinstance(value, list) else []


def objs(value: Any) -> list[Mapping[str, Any]]:
    """The objects of an array; anything else in it is left out."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def text(value: Any) -> str | None:
    """The string, or None where there is none or it is empty."""
    return value if isinstance(value, str) and value else None


def first_text(*values: Any) -> str | None:
    """The first of the values that is a non-empty string."""
    return next((value for value in values if isinstance(value, str) and value), None)


def count(value: Any) -> int | None:
    """A count: a non-negative whole number (also as a string of digits), else None."""
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 16:
        return int(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return int(value) if 0 <= value < _LARGEST and value == int(value) else None


def flag(value: Any) -> bool | None:
    """The boolean, or None."""
    return value if isinstance(value, bool) else None


def total(*counts: int | None) -> int | None:
    """The sum of the counts that are known; None where none is."""
    known = [one for one in counts if one is not None]
    return sum(known) if known else None


_BEGINS = re.compile(rb"(\xef\xbb\xbf)?\s*[\[{\"\-0-9tfnNI]")
"""How a JSON document begins: a mark of its encoding or none, then a value; NaN and Infinity are read leniently."""


def decode_json(data: bytes | str) -> Any:
    """Decode one JSON document. Raises ValueError where it is none, also where it nests too deep.

    What strict decoding refuses but real clients send (broken UTF-8, unpaired surrogates, NaN) is read leniently.
    """
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeError):
        return _decode_leniently(data)


def arguments(raw: Any) -> Any:
    """The arguments of a tool call: parsed where they are JSON, the raw text where it is broken."""
    if not isinstance(raw, str):
        return raw
    try:
        return decode_json(raw)
    except ValueError:
        return raw or None


def _decode_leniently(data: bytes | str) -> Any:
    if isinstance(data, bytes) and not _BEGINS.match(data):
        raise ValueError("it does not begin like JSON")  # decoding fifty megabytes of an upload would take a second
    plain = data.decode("utf-8-sig", "replace") if isinstance(data, bytes) else data
    try:
        value = json.loads(plain, strict=False)
        # Unpaired surrogates cannot be stored; encoding replaces them, and NaN becomes null.
        clean = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
        return msgspec.json.decode(_without_nan(clean, value))
    except RecursionError:
        raise ValueError("JSON nests too deep") from None
    except msgspec.DecodeError as failure:
        raise ValueError(str(failure)) from failure


def _without_nan(clean: bytes, value: Any) -> bytes:
    try:
        json.dumps(value, allow_nan=False)
    except ValueError:
        return msgspec.json.encode(value)
    return clean
