# SPDX-License-Identifier: Apache-2.0
"""Which clauses need a new reading, by a checkout of Open Terms Archive (https://opentermsarchive.org).

The archive keeps each document as Markdown, one commit a change. Each document of the registry names the commit it was
read at; this compares that version with the newest one, section by section, with links and page furniture taken out.
Nothing is rewritten: a person reads the changed section and corrects the data file.
"""

import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, Literal

from auditor.calls import Value
from auditor.errors import InputError
from auditor.terms.model import ArchivePlace, Clause, Document
from auditor.terms.registry import Registry

SHRUNK_BELOW: Final = 0.5
"""A document that keeps less than this share of its words was probably not scraped whole."""

_HEADING = re.compile(
    r"^(?:#{1,6}\s+(?P<heading>.+)|\*\*(?P<bold>[^*]{3,120})\*\*|(?P<number>\d+(?:\.\d+)*[.)]?\s.{0,80}))$"
)
_FURNITURE = re.compile(r"!\[[^\]]*\]\([^)]*\)|\[([^\]]*)\]\([^)]*\)|<[^>]+>")
_NUMBER = re.compile(r"\d+(?:\.\d+)*")

type DocumentState = Literal["unchanged", "changed", "shrunk", "missing", "untracked", "unknown_commit"]


class Review(Value, frozen=True, kw_only=True):
    """What the archive says of one document, and the clauses that a person should read again."""

    provider: str
    document: str
    title: str
    state: DocumentState
    changed_sections: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()


def check(registry: Registry, archive: Path) -> Iterator[Review]:
    """A review of every document. Raises `InputError` where `archive` holds no checkout.

    `archive` is one versions repository, or a folder of several by their names (`genai-eu-versions`).
    """
    checkouts = _checkouts(archive)
    for terms in registry.providers.values():
        for document in terms.document:
            clauses = [clause for clause in terms.clause if clause.document == document.id]
            yield _review(terms.id, document, clauses, checkouts)


def sections(markdown: str) -> dict[str, str]:
    """A document's sections by heading, their texts without links, markup and spacing. Repeated headings are joined."""
    found: dict[str, list[str]] = {"": []}
    heading = ""
    for line in markdown.splitlines():
        text = _FURNITURE.sub(r"\1", line).strip()
        title = _HEADING.match(text)
        if title:
            heading = next(part for part in title.groups() if part).strip("*# .:")
            found.setdefault(heading, [])
        elif text:
            found[heading].append(text)
    return {title: " ".join(" ".join(lines).split()).casefold() for title, lines in found.items()}


def changed(before: str, after: str) -> tuple[str, ...]:
    """The headings whose text differs, is new, or is gone."""
    old, new = sections(before), sections(after)
    return tuple(title for title in {**old, **new} if old.get(title) != new.get(title))


def concerned(clauses: Iterable[Clause], headings: Iterable[str]) -> tuple[str, ...]:
    """The clauses that stand in a changed section, by its number; all of them where sections bear no numbers."""
    numbers = {number[0] for heading in headings if (number := _NUMBER.match(heading))}
    named = [clause for clause in clauses if clause.section and _NUMBER.search(clause.section)]
    if not numbers:
        return tuple(clause.id for clause in clauses)
    within = {clause.id for clause in named if any(_stands_in(clause, number) for number in numbers)}
    return tuple(clause.id for clause in clauses if clause.id in within or clause not in named)


def _stands_in(clause: Clause, number: str) -> bool:
    ours = _NUMBER.findall(clause.section or "")
    return any(_begins(one, number) or _begins(number, one) for one in ours)


def _begins(number: str, with_number: str) -> bool:
    """Whether section 3.3 begins with section 3 (and section 33 does not)."""
    return number == with_number or number.startswith(f"{with_number}.")


def _review(provider: str, document: Document, clauses: list[Clause], checkouts: list[Path]) -> Review:
    state, headings = _compare(document.archive, checkouts)
    affected: tuple[str, ...] = ()
    if state == "changed":
        affected = concerned(clauses, headings)
    elif state in ("shrunk", "missing", "unknown_commit"):
        affected = tuple(clause.id for clause in clauses)
    return Review(
        provider=provider,
        document=document.id,
        title=document.title,
        state=state,
        changed_sections=headings,
        clauses=affected,
    )


def _compare(place: ArchivePlace | None, checkouts: list[Path]) -> tuple[DocumentState, tuple[str, ...]]:
    checkout = _checkout_of(place, checkouts) if place else None
    if place is None or place.commit is None or checkout is None:
        return "untracked", ()
    before, after = _show(checkout, place.commit, place.path), _show(checkout, "HEAD", place.path)
    if before is None:
        return ("untracked" if after is None else "unknown_commit"), ()
    if after is None:
        return "missing", ()
    if len(after.split()) < SHRUNK_BELOW * len(before.split()):
        return "shrunk", changed(before, after)
    headings = changed(before, after)
    return ("changed", headings) if headings else ("unchanged", ())


def _checkouts(archive: Path) -> list[Path]:
    candidates = [archive, *sorted(path for path in archive.glob("*") if path.is_dir())] if archive.is_dir() else []
    found = [path for path in candidates if _git(path, "rev-parse", "--git-dir") is not None and _is_top(path)]
    if not found:
        raise InputError(
            f"{archive} holds no checkout of Open Terms Archive.",
            "Clone OpenTermsArchive/genai-eu-versions (and genai-contrib-versions, contrib-versions) there.",
        )
    return found


def _is_top(path: Path) -> bool:
    return (path / ".git").exists() or (path / "HEAD").is_file()


def _checkout_of(place: ArchivePlace, checkouts: list[Path]) -> Path | None:
    """The checkout of the document's repository: by its folder's name, else the only one there is."""
    name = place.repository.rsplit("/", 1)[-1]
    named = [path for path in checkouts if path.name.removesuffix(".git") == name]
    if named or len(checkouts) > 1:
        return named[0] if named else None
    return checkouts[0]


def _show(checkout: Path, revision: str, path: str) -> str | None:
    return _git(checkout, "show", f"{revision}:{path}")


def _git(folder: Path, *arguments: str) -> str | None:
    """What git prints, or `None` where it fails."""
    command = ["git", "-C", str(folder), *arguments]
    run = subprocess.run(command, capture_output=True, check=False)  # noqa: S603
    return run.stdout.decode(errors="replace") if run.returncode == 0 else None
