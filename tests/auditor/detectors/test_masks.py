# SPDX-License-Identifier: Apache-2.0
"""Masks never show more than documented."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.detectors.masks import ELLIPSIS, mask
from auditor.detectors.table import TYPES

SHOWING = {"PAYMENT_CARD", "IBAN", "EMAIL", "PHONE", "SECRET"}


@pytest.mark.parametrize(
    ("type_", "value", "prefix", "shown"),
    [
        ("PAYMENT_CARD", "4111 1111 1111 1234", "", "…1234"),
        ("IBAN", "DE89370400440532013000", "", "DE…00"),
        ("EMAIL", "somebody@example.org", "", "s….org"),
        ("PHONE", "+49 30 901820 77", "+49", "+49…7"),
        ("SECRET", "ghp_" + "x" * 36, "ghp_", "ghp_…"),
        ("PASSWORD", "correct horse battery", "", "…"),
        ("NATIONAL_ID", "44051401359", "", "…"),
    ],
)
def test_mask_by_type(type_: str, value: str, prefix: str, shown: str) -> None:
    assert mask(type_, value, prefix) == shown


@given(st.sampled_from(sorted(TYPES)), st.text(max_size=60), st.integers(0, 12))
def test_at_most_a_quarter_is_shown(type_: str, value: str, length: int) -> None:
    shown = mask(type_, value, value[:length]).replace(ELLIPSIS, "", 1)
    assert len(shown) <= len(value) // 4
    assert type_ in SHOWING or shown == ""
