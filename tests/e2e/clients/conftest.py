# SPDX-License-Identifier: Apache-2.0
"""One run of all clients for all tests."""

import pytest

from tests.e2e.clients.mocks import clients_python
from tests.e2e.clients.talked import Talked, talk_all


@pytest.fixture(scope="session")
def talked(tmp_path_factory: pytest.TempPathFactory) -> Talked:
    if clients_python() is None:
        pytest.skip("no .venv-clients (and no AUDITOR_CLIENTS_PYTHON): NO client was tested against independent mocks")
    return talk_all(tmp_path_factory.mktemp("clients"))
