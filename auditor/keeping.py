# SPDX-License-Identifier: Apache-2.0
"""What is past its time, by the times a person or the policy gives, and how it goes: keys of months are destroyed,
calls that hold a type of data are erased.

Invariants: what is due is told before anything goes; each step is recorded in the auditor's ledger, with a reason,
before it happens. Where keys went, the index still shows what they sealed: the caller drops it (`Archive.discard`).
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from auditor.calls import Value
from auditor.errors import InputError
from auditor.policy.model import Retention
from auditor.store import Identity, LedgerReader, Location, erasing, retention
from auditor.store.format.layout import Purpose
from auditor.store.keys.facts import EpochKey

LONGEST_DAYS: Final = 100_000

type Progress = Callable[[int, int], None]


class Times(Value, frozen=True, kw_only=True):
    """How long each class of a month's records is kept after its end, and calls with a type of data."""

    classes: Mapping[Purpose, timedelta]
    types: Mapping[str, timedelta]

    def __bool__(self) -> bool:
        return bool(self.classes or self.types)


class Due(Value, frozen=True, kw_only=True):
    """What is past its time: keys of months, and exchanges of each type of data."""

    keys: tuple[EpochKey, ...] = ()
    found: tuple[tuple[erasing.Scope, tuple[erasing.Target, ...]], ...] = ()

    @property
    def exchanges(self) -> int:
        """How many exchanges are to be erased one by one."""
        return sum(len(target.completions) for _, targets in self.found for target in targets)

    def __bool__(self) -> bool:
        return bool(self.keys or self.exchanges)


def given(keep: Iterable[str]) -> Times:
    """Times as a person writes them: `365`, `content=180`, `SECRET=30`. Raises `InputError` for what is none."""
    classes: dict[Purpose, timedelta] = {}
    types: dict[str, timedelta] = {}
    for one in keep:
        name, _, count = one.rpartition("=")
        if not count.isdecimal() or (name and not name.isupper() and name not in Purpose):
            raise InputError(f"--keep {one} is no time to keep.", "Write 365, content=180, names=90 or SECRET=30.")
        kept = timedelta(days=min(int(count), LONGEST_DAYS))
        if name.isupper():
            types[name] = kept
        else:
            classes.update({purpose: kept for purpose in Purpose if name in ("", purpose)})
    return Times(classes=classes, types=types)


def of_policy(policy: Retention) -> Times:
    """Times as the policy's table `[retention]` says them."""
    days = {Purpose.METADATA: policy.metadata, Purpose.CONTENT: policy.content, Purpose.NAMES: policy.names}
    return Times(
        classes={purpose: timedelta(days=kept) for purpose, kept in days.items() if kept is not None},
        types={name: timedelta(days=kept) for name, kept in policy.data.items()},
    )


def due(location: Location, identity: Identity, times: Times, now: datetime, progress: Progress | None = None) -> Due:
    """What is past its time; types of data are looked for in all ledgers, which takes as long as reading them."""
    found = []
    for name, kept in times.types.items():
        scope = erasing.Scope(types=frozenset({name}), until=now - kept)
        found.append((scope, erasing.find(LedgerReader.open(location, identity), scope, progress)))
    keys = retention.due(identity, location.facts(), times.classes, now)
    return Due(keys=keys, found=tuple((scope, targets) for scope, targets in found if targets))


def apply(
    location: Location, identity_file: Path, identity: Identity, found: Due, reason: str, now: datetime
) -> Identity:
    """Let go what was found; the identity as it is left. Raises as `retention.destroy` and `erasing.erase`."""
    for scope, targets in found.found:
        erasing.erase(location, identity, scope, targets, reason)
    return retention.destroy(location, identity_file, identity, found.keys, reason, now)
