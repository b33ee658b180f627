# SPDX-License-Identifier: Apache-2.0
"""The part of sealing that needs no key and no place: encode, compress, pad. Runs in any thread or process."""

import msgspec

from auditor.store.format import records
from auditor.store.format.layout import Column
from auditor.store.format.records import Draft, SealedExchange
from auditor.store.format.sealing import Codec, body_codec, frame


class Prepared(msgspec.Struct, frozen=True, array_like=True):
    """A draft ready to be encrypted. It is plaintext: keep it in memory.

    A passage has a `name` to be referred to by, and its own `key`. `after` names the passage that the body rests on;
    `whole` is the body for a ledger that does not have that one.
    """

    raw_meta: bytes
    meta: bytes
    body: bytes | None
    column: Column = Column.BODY
    name: bytes = b""
    key: bytes = b""
    after: bytes = b""
    whole: SealedExchange | None = None


def prepare(draft: Draft) -> Prepared:
    """Encode and frame a draft; most of the cost of an append is here."""
    raw_meta = records.encode(draft.meta)
    raw_body = None if draft.body is None else records.encode(draft.body)
    body = None if raw_body is None else frame(raw_body, body_codec(raw_body))
    return Prepared(raw_meta, frame(raw_meta, Codec.META), body, records.body_column(draft.meta))


def framed_whole(body: SealedExchange) -> bytes:
    """A body as it is where nothing is there for it to rest on."""
    raw_body = records.encode(body)
    return frame(raw_body, body_codec(raw_body))
