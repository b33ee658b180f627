# SPDX-License-Identifier: Apache-2.0
"""A checkpoint: the size and root of a ledger's tree at a moment, as a C2SP signed note.

Formats: https://c2sp.org/tlog-checkpoint and https://c2sp.org/signed-note. Three extension lines follow the root:
the segment whose key signed, the time in milliseconds since 1970, and the size of the checkpoint kept before, so that
a checkpoint taken out leaves a visible hole.
"""

import base64
import binascii
import functools
import hashlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from auditor.calls import Value
from auditor.errors import CheckFailed
from auditor.store.format import signing

_DASH = "\u2014"
_ED25519 = b"\x01"


class Checkpoint(Value, frozen=True, kw_only=True):
    """What a checkpoint states. `previous` is -1 for a ledger's first one."""

    origin: str
    size: int
    root: bytes
    segment: int
    at_ms: int
    previous: int

    def text(self) -> str:
        """The signed lines."""
        root = base64.b64encode(self.root).decode()
        told = f"segment {self.segment}\ntime {self.at_ms}\nprevious {self.previous}\n"
        return f"{self.origin}\n{self.size}\n{root}\n{told}"


def origin(store_id: str, ledger: str) -> str:
    """The name a ledger signs its checkpoints under."""
    return f"ai-usage-auditor/{store_id}/{ledger}"


def sign(checkpoint: Checkpoint, key: Ed25519PrivateKey, public: bytes) -> str:
    """The signed note of a checkpoint, by a key and its public half."""
    text = checkpoint.text()
    stamp = _key_id(checkpoint.origin, public) + key.sign(text.encode())
    return f"{text}\n{_DASH} {checkpoint.origin} {base64.b64encode(stamp).decode()}\n"


def read(note: str) -> Checkpoint:
    """What a note states, its signature unchecked. Raises `CheckFailed` where it is malformed."""
    try:
        name, size, root, segment, at_ms, previous, *_ = note.split("\n")
        found = Checkpoint(
            origin=name,
            size=int(size),
            root=base64.b64decode(root, validate=True),
            segment=int(segment.removeprefix("segment ")),
            at_ms=int(at_ms.removeprefix("time ")),
            previous=int(previous.removeprefix("previous ")),
        )
    except (ValueError, binascii.Error) as error:
        raise CheckFailed("A checkpoint is malformed.") from error
    if not note.startswith(found.text() + "\n"):
        raise CheckFailed("A checkpoint is malformed.")
    return found


def verify(note: str, public: bytes) -> Checkpoint:
    """What a note states, once its signature holds. Raises `CheckFailed`."""
    found = read(note)
    text = found.text()
    stamp = _signature(note[len(text) + 1 :], found.origin)
    if stamp[:4] != _key_id(found.origin, public):
        raise CheckFailed("A checkpoint is signed by another key than its segment's.")
    signing.check(public, text.encode(), stamp[4:], "A checkpoint's signature")
    return found


def _signature(line: str, name: str) -> bytes:
    prefix = f"{_DASH} {name} "
    stamp = line.removeprefix(prefix).removesuffix("\n")
    try:
        decoded = base64.b64decode(stamp, validate=True)
    except (ValueError, binascii.Error) as error:
        raise CheckFailed("A checkpoint's signature line is malformed.") from error
    if line != f"{prefix}{base64.b64encode(decoded).decode()}\n":
        raise CheckFailed("A checkpoint's signature line is malformed.")
    return decoded


@functools.lru_cache(maxsize=64)
def _key_id(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:4]
