# SPDX-License-Identifier: Apache-2.0
"""Erasure as a ledger's file sees it: signed orders wait in a folder, and whoever holds the ledger carries them out.

Invariants: nothing is emptied that no auditor of the store signed for, leaf by leaf; blobs go and their `erasure` rows
come in one transaction; leaf hashes, tree and checkpoints stay as they are, so no signing key is needed. The footer of
a segment repeats its metadata and is emptied with the first record of it that is. Bytes leave the file by
`secure_delete` and the log by a checkpoint that truncates it.
"""

import contextlib
import logging
import secrets
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from auditor.errors import AuditorError, CheckFailed, EnvironmentFailure
from auditor.store import files
from auditor.store.format import schema
from auditor.store.keys.facts import Erased, StoreFacts
from auditor.store.ledger import engine, locking
from auditor.store.location import Location

log = logging.getLogger(__name__)

PATIENCE_MS: Final = 200
"""How long a live writer's truncating checkpoint waits for readers; a desk's may wait longer."""

DELIVERY: Final = "delivery"
"""Below the folder of orders: those for ledgers written elsewhere."""

_LOCK_SECONDS = 0.2
_SUFFIX = ".json"
_decode = msgspec.json.Decoder(Annotated[tuple[Erased, ...], msgspec.Meta(min_length=1)]).decode

_record, _footer = schema.record, schema.segment_footer
_EMPTY_RECORD = (
    update(_record)
    .where(_record.c.ledger == bindparam("of"), _record.c.seq == bindparam("at"), _record.c.leaf == bindparam("was"))
    .values(meta=None, body=None)
)
_NOTED = tuple(schema.erasure.columns.keys())
_NOTE = {
    "sqlite": sqlite.insert(schema.erasure).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(schema.erasure).on_conflict_do_nothing(),
}


def order(location: Location, ledger: str, leaves: Iterable[Erased]) -> Path:
    """Lay down an order to erase leaves of one ledger, durably; the file it waits in."""
    path = location.order_folder / f"{ledger}.{secrets.token_hex(8)}{_SUFFIX}"
    try:
        location.order_folder.mkdir(exist_ok=True, mode=0o700)
    except OSError as error:
        raise EnvironmentFailure(f"{location.folder} cannot be written: {error.strerror}.") from error
    files.write(path, msgspec.json.encode(tuple(leaves)) + b"\n")
    return path


def waiting(location: Location, ledger: str) -> list[Path]:
    """The orders for a ledger that are not carried out yet."""
    return sorted(location.order_folder.glob(f"{ledger}.*{_SUFFIX}"))


def waiting_seqs(location: Location, ledger: str) -> set[int]:
    """The numbers of the records that orders wait to erase, signed or not."""
    found: set[int] = set()
    for path in waiting(location, ledger):
        with contextlib.suppress(AuditorError, msgspec.MsgspecError):
            found.update(leaf.seq for leaf in _decode(files.read(path, "The erasure")))
    return found


def carry_out(connection: Connection, location: Location, store: StoreFacts, ledger: str) -> list[int]:
    """Carry out what waits for a ledger, on its writer's connection; the numbers of the emptied records.

    An order that no auditor of the store signed stays where it is, and is named in the log.
    """
    erased: list[int] = []
    for path in waiting(location, ledger):
        try:
            leaves = checked(files.read(path, "The erasure"), str(path), store, ledger)
        except AuditorError as error:
            log.warning("%s", error.message)
            continue
        with connection.begin():
            empty(connection, leaves)
        erased += [leaf.seq for leaf in leaves]
        with contextlib.suppress(OSError):  # carried out again, it changes nothing
            _settle(path, location, ledger)
    return erased


def _settle(path: Path, location: Location, ledger: str) -> None:
    """Put an order away that is carried out; one for a copy goes on to where the ledger is written."""
    if location.is_copy(ledger):
        (location.order_folder / DELIVERY).mkdir(exist_ok=True, mode=0o700)
        path.rename(location.order_folder / DELIVERY / path.name)
    else:
        path.unlink()


def to_deliver(location: Location, ledger: str) -> list[Path]:
    """Orders carried out on a copy, which its writer has yet to get."""
    return sorted((location.order_folder / DELIVERY).glob(f"{ledger}.*{_SUFFIX}"))


def carry_out_here(location: Location, ledger: str) -> bool:
    """Carry out what waits for a ledger, if no writer has it; whether nothing waits any more."""
    path = location.ledger_file(ledger)
    try:
        with locking.writing(path, _LOCK_SECONDS) as connection, engine.translated(path):
            carry_out(connection, location, location.facts(), ledger)
            if not wash(connection, engine.BUSY_MS):
                log.warning("%s is being read: erased bytes leave its log when its readers are gone", path)
    except EnvironmentFailure as error:
        log.info("%s", error.message)
    return not waiting(location, ledger)


def empty(connection: Connection, leaves: Sequence[Erased]) -> None:
    """Empty records of one ledger and the footers of their segments, inside a transaction."""
    gone = schema.erasure
    connection.execute(_EMPTY_RECORD, [{"of": leaf.ledger, "at": leaf.seq, "was": leaf.leaf} for leaf in leaves])
    connection.execute(
        _NOTE[connection.dialect.name], [{name: getattr(leaf, name) for name in _NOTED} for leaf in leaves]
    )
    seqs = sorted(leaf.seq for leaf in leaves)
    here = (_record.c.ledger == leaves[0].ledger, _record.c.seq.between(seqs[0], seqs[-1]))
    emptied = select(_record.c.seg).join(gone, (gone.c.ledger == _record.c.ledger) & (gone.c.seq == _record.c.seq))
    touched = (_footer.c.ledger == leaves[0].ledger, _footer.c.seg.in_(emptied.where(*here)))
    connection.execute(update(_footer).where(*touched).values(footer=None))


def is_signed(row: Mapping[str, object], store: StoreFacts) -> bool:
    """Whether an auditor of the store signed for a row of `erasure` with its record's `leaf`."""
    try:
        found = msgspec.convert({**row, "store": store.id}, Erased)
        store.check_erased(found)
    except (msgspec.ValidationError, CheckFailed):
        return False
    return True


def wash(connection: Connection, patience_ms: int = PATIENCE_MS) -> bool:
    """Move the log into the file and truncate it, so that erased bytes are in neither; False where readers hold it."""
    raw: Any = connection.connection.dbapi_connection  # SQLAlchemy would begin a transaction first
    raw.execute(f"PRAGMA busy_timeout={patience_ms}")
    try:
        (busy, *_) = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        raw.execute(f"PRAGMA busy_timeout={engine.BUSY_MS}")
    return not busy


def checked(raw: bytes, what: str, store: StoreFacts, ledger: str) -> tuple[Erased, ...]:
    """The leaves of an order, each signed by an auditor of the store. Raises `CheckFailed` naming `what` it is."""
    try:
        leaves: tuple[Erased, ...] = _decode(raw)
    except msgspec.MsgspecError as error:
        raise CheckFailed(f"{what} is no erasure; it is left alone.") from error
    for leaf in leaves:
        store.check_erased(leaf)
        if (leaf.store, leaf.ledger) != (store.id, ledger):
            raise CheckFailed(f"{what} is of another ledger; it is left alone.")
    return leaves
