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


def test_a_server_is_named_without_its_user_and_password() -> None:
    location = Location.parse("postgresql://user:hunter2@host:5433/audit?sslmode=verify-full")
    assert location.label == "postgresql://host:5433/audit"
    assert location.folder == default_folder() / "servers" / "host-5433-audit"
    assert location.server == "postgresql+psycopg://user:hunter2@host:5433/audit?sslmode=verify-full"


@pytest.mark.parametrize(
    "url", ["mysql://user:hunter2@host/db", "postgresql://user:hunter2@host", "postgresql://a:hunter2@[/"]
)
def test_another_url_is_refused_without_repeating_its_password(url: str) -> None:
    with pytest.raises(InputError) as caught:
        Location.parse(url)
    assert "hunter2" not in caught.value.diagnostics()


def test_ledgers_are_listed_once_they_begin(home: Home) -> None:
    assert home.location.ledger_files() == {}
    home.write(1)
    assert list(home.location.ledger_files()) == [home.gateway]


def test_a_folder_without_a_store_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="description"):
        Location.parse(tmp_path).facts()
