# SPDX-License-Identifier: Apache-2.0
"""The part of sealing that needs no key and no place: encode, compress, pad. Runs in any thread or process."""

import msgspec

from auditor.store import records
from auditor.store.layout import Column
from auditor.store.records import Draft
from auditor.store.sealing import Codec, frame


class Prepared(msgspec.Struct, frozen=True, array_like=True):
    """A draft ready to be encrypted. It is plaintext: keep it in memory."""

    raw_meta: bytes
    meta: bytes
    body: bytes | None
    column: Column = Column.BODY


def prepare(draft: Draft) -> Prepared:
    """Encode and frame a draft; most of the cost of an append is here."""
    raw_meta = records.encode(draft.meta)
    body = None if draft.body is None else frame(records.encode(draft.body))
    return Prepared(raw_meta, frame(raw_meta, Codec.META), body, records.body_column(draft.meta))
