# SPDX-License-Identifier: Apache-2.0
"""Any row of a listing can be had at any time, in any order, and arriving calls do not shift it."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.archive import SORTS, Archive, Filter, Sort
from auditor.archive import listing as listing_module
from auditor.calls import Call
from auditor.errors import InputError
from tests.auditor.archive.conftest import T0, Store, call, completion

Fill = Callable[..., Archive]
COUNT = 120


@pytest.fixture(scope="module")
def archive(shared_store: Store) -> Iterator[Archive]:
    """Calls in no order of time, several at one moment, values missing."""
    some = (
        call(
            n,
            time=T0 + timedelta(seconds=(n * 37) % 50),
            provider=("openai", "anthropic", None)[n % 3],
            input_tokens=(n * 7) % 11 or None,
            output_tokens=1,
        )
        for n in range(COUNT)
    )
    shared_store.write(*(completion(one) for one in some))
    with shared_store.archive() as opened:
        opened.refresh()
        yield opened


def newest_first(calls: list[Call]) -> list[Call]:
    return sorted(calls, key=lambda one: (one.time, one.seq), reverse=True)


@settings(max_examples=30)
@given(
    jumps=st.lists(st.tuples(st.integers(0, COUNT + 5), st.integers(1, 40)), max_size=12),
    descending=st.booleans(),
    counted=st.integers(0, 5),
)
def test_pages_by_time_in_any_sequence(
    archive: Archive, jumps: list[tuple[int, int]], descending: bool, counted: int
) -> None:
    expected = newest_first(list(archive.calls()))[:: 1 if descending else -1]
    listing = archive.listing(sort=Sort("time", descending))
    for number, (offset, limit) in enumerate(jumps):
        if number == counted:
            assert listing.count == COUNT
        assert list(listing.page(offset, limit)) == expected[offset : offset + limit]


@pytest.mark.parametrize("far", [0, 10**9])
def test_a_filters_pages_near_and_far(archive: Archive, monkeypatch: pytest.MonkeyPatch, far: int) -> None:
    monkeypatch.setattr(listing_module, "FAR", far)
    expected = [one for one in newest_first(list(archive.calls())) if one.provider == "anthropic"]
    listing = archive.listing(Filter.parse("provider:anthropic"))
    assert listing.count == len(expected) == 40
    for offset in (30, 0, 35, 10, 20):
        assert list(listing.page(offset, 5)) == expected[offset : offset + 5]
    assert list(listing) == expected


@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize("field", SORTS)
def test_every_order_holds_every_call_once(archive: Archive, field: str, descending: bool) -> None:
    listing = archive.listing(sort=Sort(field, descending))
    found = list(listing.page(0, 70)) + list(listing.page(70, 70))
    assert {one.id for one in found} == {f"call-{n:04d}" for n in range(COUNT)}


def test_values_in_order_and_missing_ones_last(archive: Archive) -> None:
    found = [one.input_tokens for one in archive.listing(sort=Sort("input", False)).page(0, COUNT)]
    known = [value for value in found if value is not None]
    assert known == sorted(known)
    assert found[: len(known)] == known
    assert None not in [one.provider for one in archive.listing(sort=Sort("provider")).page(0, 80)]


def test_arrivals_do_not_shift_a_listing(filled: Fill) -> None:
    archive = filled(*(completion(call(n)) for n in range(20)))
    listing = archive.listing()
    before = listing.page(0, 10)
    filled(completion(call(500)), completion(call(501, provider="x")))
    assert listing.page(0, 10) == before
    assert (listing.count, listing.arrived(), archive.count()) == (20, 2, 22)
    assert archive.listing().page(0, 1)[0].id == "call-0501"


def test_past_the_end_and_nonsense(archive: Archive) -> None:
    listing = archive.listing()
    assert listing.page(COUNT) == listing.page(-1) == listing.page(0, 0) == ()
    assert len(listing.page(COUNT - 2, 10)) == 2
    assert list(archive.calls(limit=3)) == list(listing.page(0, 3))
    with pytest.raises(InputError, match="ordered by"):
        archive.listing(sort=Sort("colour"))
    assert archive.listing(Filter.parse("provider:nobody")).page(0) == ()
