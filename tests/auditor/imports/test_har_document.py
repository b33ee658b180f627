# SPDX-License-Identifier: Apache-2.0
import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.imports import har_document
from auditor.imports.entries import Unreadable
from tests.auditor.imports.material import entry, har

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=12,
)


def elements(data: bytes) -> list[Any]:
    return list(har_document.elements(io.BytesIO(data)))


def count(data: bytes) -> int:
    return har_document.count(io.BytesIO(data))


@given(st.lists(JSON, max_size=5))
def test_elements_are_those_of_an_ordinary_parser(values: list[Any]) -> None:
    assert elements(har(*values)) == values
    assert count(har(*values)) == len(values)


def test_other_parts_named_entries_are_not_taken() -> None:
    log = {"pages": [{"entries": [1]}], "log": {"entries": [2]}, "entries": [3], "comment": {"entries": [4]}}
    data = json.dumps({"entries": [0], "x": {"entries": [5]}, "log": log, "y": {"log": {"entries": [6]}}}).encode()
    assert elements(data) == [3]
    assert count(data) == 1


@pytest.mark.parametrize("data", [b'{"log": {}}', b"{}", b'{"log": {"entries": {"a": {}}}}', b'[{"log": 1}]', b"3"])
def test_a_document_without_entries_is_no_har(data: bytes) -> None:
    with pytest.raises(Unreadable, match=r"no `log\.entries`"):
        count(data)


@given(st.data())
def test_a_document_cut_off_anywhere_is_no_har(data: st.DataObject) -> None:
    whole = har(entry(), entry())
    cut = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(Unreadable):
        count(whole[:cut])


def test_the_place_of_a_break_is_said_without_content() -> None:
    whole = har(entry(), entry(comment="canary-7f3k"), entry())
    with pytest.raises(Unreadable, match=r"^its JSON is cut off or broken \(1 whole entries before\)$"):
        count(whole[: whole.index(b"7f3k")])


@pytest.mark.parametrize("nest", [b"[", b'{"a":'])
def test_nesting_is_bounded(nest: bytes) -> None:
    with pytest.raises(Unreadable, match="nested too deeply"):
        count(b'{"log": {"entries": [' + nest * 1_000_000)


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_and_never_crash(data: bytes) -> None:
    with pytest.raises(Unreadable):
        count(data)
