# SPDX-License-Identifier: Apache-2.0
"""Destroyed epoch keys: the month is closed in every copy, the rest reads on, and the ledger verifies."""

import shutil
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from auditor.errors import CheckFailed, InputError
from auditor.store import Identity, LedgerReader, retention
from auditor.store.format.layout import Purpose
from auditor.store.format.records import KeysDestroyed
from auditor.store.keys.identity import KeyGone
from auditor.store.verification.verify import verify
from tests.auditor.store.material import PASSPHRASE, Home

FAR = timedelta(days=40)


@pytest.fixture
def two_months(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Two records of this month, and three of the next, which it is by then; no later keys."""
    home.write(2)
    first = home.location.facts().epoch_at(time.time())
    real, ahead = time.time, first.not_after + 1.0 - time.time()
    monkeypatch.setattr(time, "time", lambda: real() + ahead)  # it goes on: one that stands still is recorded as a gap
    home.write(3)
    return home


def close_first_month(home: Home, reason: str = "policy") -> Identity:
    identity, store = home.identity, home.location.facts()
    now = datetime.fromtimestamp(store.epochs[0].not_after, UTC) + FAR
    keys = retention.due(identity, store, dict.fromkeys(Purpose, timedelta(days=30)), now)
    assert [key.epoch for key in keys] == [store.epochs[0].epoch] * 3
    return retention.destroy(home.location, home.made.identity, identity, keys, reason, now)


def test_a_closed_month_is_left_out_and_the_next_one_reads_on(two_months: Home) -> None:
    reader = two_months.reader()
    assert len(list(reader.records(two_months.gateway))) == 5
    close_first_month(two_months)
    assert len(two_months.records()) == 3
    with pytest.raises(KeyGone):
        two_months.reader().body(two_months.gateway, 1)


def test_the_ledger_verifies_and_says_how_many_are_closed(two_months: Home) -> None:
    before = two_months.file.read_bytes()
    left = close_first_month(two_months)
    assert two_months.file.read_bytes() == before
    report = verify(two_months.location, left)
    assert report.holds, report.faults
    (gateway,) = (one for one in report.ledgers if one.ledger == two_months.gateway)
    assert (gateway.records, gateway.opened, gateway.destroyed) == (5, 3, 2)
    assert verify(two_months.location).holds


def test_the_private_half_is_gone_from_the_file_and_a_copy_of_the_store_stays_closed(
    two_months: Home, tmp_path: Path
) -> None:
    shutil.copytree(two_months.location.folder, tmp_path / "backup")
    private = two_months.identity.epochs[0].private
    encoded = msgspec.json.encode(private).strip(b'"')
    assert encoded in two_months.made.identity.read_bytes()
    close_first_month(two_months)
    assert not [path for path in two_months.folder.rglob("*") if path.is_file() and encoded in path.read_bytes()]
    copy = msgspec.structs.replace(two_months.location, folder=tmp_path / "backup")
    assert len(list(LedgerReader.open(copy, two_months.identity).records(two_months.gateway))) == 3


def test_it_is_recorded_with_its_reason(two_months: Home) -> None:
    close_first_month(two_months, " policy 7 ")
    (record,) = two_months.reader().records(two_months.desk)
    assert isinstance(record.meta, KeysDestroyed)
    assert record.meta.reason == "policy 7"
    assert record.meta.epochs == (two_months.location.facts().epochs[0].epoch,)


def test_it_takes_a_reason_and_a_month_that_is_over(home: Home) -> None:
    store, begin = home.location.facts(), home.location.facts().epochs[0].not_before
    identity, now = home.identity, datetime.fromtimestamp(begin, UTC)
    assert retention.due(identity, store, dict.fromkeys(Purpose, timedelta(0)), now + timedelta(days=20)) == ()
    years = now + timedelta(days=4000)
    due = retention.due(identity, store, dict.fromkeys(Purpose, timedelta(0)), years)
    assert len(due) == len(store.epochs) - 3, "the last keys stay"
    with pytest.raises(InputError, match="reason"):
        retention.destroy(home.location, home.made.identity, identity, [store.epochs[0]], " ", years)
    with pytest.raises(InputError, match="negative"):
        retention.due(identity, store, dict.fromkeys(Purpose, timedelta(days=-1)), now)


def test_nobody_else_can_say_that_a_key_was_destroyed(two_months: Home) -> None:
    close_first_month(two_months)
    path = two_months.made.identity
    file = msgspec.json.decode(path.read_bytes())
    file["destroyed"][0]["recipient"] = file["epochs"][0]["key"]["recipient"]
    path.write_bytes(msgspec.json.encode(file))
    with pytest.raises(CheckFailed):
        Identity.open(path, PASSPHRASE)
