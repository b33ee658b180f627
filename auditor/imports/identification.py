# SPDX-License-Identifier: Apache-2.0
"""The id of an imported exchange: a keyed digest of everything the recording says about it.

So the same exchange has the same id in every file and at every import, and a second import finds it known. The key
keeps the id from being a fingerprint that outsiders could compare with texts they know.
"""

import hashlib

import msgspec

from auditor.calls import Exchange

_encode = msgspec.msgpack.Encoder().encode
_SIZE = 16
_PURPOSE = b"import-id"


def identified(exchange: Exchange, key: bytes) -> Exchange:
    """The exchange under its id: 32 hex digits; `key` is a secret of up to 64 bytes."""
    bare = msgspec.structs.replace(exchange, id="")
    digest = hashlib.blake2b(_encode(bare), digest_size=_SIZE, key=key, person=_PURPOSE)
    return msgspec.structs.replace(exchange, id=digest.hexdigest())
