# SPDX-License-Identifier: Apache-2.0
"""Backup and restore of a store: a backup is a proved copy in a folder, brought up to date by doing it again.

It holds what the store holds: sealed records and public facts, and the desks' signing keys, each sealed under its
identity. Nothing in it opens a record. What it lacks on purpose: identity files, and gateways' keys, which exist once.
"""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from auditor.errors import EnvironmentFailure, InputError
from auditor.store import files
from auditor.store.keys import facts
from auditor.store.ledger import locking
from auditor.store.location import Location
from auditor.sync import pulling
from auditor.sync.intake import Intake
from auditor.sync.pulling import Progress, Pulled
from auditor.sync.sources import LocatedSource

KEYS: Final = "desk-keys"
"""Where the desks' signing keys lie in a backup."""

_SUFFIX = ".signing"


def backup(location: Location, out: Path, progress: Progress | None = None) -> list[Pulled]:
    """Copy a store into `out`, or bring the copy there up to date. Raises `InputError` where another store's is there,
    `CheckFailed` where the store does not hold: then what was copied before is kept."""
    store, copy = location.facts(), Location(folder=out)
    if (out / facts.STORE_FILE).exists() and copy.facts().id != store.id:
        raise InputError(f"{out} holds a backup of another store.", "Choose another folder.")
    if out.exists() and not (out / facts.STORE_FILE).exists() and any(out.iterdir()):
        raise InputError(f"{out} holds something else.", "Choose an empty folder, or an earlier backup.")
    _folder(copy.ledger_folder)
    _folder(out / KEYS)
    copy.save_facts(store)
    return [_copied(location, copy, ledger, progress) for ledger in location.ledgers()]


def restore(source: Path, location: Location, progress: Progress | None = None) -> list[Pulled]:
    """Make a store of a backup, whole or not at all. Raises `InputError` where there is a store already."""
    if location.server is not None:
        raise InputError("A backup is restored into a folder.", "Restore a server with pg_restore.")
    if location.folder.exists():
        raise InputError(f"{location.folder} exists already; nothing was written.", "Choose another --store.")
    store = Location(folder=source).facts()
    with _workshop(location.folder) as workshop:
        made = Location(folder=workshop)
        _folder(made.ledger_folder)
        made.save_facts(store)
        found = pulling.pull(LocatedSource(Location(folder=source)), made, progress)
        for key in sorted((source / KEYS).glob(f"*{_SUFFIX}")):
            files.write(made.ledger_folder / key.name, files.read(key, "The desk's signing key"), files.PRIVATE)
            made.copy_mark(key.stem).unlink(missing_ok=True)  # it is written here from now on
    return found


def _copied(location: Location, copy: Location, ledger: str, progress: Progress | None) -> Pulled:
    """Copy one ledger; a desk's with its signing key, which rolls with it: both stand still meanwhile."""
    key = location.ledger_folder / f"{ledger}{_SUFFIX}"
    with contextlib.ExitStack() as stack:
        if key.exists():
            stack.enter_context(locking.exclusive(location.ledger_file(ledger)))
            target = copy.folder / KEYS / key.name
            files.write(target, files.read(key, "The desk's signing key"), files.PRIVATE)
        intake = stack.enter_context(Intake(copy, copy.facts(), ledger))
        return pulling.catch_up(LocatedSource(location), intake, progress)


@contextlib.contextmanager
def _workshop(folder: Path) -> Iterator[Path]:
    """A hidden folder that takes the place of `folder` if the block ends well."""
    _folder(folder.parent)
    made = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".restore-"))
    try:
        yield made
        made.rename(folder)
        files.sync_folder(folder.parent)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise EnvironmentFailure(f"{folder} cannot be made: {error.strerror}.", "Check your rights.") from error
