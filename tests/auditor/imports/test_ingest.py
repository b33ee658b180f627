# SPDX-License-Identifier: Apache-2.0
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

from auditor.calls import Origin
from auditor.errors import EnvironmentFailure, InputError
from auditor.imports import BadEntry
from auditor.imports.ingest import Import, looked_at
from auditor.imports.workers import Workers
from auditor.store.format.prepare import Prepared
from tests.auditor.imports.desk import Desk
from tests.auditor.imports.material import entry, har, line, ndjson


def written(folder: Path, data: bytes, name: str = "recording") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def numbered(count: int, start: int = 0) -> list[dict[str, Any]]:
    return [line(time=f"2026-11-23T12:{n // 60:02}:{n % 60:02}Z") for n in range(start, start + count)]


def test_each_exchange_becomes_a_record_in_order(desk: Desk, tmp_path: Path) -> None:
    tally = desk.take(written(tmp_path, ndjson(*numbered(600))))
    assert (tally.added, tally.known, tally.bad, tally.total) == (600, 0, 0, 600)
    times = [meta.time for meta in desk.completions()]
    assert len(times) == 600
    assert times == sorted(times)


def test_importing_again_adds_nothing(desk: Desk, tmp_path: Path) -> None:
    path = written(tmp_path, ndjson(*numbered(5), *numbered(2)))
    first, second = desk.take(path), desk.take(path)
    assert (first.added, first.known) == (5, 2)
    assert (second.added, second.known) == (0, 7)
    more = written(tmp_path, ndjson(*numbered(5, start=3)), "more")
    third = desk.take(path, more)
    assert (third.added, third.known) == (3, 9)
    assert len(desk.completions()) == 8


def test_broken_entries_are_named_with_their_file_and_the_others_kept(desk: Desk, tmp_path: Path) -> None:
    path = written(tmp_path, ndjson(line(), b"{broken", line(time="2026-11-23T12:00:01Z")))
    told: list[tuple[Path, BadEntry]] = []
    tally = desk.take(path, on_bad=lambda at, bad: told.append((at, bad)))
    assert (tally.added, tally.bad) == (2, 1)
    assert told == [(path, BadEntry(place="line 2", what="it is no valid JSON"))]


def test_the_actor_is_the_one_named_where_the_file_names_none(desk: Desk, tmp_path: Path) -> None:
    lines = [
        line(time="2026-11-23T12:00:01Z", client={}),
        line(time="2026-11-23T12:00:02Z", client={"user": "bob"}),
        line(time="2026-11-23T12:00:03Z", client={"user": "carol"}),
        line(time="2026-11-23T12:00:04Z", client={"address": "10.0.0.9"}),
    ]
    desk.take(written(tmp_path, ndjson(*lines)), actor="bob")
    assert [(one.user, one.address) for one in desk.names()] == [("bob", None), ("carol", None), (None, "10.0.0.9")]
    assert {one.origin for one in desk.exchanges()} == {Origin()}, "content does not say who it was"
    actors = [meta.calls[0].actor for meta in desk.completions()]
    assert actors[0] == actors[1]
    assert len(set(actors)) == 3


def test_a_browsers_recording_keeps_calls_to_providers_only(desk: Desk, tmp_path: Path) -> None:
    elsewhere = entry(request={"method": "GET", "url": "https://bank.example/account", "headers": []})
    path = written(tmp_path, har(entry(), elsewhere))
    tally = desk.take(path)
    assert (tally.added, tally.elsewhere) == (1, 1)
    assert b"bank" not in b"".join(file.read_bytes() for file in desk.location.ledger_folder.iterdir())
    tally = desk.take(path, keep_elsewhere=True)
    assert (tally.added, tally.known, tally.elsewhere) == (1, 1, 0)


def test_a_host_no_list_knows_is_proposed_with_its_dialect(desk: Desk, tmp_path: Path) -> None:
    body = '{"model": "m", "max_tokens": 5, "messages": [{"role": "user", "content": "Ebb?"}]}'
    own = ("https://llm.example:8443/v1/messages", "https://llm.example/v1/messages", "http://llm.example/api/v2")
    lines = [line(request={"method": "POST", "url": url, "body": body}, duration_ms=n) for n, url in enumerate(own)]
    tally = desk.take(written(tmp_path, ndjson(*lines, line())))
    assert tally.proposed == {
        "llm.example:8443=anthropic": 1,
        "llm.example=anthropic": 1,
        "llm.example=openai": 1,
    }


def test_exchanges_made_for_the_import_are_kept_wherever_they_went(desk: Desk, tmp_path: Path) -> None:
    own = line(request={"method": "POST", "url": "https://llm.example/generate", "body": "{}"})
    assert desk.take(written(tmp_path, ndjson(own))).added == 1


def test_a_file_that_cannot_be_read_leaves_the_store_as_it_was(desk: Desk, tmp_path: Path) -> None:
    good = written(tmp_path, ndjson(line()))
    broken = written(tmp_path, har(entry(), entry())[:-40], "broken")
    with pytest.raises(InputError, match="cut off or broken"):
        desk.take(good, broken)
    assert desk.completions() == []


def test_workers_give_the_same_records_as_one_process(desk: Desk, tmp_path: Path) -> None:
    path = written(tmp_path, ndjson(*numbered(520)))
    desk.take(path, workers=2)
    there = desk.completions()
    assert len(there) == 520
    assert desk.take(path, workers=0).known == 520
    assert [meta.time for meta in there] == sorted(meta.time for meta in there)
    assert all(meta.calls[0].provider == "openai" for meta in there)


class FullDisk:
    """A ledger whose disk fills up after some commits."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.records: list[Prepared] = []

    def append(self, drafts: Any) -> list[int]:
        if len(self.records) >= self.room:
            raise EnvironmentFailure("The disk is full.")
        self.records += drafts
        return list(range(len(drafts)))


@pytest.mark.parametrize("workers", [0, 1])
def test_a_failing_store_ends_the_import_with_whole_batches(tmp_path: Path, workers: int) -> None:
    path = written(tmp_path, ndjson(*numbered(700)))
    disk = FullDisk(room=256)
    with Workers(workers) as pool:
        run = Import(disk, lambda _: set(), b"k" * 32, pool)
        with pytest.raises(EnvironmentFailure, match="disk is full"):
            run.run(looked_at([path]))
    assert len(disk.records) == 256 + 1, "and once who the actor is"
    assert run.tally.added == 256


def test_after_a_failure_the_next_run_says_again_who_the_actor_is(tmp_path: Path) -> None:
    full, disk = FullDisk(room=0), FullDisk(room=10)
    for ledger in (full, disk):
        run = Import(ledger, lambda _: set(), b"k" * 32, Workers(0))
        with nullcontext() if ledger is disk else pytest.raises(EnvironmentFailure, match="disk is full"):
            run.run(looked_at([written(tmp_path, ndjson(line()))]))
    assert (len(full.records), len(disk.records)) == (0, 2)


def test_progress_reaches_the_size_of_all_files(desk: Desk, tmp_path: Path) -> None:
    recordings = looked_at([written(tmp_path, ndjson(line())), written(tmp_path, har(entry()), "har")])
    told: list[int] = []
    disk = FullDisk(room=10)
    Import(disk, lambda _: set(), b"k" * 32, Workers(0)).run(recordings, told.append)
    assert sum(told) == sum(one.size for one in recordings)


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "zstd"])
def test_bodies_of_a_har_are_read_though_its_headers_name_an_encoding_undone(
    desk: Desk, tmp_path: Path, encoding: str
) -> None:
    answer = '{"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-sonnet-5", "content": []}'
    response = {
        "status": 200,
        "headers": [
            {"name": "content-type", "value": "application/json"},
            {"name": "content-encoding", "value": encoding},
        ],
        "content": {"size": len(answer), "text": answer},
    }
    desk.take(written(tmp_path, har(entry(response=response))))
    (call,) = desk.completions()[0].calls
    assert call.response_id == "msg_1"
    assert call.outcome == "complete"
