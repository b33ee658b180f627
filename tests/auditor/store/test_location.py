# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from auditor.errors import InputError
from auditor.store import Location
from auditor.store.location import default_folder, default_identity
from tests.auditor.store.material import Home


def test_a_path_or_the_default(tmp_path: Path) -> None:
    assert Location.parse(tmp_path).folder == tmp_path
    assert Location.parse(str(tmp_path)).folder == tmp_path
    assert Location.parse().folder == default_folder() / "store"
    assert default_identity().parent == default_folder()


def test_a_server_is_refused_without_repeating_its_password() -> None:
    with pytest.raises(InputError) as caught:
        Location.parse("postgresql+psycopg://user:hunter2@host/db")
    assert "hunter2" not in caught.value.diagnostics()


def test_ledgers_are_listed_once_they_begin(home: Home) -> None:
    assert home.location.ledger_files() == {}
    home.write(1)
    assert list(home.location.ledger_files()) == [home.gateway]


def test_a_folder_without_a_store_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="description"):
        Location.parse(tmp_path).facts()
