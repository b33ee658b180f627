# SPDX-License-Identifier: Apache-2.0
"""One stage for all SDK tests: the traffic passes once."""

import pytest

from tests.e2e.sdk.played import Played
from tests.e2e.sdk.played import played as play_all


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    return play_all(tmp_path_factory.mktemp("sdk"))
