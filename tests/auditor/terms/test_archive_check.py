# SPDX-License-Identifier: Apache-2.0
"""Changes in a checkout of Open Terms Archive are found by section, and name the clauses to read again."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import InputError
from auditor.terms import Registry
from auditor.terms.archive_check import Review, changed, check, concerned, sections
from tests.auditor.terms.test_registry import ACME, write

BEFORE = """# Terms
Hello [there](https://example.org/a).

## 2 Use
### 2.1 Resale
No resale.
### 2.2 Data
Keep it.
"""


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    command = ["git", "-C", str(folder), *identity, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def commit(repository: Path, text: str | None) -> str:
    file = repository / "Acme" / "Commercial Terms.md"
    file.parent.mkdir(exist_ok=True)
    if text is None:
        file.unlink()
    else:
        file.write_text(text)
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "--allow-empty", "-m", "Record")
    return git(repository, "rev-parse", "HEAD")


def reviewed(tmp_path: Path, after: str | None, archive: Path | None = None) -> Review:
    """The review of Acme's terms when the archive's newest version is `after`."""
    repository = tmp_path / "acme-versions"
    repository.mkdir()
    git(repository, "init", "-q")
    first = commit(repository, BEFORE)
    commit(repository, after)
    place = f"""[document.archive]
collection = "acme"
repository = "OpenTermsArchive/acme-versions"
service = "Acme"
terms_type = "Commercial Terms"
commit = "{first}"
[[clause]]
"""
    data = tmp_path / "data"
    data.mkdir()
    registry = Registry.read(write(data, ACME.replace("[[clause]]\n", place, 1)))
    (review,) = check(registry, archive or tmp_path)
    return review


def test_unchanged_but_for_furniture(tmp_path: Path) -> None:
    review = reviewed(
        tmp_path, BEFORE.replace("https://example.org/a", "https://example.org/b").replace("No resale.", "No   resale.")
    )
    assert review.state == "unchanged"
    assert review.clauses == ()


def test_a_changed_section_names_its_clauses(tmp_path: Path) -> None:
    review = reviewed(tmp_path, BEFORE.replace("No resale", "Resale with leave"))
    assert (review.state, review.changed_sections) == ("changed", ("2.1 Resale",))
    assert review.clauses == ("acme.reselling.1",)


def test_another_section_leaves_the_clause(tmp_path: Path) -> None:
    review = reviewed(tmp_path, BEFORE.replace("Keep it", "Delete it"))
    assert (review.state, review.clauses) == ("changed", ())


def test_a_sudden_shrinkage_is_no_change_of_terms(tmp_path: Path) -> None:
    review = reviewed(tmp_path, "# Terms\nOops")
    assert (review.state, review.clauses) == ("shrunk", ("acme.reselling.1",))


def test_a_document_that_is_gone(tmp_path: Path) -> None:
    assert reviewed(tmp_path, None).state == "missing"


def test_one_repository_given_itself(tmp_path: Path) -> None:
    assert reviewed(tmp_path, BEFORE, tmp_path / "acme-versions").state == "unchanged"


def test_no_checkout_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no checkout"):
        list(check(Registry.load(), tmp_path))


def test_sections_by_number_are_not_confused() -> None:
    clauses = [c for c in Registry.load().clauses.values() if c.id == "openai.competing_model_training.1"]
    assert concerned(clauses, ["3.3 Restrictions"]) == ("openai.competing_model_training.1",)
    assert concerned(clauses, ["33 Notices"]) == ()
    assert concerned(clauses, ["Restrictions"]) == ("openai.competing_model_training.1",)


@given(st.text(max_size=400))
def test_a_document_never_differs_from_itself(markdown: str) -> None:
    assert changed(markdown, markdown) == ()
    assert all(isinstance(text, str) for text in sections(markdown).values())
