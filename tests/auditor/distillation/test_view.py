# SPDX-License-Identifier: Apache-2.0
"""What the desktop shows of lineage, from a real store."""

import pytest

from auditor.archive import Archive
from auditor.distillation import analyze
from auditor.distillation.view import lineage
from auditor.errors import InputError
from auditor.findings import Finding
from auditor.store.format.records import Access
from auditor.terms import Registry
from tests.auditor.distillation.test_reading import archive, store

__all__ = ["archive", "store"]


@pytest.fixture
def found(archive: Archive) -> Finding:
    ((finding,),) = filter(None, analyze(archive, Registry.load()))
    return finding


def test_rows_stand_beside_the_outputs_they_came_from(archive: Archive, found: Finding) -> None:
    (view,) = lineage(archive, found, "Case 12")
    assert view.upload.id in found.calls
    assert [one.number for one in view.rows] == [one.row for one in found.evidence if one.row is not None]
    for row in view.rows:
        assert row.text == row.output
        assert (row.share, row.side, len(row.pieces)) == (1.0, "target", 1)
        assert row.source.id in found.calls
    assert view.missing == 0


def test_looking_is_on_record_and_takes_a_reason(archive: Archive, found: Finding) -> None:
    with pytest.raises(InputError):
        lineage(archive, found, " ")
    lineage(archive, found, "Case 12")
    archive.refresh()
    accesses = [one.meta for one in archive.access_log() if isinstance(one.meta, Access)]
    assert [one.scope for one in accesses if one.reason == "Case 12"] == [f"lineage of finding {found.id}"]


def test_other_findings_have_no_view(archive: Archive, found: Finding) -> None:
    bare = found.__replace__(evidence=())
    assert lineage(archive, bare, "Case 12") == ()
