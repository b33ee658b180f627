# SPDX-License-Identifier: Apache-2.0
"""More epoch keys, before the old ones end: made by a manager of the store, handed to gateways as public keys.

Invariants: the private halves are durable in the identity before any public half is handed out, so nothing is ever
sealed to a key nobody holds; keys go on where the last one ends. Broken off, the same call again completes it.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from auditor.errors import InputError
from auditor.store.keys import enrolment, epochs
from auditor.store.keys.facts import EpochKey, StoreFacts
from auditor.store.keys.identity import Identity
from auditor.store.location import Location


def extend(
    location: Location, identity_file: Path, identity: Identity, months: int, gateways: Sequence[Path], now: datetime
) -> tuple[EpochKey, ...]:
    """Make epoch keys for so many months more (none for 0), and bring gateway folders up to date; the new keys.

    A gateway takes them at its next start. Raises `InputError` where the identity is no manager of the store, or
    a folder is another store's; then nothing was written.
    """
    store = location.facts()
    if identity.auditor not in store.managers():
        raise InputError("Only a manager of the store makes epoch keys.", "Use the identity of one.")
    for folder in gateways:
        enrolment.check_store(folder, store)
    ends = datetime.fromtimestamp(store.epochs_end, UTC)
    held = epochs.make(identity, store.id, max(ends, now.astimezone(UTC)), months)
    if held:
        identity.with_epochs(held).save(identity_file)
    keys = tuple(one.key for one in held)
    public = _with_epochs(store, identity, keys)
    location.save_facts(public)
    for folder in gateways:
        enrolment.renew(folder, public)
    return keys


def _with_epochs(store: StoreFacts, identity: Identity, keys: tuple[EpochKey, ...]) -> StoreFacts:
    """The store's facts with more keys, signed; also with those held that a broken-off call kept from it."""
    known = {key.recipient for key in store.epochs}
    held = {one.key.recipient: one.key for one in identity.epochs if one.key.store == store.id}
    more = [key for key in (*held.values(), *keys) if key.recipient not in known]
    return msgspec.structs.replace(store, epochs=(*store.epochs, *more)).signed(identity.signing_key)
