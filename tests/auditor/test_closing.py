# SPDX-License-Identifier: Apache-2.0
import pytest

from auditor.closing import Closing


class Door(Closing):
    is_open = True

    def close(self) -> None:
        self.is_open = False


def test_it_is_open_within_the_block_and_closed_behind_it() -> None:
    with Door() as door:
        assert door.is_open
    assert not door.is_open


def test_a_failure_closes_it_and_goes_on() -> None:
    door = Door()
    with pytest.raises(ValueError, match="within"), door:
        raise ValueError("within")
    assert not door.is_open
