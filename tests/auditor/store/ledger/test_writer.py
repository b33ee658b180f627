# SPDX-License-Identifier: Apache-2.0
import os
import threading
import time
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from auditor.errors import AuditorError, CheckFailed, EnvironmentFailure, InputError
from auditor.store import Enrolment, LedgerWriter, Location
from auditor.store.format.prepare import prepare
from auditor.store.format.records import Counters, Heartbeat
from auditor.store.ledger import locking, segment
from auditor.store.verification.verify import verify
from tests.auditor.store.material import Home, as_a_guest, completion, intent, tampering


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with tampering(path) as connection:
        found: list[tuple[object, ...]] = connection.execute(query).fetchall()
        return found


def test_an_append_is_numbered_in_order_and_there_at_once(home: Home) -> None:
    with home.writer() as writer:
        assert writer.append([completion(1), intent(2)]) == [1, 2]
        assert writer.append([intent(3)]) == [3]
        assert writer.last_seq == 3
        assert [(record.seq, record.has_body) for record in home.records()] == [(1, True), (2, False), (3, False)]


def test_nothing_is_appended_for_nothing(home: Home) -> None:
    with home.writer() as writer:
        assert writer.append([]) == []
    assert rows(home.file, "SELECT count(*) FROM segment") == [(0,)]
    assert verify(home.location).holds


def test_prepared_drafts_are_taken_as_drafts_are(home: Home) -> None:
    with home.writer() as writer:
        writer.append([prepare(completion(1)), completion(2)])
    calls = [record.meta.calls[0].id for record in home.records()]  # type: ignore[union-attr]
    assert calls == ["call-1", "call-2"]


def test_a_heartbeat_is_a_record(home: Home) -> None:
    with home.writer() as writer:
        assert writer.heartbeat(Counters(seen=3, recorded=2)) == 1
    (record,) = home.records()
    assert isinstance(record.meta, Heartbeat)
    assert record.meta.counters == Counters(seen=3, recorded=2)


def test_each_run_goes_on_in_a_new_segment_with_a_new_key(home: Home) -> None:
    assert home.write(2) == [1, 2]
    assert home.write(1) == [5]
    keys = [key for (key,) in rows(home.file, "SELECT sign_pk FROM segment ORDER BY seg")]
    assert len(set(keys)) == 2
    assert verify(home.location, home.identity).holds


def test_a_full_segment_is_closed_and_the_next_begun(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segment, "MAX_RECORDS", 8)
    home.write(5, 3, 1, 8, 2)
    counts = rows(home.file, "SELECT count(*) FROM record GROUP BY seg ORDER BY seg")
    assert counts == [(8,), (1,), (8,), (2,)]
    assert verify(home.location, home.identity).holds


def test_an_old_segment_is_closed_and_a_clock_set_back_too(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    with home.writer() as writer:
        for offset in (0, 60, 16 * 60, 20 * 60, 5 * 60):
            monkeypatch.setattr(time, "time", lambda offset=offset: now + offset)
            writer.append([intent(0)])
    assert rows(home.file, "SELECT count(*) FROM record GROUP BY seg ORDER BY seg") == [
        (3,),
        (4,),
        (2,),
    ], "each jump of the clock is a record besides"
    assert verify(home.location, home.identity).holds


def test_a_new_month_begins_a_new_epoch_and_recording_outlives_the_last_one(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, *_, second = home.location.facts().epochs
    with home.writer() as writer:
        for moment in (first.not_after - 1, first.not_after, second.not_after + 10**7):
            monkeypatch.setattr(time, "time", lambda moment=moment: moment)
            writer.append([completion(1)])
    epochs = [epoch for (epoch,) in rows(home.file, "SELECT epoch FROM segment ORDER BY seg")]
    assert epochs == [first.epoch, second.epoch, second.epoch]
    assert verify(home.location, home.identity).holds


def test_a_group_larger_than_a_segment_is_refused(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segment, "MAX_RECORDS", 2)
    with home.writer() as writer, pytest.raises(ValueError, match="at most 2"):
        writer.append([intent(1)] * 3)


def test_checkpoints_within_a_second_replace_each_other(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time()
    with home.writer() as writer:
        for tenth in range(0, 35, 2):
            monkeypatch.setattr(time, "time", lambda tenth=tenth: now + tenth / 10)
            writer.append([intent(0)])
    (count,) = rows(home.file, "SELECT count(*) FROM checkpoint")[0]
    assert 3 <= int(str(count)) <= 5
    assert verify(home.location).holds


def test_threads_may_append_together(home: Home) -> None:
    with home.writer() as writer:
        threads = [threading.Thread(target=writer.append, args=([intent(n)] * 5,)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(home.records()) == 40
    assert verify(home.location, home.identity).holds


def test_a_second_writer_is_told(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locking, "WAIT_SECONDS", 0.05)
    with home.writer(), pytest.raises(EnvironmentFailure, match="in use"):
        home.writer()


def test_the_desk_writes_its_own_ledger(home: Home) -> None:
    with LedgerWriter.for_desk(home.location, home.identity) as writer:
        assert writer.append([completion(1)]) == [1]
    with LedgerWriter.for_desk(home.location, home.identity) as writer:
        assert writer.append([completion(2)]) == [4]
    assert home.reader().tail() == {home.desk: 5}
    assert verify(home.location, home.identity).holds


def test_a_gateway_alone_sets_its_store_up(home: Home, tmp_path: Path) -> None:
    alone = Location.parse(tmp_path / "elsewhere" / "store")
    enrolment = Enrolment.load(home.made.gateway)
    with LedgerWriter.for_gateway(enrolment, alone) as writer:
        writer.append([completion(1)])
    assert verify(alone, home.identity).holds


def test_a_gateway_of_another_store_is_refused(home: Home, tmp_path: Path) -> None:
    other = Home(tmp_path / "other")
    with pytest.raises(InputError, match="another store"):
        LedgerWriter.for_gateway(Enrolment.load(other.made.gateway), home.location)


def test_an_altered_ledger_is_not_gone_on_with(home: Home) -> None:
    home.write(3)
    with tampering(home.file) as connection:
        connection.execute("UPDATE record SET leaf = zeroblob(32) WHERE seq = 2")
    with pytest.raises(CheckFailed, match="altered"):
        home.writer()


def test_a_ledger_put_back_to_an_earlier_state_is_not_gone_on_with(home: Home) -> None:
    home.write(1)
    earlier = home.file.read_bytes()
    home.write(1)
    for path in home.file.parent.glob(f"{home.file.name}-*"):
        path.unlink()
    home.file.write_bytes(earlier)
    with pytest.raises(CheckFailed, match="does not continue"):
        home.writer()


def test_a_later_format_is_refused(home: Home) -> None:
    home.write(1)
    with tampering(home.file) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(InputError, match="format 99"):
        home.writer()


def test_another_file_is_refused(home: Home) -> None:
    home.file.write_bytes(b"this is no ledger, but long enough to look at" * 100)
    with pytest.raises(AuditorError, match="no ledger"):
        home.writer()


@pytest.mark.skipif(os.name == "nt", reason="rights of Windows differ")
def test_an_unwritable_folder_is_named_by_its_rights(home: Home) -> None:
    home.write(1)
    with as_a_guest(home.folder), pytest.raises(EnvironmentFailure, match="cannot be"):
        home.writer()


def test_an_unwritable_folder_is_named(home: Home) -> None:
    home.location.ledger_folder.rename(home.folder / "away")
    home.location.ledger_folder.write_text("a file where the folder should be")
    with pytest.raises(EnvironmentFailure, match="cannot be written"):
        home.writer()


def test_every_commit_is_synced(home: Home) -> None:
    with home.writer() as writer:
        connection = writer._connection.connection.driver_connection
        assert isinstance(connection, dbapi2.Connection)
        pragmas = {
            name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "secure_delete")
        }
        assert pragmas == {"synchronous": 2, "secure_delete": 1}
        assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert tuple(map(int, dbapi2.sqlite_version.split("."))) >= (3, 51, 3), "older ones may lose commits in WAL mode"
