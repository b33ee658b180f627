# SPDX-License-Identifier: Apache-2.0
"""Content that can be stored: tools' arguments are any JSON, which may hold what msgpack or UTF-8 cannot.

Numbers beyond 64 bits become text; unpaired surrogates are replaced. Nearly all content passes unchanged.
"""

from typing import Any

import msgspec

from auditor.calls import Content

_encode = msgspec.msgpack.Encoder().encode


def storable(content: Content) -> Content:
    """The content as it can be stored."""
    try:
        _encode(content)
    except (OverflowError, UnicodeEncodeError, RecursionError):
        return msgspec.convert(_plain(msgspec.to_builtins(content)), Content)
    return content


def _plain(value: Any, depth: int = 0) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        return str(value)
    if depth > 200 and isinstance(value, (dict, list, tuple)):
        return None
    if isinstance(value, dict):
        return {_plain(key): _plain(one, depth + 1) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one, depth + 1) for one in value]
    return value
