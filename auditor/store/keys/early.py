# SPDX-License-Identifier: Apache-2.0
"""What the first versions signed of a fact: every field they knew, whether at its default or not.

Since then a fact leaves out what is at its default (see `facts.Signed`). Stores of before are read and verified as they
are; nothing is signed so any more.
"""

from collections.abc import Iterator
from typing import Any, Final

import msgspec

_CAME_LATER: Final = frozenset({"retired"})
"""Fields that came while facts were still signed in full: signatures of before do not cover them."""


def encodings(fact: msgspec.Struct) -> Iterator[bytes]:
    """The payloads a signature of that time may be over, the newest first. A field that came later is left out only
    where it is empty, so that each stands for this fact and no other."""
    fields = _in_full(fact)
    yield msgspec.msgpack.encode(fields)
    known = {name: value for name, value in fields.items() if value or name not in _CAME_LATER}
    if len(known) < len(fields):
        yield msgspec.msgpack.encode(known)


def _in_full(value: Any) -> Any:
    """A value with all its fields by name, in the order they are encoded in."""
    if isinstance(value, msgspec.Struct):
        return {name: _in_full(getattr(value, name)) for name in value.__struct_encode_fields__}
    if isinstance(value, tuple):
        return [_in_full(item) for item in value]
    return value
