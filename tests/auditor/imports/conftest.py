# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from auditor.store.create import create_store
from auditor.store.keys.identity import Argon2, Identity
from auditor.store.location import Location
from tests.auditor.imports.desk import Desk

CHEAP = Argon2(iterations=1, memory_kib=1024, lanes=1)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A real store of its own, opened by its auditor."""
    made = create_store(tmp_path / "house", b"passphrase", argon2=CHEAP)
    return Desk(Location(folder=made.store), Identity.open(made.identity, b"passphrase"))
