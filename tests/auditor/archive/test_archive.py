# SPDX-License-Identifier: Apache-2.0
"""The archive end to end on real exchanges: content only with a recorded reason, figures, status, threads."""

import contextlib
import json
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from auditor.archive import Archive, Filter, Interrupted, Sort
from auditor.archive.index import Index
from auditor.calls import Exchange, Origin, Request, Response, Text
from auditor.detectors import Scanner
from auditor.errors import EnvironmentFailure, InputError
from auditor.pipeline import Pipeline
from auditor.privacy import Pseudonyms
from auditor.providers import Providers
from auditor.store import LedgerReader, LedgerWriter
from auditor.store.format.records import Access, Counters, Draft, Gap, Heartbeat, Started
from tests.auditor.archive.conftest import T0, Store, call, completion, intent

Fill = Callable[..., Archive]
CANARY = "xylophone-quartz-canary"


def exchange(id_: str, said: str) -> Exchange:
    asked = {"model": "gpt-4o", "messages": [{"role": "user", "content": said}]}
    answered = {
        "id": "chatcmpl-1",
        "model": "gpt-4o-2024-08-06",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Hello."}}],
        "usage": {"prompt_tokens": 5, "completion_tokens": 3, "total_tokens": 8},
    }
    return Exchange(
        id=id_,
        time=T0,
        origin=Origin(user="alice"),
        request=Request(
            method="POST",
            url="https://api.openai.com/v1/chat/completions",
            headers=(("authorization", "Bearer sk-proj-" + "a1" * 12), ("content-type", "application/json")),
            body=json.dumps(asked).encode(),
        ),
        response=Response(
            status=200, headers=(("content-type", "application/json"),), body=json.dumps(answered).encode()
        ),
    )


@pytest.fixture
def spoken(store: Store, filled: Fill) -> Archive:
    """Two calls as the pipeline records them."""
    pipeline = Pipeline(Providers.load(), Pseudonyms(store.identity.pseudonym_key), Scanner())
    said = ("mail ann@example.org", f"the word is {CANARY}")
    return filled(*(pipeline.process(exchange(f"x{n}", text)) for n, text in enumerate(said)))


def accesses(store: Store) -> list[Access]:
    reader = LedgerReader.open(store.location, store.identity)
    metas = [record.meta for ledger in reader.ledgers() for record in reader.records(ledger)]
    return [meta for meta in metas if isinstance(meta, Access)]


def test_content_is_read_with_a_reason_that_is_recorded_first(store: Store, spoken: Archive) -> None:
    reading = spoken.content(["x1", "x0"], " ticket 42 ", action="show", scope="model:gpt*")
    (recorded,) = accesses(store)
    assert (recorded.reason, recorded.action, recorded.calls) == ("ticket 42", "show", ("x1", "x0"))
    assert (recorded.auditor, recorded.scope) == (store.identity.name, "model:gpt*")
    (second, first) = list(reading)
    assert [second.call.id, first.call.id] == ["x1", "x0"]
    assert first.content.input_messages[0].parts == (Text(content="mail ann@example.org"),)
    assert first.content.output_messages[0].parts == (Text(content="Hello."),)
    assert first.sealed is not None
    (match,) = first.sealed.matches
    assert (match.match.type, match.place) == ("EMAIL", "input/0/0")
    assert spoken.access_log() == []
    spoken.refresh()
    assert [record.meta for record in spoken.access_log()] == [recorded]


@pytest.mark.parametrize(("ids", "reason"), [(["x0"], ""), (["x0"], "  \n"), (["x0", "nothing"], "why")])
def test_without_a_reason_or_a_call_nothing_is_opened(
    store: Store, spoken: Archive, ids: list[str], reason: str
) -> None:
    with pytest.raises(InputError):
        spoken.content(ids, reason)
    assert accesses(store) == []


def test_where_the_access_cannot_be_recorded_nothing_is_opened(
    store: Store, spoken: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: LedgerWriter, drafts: object) -> list[int]:
        raise EnvironmentFailure("The disk is full.")

    opened: list[object] = []
    monkeypatch.setattr(LedgerWriter, "append", refuse)
    monkeypatch.setattr(LedgerReader, "body", lambda *place: opened.append(place))
    with pytest.raises(EnvironmentFailure):
        spoken.content(["x0"], "why")
    assert opened == []


def test_a_call_without_content_is_still_told(filled: Fill) -> None:
    archive = filled(intent(1), Draft(Started(time=T0, version="1")), completion(call(2)))
    for opened in archive.content(["call-0001", "call-0002"], "why"):
        assert opened.sealed is None
        assert opened.content.input_messages == ()


def test_nothing_readable_is_in_the_cache_folder(store: Store, spoken: Archive) -> None:
    list(spoken.content(["x1"], "why"))
    spoken.refresh()
    spoken.listing(sort=Sort("cost")).page(0)
    written = b"".join(path.read_bytes() for path in (store.folder / "cache").rglob("*") if path.is_file())
    assert len(written) > 10_000
    for word in (CANARY, "gpt-4o", "openai", "SQLite format", "CREATE TABLE", "alice", "completions", "ticket"):
        assert word.encode() not in written


def test_a_broken_or_foreign_index_is_made_anew(store: Store) -> None:
    store.write(completion(call(1)))
    with store.archive() as archive:
        archive.refresh()
        path = archive.index_path
    path.write_bytes(b"no database" * 1000)
    with store.archive() as archive:
        assert archive.count() == 0
        archive.refresh()
        assert archive.count() == 1
    with contextlib.closing(Index.open(path, b"z" * 32)) as foreign, foreign.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM calls").scalar() == 0


def test_an_index_in_use_is_not_taken_for_a_broken_one(store: Store) -> None:
    store.write(completion(call(1)))
    with store.archive() as one:
        one.refresh()
        with one._index.writing(), store.archive() as other:
            assert other.count() == 1


def test_connections_end_with_their_threads(filled: Fill) -> None:
    archive = filled(completion(call(1)))
    for _ in range(5):
        thread = threading.Thread(target=archive.count)
        thread.start()
        thread.join()
    assert len(archive._index._owned) == 1


def test_an_unwritable_cache_is_said_in_one_sentence(store: Store) -> None:
    (store.folder / "file").write_text("")
    with pytest.raises(EnvironmentFailure, match="index folder"):
        store.archive("file/below")


def test_one_call_and_its_place(spoken: Archive) -> None:
    found = spoken.call("x0")
    place = spoken.place("x0")
    assert (place.seq, place.part) == (found.seq, 0)
    assert place.ledger.startswith("gateway")
    with pytest.raises(InputError, match="no call nothing"):
        spoken.call("nothing")


def test_status_accounts_for_every_call(filled: Fill) -> None:
    told = Counters(seen=10, recorded=6, lost=2, tunnelled=5, undecryptable=1, backlog=3)
    archive = filled(
        Draft(Started(time=T0, version="1.0")),
        *(intent(n) for n in range(9)),
        *(completion(call(n)) for n in range(7)),
        Draft(Heartbeat(time=T0, counters=told)),
        Draft(Gap(time=T0, reason="queue_full", count=4)),
        Draft(Gap(time=T0, reason="body_truncated", count=100)),
    )
    (ledger,) = archive.status()
    assert (ledger.seen, ledger.recorded, ledger.sealed, ledger.lost) == (13, 7, 7, 4)
    assert (ledger.tunnelled, ledger.undecryptable, ledger.backlog, ledger.open, ledger.gaps) == (5, 1, 3, 2, 2)
    assert ledger.last_checkpoint is not None
    filled(Draft(Started(time=T0, version="1.1")), Draft(Heartbeat(time=T0, counters=Counters(seen=5, tunnelled=2))))
    (ledger,) = archive.status()
    assert (ledger.seen, ledger.tunnelled, ledger.backlog, ledger.open, ledger.version) == (15, 7, 0, 0, "1.1")


def test_each_thread_reads_for_itself(filled: Fill) -> None:
    archive = filled(*(completion(call(n)) for n in range(300)))
    counts: list[int] = []

    def read() -> None:
        for _ in range(5):
            counts.append(len(archive.listing(Filter.parse("provider:openai")).page(0, 300)))

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    filled(*(completion(call(n)) for n in range(300, 310)))
    for thread in threads:
        thread.join()
    assert len(counts) == 20
    assert set(counts) == {300}


def test_a_long_query_is_cancelled_from_another_thread(filled: Fill) -> None:
    archive = filled()
    running = threading.Event()
    outcome: list[str] = []

    def work() -> None:
        endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
        try:
            with archive._index.reading() as connection:
                running.set()
                connection.exec_driver_sql(endless)
        except Interrupted as cancelled:
            outcome.append(cancelled.message)

    thread = threading.Thread(target=work)
    thread.start()
    running.wait()
    while thread.is_alive():
        archive.interrupt()
        thread.join(0.01)
    assert outcome == ["The query was cancelled."]
    assert archive.count() == 0


def test_a_thread_reads_on_however_often_its_reads_were_cancelled(filled: Fill) -> None:
    """A cancelled end of a transaction once left it open, and every later read of the thread failed."""
    archive = filled(completion(call(0)))
    done = threading.Event()
    thread = threading.Thread(target=_interrupt, args=(archive, threading.get_ident(), done))
    thread.start()
    answers = set()
    try:
        for _ in range(300):
            with contextlib.suppress(Interrupted):
                answers.add(archive.count(Filter.field("provider", "openai")))
    finally:
        done.set()
        thread.join()
    assert answers == {1}
    assert archive.count() == 1


def _interrupt(archive: Archive, thread: int, done: threading.Event) -> None:
    while not done.wait(0.0005):
        archive.interrupt(thread)


def test_a_read_that_left_a_cursor_open_ends_all_the_same(filled: Fill) -> None:
    archive = filled(completion(call(0)), completion(call(1)))
    with archive._index.reading() as connection:
        left = connection.exec_driver_sql("SELECT id FROM calls")
        assert left.fetchone()
        archive.interrupt()
    assert archive.count() == 2


def test_a_folder_without_a_store_is_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        Archive.open(tmp_path / "nothing", store.identity, cache=tmp_path)


def test_top_and_days(filled: Fill) -> None:
    archive = filled(
        completion(call(0, input_tokens=5, cost_usd=0.25)),
        completion(call(1, provider="anthropic")),
        completion(call(2, time=T0 + timedelta(days=1), input_tokens=7)),
    )
    first, second = archive.top("provider")
    assert (first.value, first.calls, first.input_tokens, first.cost_usd) == ("openai", 2, 12, 0.25)
    assert second.value == "anthropic"
    assert [share.calls for share in archive.top("provider", T0 + timedelta(days=1))] == [1]
    assert archive.summary(until=T0 + timedelta(hours=1)).calls == 2
    with pytest.raises(InputError, match="no sums by"):
        archive.top("colour")
