# SPDX-License-Identifier: Apache-2.0
"""What tests of the recorder share."""

from pathlib import Path

import pytest

from auditor.gateway import committer
from tests.auditor.gateway.house import House


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    """A recorder whose ledger is tried again soon after a failure."""
    monkeypatch.setattr(committer, "RETRY", 0.05)
    return House(tmp_path)
