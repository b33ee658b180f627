# SPDX-License-Identifier: Apache-2.0
"""Moments as the index keeps them: microseconds since 1970 UTC, exactly."""

from datetime import UTC, datetime
from typing import Final

MICROSECONDS: Final = 1_000_000
HOUR: Final = 3600 * MICROSECONDS
DAY: Final = 24 * HOUR


def microseconds(moment: datetime) -> int:
    """Microseconds since 1970 UTC."""
    return int(moment.replace(microsecond=0).timestamp()) * MICROSECONDS + moment.microsecond


def moment(time: int) -> datetime:
    """The moment of so many microseconds since 1970 UTC."""
    return datetime.fromtimestamp(time // MICROSECONDS, UTC).replace(microsecond=time % MICROSECONDS)
