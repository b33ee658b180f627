# SPDX-License-Identifier: Apache-2.0
"""Things in batches that are bounded by what they weigh, and not by their number alone."""

import sys
from collections.abc import Callable, Iterable, Iterator


def by_weight[T](
    items: Iterable[T], weight: Callable[[T], int], most: int, count: int = sys.maxsize
) -> Iterator[list[T]]:
    """The items in their order, so many together as reach a weight of `most` or are `count`, whichever comes first."""
    batch: list[T] = []
    size = 0
    for item in items:
        batch.append(item)
        size += weight(item)
        if len(batch) >= count or size >= most:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
