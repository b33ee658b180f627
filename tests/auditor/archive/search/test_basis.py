# SPDX-License-Identifier: Apache-2.0
"""What makes the words of calls new."""

import shutil
from pathlib import Path

import pytest

import auditor
from auditor.archive.search.basis import READ_BY, ROOT, basis, digest


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A copy of what reads texts."""
    for name in READ_BY:
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, target)
    return tmp_path


@pytest.mark.parametrize("changed", ["dialects/openai_chat.py", "providers/data/new.toml", "privacy/texts.py"])
def test_another_reading_makes_another_basis(sources: Path, changed: str) -> None:
    before = digest(sources)
    assert before == digest(ROOT)
    with (sources / changed).open("a") as file:
        file.write("# read otherwise\n")
    assert digest(sources) != before


def test_what_is_compiled_and_the_version_make_none(sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = digest(sources)
    compiled = sources / "dialects/__pycache__/new.pyc"
    compiled.parent.mkdir(exist_ok=True)
    compiled.write_bytes(b"compiled")
    assert digest(sources) == before
    basis.cache_clear()
    monkeypatch.setattr(auditor, "__version__", "9.9")
    assert "9.9" not in basis()
    assert basis().endswith(f" {before}")


def test_a_bundle_without_sources_goes_by_its_version(tmp_path: Path) -> None:
    assert digest(tmp_path) is None
