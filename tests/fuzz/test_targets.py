# SPDX-License-Identifier: Apache-2.0
"""The fuzzing targets hold on noise and on what fuzzing found to go new ways; `python -m tests.fuzz` looks for more."""

import base64
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import TARGETS

CORPUS = Path(__file__).with_name("corpus")


@pytest.mark.parametrize("name", TARGETS)
@given(data=st.binary(max_size=300))
@settings(max_examples=30)
def test_noise(name: str, data: bytes) -> None:
    TARGETS[name](data)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # mitmproxy names what pyparsing deprecates
@pytest.mark.parametrize("name", TARGETS)
def test_what_fuzzing_kept(name: str) -> None:
    """One input a line, in base64: eighty at most of each target, of those up to 400 bytes."""
    kept = (CORPUS / f"{name}.txt").read_bytes().splitlines()
    assert kept
    for line in kept:
        TARGETS[name](base64.b64decode(line))
