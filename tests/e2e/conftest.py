# SPDX-License-Identifier: Apache-2.0
"""Shared by the end-to-end tests: one upstream for the whole run."""

from collections.abc import Iterator

import pytest

from tests.e2e.authority import TestAuthority
from tests.e2e.gateway import HOST, OTHER_HOST, WEBSOCKET_HOST
from tests.e2e.upstream import Upstream


@pytest.fixture(scope="session")
def upstream(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Upstream]:
    """A provider on loopback; its `hits` grow over the run, so tests look for paths of their own."""
    names = (HOST, OTHER_HOST, WEBSOCKET_HOST)
    with Upstream(TestAuthority(tmp_path_factory.mktemp("upstream"), names)) as server:
        yield server
