# SPDX-License-Identifier: Apache-2.0
"""Both engines find the same; the cache is trusted only where it lies safely."""

from pathlib import Path

import pytest

from auditor.detectors import cache
from auditor.detectors.engine import HyperscanEngine, Re2Engine
from auditor.detectors.patterns import Pattern

PATTERNS = [Pattern("number", r"\b[0-9]{2,4}\b"), Pattern("word", r"\bfoo(?:bar)?", caseless=True)]
TEXT = b"12 foo 345 FOOBAR 99999 foobar"


@pytest.mark.parametrize("engine", [HyperscanEngine, Re2Engine])
def test_longest_match_from_every_start(engine: type[HyperscanEngine] | type[Re2Engine]) -> None:
    hits = engine(PATTERNS).find(TEXT)
    assert sorted(hits.ends.items()) == [((0, 0), 2), ((0, 7), 10), ((1, 3), 6), ((1, 11), 17), ((1, 24), 30)]
    assert not hits.truncated


@pytest.mark.parametrize("engine", [HyperscanEngine, Re2Engine])
def test_too_many_hits_are_cut_and_told(engine: type[HyperscanEngine] | type[Re2Engine]) -> None:
    hits = engine(PATTERNS, 5).find(b"12 " * 100)
    assert len(hits.ends) == 5
    assert hits.truncated


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("platformdirs.user_cache_dir", lambda *_args, **_named: str(tmp_path))
    monkeypatch.setattr(cache, "installation_folder", lambda: None)
    return tmp_path / "patterns"


def test_cache_is_read_back(folder: Path) -> None:
    assert cache.cached("kind", "table", lambda: b"built") == b"built"
    assert cache.cached("kind", "table", lambda: b"not built again") == b"built"
    assert not folder.stat().st_mode & 0o022


def test_what_the_installation_compiled_serves_every_user(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "installation_folder", lambda: tmp_path / "installed")
    assert cache.cached("kind", "table", lambda: b"built") == b"built"
    assert not folder.exists()
    shared = tmp_path / "installed" / "patterns"
    shared.chmod(0o555)
    assert cache.cached("kind", "table", lambda: b"not built again") == b"built"
    shared.chmod(0o777)
    assert cache.cached("kind", "table", lambda: b"anew") == b"anew"
    assert folder.exists()


def test_tampered_cache_is_built_anew(folder: Path) -> None:
    cache.cached("kind", "table", lambda: b"built")
    file = next(folder.iterdir())
    file.write_bytes(file.read_bytes()[:32] + b"evil!")
    assert cache.cached("kind", "table", lambda: b"anew") == b"anew"


def test_folder_open_to_others_is_not_used(folder: Path) -> None:
    cache.cached("kind", "table", lambda: b"built")
    folder.chmod(0o777)
    assert cache.cached("kind", "table", lambda: b"anew") == b"anew"
