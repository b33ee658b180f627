# SPDX-License-Identifier: Apache-2.0
"""The formats calls are written in, and which of them have a place for what was said."""

from enum import StrEnum
from typing import Final


class Format(StrEnum):
    """What is written."""

    CSV = "csv"
    JSONL = "jsonl"
    HAR = "har"
    OCSF = "ocsf"
    OTEL = "otel"


HOLD_CONTENT: Final = frozenset({Format.JSONL, Format.OTEL, Format.HAR})
"""Those with a place for what was said."""

HOLD_MASKED: Final = HOLD_CONTENT - {Format.HAR}
"""Those in which data found can be masked: an HTTP archive holds bodies as they were captured."""
