# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from tests.auditor.store.material import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A fresh store in a folder of its own."""
    return Home(tmp_path / "audit")
