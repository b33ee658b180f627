# SPDX-License-Identifier: Apache-2.0
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from auditor.hashing import Hashes, least, mixed, over_runs

numbers = st.lists(st.integers(0, 2**64 - 1), max_size=60)


def array(values: list[int]) -> Hashes:
    return np.array(values, dtype=np.uint64)


@given(numbers, st.sampled_from([1, 2, 8, 32]), st.integers(0, 2**63 - 1).map(lambda half: 2 * half + 1))
def test_a_run_is_the_polynomial_over_its_values(values: list[int], length: int, base: int) -> None:
    def polynomial(run: list[int]) -> int:
        return sum(value * pow(base, length - 1 - place, 1 << 64) for place, value in enumerate(run)) % (1 << 64)

    runs = [values[at : at + length] for at in range(len(values) - length + 1)]
    assert over_runs(array(values), length, base).tolist() == [polynomial(run) for run in runs]


@given(numbers.filter(bool), st.sampled_from([1, 2, 16, 32]))
def test_the_least_of_every_window(values: list[int], window: int) -> None:
    found = least(array(values), window).tolist()
    if len(values) >= window:
        assert found == [min(values[at : at + window]) for at in range(len(values) - window + 1)]
    else:
        assert min(found) == min(values)


def test_mixing_is_that_of_splitmix64() -> None:
    """Its first three numbers from the seed 1234567, as published (https://rosettacode.org/wiki/Pseudo-random_numbers/Splitmix64)."""
    gamma = 0x9E3779B97F4A7C15
    states = array([(1234567 + gamma * step) % (1 << 64) for step in (1, 2, 3)])
    assert mixed(states).tolist() == [6457827717110365317, 3203168211198807973, 9817491932198370423]
