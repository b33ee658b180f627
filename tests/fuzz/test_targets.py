# SPDX-License-Identifier: Apache-2.0
"""The fuzzing targets hold on noise; `python -m tests.fuzz` looks for more."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import TARGETS


@pytest.mark.parametrize("name", TARGETS)
@given(data=st.binary(max_size=300))
@settings(max_examples=30)
def test_noise(name: str, data: bytes) -> None:
    TARGETS[name](data)
