# SPDX-License-Identifier: Apache-2.0
"""More epoch keys: they follow the old ones, a gateway seals to them, and only the first auditor makes them."""

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from auditor.errors import EnvironmentFailure, InputError
from auditor.store import Enrolment, Identity, files, renewal
from auditor.store.keys.facts import EpochKey
from auditor.store.verification.verify import verify
from tests.auditor.store.material import CHEAP, Home


def extend(home: Home, months: int, *gateways: Path) -> tuple[EpochKey, ...]:
    now = datetime.now(UTC)
    return renewal.extend(home.location, home.made.identity, home.identity, months, gateways, now)


def test_keys_go_on_where_the_last_one_ends_and_a_gateway_seals_to_them(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.write(1)
    before = home.location.facts()
    keys = extend(home, 2, home.made.gateway)
    assert [keys[0].not_before, keys[3].not_before] == [before.epochs_end, keys[0].not_after]
    assert Enrolment.load(home.made.gateway).store == home.location.facts()
    monkeypatch.setattr(time, "time", lambda: keys[3].not_before + 5.0)
    home.write(2)
    assert len(home.records()) == 3
    report = verify(home.location, home.identity)
    assert report.holds, report.faults


def test_keys_that_ended_long_ago_go_on_from_today(home: Home) -> None:
    later = datetime.fromtimestamp(home.location.facts().epochs_end, UTC) + timedelta(days=400)
    key, *_ = renewal.extend(home.location, home.made.identity, home.identity, 1, (), later)
    assert key.not_before <= later.timestamp() < key.not_after


def test_what_was_broken_off_is_completed(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    write = files.write

    def full(path: Path, *rest: Any) -> None:
        """A disk that takes no more public facts."""
        if path.suffix == ".json":
            raise EnvironmentFailure("The disk is full.")
        write(path, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(files, "write", full)
        with pytest.raises(EnvironmentFailure):
            extend(home, 1)
    assert len(home.identity.epochs) == 9, "private halves come first"
    assert len(home.location.facts().epochs) == 6
    assert extend(home, 0, home.made.gateway) == ()
    assert {key.recipient for key in home.location.facts().epochs} == {
        one.key.recipient for one in home.identity.epochs
    }


def test_only_a_manager_makes_keys(home: Home) -> None:
    stranger = Identity.create("mallory", b"x", CHEAP)
    with pytest.raises(InputError, match="manager"):
        renewal.extend(home.location, home.made.identity, stranger, 1, (), datetime.now(UTC))


def test_another_stores_gateway_gets_nothing(home: Home, tmp_path: Path) -> None:
    other = Home(tmp_path / "other")
    before = home.location.facts()
    with pytest.raises(InputError, match="another store"):
        extend(home, 1, other.made.gateway)
    assert home.location.facts() == before
