# SPDX-License-Identifier: Apache-2.0
"""The rows of a Parquet file as JSON lines, so that whoever reads rows of JSON reads these too.

A file is decoded some thousand rows at a time, and left off where the collector is full: what it would be unpacked does
not matter. Raw bytes (pictures, hashes) are left out. Runs in the process apart.
Format: https://parquet.apache.org/docs/file-format/
"""

import io
import json
from collections.abc import Iterator
from typing import Any, Final

from arro3.core import RecordBatch
from arro3.io import read_parquet as batches

from auditor.documents.extracted import Collector

AT_ONCE: Final = 1_024
"""Rows decoded at once."""


def read_parquet(data: bytes, into: Collector) -> None:
    """Collect the rows. Raises `Stop` once the collector is full, and what the decoder raises."""
    for batch in _batches(data):
        names = batch.schema.names
        for values in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            record = {name: value for name, value in zip(names, values, strict=True) if not isinstance(value, bytes)}
            into.add(json.dumps(record, ensure_ascii=False, default=_written) + "\n")


def _batches(data: bytes) -> Iterator[RecordBatch]:
    """The file in batches. Raises `ValueError` where it is broken."""
    try:
        yield from batches(io.BytesIO(data), batch_size=AT_ONCE)
    except BaseException as failure:  # a panic of the decoder is no `Exception`; the worker can go on after it
        if type(failure).__name__ == "PanicException":
            raise ValueError("The Parquet file is broken.") from None
        raise


def _written(value: Any) -> str | None:
    """Dates, decimals and the like as text."""
    return None if isinstance(value, bytes) else str(value)
