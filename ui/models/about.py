# SPDX-License-Identifier: Apache-2.0
"""What Settings tells of the store and the identity that opened it. No key leaves the identity here."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from auditor.archive import Archive
from auditor.store import Identity
from auditor.store.keys.facts import StoreFacts
from ui.models import formats

HELD, GONE, TO_COME = "held", "destroyed", "for months to come"


@dataclass(frozen=True, slots=True)
class Month:
    """An epoch key: the month whose records are sealed to it, and whether the identity still holds it."""

    name: str
    state: str


@dataclass(frozen=True, slots=True)
class About:
    """Store and identity in words; `months` from the newest on."""

    store: tuple[tuple[str, str], ...]
    identity: tuple[tuple[str, str], ...]
    months: tuple[Month, ...]


def read_about(archive: Archive, identity: Identity, identity_file: Path) -> About:
    """Read what is known, off the main thread."""
    facts = archive.location.facts()
    ledgers = archive.status()
    size = archive.index_path.stat().st_size if archive.index_path.exists() else 0
    return About(
        store=(
            ("Folder", str(archive.location.folder)),
            ("Store id", facts.id),
            ("Ledgers", ", ".join(one.ledger for one in ledgers) or formats.ABSENT),
            ("Calls in the index", f"{archive.count():,}"),
            ("Index", f"{archive.index_path} ({formats.size(size)}, encrypted; a cache that is rebuilt)"),
        ),
        identity=(
            ("Auditor", identity.name),
            ("Identity file", str(identity_file)),
            ("Seals with", identity.auditor.suite),
        ),
        months=months(identity, facts, datetime.now(UTC)),
    )


def months(identity: Identity, store: StoreFacts, now: datetime) -> tuple[Month, ...]:
    """The epoch keys of a store, the newest first."""
    gone = {one.epoch for one in identity.destroyed if one.store == store.id}
    held = {one.key.epoch for one in identity.epochs if one.key.store == store.id}
    present = f"{now:%Y-%m}"
    named = [Month(name, GONE if name in gone else TO_COME if name > present else HELD) for name in held | gone]
    return tuple(sorted(named, key=lambda month: month.name, reverse=True))
