# SPDX-License-Identifier: Apache-2.0
import contextlib
import shutil
import threading
from pathlib import Path

import pytest

from auditor.errors import CheckFailed, EnvironmentFailure, InputError
from auditor.store import LedgerReader, Location, erasing
from auditor.store.ledger import erasure
from auditor.store.ledger.conversations import Conversations
from auditor.store.server.feed import Frame, Parts
from auditor.store.verification.verify import verify
from auditor.sync import pulling
from auditor.sync.pulling import pull
from auditor.sync.sources import FileSource, LocatedSource, Source
from tests.auditor.store.material import Home, completion, tampering
from tests.auditor.store.shared import SharedHome
from tests.auditor.store.talk import turns
from tests.auditor.sync.material import Desk
from tests.postgres import Postgres


@pytest.fixture
def desk(home: Home, tmp_path: Path) -> Desk:
    return Desk(home, tmp_path / "desk")


def _roots(location: Location) -> dict[str, str]:
    return {one.ledger: one.root for one in verify(location).ledgers}


def test_a_folder_is_pulled_whole_then_only_its_news(home: Home, desk: Desk) -> None:
    home.write(300, 2)
    source = LocatedSource(home.location)
    (first,) = pull(source, desk.location)
    assert first.leaves == first.size == source.size(home.gateway)
    home.write(3)
    (second,) = pull(source, desk.location)
    assert 3 <= second.leaves <= 6
    (third,) = pull(source, desk.location)
    assert third.leaves == 0
    assert desk.verified().holds
    assert _roots(desk.location)[home.gateway] == _roots(home.location)[home.gateway]
    assert len(desk.seqs()) == 305


def test_a_snapshot_or_one_ledgers_file_will_do(home: Home, desk: Desk, tmp_path: Path) -> None:
    home.write(2)
    snapshot = tmp_path / "snapshot"
    shutil.copytree(home.location.folder, snapshot)
    pull(LocatedSource(Location(folder=snapshot)), desk.location)
    home.write(1)
    pull(FileSource(home.file), desk.location)
    assert len(desk.seqs()) == 3
    with pytest.raises(CheckFailed, match="no ledger"):
        FileSource(Path(__file__))


def test_conversations_are_pulled_with_what_their_calls_rest_on(home: Home, desk: Desk) -> None:
    memory, drafts = Conversations(), turns(12)
    with home.writer() as writer:
        for draft in drafts[:6]:
            writer.append(memory.prepare(draft))
        pull(LocatedSource(home.location), desk.location)
        seqs = [writer.append(memory.prepare(draft))[-1] for draft in drafts[6:]]
    pull(LocatedSource(home.location), desk.location)
    reader = LedgerReader.open(desk.location, home.identity)
    assert [reader.body(home.gateway, seq) for seq in seqs] == [draft.body for draft in drafts[6:]]


def test_a_server_is_pulled_from(tmp_path: Path, postgres: Postgres) -> None:
    shared = SharedHome(tmp_path / "audit", postgres)
    shared.write(5, 5)
    shared.shipper().ship_all()
    folder = Location(folder=tmp_path / "folder")
    folder.ledger_folder.mkdir(parents=True)
    folder.save_facts(shared.location.facts())
    (pulled,) = pull(LocatedSource(shared.location), folder)
    assert pulled.leaves == pulled.size
    assert verify(folder, shared.identity).holds
    assert shared.seqs(folder) == shared.seqs()


def test_a_writer_that_goes_on_is_followed(home: Home, desk: Desk) -> None:
    source, stop = LocatedSource(home.location), threading.Event()
    with home.writer() as writer:
        writer.append([completion(0)])

        def write() -> None:
            for number in range(1, 80):
                writer.append([completion(number)])
            stop.set()

        thread = threading.Thread(target=write)
        thread.start()
        while not stop.is_set():
            pull(source, desk.location)
        thread.join()
        pull(source, desk.location)
        assert len(desk.seqs()) == 80
    pull(source, desk.location)
    assert desk.verified().holds


class _Meddler:
    """A source that changes what passes."""

    longest_wait = 0.0

    def __init__(self, source: LocatedSource, meddle: str) -> None:
        self.label = "the meddler"
        self._source = source
        self._meddle = meddle
        self.store, self.ledgers, self.size, self.erasures = source.store, source.ledgers, source.size, source.erasures

    def read(self, ledger: str, after: int, wait: float = 0) -> Parts:
        with contextlib.closing(self._source.read(ledger, after)) as parts:
            for part in parts:
                if isinstance(part, Frame):
                    yield self._frame(part)
                else:
                    rows = [list(row) for row in part.rows]
                    self._records(rows)
                    part.rows[:] = rows
                    yield part

    def _frame(self, frame: Frame) -> Frame:
        tables = {name: [list(row) for row in rows] for name, rows in frame.tables.items()}
        if self._meddle == "key":
            tables["segment_key"][0][3] = b"another"
        elif self._meddle == "header":
            tables["segment"][0][5] += 1
        elif self._meddle == "checkpoint":
            del tables["checkpoint"][-1]
        elif self._meddle == "middle checkpoint":
            del tables["checkpoint"][0]
        elif self._meddle == "footer":
            tables["segment_footer"][0][4] = b"another"
        elif self._meddle == "enrolment":
            tables["ledger"][0][4] = bytes(32)
        elif self._meddle == "type":
            tables["checkpoint"][0][1] = "many"
        elif self._meddle == "columns":
            tables["segment"][0].pop()
        elif self._meddle == "table":
            del tables["segment_footer"]
        frame.tables.clear()
        frame.tables.update(tables)
        return frame

    def _records(self, rows: list[list[object]]) -> None:
        if self._meddle == "body":
            rows[1][5] = b"another"
        elif self._meddle == "content gone":
            rows[1][4] = rows[1][5] = None
        elif self._meddle == "missing":
            del rows[1]
        elif self._meddle == "twice":
            rows.insert(1, rows[1])
        elif self._meddle == "swapped":
            rows[0][4:], rows[1][4:] = rows[1][4:], rows[0][4:]
        elif self._meddle == "order":
            rows[0], rows[1] = rows[1], rows[0]


@pytest.mark.parametrize(
    "meddle",
    [
        "key",
        "header",
        "checkpoint",
        "middle checkpoint",
        "footer",
        "enrolment",
        "type",
        "columns",
        "table",
        "body",
        "content gone",
        "missing",
        "twice",
        "swapped",
        "order",
    ],
)
def test_nothing_that_was_meddled_with_is_kept(home: Home, desk: Desk, meddle: str) -> None:
    home.write(3)
    source: Source = LocatedSource(home.location)
    pull(source, desk.location)
    before = _roots(desk.location)
    with home.writer() as writer:
        writer.append([completion(1)])
        _let_the_checkpoint_stand(writer)
        writer.append([completion(2), completion(3)])
    with pytest.raises(CheckFailed):
        pull(_Meddler(LocatedSource(home.location), meddle), desk.location)
    assert _roots(desk.location) == before
    pull(source, desk.location)
    assert len(desk.seqs()) == 6
    assert desk.verified().holds


def _let_the_checkpoint_stand(writer: object) -> None:
    """A checkpoint stays where it closes a segment: begin another."""
    writer._segment.opened -= 3600  # type: ignore[attr-defined]


def test_a_source_that_was_cut_is_told(home: Home, desk: Desk, tmp_path: Path) -> None:
    home.write(2)
    old = tmp_path / "old"
    shutil.copytree(home.location.folder, old)
    home.write(2)
    pull(LocatedSource(home.location), desk.location)
    with pytest.raises(CheckFailed, match="cut or rolled back"):
        pull(LocatedSource(Location(folder=old)), desk.location)


def test_a_tampered_file_is_not_copied(home: Home, desk: Desk) -> None:
    home.write(4)
    with tampering(home.file) as connection:
        connection.execute("UPDATE record SET body = x'00' WHERE seq = 2")
    with pytest.raises(CheckFailed, match="record 2"):
        pull(LocatedSource(home.location), desk.location)
    assert desk.seqs() == []


def test_another_stores_ledger_is_refused(home: Home, tmp_path: Path) -> None:
    other = Home(tmp_path / "other")
    other.write(1)
    with pytest.raises(InputError, match="another store"):
        pull(LocatedSource(other.location), home.location)


def test_a_ledger_that_is_written_here_is_not_pulled_into(home: Home, desk: Desk) -> None:
    home.write(1)
    with home.writer(), pytest.raises(EnvironmentFailure, match="in use"):
        pull(LocatedSource(home.location), home.location)


def test_what_is_erased_there_is_erased_here(home: Home, desk: Desk) -> None:
    home.write(3)
    source = LocatedSource(home.location)
    pull(source, desk.location)
    targets = erasing.find(home.reader(), erasing.Scope(call="call-1"))
    assert targets
    erasing.erase(home.location, home.identity, erasing.Scope(call="call-1"), targets, "asked for")
    home.write(1)
    (pulled, *_) = [one for one in pull(source, desk.location) if one.ledger == home.gateway]
    assert pulled.erased == len(targets[0].seqs)
    assert desk.verified().holds
    assert b"call-1" not in home.file.read_bytes()
    (again, *_) = [one for one in pull(source, desk.location) if one.ledger == home.gateway]
    assert again.erased == 0
    fresh = Desk(home, desk.location.folder.parent / "fresh")
    pull(source, fresh.location)
    assert fresh.verified().holds
    assert fresh.seqs() == desk.seqs()


def test_following_yields_what_arrives(home: Home, desk: Desk) -> None:
    home.write(2)
    arriving = pulling.follow(LocatedSource(home.location), desk.location, 0.01)
    assert next(arriving).leaves > 2
    home.write(1)
    assert next(arriving).leaves > 0
    arriving.close()  # type: ignore[attr-defined]
    assert len(desk.seqs()) == 3


def test_what_is_erased_here_is_erased_where_it_is_written(home: Home, desk: Desk) -> None:
    home.write(3)
    source = LocatedSource(home.location)
    pull(source, desk.location)
    shutil.copy(next(home.location.ledger_folder.glob("desk-*.signing")), desk.location.ledger_folder)
    reader = LedgerReader.open(desk.location, home.identity)
    scope = erasing.Scope(call="call-1")
    targets = erasing.find(reader, scope)
    done = erasing.erase(desk.location, home.identity, scope, targets, "asked for")
    assert done.waiting == (home.gateway,)
    (seq,) = targets[0].seqs
    assert seq not in desk.seqs()
    assert len(erasure.to_deliver(desk.location, home.gateway)) == 1
    pull(source, desk.location)
    assert erasure.to_deliver(desk.location, home.gateway) == []
    home.write(1)  # the gateway's writer finds the order
    assert seq not in [record.seq for record in home.records()]
    assert verify(home.location, home.identity).holds
    pull(source, desk.location)
    assert desk.verified().holds


def test_an_order_nobody_takes_waits_and_says_why(home: Home, desk: Desk, tmp_path: Path) -> None:
    home.write(3)
    copy = tmp_path / "copy.db"
    shutil.copy(home.file, copy)
    pull(FileSource(copy), desk.location)
    shutil.copy(next(home.location.ledger_folder.glob("desk-*.signing")), desk.location.ledger_folder)
    scope = erasing.Scope(call="call-1")
    targets = erasing.find(LedgerReader.open(desk.location, home.identity), scope)
    erasing.erase(desk.location, home.identity, scope, targets, "asked for")
    (pulled,) = pull(FileSource(copy), desk.location)
    assert pulled.undelivered is not None
    assert "gets no orders" in pulled.undelivered
    assert len(erasure.to_deliver(desk.location, home.gateway)) == 1
    assert desk.verified().holds
