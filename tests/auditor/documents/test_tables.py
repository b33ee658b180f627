# SPDX-License-Identifier: Apache-2.0
"""Parquet: rows come out as JSON lines, of a broken file nothing, of a bomb no more than the bound."""

import io
import json
from collections.abc import Mapping, Sequence

import pytest
from arro3.core import Array, DataType, Table, list_array
from arro3.io import write_parquet

from auditor.documents import extract
from auditor.documents.extracted import TEXT_LIMIT, Unread
from auditor.documents.extraction import parquet_rows


def parquet(columns: Mapping[str, Sequence[object] | Array], kind: DataType | None = None) -> bytes:
    """A Parquet file of these columns, of strings where no other kind is given."""
    arrays = {
        name: values if isinstance(values, Array) else Array(values, type=kind or DataType.string())
        for name, values in columns.items()
    }
    table = Table.from_pydict(arrays)
    file = io.BytesIO()
    write_parquet(table, file, compression="zstd(3)")
    return file.getvalue()


def test_rows_come_out_as_json_lines() -> None:
    data = parquet({"prompt": ["Who?", "Größe?"], "completion": ["Ada", None]})
    assert [json.loads(line) for line in parquet_rows(data).text.splitlines()] == [
        {"prompt": "Who?", "completion": "Ada"},
        {"prompt": "Größe?", "completion": None},
    ]
    assert extract(data).text == parquet_rows(data).text


def test_lists_come_out_and_raw_bytes_do_not() -> None:
    tags = list_array(Array([0, 2, 2], type=DataType.int32()), Array(["a", "b"], type=DataType.string()))
    assert [json.loads(line) for line in parquet_rows(parquet({"tags": tags})).text.splitlines()] == [
        {"tags": ["a", "b"]},
        {"tags": []},
    ]
    raw = parquet({"picture": [b"\x00\x01"]}, DataType.binary())
    assert parquet_rows(raw).text == "{}\n"


@pytest.mark.parametrize(
    "data", [b"PAR1", b"PAR1 and what follows", parquet({"a": ["b"]})[:-3]], ids=["head", "text", "cut"]
)
def test_a_broken_file_is_said_to_be_broken(data: bytes) -> None:
    assert parquet_rows(data).unread is Unread.BROKEN
    assert extract(data).unread is Unread.BROKEN


def test_what_unpacks_to_more_than_the_bound_is_cut_there() -> None:
    data = parquet({"text": ["x" * 10_000] * 200})
    assert len(data) < 20_000
    found = extract(data)
    assert (len(found.text), found.unread) == (TEXT_LIMIT, Unread.TRUNCATED)
    assert len(parquet_rows(data).text) > 2_000_000
