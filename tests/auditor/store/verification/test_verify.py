# SPDX-License-Identifier: Apache-2.0
"""Verification: silent on a sound ledger, also under a live writer; names what an insider did to it."""

import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from auditor.errors import InputError
from auditor.store import Identity, LedgerWriter, Location
from auditor.store.format.layout import record_leaf, segment_prefix
from auditor.store.ledger import segment
from auditor.store.verification.faults import Fault
from auditor.store.verification.verify import Report, verify
from tests.auditor.store.material import CHEAP, PASSPHRASE, Home, completion, intent, tampering


class Copy:
    """A copy of a sound store, to be broken: records 1-8, 11-12 (closed segments), 15-17 (left by a crash)."""

    def __init__(self, template: Home, folder: Path) -> None:
        shutil.copytree(template.folder, folder)
        self.location = Location.parse(folder / "store")
        self.gateway, self.desk = template.made.ledgers
        self.file = self.location.ledger_file(self.gateway)
        self.identity = template.identity

    def restore(self, template: Home) -> None:
        """Make the gateway's ledger whole again."""
        for path in self.file.parent.glob(f"{self.file.name}-*"):
            path.unlink()
        shutil.copyfile(template.file, self.file)

    def verify(self, with_identity: bool = False) -> Report:
        return verify(self.location, self.identity if with_identity else None)

    def first(self, with_identity: bool = False) -> Fault:
        """The first fault of the gateway's ledger."""
        return next(fault for fault in self.verify(with_identity).faults if fault.ledger == self.gateway)

    def edit(self, *statements: str) -> None:
        with tampering(self.file) as connection:
            for statement in statements:
                connection.execute(statement)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("store") / "audit")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(segment, "MAX_RECORDS", 8)
        home.write(3, 5, 2)
        crashed = home.writer()
        crashed.append([completion(1), intent(2), completion(3)])
        patch.setattr(LedgerWriter, "_finish", lambda *_: None)
        crashed.close()
    with LedgerWriter.for_desk(home.location, home.identity) as writer:
        writer.append([completion(9)])
    return home


@pytest.fixture
def copy(template: Home, tmp_path: Path) -> Copy:
    return Copy(template, tmp_path / "copy")


RECORDS = (1, 5, 8, 11, 12, 15, 16, 17)


@pytest.mark.parametrize("with_identity", [False, True])
def test_a_sound_store_holds(copy: Copy, with_identity: bool) -> None:
    steps: list[tuple[int, int]] = []
    identity = copy.identity if with_identity else None
    report = verify(copy.location, identity, progress=lambda done, total: steps.append((done, total)))
    assert report.holds, report.faults
    gateway = next(one for one in report.ledgers if one.ledger == copy.gateway)
    assert (gateway.size, gateway.records, gateway.segments) == (18, 13, 3)
    assert gateway.opened == (13 if with_identity else 0)
    assert steps[-1] == (21, 21)


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE record SET meta = substr(meta, 1, 20) || iif(substr(meta, 21, 1) = x'00', x'01', x'00')"
        " || substr(meta, 22) WHERE seq = {seq}",
        "UPDATE record SET body = coalesce(body, x'') || x'00' WHERE seq = {seq}",
        "UPDATE record SET leaf = zeroblob(32) WHERE seq = {seq}",
        "UPDATE record SET leaf = 'text' WHERE seq = {seq}",
        "UPDATE record SET meta = 'text' WHERE seq = {seq}",
        "UPDATE record SET meta = NULL WHERE seq = {seq}",
        "UPDATE record SET meta = 1099511627776 WHERE seq = {seq}",
        "UPDATE record SET seg = seg + 1 WHERE seq = {seq}",
        "UPDATE record SET seq = 1000 WHERE seq = {seq}",
        "UPDATE record SET ledger = 'another' WHERE seq = {seq}",
        "DELETE FROM record WHERE seq = {seq}",
    ],
)
def test_an_edited_or_removed_record_is_named(template: Home, copy: Copy, edit: str) -> None:
    for seq in RECORDS:
        copy.edit(edit.format(seq=seq))
        assert copy.first(with_identity=seq % 2 == 0).seq == seq
        copy.restore(template)


@pytest.mark.parametrize(("a", "b"), [(1, 2), (3, 8), (2, 12), (11, 17), (15, 17)])
def test_swapped_records_are_named(copy: Copy, a: int, b: int) -> None:
    swap = "UPDATE record SET seq = {1} WHERE seq = {0}"
    copy.edit(swap.format(a, 1000), swap.format(b, a), swap.format(1000, b))
    assert [fault.seq for fault in copy.verify().faults][:2] == [a, b]


@pytest.mark.parametrize(("source", "target"), [(1, 2), (2, 12), (17, 3)])
def test_a_record_replayed_over_another_is_named(copy: Copy, source: int, target: int) -> None:
    copy.edit(
        f"UPDATE record SET (meta, body, leaf) = (SELECT meta, body, leaf FROM record WHERE seq = {source})"
        f" WHERE seq = {target}"
    )
    assert copy.first().seq == target


@pytest.mark.parametrize("number", [0, -1, 9, 13, 18, 19, 500])
def test_a_record_added_is_named(copy: Copy, number: int) -> None:
    """Past the end, or where a header or footer stands."""
    copy.edit(f"INSERT INTO record SELECT ledger, {number}, seg, leaf, meta, body FROM record WHERE seq = 2")
    assert copy.first().seq == number


def forge(copy: Copy, seq: int) -> None:
    """Replace a record by an insider who knows the format: leaf and ciphertext agree, only the key was missing."""
    with tampering(copy.file) as connection:
        (seg,) = connection.execute("SELECT seg FROM record WHERE seq = ?", (seq,)).fetchone()
        meta, body = connection.execute("SELECT meta, body FROM record WHERE seq = 2").fetchone()
        leaf = record_leaf(segment_prefix(copy.gateway, seg), seq, meta, body)
        connection.execute("UPDATE record SET meta = ?, body = ?, leaf = ? WHERE seq = ?", (meta, body, leaf, seq))


@pytest.mark.parametrize("seq", [1, 5, 11, 16])
def test_a_forged_leaf_is_named_exactly_with_an_identity_and_within_its_commit_without(copy: Copy, seq: int) -> None:
    forge(copy, seq)
    assert copy.first(with_identity=True).seq == seq
    fault = copy.first()
    assert fault.seq is not None
    assert fault.until is not None
    assert fault.seq <= seq <= fault.until


def test_a_fault_does_not_hide_a_later_one(copy: Copy) -> None:
    forge(copy, 5)
    copy.edit("DELETE FROM record WHERE seq = 11", "UPDATE record SET meta = x'00' WHERE seq = 16")
    assert [fault.seq for fault in copy.verify(with_identity=True).faults] == [5, 11, 16]


TABLES = {
    "ledger": ("ledger", "store", "name", "kind", "enrol_key", "auditor", "signature"),
    "epoch": (
        *("epoch", "recipient", "purpose", "store", "suite"),
        *("public_key", "not_before", "not_after", "auditor", "signature"),
    ),
    "segment": (
        *("ledger", "seg", "format", "suite", "epoch", "opened_min", "first_seq", "frontier"),
        *("key_commit", "wrap_digest", "sign_pk", "prev_sig"),
    ),
    "segment_key": ("ledger", "seg", "recipient", "wrapped"),
    "segment_footer": ("ledger", "seg", "last_seq", "leaf", "footer"),
    "checkpoint": ("ledger", "size", "seg", "at_ms", "note"),
}
VALUES = ("{c} + 7", "{c} || 'x'", "-1", "x'00'")


def rows_of(path: Path, table: str) -> int:
    with tampering(path) as connection:
        found: int = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
        return found


@pytest.mark.parametrize(("table", "column"), [(table, column) for table in TABLES for column in TABLES[table]])
def test_any_other_value_in_the_frame_is_noticed(template: Home, tmp_path: Path, table: str, column: str) -> None:
    """Every column of every row, by every kind of value that the table takes."""
    copy, tried = Copy(template, tmp_path / "copy"), 0
    for row in range(rows_of(template.file, table)):
        for value in VALUES:
            if changed(copy, table, column, row, value.format(c=column)):
                tried += 1
                assert not copy.verify().holds, (table, column, row, value)
                copy.restore(template)
    assert tried


def changed(copy: Copy, table: str, column: str, row: int, value: str) -> bool:
    """Whether the edit was taken (constraints allow it) and changed something."""
    with tampering(copy.file) as connection:
        values = f"SELECT typeof({column}), CAST({column} AS BLOB) FROM {table}"
        before = sorted(connection.execute(values).fetchall())
        connection.execute(f"UPDATE OR IGNORE {table} SET {column} = {value} WHERE {nth(table, row)}")
        return before != sorted(connection.execute(values).fetchall())


def nth(table: str, row: int) -> str:
    """The condition that picks one row of a table."""
    number = "size" if table == "checkpoint" else "rowid"  # checkpoints have no row numbers
    return f"{number} = (SELECT {number} FROM {table} ORDER BY {number} LIMIT 1 OFFSET {row})"


@pytest.mark.parametrize("table", TABLES)
def test_any_row_taken_out_of_the_frame_is_noticed(template: Home, tmp_path: Path, table: str) -> None:
    for row in range(rows_of(template.file, table)):
        copy = Copy(template, tmp_path / str(row))
        copy.edit(f"DELETE FROM {table} WHERE {nth(table, row)}")
        assert not copy.verify().holds, (table, row)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM record",
        "DELETE FROM segment",
        "DELETE FROM checkpoint",
        "DELETE FROM record WHERE seq >= 11",
        "DROP TABLE segment_key",
        "DROP TABLE record",
        "INSERT INTO erasure SELECT ledger, 1, ledger, 1, '', x'' FROM ledger",
        "INSERT INTO segment_index SELECT ledger, 0, 0, x'' FROM ledger",
        "INSERT INTO segment_key SELECT ledger, seg, 'eve', wrapped FROM segment_key WHERE seg = 0 LIMIT 1",
    ],
)
def test_coarse_edits_are_noticed(copy: Copy, statement: str) -> None:
    copy.edit(statement)
    assert not copy.verify().holds


def test_a_segment_cut_out_whole_is_noticed(copy: Copy) -> None:
    copy.edit(
        *(f"DELETE FROM {table} WHERE seg = 1" for table in ("segment", "segment_key", "segment_footer", "record"))
    )
    assert copy.first().seq is not None


def test_a_cut_tail_is_noticed_against_a_pin(copy: Copy) -> None:
    """Without one nothing contradicts it: the ledger then looks as it did before."""
    (gateway,) = (one for one in copy.verify().ledgers if one.ledger == copy.gateway)
    pins = {copy.gateway: {gateway.size: bytes.fromhex(gateway.root)}}
    assert verify(copy.location, pins=pins).holds
    tables = ("segment", "segment_key", "record", "checkpoint")
    copy.edit(*(f"DELETE FROM {table} WHERE seg = 2" for table in tables))
    assert verify(copy.location).holds
    (fault,) = verify(copy.location, pins=pins).faults
    assert (fault.seq, fault.until, "was cut" in fault.what) == (14, 17, True)


def test_another_history_is_noticed_against_a_pin(copy: Copy) -> None:
    pins = {copy.gateway: {5: bytes(32)}}
    assert verify(copy.location, pins=pins).faults[0].seq == 4


def test_a_ledger_gone_whole_is_noticed_against_a_pin(copy: Copy) -> None:
    copy.file.unlink()
    assert not verify(copy.location, pins={copy.gateway: {5: bytes(32)}}).holds


def test_a_ledger_nobody_enrolled_is_noticed(copy: Copy) -> None:
    shutil.copy(copy.file, copy.location.ledger_file("gateway-planted"))
    assert [fault.ledger for fault in copy.verify().faults] == ["gateway-planted"]


def test_a_ledger_in_place_of_another_is_noticed(copy: Copy) -> None:
    shutil.copy(copy.file, copy.location.ledger_file(copy.desk))
    assert not copy.verify().holds


def test_a_store_that_names_another_auditor_is_noticed(copy: Copy) -> None:
    report = verify(copy.location, Identity.create("Eve", PASSPHRASE, CHEAP))
    assert "does not name this identity" in report.faults[0].what


@pytest.mark.parametrize("damage", [lambda raw: b"", lambda raw: b"x" * len(raw), lambda raw: raw[:8192]])
def test_a_damaged_file_is_named(copy: Copy, damage: Callable[[bytes], bytes]) -> None:
    copy.file.write_bytes(damage(copy.file.read_bytes()))
    assert copy.first().seq is None or copy.first().what


def test_no_store_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        verify(Location.parse(tmp_path))


def test_there_is_no_false_alarm_while_a_gateway_writes(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segment, "MAX_RECORDS", 64)
    stop = threading.Event()
    with home.writer() as writer:
        writer.append([completion(0)])

        def write() -> None:
            while not stop.is_set():
                writer.append([completion(number, size=50) for number in range(7)])

        thread = threading.Thread(target=write)
        thread.start()
        try:
            reports = [verify(home.location, home.identity if turn % 2 else None) for turn in range(20)]
        finally:
            stop.set()
            thread.join()
    assert [report.faults for report in reports] == [()] * 20
    sizes = [report.ledgers[0].size for report in reports]
    assert sizes == sorted(sizes)
    assert sizes[-1] > sizes[0], "the gateway wrote meanwhile"


def test_faults_read_as_sentences() -> None:
    assert Fault(ledger="g", what="it is missing", seq=3).sentence() == "g, record 3: it is missing"
    assert (
        Fault(ledger="g", what="they are missing", seq=3, until=5).sentence() == "g, records 3 to 5: they are missing"
    )
    assert Fault(ledger="g", what="the file is gone").sentence() == "g: the file is gone"
