# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from auditor.archive import Archive
from auditor.demo import extremes
from auditor.store import Identity, Location


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(extremes, "FACTS", 60)
    monkeypatch.setattr(extremes, "FINDINGS", 6)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def test_the_extreme_store_speaks_of_ten_million_calls(tmp_path: Path) -> None:
    made = extremes.extreme(tmp_path / "extreme")
    identity = Identity.open(made.identity, extremes.PASSPHRASE)
    with Archive.open(Location.parse(made.store), identity) as archive:
        assert archive.refresh() == 0
        listing = archive.listing()
        assert listing.count == extremes.CALLS // 64 * 64
        assert [call.id for call in listing.page(0, 4)] == [f"extreme-{number}" for number in range(4)]
        [opened] = archive.content(["extreme-2"], "a look")
        assert opened.sealed is not None
        assert len(opened.sealed.exchange.request.body) > 2_000_000
        assert len(archive.cases()) == 6
        assert max(len(case.finding.rule.title) for case in archive.cases()) == extremes.LONG


def test_the_empty_store_is_empty(tmp_path: Path) -> None:
    made = extremes.empty(tmp_path / "empty")
    with Archive.open(Location.parse(made.store), Identity.open(made.identity, extremes.PASSPHRASE)) as archive:
        assert archive.refresh() == 0
        assert archive.count() == 0
