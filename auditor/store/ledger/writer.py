# SPDX-License-Identifier: Apache-2.0
"""The one writer of a ledger: drafts in, sealed records out, durable when `append` returns.

Invariants: one process holds the ledger (an operating-system lock); one append is one transaction with its leaf
hashes, its segment headers and footers and a signed checkpoint; what is in memory changes only after the commit. So a
crash or a full disk at any point leaves the ledger as some commit left it, and the next append goes on from there.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from auditor.closing import Closing
from auditor.errors import AuditorError, DiskFull, EnvironmentFailure, InputError
from auditor.store import create, files
from auditor.store.format import checkpoint, schema
from auditor.store.format.checkpoint import Checkpoint
from auditor.store.format.merkle import Tree
from auditor.store.format.prepare import Prepared, prepare
from auditor.store.format.records import Counters, Draft, Heartbeat, Intent
from auditor.store.format.signing import KeyFile
from auditor.store.keys import facts
from auditor.store.keys.enrolment import Enrolment
from auditor.store.keys.identity import Identity
from auditor.store.ledger import chain, engine, erasure, locking, reserve, segment
from auditor.store.ledger.batch import Batch, insert_records, insert_rows, replace_checkpoint
from auditor.store.ledger.chain import Position
from auditor.store.ledger.clock import Clock
from auditor.store.ledger.reserve import Reserve
from auditor.store.ledger.segment import OpenSegment
from auditor.store.location import Location
from auditor.store.server import engine as shared
from auditor.store.server.shipping import Shipper

log = logging.getLogger(__name__)

LOOK_SECONDS: Final = 30.0
"""How often a writer looks for erasures: with a heartbeat a minute, one is carried out within 90 seconds."""

PASSAGES: Final = 1 << 14
"""How many passages a writer knows the place of. A body that rests on an older one is written whole."""


class LedgerWriter(Closing):
    """Appends to one ledger. Make it with `for_gateway` or `for_desk`, and close it. Any thread may call it."""

    def __init__(
        self,
        location: Location,
        store: facts.StoreFacts,
        ledger: str,
        key_file: KeyFile,
        server: str | None = None,
    ) -> None:
        self.ledger = ledger
        self._shipper = None if server is None else Shipper(location.ledger_file(ledger), ledger, server)
        self._location = location
        self._store = store
        self._enrolment = store.enrolment(ledger)
        self._key_file = key_file
        self._path = location.ledger_file(ledger)
        self._origin = checkpoint.origin(store.id, ledger)
        self._mutex = threading.Lock()
        self._segment: OpenSegment | None = None
        self._in_doubt = False
        self._stale_key = False
        self._looked = 0.0
        self._washed = True
        self._clock = Clock()
        self._passages: dict[bytes, int] = {}
        self._sealing_to: tuple[int, tuple[facts.EpochKey, ...]] = -1, ()
        with contextlib.ExitStack() as stack:
            self._connection = stack.enter_context(locking.writing(self._path))
            with engine.translated(self._path):
                self._position = self._load()
            self._reserve = Reserve(self._path, reserve.SIZE if self._enrolment.kind == "gateway" else 0)
            self._signer()  # a chain that cannot go on is told now, not at the first record
            self._resources = stack.pop_all()

    @classmethod
    def for_gateway(cls, enrolment: Enrolment, location: Location) -> "LedgerWriter":
        """The writer of a gateway's ledger in the store at `location`, which is set up where it is not there yet.

        Raises `EnvironmentFailure` (in use, unwritable), `CheckFailed` (altered) or `InputError` (another store).
        """
        _settle(location, enrolment.store)
        return cls(location, enrolment.store, enrolment.ledger, enrolment.key_file)

    @classmethod
    def for_desk(cls, location: Location, identity: Identity) -> "LedgerWriter":
        """The writer of an auditor's own ledger: imports, access records, casework. Raises as `for_gateway`.

        Where the store is on a server, `append` returns when the records are there, too.
        """
        ledger = create.desk_ledger_name(identity.auditor)
        key_file = create.desk_key_file(location.ledger_folder, identity)
        if location.server is not None:
            shared.bring_up(location.server)
        return cls(location, location.facts(), ledger, key_file, location.server)

    @property
    def last_seq(self) -> int:
        """The number of the newest leaf; -1 before the first."""
        return self._position.tree.size - 1

    def append(self, drafts: Sequence[Draft | Prepared]) -> list[int]:
        """Seal drafts and commit them durably, all or none; the sequence numbers in their order.

        At most 4,096 at once. `prepare` them in other threads to spare this one the compression. Raises
        `EnvironmentFailure` where the disk does not take them: nothing was kept, and the next append may succeed;
        `ServerAway` where a desk's server is away: they are kept here, and go there with what comes next.
        """
        if len(drafts) > segment.MAX_RECORDS:
            raise ValueError(f"at most {segment.MAX_RECORDS} drafts at once")
        if self._reserve.is_gone and any(isinstance(one, Draft) and isinstance(one.meta, Intent) for one in drafts):
            raise DiskFull(f"The disk holding {self._path} is full.", "Free space: recording resumes by itself.")
        ready = [draft if isinstance(draft, Prepared) else prepare(draft) for draft in drafts]
        with self._mutex:
            self._recover()
            if time.monotonic() - self._looked >= LOOK_SECONDS:
                self._erase()
            seqs = self._append_watched(ready) if ready else []
            if self._shipper is not None:
                self._shipper.ship_all()
            return seqs

    def _append_watched(self, ready: list[Prepared]) -> list[int]:
        """Append, behind the record of a jump of the clock; on a full disk, give the reserve up for the next time."""
        jump = self._clock.jump() if len(ready) < segment.MAX_RECORDS else None
        if jump is not None:
            log.warning("the clock jumped by %s", jump.detail)
            ready = [prepare(Draft(jump)), *ready]
        try:
            return self._durably(lambda: self._append(ready))[jump is not None :]
        except DiskFull:
            self._reserve.give_up()
            raise

    def heartbeat(self, counters: Counters) -> int:
        """Append a sign of life."""
        return self.append([Draft(Heartbeat(time=datetime.now(UTC), counters=counters))])[0]

    def erase(self) -> None:
        """Carry out the erasures that wait for this ledger, now; `append` does so every half minute by itself."""
        with self._mutex:
            self._recover()
            self._erase()

    def close(self) -> None:
        """Write the open segment's footer, and let the ledger go: SQLite folds its log into the file."""
        with self._mutex, self._resources:
            if self._segment is not None and not self._in_doubt:
                self._durably(self._finish)
            self._drop_old_key()
            if self._shipper is not None:
                with contextlib.suppress(EnvironmentFailure):  # the end of a segment: the next writer ships it
                    self._shipper.ship_all()

    # --- one commit ---------------------------------------------------------------------------------------------

    def _append(self, ready: list[Prepared]) -> list[int]:
        now = time.time()
        batch = Batch(self._position.tree, self._passages)
        current = self._segment
        recipients = self._recipients(now)
        rolls = current is None or current.is_due(now, len(ready), recipients)
        if current is not None and rolls:
            batch.close_segment(current)
        if current is None or rolls:
            current = self._begin_segment(batch.tree, recipients, now)
            batch.open_segment(current)
        noted = batch.add_records(current, ready)
        self._commit(batch, current, now)
        self._segment = current
        current.noted += noted
        self._note_passages(batch.passages)
        if rolls:
            self._stale_key = True
            self._drop_old_key()
        return [seq for seq, _, _ in noted]

    def _note_passages(self, added: dict[bytes, int]) -> None:
        """Keep where the passages are that the next bodies may rest on, not for ever."""
        self._passages |= added
        while len(self._passages) > PASSAGES:
            del self._passages[next(iter(self._passages))]

    def _recipients(self, now: float) -> tuple[facts.EpochKey, ...]:
        """The epoch keys to seal to, looked up once a minute: a store of two years has 72.

        No body rests on a passage of another epoch: a month can be dropped from a server.
        """
        minute = int(now // 60)
        if self._sealing_to[0] != minute:
            before, self._sealing_to = self._sealing_to[1], (minute, self._store.keys_at(now))
            if before != self._sealing_to[1]:
                self._passages.clear()
        return self._sealing_to[1]

    def _finish(self) -> None:
        closing, batch = self._segment, Batch(self._position.tree)
        assert closing is not None
        batch.close_segment(closing)
        self._commit(batch, closing, time.time())
        self._segment = None

    def _commit(self, batch: Batch, signing: OpenSegment, now: float) -> None:
        """Write a batch and the checkpoint over it in one transaction, then take it as the position."""
        header = signing.header
        position, replaced = self._position.follow(batch.tree, header, self._origin, int(now * 1000))
        assert position.newest is not None
        with engine.committing(self._connection) as cursor:
            for table, rows in batch.rows.items():
                insert_rows(cursor, table, rows)
            insert_records(cursor, batch.records)
            if header.first_seq >= self._position.tree.size:
                self._insert_facts(cursor, header.epoch)
            note = checkpoint.sign(position.newest, signing.signer, header.sign_pk)
            self._insert_checkpoint(cursor, position.newest, note, replaced)
        self._position = position

    def _insert_checkpoint(self, cursor: Any, new: Checkpoint, note: str, replaced: int | None) -> None:
        row = (self.ledger, new.size, new.segment, new.at_ms, note)
        if replaced is None:
            insert_rows(cursor, schema.checkpoint, [row])
        else:
            replace_checkpoint(cursor, replaced, row)

    def _insert_facts(self, cursor: Any, epoch: str) -> None:
        """Lay the signed facts a verifier needs beside the first segment that rests on them."""
        used = [key for key in self._store.epochs if key.epoch == epoch]
        for table, rows in ((schema.ledger, [self._enrolment]), (schema.epoch, used)):
            names = table.columns.keys()
            insert_rows(cursor, table, [tuple(getattr(row, name) for name in names) for row in rows], or_leave=True)

    def _begin_segment(self, tree: Tree, recipients: tuple[facts.EpochKey, ...], now: float) -> OpenSegment:
        previous = self._signer()
        keys = (previous, self._key_file.prepare(previous))
        place = (tree.size, tree.frontier())
        return segment.begin(self.ledger, self._position.next_segment, place, recipients, keys, now)

    def _erase(self) -> None:
        """Carry out erasures, and keep what they emptied out of the footer to come. Recording goes on if they fail."""
        self._looked = time.monotonic()
        try:
            with engine.translated(self._path):
                gone = frozenset(erasure.carry_out(self._connection, self._location, self._store, self.ledger))
                self._washed = (self._washed and not gone) or erasure.wash(self._connection)
        except AuditorError as error:
            log.warning("erasures wait: %s", error.message)
            self._segment = None  # its footer might repeat what is gone: without one, readers take its rows
            return
        if gone and self._segment is not None:
            self._segment.noted = [noted for noted in self._segment.noted if noted[0] not in gone]

    # --- keys and failures --------------------------------------------------------------------------------------

    def _signer(self) -> Ed25519PrivateKey:
        """The key that signs the next header: the newest segment's, or the enrolment key before the first."""
        if self._segment is not None:
            return self._segment.signer
        header = self._position.header
        return self._key_file.current(self._enrolment.enrol_key if header is None else header.sign_pk)

    def _drop_old_key(self) -> None:
        """Drop the signing key of the segment before. A full disk puts this off: the commit stands already."""
        if self._stale_key and self._segment is not None:
            with contextlib.suppress(EnvironmentFailure):
                self._key_file.drop_others(self._segment.signer)
                self._stale_key = False

    def _load(self) -> Position:
        with self._connection.begin():
            return chain.load(self._connection, self.ledger)

    def _durably[T](self, commit: Callable[[], T]) -> T:
        """Whatever fails there leaves the ledger's state in doubt: a commit may have happened or not."""
        try:
            with engine.translated(self._path):
                return commit()
        except BaseException:
            self._in_doubt = True
            raise

    def _recover(self) -> None:
        """After a failure: look where the ledger stands, and leave the open segment if it moved without us."""
        if not self._in_doubt:
            return
        with engine.translated(self._path):
            found = self._load()
        if found.tree.size != self._position.tree.size:
            self._segment = None
        self._position = found
        self._in_doubt = False


def _settle(location: Location, store: facts.StoreFacts) -> None:
    """Make the store's folder where a gateway runs alone, or check that it is this store's."""
    path = location.folder / facts.STORE_FILE
    try:
        location.ledger_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise EnvironmentFailure(
            f"{location.folder} cannot be written: {error.strerror}.", "Check your rights."
        ) from error
    if not path.exists():
        files.write(path, facts.encode(store))
    elif location.facts().id != store.id:
        raise InputError(f"{location.folder} belongs to another store than this gateway.", "Check the configuration.")
