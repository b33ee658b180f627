# SPDX-License-Identifier: Apache-2.0
import itertools
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from auditor.errors import AuditorError, InputError
from auditor.store import Location, erasing
from auditor.store.erasing import Scope
from auditor.store.keys.facts import Erased
from auditor.store.ledger import erasure
from auditor.store.ledger.conversations import Conversations
from auditor.store.server import engine as server
from auditor.store.server import feed
from auditor.store.server.engine import ServerAway
from auditor.store.verification.verify import verify
from tests.auditor.store.material import CANARIES, completion, intent
from tests.auditor.store.shared import SharedHome
from tests.auditor.store.talk import read_back, woven
from tests.postgres import Postgres


@pytest.fixture
def shared(tmp_path: Path, postgres: Postgres) -> SharedHome:
    return SharedHome(tmp_path / "audit", postgres)


def test_what_was_shipped_is_read_and_verified_like_the_file(shared: SharedHome) -> None:
    shared.write(300, 3)
    shared.write(1)
    shared.note(intent(1))
    shipper = shared.shipper()
    assert shipper.ship_all() == shipper.size()
    assert shipper.ship_all() == 0
    assert shared.seqs() == shared.seqs(shared.local)
    assert shared.reader().body(shared.gateway, 5) == shared.reader(shared.local).body(shared.gateway, 5)
    report = verify(shared.location, shared.identity)
    assert report.holds, report.faults
    assert {one.ledger: one.records for one in report.ledgers} == {shared.gateway: 304, shared.desk: 1}
    assert report.ledgers[1].root == verify(shared.local, shared.identity).ledgers[0].root


def test_records_lie_in_the_partition_of_their_epoch(shared: SharedHome, postgres: Postgres) -> None:
    shared.write(3)
    shared.shipper().ship_all()
    epoch = shared.location.facts().epoch_at(time.time()).epoch
    assert postgres.sql(f'SELECT count(*) FROM "record_{epoch}"', shared.database) == [(3,)]
    assert postgres.sql("SELECT count(*) FROM record_other", shared.database) == [(0,)]


def test_a_writer_that_goes_on_raises_no_false_alarm(shared: SharedHome) -> None:
    stop, shipper = threading.Event(), shared.shipper()
    with shared.writer() as writer:
        writer.append([intent(0)])

        def ship() -> None:
            while not stop.is_set():
                shipper.ship()

        thread = threading.Thread(target=ship)
        thread.start()
        try:
            for number in range(60):
                writer.append([completion(number)])
                if number % 15 == 14:
                    assert verify(shared.location, shared.identity).holds
        finally:
            stop.set()
            thread.join()
    shipper.ship_all()
    assert shared.seqs() == shared.seqs(shared.local)
    assert verify(shared.location, shared.identity).holds


def test_a_batch_broken_off_leaves_nothing_and_comes_again(shared: SharedHome, monkeypatch: pytest.MonkeyPatch) -> None:
    shared.write(200)
    shipper, read = shared.shipper(), feed.read

    def broken(*arguments: object) -> object:
        yield from list(read(*arguments))[:2]  # type: ignore[arg-type]
        raise ServerAway("gone")

    monkeypatch.setattr(feed, "read", broken)
    with pytest.raises(ServerAway):
        shipper.ship()
    monkeypatch.setattr(feed, "read", read)
    assert shipper.arrived == 0
    assert shipper.ship_all() == shipper.size()
    assert verify(shared.location, shared.identity).holds


def test_an_outage_loses_nothing_and_doubles_nothing(shared: SharedHome, postgres: Postgres) -> None:
    shipper, failed, memory = shared.shipper(), [], Conversations()
    with shared.writer() as writer:
        for number, draft in enumerate(itertools.islice(woven(), 40)):
            writer.append(memory.prepare(draft))
            if number in (10, 20):
                postgres.stop("immediate")
            if number in (15, 30):
                postgres.start()
            try:
                shipper.ship()
            except ServerAway as away:
                failed.append(number)
                assert server.label(shared.url) in away.message  # noqa: PT017 - which ones fail is checked below
    assert failed == [*range(10, 15), *range(20, 30)]
    shipper.ship_all()
    assert shared.seqs() == shared.seqs(shared.local)
    assert read_back(shared.reader(), shared.gateway) == (40, [])
    assert verify(shared.location, shared.identity).holds


def test_the_gateway_needs_no_server(shared: SharedHome, postgres: Postgres) -> None:
    postgres.stop()
    try:
        shared.write(1)
        with pytest.raises(ServerAway):
            verify(shared.location, shared.identity)
    finally:
        postgres.start()


def test_a_desk_record_the_server_missed_goes_there_with_the_next(shared: SharedHome, postgres: Postgres) -> None:
    with shared.desk_writer() as desk:
        postgres.stop()
        try:
            with pytest.raises(ServerAway):
                desk.append([intent(1)])
        finally:
            postgres.start()
        desk.append([intent(2)])
    assert [record.seq for record in shared.reader().records(shared.desk)] == [1, 2]


def test_a_server_restored_from_an_older_backup_is_filled_again(shared: SharedHome, postgres: Postgres) -> None:
    shared.write(5)
    shared.shipper().ship_all()
    for table in ("record", "segment", "segment_key", "segment_footer", "checkpoint", "ledger"):
        postgres.sql(f"DELETE FROM {table}", shared.database)
    shared.shipper().ship_all()
    assert len(shared.seqs()) == 5
    assert verify(shared.location, shared.identity).holds


def test_a_desk_record_is_on_the_server_before_it_counts(shared: SharedHome) -> None:
    with shared.desk_writer() as desk:
        desk.append([intent(1)])
        assert [record.seq for record in shared.reader().records(shared.desk)] == [1]


def test_a_gateway_can_only_insert_rows_of_its_own(shared: SharedHome) -> None:
    for statement in (
        "SELECT meta FROM record",
        "SELECT note FROM checkpoint",
        "UPDATE record SET body = NULL",
        "DELETE FROM record",
        "TRUNCATE record",
        "DROP TABLE record",
        "INSERT INTO store_facts VALUES ('other', '')",
        "SELECT facts FROM store_facts",
        "INSERT INTO checkpoint VALUES ('gateway-00000000', 1, 0, 0, '')",
        "INSERT INTO record_other VALUES ('x', 1, 0, '', NULL, NULL, 'other')",
        "CREATE TABLE more (x int)",
    ):
        url = shared.gateway_url.replace("+psycopg", "")
        with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)


def test_what_a_tamperer_does_on_the_server_is_found(shared: SharedHome, postgres: Postgres) -> None:
    shared.write(5)
    shared.shipper().ship_all()
    postgres.sql("UPDATE record SET body = body || '\\x00' WHERE seq = 3", shared.database)
    postgres.sql("DELETE FROM ledger", shared.database)
    found = [fault.sentence() for fault in verify(shared.location, shared.identity).faults]
    assert any("3" in sentence for sentence in found)
    assert any("enrolment" in sentence for sentence in found)


def test_a_curious_administrator_reads_no_word(shared: SharedHome, postgres: Postgres) -> None:
    postgres.sql(f"ALTER DATABASE {shared.database} SET log_statement = 'all'", "postgres")
    server.dispose()  # connect anew, so that every statement is in the server's log
    shared.write(3, 2)
    shared.note(intent(7))
    shared.shipper().ship_all()
    postgres.sql("CHECKPOINT", shared.database)
    everything = b"".join([*postgres.files(), *dumped(postgres, shared.database)])
    assert b"INSERT INTO record" in everything  # the log of statements is among it
    assert b"COPY public.store_facts" in everything  # and a dump
    assert shared.gateway.encode() in everything
    password = (shared.made.gateway / "server.password").read_text().strip()
    for word in (*CANARIES, "canary-user", "10.0.0.7", password):
        for coded in (word.encode(), word.encode("utf-16-le"), word.encode().hex().encode()):
            assert coded not in everything, word


def dumped(postgres: Postgres, database: str) -> Iterator[bytes]:
    """A dump as text, and its values as bytes, which it writes in hexadecimal digits."""
    with postgres.room() as folder:
        postgres.dump(database, folder / "dump.sql")
        for file in folder.iterdir():
            yield file.read_bytes()
            yield from map(bytes.fromhex, re.findall(r"\\\\x((?:[0-9a-f]{2})+)", file.read_text()))


def test_a_store_is_made_whole_or_not_at_all(shared: SharedHome, tmp_path: Path, postgres: Postgres) -> None:
    with pytest.raises(InputError, match="holds a store already"):
        SharedHome.__init__(shared, tmp_path / "second", _Same(postgres, shared.url))
    assert not (tmp_path / "second").exists()
    with pytest.raises(InputError, match="holds no store"):
        Location.parse(postgres.database()).facts()


def test_a_password_is_in_no_message(postgres: Postgres) -> None:
    url = server.parse(postgres.url("postgres", password="hunter2hunter2"))
    with pytest.raises(AuditorError) as caught:
        server.facts(url)
    assert "hunter2" not in caught.value.diagnostics()
    assert caught.value.exit_code == 4


class _Same:
    """A server that gives the same database again."""

    def __init__(self, postgres: Postgres, url: str) -> None:
        self.database = lambda: url


def test_an_actor_is_erased_on_the_server_and_ordered_of_the_gateway(shared: SharedHome, postgres: Postgres) -> None:
    shared.write(3)
    shipper = shared.shipper()
    shipper.ship_all()
    scope = Scope(call="call-1")
    targets = erasing.find(shared.reader(), scope)
    done = erasing.erase(shared.location, shared.identity, scope, targets, "asked for")
    assert done.waiting == (shared.gateway,)
    (seq,) = targets[0].seqs
    assert postgres.sql(f"SELECT meta, body FROM record WHERE seq = {seq}", shared.database)[0] == (None, None)
    assert verify(shared.location, shared.identity).holds
    assert seq not in shared.seqs()
    ((_, raw),) = server.orders(shared.gateway_url, shared.gateway)
    leaves = erasure.checked(raw, "The order", shared.local.facts(), shared.gateway)
    assert [leaf.seq for leaf in leaves] == [seq]
    assert shipper.has_content({seq})
    erasure.order(shared.local, shared.gateway, leaves)
    shared.write(1)
    shipper.ship_all()
    assert not shipper.has_content({seq})
    assert verify(shared.local, shared.identity).holds
    assert verify(shared.location, shared.identity).holds


def test_what_the_gateway_erased_is_swept_from_the_server(shared: SharedHome, postgres: Postgres) -> None:
    shared.write(3)
    shipper = shared.shipper()
    shipper.ship_all()
    identity, leaf = shared.identity, postgres.sql("SELECT leaf FROM record WHERE seq = 2", shared.database)[0][0]
    signed = Erased(
        store=shared.made.store_id, ledger=shared.gateway, seq=2, leaf=leaf, by_ledger=shared.desk, by_seq=1
    ).signed(identity.signing_key)
    erasure.order(shared.local, shared.gateway, [signed])
    shared.write(1)
    assert shipper.has_news()
    shipper.ship_all()
    assert not verify(shared.location, identity).holds  # said to be erased, and still there
    erasing.finish(shared.location)
    assert postgres.sql("SELECT body FROM record WHERE seq = 2", shared.database) == [(None,)]
    assert verify(shared.location, identity).holds
