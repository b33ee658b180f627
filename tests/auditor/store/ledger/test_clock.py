# SPDX-License-Identifier: Apache-2.0
"""A clock that jumps is recorded where it did, and verification says where it had been set back."""

import time

import pytest

from auditor.store.format.records import Gap
from auditor.store.ledger.clock import Clock
from auditor.store.verification.verify import verify
from tests.auditor.store.material import Home, completion


def set_clock(monkeypatch: pytest.MonkeyPatch, by: float) -> None:
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + by)


def test_steering_is_no_jump(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    set_clock(monkeypatch, 1.5)
    assert clock.jump() is None


@pytest.mark.parametrize(("by", "said"), [(3600.0, "+3600 s"), (-90.0, "-90 s")])
def test_a_jump_is_told_once(monkeypatch: pytest.MonkeyPatch, by: float, said: str) -> None:
    clock = Clock()
    set_clock(monkeypatch, by)
    jump = clock.jump()
    assert jump is not None
    assert (jump.reason, jump.detail) == ("clock_jump", said)
    assert clock.jump() is None


def test_it_stands_in_the_ledger_before_what_came_after(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    with home.writer() as writer:
        before = writer.append([completion(1)])
        set_clock(monkeypatch, -7200.0)
        after = writer.append([completion(2), completion(3)])
    assert len(after) == 2
    gaps = [record for record in home.records() if isinstance(record.meta, Gap)]
    assert [record.seq for record in gaps] == [after[0] - 1]
    report = verify(home.location, home.identity)
    assert report.holds, report.faults
    ((seq, by_ms),) = [back for one in report.ledgers for back in one.set_back]
    assert before[-1] < seq <= after[-1] + 1, "told by the next checkpoint that stayed"
    assert abs(by_ms - 7_200_000) < 60_000
