# SPDX-License-Identifier: Apache-2.0
import os

import pytest

from auditor.errors import AuditorError, CheckFailed, InputError, UnlockError
from auditor.store import Identity, LedgerReader, LedgerWriter
from auditor.store.format.records import Completion
from auditor.store.ledger import engine, segment
from tests.auditor.store.material import CHEAP, PASSPHRASE, Home, as_a_guest, completion, intent, tampering


def test_records_are_what_was_appended(home: Home) -> None:
    drafts = [completion(1), intent(2), completion(3)]
    with home.writer() as writer:
        writer.append(drafts)
    reader = home.reader()
    records = list(reader.records(home.gateway))
    assert [record.meta for record in records] == [draft.meta for draft in drafts]
    assert {record.ledger for record in records} == {home.gateway}
    for record, draft in zip(records, drafts, strict=True):
        assert record.has_body == (draft.body is not None)
        if record.has_body:
            assert reader.body(home.gateway, record.seq) == draft.body


def test_open_and_closed_segments_read_alike(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segment, "MAX_RECORDS", 300)
    with home.writer() as writer:
        for first in range(0, 1000, 100):
            writer.append([completion(number) for number in range(first, first + 100)])
        live = home.records()
    closed = home.records()
    assert live == closed
    numbers = [record.meta.calls[0].input_tokens for record in closed if isinstance(record.meta, Completion)]
    assert numbers == list(range(1000))


@pytest.mark.parametrize("after", [0, 1, 4, 5, 6, 254, 255, 256, 257, 258, 300, 10**6])
def test_reading_goes_on_after_a_number(home: Home, monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    monkeypatch.setattr(segment, "MAX_RECORDS", 280)
    home.write(5, 270, 20)
    everything = home.records()
    assert home.records(after) == [record for record in everything if record.seq > after]
    limited = list(home.reader().records(home.gateway, after, limit=3))
    assert limited == [record for record in everything if record.seq > after][:3]


def test_a_reader_sees_what_a_live_writer_commits(home: Home) -> None:
    with home.writer() as writer:
        writer.append([intent(1)])
        reader = home.reader()
        seen = [record.seq for record in reader.records(home.gateway)]
        for _ in range(3):
            assert reader.tail() == {home.gateway: writer.last_seq}
            new = writer.append([intent(2)])
            seen += [record.seq for record in reader.records(home.gateway, after_seq=seen[-1])]
            assert seen[-1:] == new
    assert reader.tail()[home.gateway] == seen[-1] + 1, "the footer takes a number too"


@pytest.mark.skipif(os.name == "nt", reason="rights of Windows differ")
def test_a_store_read_only_to_us_is_readable_without_its_writer(home: Home) -> None:
    """SQLite cannot make its shared memory in such a folder."""
    home.write(3)
    for path in home.file.parent.glob(f"{home.file.name}-*"):
        path.unlink()
    reader = home.reader()
    with as_a_guest(home.folder):
        assert len(list(reader.records(home.gateway))) == 3
    assert list(home.file.parent.glob(f"{home.file.name}-*")) == []


def test_the_key_of_another_identity_opens_nothing(home: Home) -> None:
    home.write(1)
    stranger = Identity.create("Eve", PASSPHRASE, CHEAP)
    reader = LedgerReader.open(home.location, stranger)
    with pytest.raises(UnlockError):
        list(reader.records(home.gateway))
    with pytest.raises(UnlockError):
        reader.body(home.gateway, 1)


def test_a_forged_segment_is_not_read(home: Home) -> None:
    """Anyone can seal to the public epoch key; only the chain of signatures makes it a record of this gateway."""
    home.write(2)
    with tampering(home.file) as connection:
        connection.execute("UPDATE segment SET prev_sig = zeroblob(64)")
    with pytest.raises(CheckFailed, match="signature"):
        home.records()


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE record SET body = (SELECT body FROM record WHERE seq = 2) WHERE seq = 1",
        "UPDATE record SET body = zeroblob(100) WHERE seq = 1",
        "UPDATE record SET body = 'text' WHERE seq = 1",
        "UPDATE record SET seg = 7 WHERE seq = 1",
        "UPDATE segment_key SET wrapped = zeroblob(1168)",
    ],
)
def test_an_altered_body_is_not_shown(home: Home, edit: str) -> None:
    home.write(2)
    with tampering(home.file) as connection:
        connection.execute(edit)
    with pytest.raises(CheckFailed):
        home.reader().body(home.gateway, 1)


def test_what_is_not_there_is_named(home: Home) -> None:
    with home.writer() as writer:
        writer.append([intent(1)])
    reader = home.reader()
    for ledger, seq in ((home.gateway, 1), (home.gateway, 99), ("gateway-x", 1), (home.desk, 1)):
        with pytest.raises(InputError):
            reader.body(ledger, seq)


def test_a_record_is_named_by_the_leaf_its_ledger_commits_to(home: Home) -> None:
    home.write(2)
    reader = home.reader()
    with tampering(home.file) as connection:
        stored = connection.execute("SELECT seq, leaf FROM record ORDER BY seq").fetchall()
    assert [(seq, reader.leaf(home.gateway, seq)) for seq, _ in stored] == stored
    for ledger, seq in ((home.gateway, 99), ("gateway-x", 1)):
        with pytest.raises(InputError):
            reader.leaf(ledger, seq)


def test_a_reader_cannot_write(home: Home) -> None:
    home.write(1)
    before = home.file.read_bytes()
    with pytest.raises(Exception, match="readonly"), engine.reading_engine(home.file).begin() as connection:
        connection.exec_driver_sql("DELETE FROM record")
    assert home.file.read_bytes() == before


def test_a_folder_without_a_store_is_named(home: Home) -> None:
    (home.made.store / "store.json").unlink()
    with pytest.raises(AuditorError, match="could not be read"):
        home.reader()


def test_desk_and_gateway_are_read_together(home: Home) -> None:
    home.write(2)
    identity = home.identity
    with LedgerWriter.for_desk(home.location, identity) as writer:
        writer.append([completion(7)])
    assert set(home.reader().ledgers()) == {home.gateway, home.desk}


@pytest.mark.parametrize("column", ["meta", "body"])
def test_a_blob_turned_into_text_is_told_as_damage(home: Home, column: str) -> None:
    home.write(2)
    with tampering(home.file) as connection:
        connection.execute("UPDATE segment_footer SET footer = NULL")
        connection.execute(f"UPDATE record SET {column} = CAST({column} AS TEXT)")
    with pytest.raises(CheckFailed):
        home.records() if column == "meta" else home.reader().body(home.gateway, 1)
