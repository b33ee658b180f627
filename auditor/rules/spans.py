# SPDX-License-Identifier: Apache-2.0
"""Spans of time as conditions over the index: few of them, so that a query stays short."""

from collections.abc import Iterable
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, and_, or_

from auditor.archive.schema import calls

MOST: Final = 50
"""Spans of one condition; where there are more, one holds them all."""


class Span(NamedTuple):
    """Microseconds, the end not among them."""

    start: int
    end: int


def merged(given: Iterable[Span]) -> list[Span]:
    """The same time in spans that do not touch."""
    found: list[Span] = []
    for span in sorted(given):
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return found if len(found) <= MOST else [Span(found[0].start, found[-1].end)]


def around(times: NDArray[np.int64], reach: int) -> list[Span]:
    """All that lies less than `reach` from one of some moments."""
    times = np.sort(times)
    edges = np.flatnonzero(np.diff(times) > 2 * reach) + 1
    return merged(Span(int(some[0]) - reach + 1, int(some[-1]) + reach) for some in np.split(times, edges))


def within(spans: Iterable[Span]) -> ColumnElement[bool]:
    """That a call lies in one of them."""
    return or_(*(and_(*between(*span)) for span in spans))


def between(start: int | None, end: int | None) -> list[ColumnElement[bool]]:
    """That a call lies in a span that may be open."""
    bounds = [calls.c.time >= start] if start is not None else []
    return [*bounds, calls.c.time < end] if end is not None else bounds
