# SPDX-License-Identifier: Apache-2.0
"""What came of an expression in the filter bar: a filter and its meaning, or one sentence on what is wrong."""

from dataclasses import dataclass

from auditor.archive import Filter
from auditor.errors import AuditorError


@dataclass(frozen=True, slots=True)
class FilterReading:
    """Either `filter` with its `meaning`, or a `problem`."""

    filter: Filter | None
    meaning: str = ""
    problem: str = ""


def read_filter(text: str) -> FilterReading:
    """Read an expression; never raises for what a person typed."""
    try:
        parsed = Filter.parse(text)
    except AuditorError as error:
        return FilterReading(None, problem=error.diagnostics())
    return FilterReading(parsed, meaning=parsed.explain())
