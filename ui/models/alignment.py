# SPDX-License-Identifier: Apache-2.0
"""The content of a session, opened for a reason: the skeletons of its prompts, and rows of uploads beside the outputs
they came from. Data found in any of these texts is covered, letter by letter, so that places stay where they are.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from auditor.archive import Archive
from auditor.calls import Match
from auditor.detectors import Scanner
from auditor.distillation.observation import Observation, is_generative, observe
from auditor.distillation.skeletons import SLOT, Skeleton, mine
from auditor.distillation.view import AlignedRow, lineage
from auditor.findings import Finding
from ui.background import Job
from ui.models import formats

MOST_CALLS = 200
MOST_SKELETONS, MOST_SLOTS = 3, 4
COVER = "•"

type Scan = Callable[[str], Iterable[Match]]


class Part(NamedTuple):
    """A run of text: plain, "shared" by both texts, a "slot" of a skeleton, or "covered"."""

    text: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class SkeletonView:
    """A template: its text, how many calls follow it, and what filled its slots in some of them."""

    parts: tuple[Part, ...]
    calls: tuple[str, ...]
    slots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RowView:
    """A row of an upload beside the output it was first seen in."""

    number: int
    side: str
    share: float
    source: str
    row: tuple[Part, ...]
    output: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class SessionContent:
    """What a session holds; `missing` rows can no longer be opened."""

    finding: str
    skeletons: tuple[SkeletonView, ...]
    rows: tuple[RowView, ...]
    missing: int


def open_session(archive: Archive, job: Job, finding: Finding, reason: str) -> SessionContent:
    """Open a session: each access is recorded with the reason before anything is opened.

    Raises what the archive raises; then nothing was opened.
    """
    scan = Scanner().scan
    views = lineage(archive, finding, reason)
    rows = [_row(one, scan) for view in views for one in view.rows]
    observed: list[Observation] = []
    ids = finding.calls[:MOST_CALLS]
    for done, one in enumerate(archive.content(ids, reason, scope=f"session of finding {finding.id}")):
        job.report(done, len(ids))
        if one.sealed is not None and is_generative(one.call):
            observed.append(observe(one.call, one.content, one.sealed.exchange))
    skeletons = [_skeleton(one, scan) for one in mine(observed)[:MOST_SKELETONS]]
    return SessionContent(finding.id, tuple(skeletons), tuple(rows), sum(view.missing for view in views))


def _skeleton(found: Skeleton, scan: Scan) -> SkeletonView:
    covered = cover(found.text, scan)
    pieces: list[Part] = []
    for place, piece in enumerate(covered.split(SLOT)):
        pieces += [Part(SLOT, "slot")] if place else []
        pieces += [Part(formats.safe_text(piece))] if piece else []
    slots = dict.fromkeys(formats.one_line(cover(slot, scan), 200) for slot in found.slots if slot.strip())
    return SkeletonView(tuple(pieces), found.calls, tuple(slots)[:MOST_SLOTS])


def _row(found: AlignedRow, scan: Scan) -> RowView:
    row = [(piece.row_start, piece.row_end) for piece in found.pieces]
    output = sorted((piece.output_start, piece.output_end) for piece in found.pieces)
    return RowView(
        number=found.number,
        side=found.side,
        share=found.share,
        source=found.source.id,
        row=parts(cover(found.text, scan), row),
        output=parts(cover(found.output, scan), output),
    )


def cover(text: str, scan: Scan) -> str:
    """The text with every character of what detectors find covered; as long as it was."""
    letters = list(text)
    for match in scan(text):
        letters[match.start : match.end] = COVER * (match.end - match.start)
    return "".join(letters)


def parts(text: str, shared: Sequence[tuple[int, int]]) -> tuple[Part, ...]:
    """The text in runs; `shared` are places in order, which may touch or overlap."""
    found: list[Part] = []
    done = 0
    for start, end in shared:
        start = max(start, done)
        if start >= end:
            continue
        if start > done:
            found.append(Part(formats.safe_text(text[done:start])))
        found.append(Part(formats.safe_text(text[start:end]), "shared"))
        done = end
    if done < len(text):
        found.append(Part(formats.safe_text(text[done:])))
    return tuple(found)
