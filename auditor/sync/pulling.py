# SPDX-License-Identifier: Apache-2.0
"""`auditor sync`: bring a source's ledgers into a store's folder, as far as they go, and then as they grow."""

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator

import msgspec

from auditor.calls import Value
from auditor.errors import AuditorError, CheckFailed, InputError
from auditor.store import files
from auditor.store.keys.facts import StoreFacts
from auditor.store.ledger import erasure
from auditor.store.location import Location
from auditor.sync.intake import Intake
from auditor.sync.sources import Source

type Progress = Callable[[int, int], None]
"""Told how many leaves of how many are here."""


class Pulled(Value, frozen=True, kw_only=True):
    """What became of a ledger: leaves that came, leaves that are here now, records erased here as they were there."""

    ledger: str
    leaves: int
    size: int
    erased: int = 0
    undelivered: str | None = None
    """Why erasures ordered here could not be delivered there, where they could not."""


def ready(source: Source, location: Location) -> StoreFacts:
    """The facts of the store to pull into. Raises `InputError` where the source belongs to another store."""
    if location.server is not None:
        raise InputError("Records are brought into a folder, not into a server.", "Gateways ship to a server.")
    store = location.facts()
    if source.store() != store.id:
        raise InputError(f"{source.label} belongs to another store than {location.label}.", "Name this store's.")
    return store


def foreign(source: Source, location: Location) -> list[str]:
    """The source's ledgers that are not written in this store's folder itself."""
    return [name for name in source.ledgers() if not (location.ledger_folder / f"{name}.signing").exists()]


def pull(source: Source, location: Location, progress: Progress | None = None) -> list[Pulled]:
    """Bring all ledgers of a source up to where they are now. Raises what opening, reading or inspecting them raises:
    what came before is kept."""
    store = ready(source, location)
    location.ledger_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    found = []
    for ledger in foreign(source, location):
        with Intake(location, store, ledger) as intake:
            pulled = catch_up(source, intake, progress)
        found.append(msgspec.structs.replace(pulled, undelivered=deliver(source, location, ledger)))
    return found


def deliver(source: Source, location: Location, ledger: str) -> str | None:
    """Deliver erasures that were ordered here for a ledger written there; why not, where it cannot be done."""
    for path in erasure.to_deliver(location, ledger):
        try:
            source.order(ledger, files.read(path, "The erasure"))
        except AuditorError as error:
            return error.message
        path.unlink(missing_ok=True)
    return None


def follow(source: Source, location: Location, every: float) -> Iterator[Pulled]:
    """What arrives as the source's ledgers grow, for ever; a source that cannot tell of news is asked `every` seconds.

    Raises as `pull`, and so does `EnvironmentFailure` where the source is away.
    """
    store, ledgers = ready(source, location), foreign(source, location)
    location.ledger_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with contextlib.ExitStack() as stack:
        intakes = [stack.enter_context(Intake(location, store, ledger)) for ledger in ledgers]
        while True:
            for intake in intakes:
                erased = _erase(source, intake)
                failed = deliver(source, location, intake.ledger)
                leaves = intake.take(source.read(intake.ledger, intake.size, source.longest_wait))
                if leaves or erased:
                    size = intake.size
                    yield Pulled(ledger=intake.ledger, leaves=leaves, size=size, erased=erased, undelivered=failed)
            if not source.longest_wait:
                time.sleep(every)


def catch_up(source: Source, intake: Intake, progress: Progress | None) -> Pulled:
    """Bring one ledger up to where it is now. Raises `CheckFailed` where the source has less than is here."""
    begun, total = intake.size, source.size(intake.ledger)
    if total < begun:
        raise CheckFailed(
            f"Ledger {intake.ledger} was cut or rolled back: {source.label} has {total} leaves, and {begun} are here.",
            "Keep the copy that is here, and find out why.",
        )
    erased = _erase(source, intake)
    for _ in _pieces(source, intake, total):
        if progress:
            progress(intake.size, max(total, intake.size))
    return Pulled(ledger=intake.ledger, leaves=intake.size - begun, size=intake.size, erased=erased)


def _pieces(source: Source, intake: Intake, until: int) -> Iterable[int]:
    while intake.size < until and (leaves := intake.take(source.read(intake.ledger, intake.size))):
        yield leaves


def _erase(source: Source, intake: Intake) -> int:
    intake.carry_out()
    rows = source.erasures(intake.ledger, intake.erasures)
    return intake.forget(rows) if rows else 0
