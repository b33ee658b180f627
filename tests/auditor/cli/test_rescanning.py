# SPDX-License-Identifier: Apache-2.0
"""The whole store searched again: what today's detectors find beyond what was counted, reported once, with a trace."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from auditor import rescan
from auditor.archive import Tally
from tests.auditor.cli import material
from tests.auditor.cli.house import House

POLICY = f'[[data.dictionary]]\nname = "recipes"\nterms = ["{material.SECRET_WORD}"]\n'


@pytest.fixture
def imported(house: House, tmp_path: Path) -> House:
    house.filled(material.day())
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "policy.toml").write_text(POLICY)
    return house


def test_what_is_new_becomes_a_finding_once(imported: House, tmp_path: Path) -> None:
    again = ("rescan", "--json", "--config", tmp_path / "own", "--reason", "project names")
    assert imported.ok("rescan", "--json", "--reason", "nothing new").rows == [{"new": 0, "more": 0, "known": 0}]
    assert imported.ok(*again).rows == [{"new": 1, "more": 0, "known": 0}]
    assert imported.ok(*again).rows == [{"new": 0, "more": 0, "known": 1}]
    (found,) = imported.ok("findings", "--json").rows
    assert (found["kind"], found["count"], len(found["calls"])) == ("data", 1, 1)
    assert material.SECRET_WORD not in str(found)
    reasons = {row["reason"] for row in imported.ok("access-log", "--json").rows if row["action"] == "rescan"}
    assert reasons == {"nothing new", "project names"}


def test_without_a_reason_nothing_is_opened(imported: House) -> None:
    ran = imported.run("rescan")
    assert ran.code == 2
    assert imported.ok("access-log", "--json").rows == []


def test_since_limits_what_is_opened(imported: House, tmp_path: Path) -> None:
    later = imported.ok(
        "rescan", "--json", "--since", "2026-11-23T12:01:00Z", "--config", tmp_path / "own", "--reason", "late"
    )
    assert later.rows == [{"new": 0, "more": 0, "known": 0}]


def _until(last: int, search: Callable[..., Tally], *given: Any) -> Tally:
    """Searches, and is interrupted as by Ctrl+C once so many calls are done."""
    *wishes, told = given

    def progress(done: int, of: int) -> None:
        told(done, of)
        if done == last:
            raise KeyboardInterrupt

    return search(*wishes, progress)


def test_broken_off_nothing_is_reported_and_all_is_found_the_next_time(
    imported: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = ("--config", tmp_path / "own", "--reason", "project names")
    whole = rescan.rescan
    with monkeypatch.context() as patched:
        patched.setattr("auditor.rescan.rescan", lambda *given: _until(2, whole, *given))
        broken_off = imported.run("rescan", *words)
    assert broken_off.code == 130
    assert "Interrupted" in broken_off.err
    assert imported.ok("findings", "--json").rows == []
    assert [row["action"] for row in imported.ok("access-log", "--json").rows] == ["rescan"]
    assert imported.ok("verify").code == 0
    assert imported.ok("rescan", "--json", *words).rows == [{"new": 1, "more": 0, "known": 0}]
