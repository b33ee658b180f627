# SPDX-License-Identifier: Apache-2.0
"""Retention: past their time, an auditor's epoch keys are destroyed, and what is sealed to them is closed for good.

Invariants: the destruction is recorded in the auditor's ledger before it happens; only months that are over go, and
never the last key of a store, which gateways go on with when they have no newer one. Ledgers stay as they are, byte for
byte, so they verify; copies of them close as well. Copies of the identity file keep the keys: destroy those, too.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from auditor.errors import InputError
from auditor.store.format.layout import Purpose
from auditor.store.format.records import Draft, KeysDestroyed
from auditor.store.keys.facts import EpochKey, StoreFacts
from auditor.store.keys.identity import Identity
from auditor.store.ledger.writer import LedgerWriter
from auditor.store.location import Location

type Keep = Mapping[Purpose, timedelta]
"""How long what each purpose seals is kept after its month's end; what is not named is kept."""


def due(identity: Identity, store: StoreFacts, keep: Keep, now: datetime) -> tuple[EpochKey, ...]:
    """The keys of a store that the identity holds and whose month ended longer ago than their purpose is kept."""
    if any(one < timedelta(0) for one in keep.values()):
        raise InputError("A time to keep records cannot be negative.", "Give a number of days.")
    ends = {purpose: (now - one).timestamp() for purpose, one in keep.items()}
    held = (one.key for one in identity.epochs if one.key.store == store.id)
    return tuple(key for key in held if key.not_after <= ends.get(key.purpose, 0) and key.not_after < store.epochs_end)


def destroy(
    location: Location, identity_file: Path, identity: Identity, keys: Sequence[EpochKey], reason: str, now: datetime
) -> Identity:
    """Destroy these epoch keys in the identity file; the identity as it is left.

    Raises `InputError` for an empty reason, `EnvironmentFailure` where ledger or file cannot be written: then the keys
    are still there.
    """
    if not reason.strip():
        raise InputError("Destroying keys takes a reason.", "Say in a few words why, as your policy words it.")
    if not keys:
        return identity
    record = KeysDestroyed(
        time=now.astimezone(UTC),
        auditor=identity.name,
        reason=reason.strip(),
        epochs=tuple(dict.fromkeys(key.epoch for key in keys)),
        keys=tuple(f"{key.epoch} {key.purpose}" for key in keys),
    )
    with LedgerWriter.for_desk(location, identity) as desk:
        desk.append([Draft(record)])
    left = identity.without_epochs(frozenset(key.recipient for key in keys), int(now.timestamp()))
    left.save(identity_file)
    return left
