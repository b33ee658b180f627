# SPDX-License-Identifier: Apache-2.0
"""Incremental verification: reads what came since, and still notices what was cut, rolled back or rewritten."""

import shutil

import pytest

from auditor.store.ledger import segment
from auditor.store.verification.verify import Report, verify
from tests.auditor.store.material import Home, tampering


@pytest.fixture
def grown(home: Home, monkeypatch: pytest.MonkeyPatch) -> tuple[Home, Report]:
    """Segments of 10 records: 35 were verified, then 25 came."""
    monkeypatch.setattr(segment, "MAX_RECORDS", 10)
    for _ in range(7):
        home.write(5)
    report = verify(home.location, home.identity)
    assert report.holds
    for _ in range(5):
        home.write(5)
    return home, report


def again(home: Home, before: Report) -> Report:
    pins = {one.ledger: {one.size: bytes.fromhex(one.root)} for one in before.ledgers}
    return verify(home.location, home.identity, None, pins, incremental=True)


def test_only_what_came_since_is_read(grown: tuple[Home, Report]) -> None:
    home, before = grown
    told: list[tuple[int, int]] = []
    pins = {one.ledger: {one.size: bytes.fromhex(one.root)} for one in before.ledgers}
    report = verify(home.location, home.identity, lambda *at: told.append(at), pins, incremental=True)
    assert report.holds, report.faults
    (new,), (old,) = report.ledgers, before.ledgers
    assert 0 < new.since < old.size < new.size
    assert 25 <= new.records <= 30
    assert told[-1][0] == told[-1][1] == new.size - new.since
    whole = verify(home.location, home.identity)
    assert (whole.ledgers[0].root, whole.ledgers[0].since) == (new.root, 0)


def test_nothing_new_holds_too(home: Home) -> None:
    home.write(3)
    before = verify(home.location, home.identity)
    assert again(home, before).holds
    assert again(home, again(home, before)).holds


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE record SET body = zeroblob(length(body)) WHERE seq = (SELECT max(seq) FROM record)",
        "DELETE FROM record WHERE seq = (SELECT max(seq) FROM record) - 3",
        "DELETE FROM checkpoint WHERE size = (SELECT max(size) FROM checkpoint)",
        "UPDATE segment SET frontier = zeroblob(length(frontier)) WHERE seg = 3",
        "UPDATE segment_key SET wrapped = zeroblob(80) WHERE seg = 1",
    ],
)
def test_what_was_done_since_or_to_the_frame_is_noticed(grown: tuple[Home, Report], statement: str) -> None:
    home, before = grown
    with tampering(home.file) as connection:
        connection.execute(statement)
    assert not again(home, before).holds


def test_a_rollback_is_noticed(grown: tuple[Home, Report], tmp_path_factory: pytest.TempPathFactory) -> None:
    home, before = grown
    backup = tmp_path_factory.mktemp("backup") / "old.db"
    shutil.copyfile(home.file, backup)
    home.write(5)
    newer = again(home, before)
    assert newer.holds
    shutil.copyfile(backup, home.file)
    assert not again(home, newer).holds


def test_another_history_of_the_same_length_is_noticed(grown: tuple[Home, Report]) -> None:
    home, before = grown
    wrong = {one.ledger: {one.size: bytes(32)} for one in before.ledgers}
    assert not verify(home.location, home.identity, None, wrong, incremental=True).holds
