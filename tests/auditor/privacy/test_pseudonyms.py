# SPDX-License-Identifier: Apache-2.0
"""Pseudonyms are stable, keyed, told apart by use, and equal for one value written two ways."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.calls import Span
from auditor.privacy import Pseudonyms

ONE, OTHER = Pseudonyms(b"1" * 32), Pseudonyms(b"2" * 32)


@given(st.text(min_size=1))
def test_stable_under_one_key_and_unlike_under_another(name: str) -> None:
    assert ONE.actor(name) == Pseudonyms(b"1" * 32).actor(name)
    assert len({ONE.actor(name)[2:], OTHER.actor(name)[2:], ONE.credential(name)[2:], ONE.same("EMAIL", name)}) == 4
    assert re.fullmatch(r"a-[a-z2-7]{16}", ONE.actor(name))


def test_no_collision_among_many() -> None:
    assert len({ONE.actor(f"user{n}") for n in range(20_000)}) == 20_000


def test_one_person_written_two_ways_is_one_actor() -> None:
    assert ONE.actor("Alice") == ONE.actor(" alice") == ONE.actor("ＡＬＩＣＥ")


@pytest.mark.parametrize(
    ("type_", "one", "other", "equal"),
    [
        ("EMAIL", "Ann@Example.org", "ann@example.org", True),
        ("PAYMENT_CARD", "4111 1111-1111 1111", "4111111111111111", True),
        ("IBAN", "DE89 3704 0044", "de8937040044", True),
        ("PERSON", "Ann  Lee", "ann lee", True),
        ("PERSON", "Ann Lee", "Annlee", False),
        ("SECRET", "aB", "ab", False),
    ],
)
def test_values_are_compared_in_their_normal_form(type_: str, one: str, other: str, equal: bool) -> None:
    assert (ONE.same(type_, one) == ONE.same(type_, other)) is equal


def test_a_value_has_another_digest_for_each_type() -> None:
    assert ONE.same("EMAIL", "x") != ONE.same("PERSON", "x")


def test_a_key_of_the_wrong_size_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Pseudonyms(b"short")


@pytest.mark.parametrize(("span", "changes"), [("forever", 1), ("year", 2), ("quarter", 3), ("month", 4)])
def test_an_actor_keeps_a_pseudonym_for_a_span(span: Span, changes: int) -> None:
    pseudonyms = Pseudonyms(b"1" * 32, span)
    times = [datetime(2026, month, 28, tzinfo=UTC) for month in (8, 11, 12)] + [datetime(2027, 1, 1, tzinfo=UTC)]
    found = [pseudonyms.actor("alice", at) for at in times]
    assert len(set(found)) == changes
    assert pseudonyms.actors("alice", times[0], times[-1]).issuperset(found)
    assert len(pseudonyms.actors("alice", times[0], times[-1])) == {"month": 6}.get(span, changes)


def test_a_span_needs_a_moment() -> None:
    with pytest.raises(ValueError, match="moment"):
        Pseudonyms(b"1" * 32, "year").actor("alice")
