# SPDX-License-Identifier: Apache-2.0
"""What an unlocked auditor sees: the index over the ledgers, filters, figures, and content with a reason."""

from auditor.archive.archive import Archive, Progress
from auditor.archive.casework import Tally
from auditor.archive.charts import DIMENSIONS, OUTCOMES, Histogram, Share, Summary
from auditor.archive.content import Opened, Place
from auditor.archive.fields import FIELDS, Field, Holds
from auditor.archive.filters import Filter
from auditor.archive.index import Interrupted
from auditor.archive.listing import PAGE, SORTS, Listing, Sort
from auditor.archive.parser import FilterError
from auditor.archive.rows import OUTCOME_UNKNOWN
from auditor.archive.status import GapRecord, LedgerStatus
from auditor.archive.suggestions import Suggestion

__all__ = [
    "DIMENSIONS",
    "FIELDS",
    "OUTCOMES",
    "OUTCOME_UNKNOWN",
    "PAGE",
    "SORTS",
    "Archive",
    "Field",
    "Filter",
    "FilterError",
    "GapRecord",
    "Histogram",
    "Holds",
    "Interrupted",
    "LedgerStatus",
    "Listing",
    "Opened",
    "Place",
    "Progress",
    "Share",
    "Sort",
    "Suggestion",
    "Summary",
    "Tally",
]
