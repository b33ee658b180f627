# SPDX-License-Identifier: Apache-2.0
"""Lineage to look at: each row of an upload that a finding names, beside the output it was first seen in.

Reads content, so it takes a reason, and the access is recorded before anything is opened.
"""

from collections.abc import Iterable, Mapping

from auditor.archive import Archive, Opened
from auditor.calls import Call, Value
from auditor.distillation.alignment import Piece, align
from auditor.distillation.rows import Row
from auditor.distillation.sinks import find_sink
from auditor.findings import Evidence, Finding
from auditor.privacy import texts


class AlignedRow(Value, frozen=True, kw_only=True):
    """One row and the output it came from. `text` is the row's text on this `side` ("target" or "prompt"); both texts
    are as they passed, unmasked; `pieces` are what they share, in characters."""

    number: int
    side: str
    text: str
    source: Call
    output: str
    pieces: tuple[Piece, ...]

    @property
    def share(self) -> float:
        """Share of the row's characters that stand in the output."""
        return sum(one.row_end - one.row_start for one in self.pieces) / max(1, len(self.text))


class LineageView(Value, frozen=True, kw_only=True):
    """An upload with the rows that a finding rests on. `missing` counts rows whose content is no longer there."""

    upload: Call
    rows: tuple[AlignedRow, ...]
    missing: int = 0


def lineage(archive: Archive, finding: Finding, reason: str) -> tuple[LineageView, ...]:
    """The views of a finding of lineage, one an upload; none where the finding names no rows.

    Raises `InputError` for an empty reason, and what opening content raises.
    """
    points = [one for one in finding.evidence if one.upload is not None and one.row is not None and one.call]
    wanted = dict.fromkeys(id_ for one in points for id_ in (one.upload, one.call) if id_)
    if not wanted:
        return ()
    opened = {one.call.id: one for one in archive.content(wanted, reason, scope=f"lineage of finding {finding.id}")}
    uploads = dict.fromkeys(one.upload for one in points)
    return tuple(_view(opened[id_], [one for one in points if one.upload == id_], opened) for id_ in uploads if id_)


def _view(upload: Opened, points: Iterable[Evidence], opened: Mapping[str, Opened]) -> LineageView:
    sink = find_sink(upload.call, upload.sealed.exchange) if upload.sealed else None
    rows = {row.number: row for row in sink.rows} if sink else {}
    aligned, missing = [], 0
    for point in points:
        source = opened[point.call or ""]
        found = _aligned(rows[point.row], source) if point.row in rows else None
        if found is None:
            missing += 1
        else:
            aligned.append(found)
    return LineageView(upload=upload.call, rows=tuple(aligned), missing=missing)


def _aligned(row: Row, source: Opened) -> AlignedRow | None:
    """The row beside the output it shares most words with; None where nothing is left of it."""
    outputs = [one.text for one in texts(source.content) if one.direction == "received"]
    sides = [("target", text) for text in row.targets] + [("prompt", text) for text in row.prompts]
    tried = [
        AlignedRow(
            number=row.number, side=side, text=text, source=source.call, output=output, pieces=align(text, output)
        )
        for side, text in sides
        for output in outputs
    ]
    return max(tried, key=lambda one: sum(piece.words for piece in one.pieces), default=None)
