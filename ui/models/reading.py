# SPDX-License-Identifier: Apache-2.0
"""What the views ask of the archive, in the shapes they show. Runs on the reader thread; no widgets here."""

from collections.abc import Sequence
from dataclasses import dataclass

from auditor.archive import Archive, Filter
from ui.models.columns import Row, row_of


@dataclass(frozen=True, slots=True)
class Sort:
    """The order of a list: by a column, newest first unless said otherwise."""

    column: str = "time"
    descending: bool = True

    @property
    def newest_first(self) -> bool:
        """Whether new calls belong on top."""
        return self.column == "time" and self.descending


def count(archive: Archive, filter_: Filter) -> int:
    """How many calls a filter lets through."""
    return archive.count(filter_)
