# SPDX-License-Identifier: Apache-2.0
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from auditor.store.create import create_store
from auditor.store.keys.identity import Argon2
from tests.auditor.cli.house import PASSPHRASE, House, Stock

CHEAP = Argon2(iterations=1, memory_kib=1024, lanes=1)


@pytest.fixture(scope="session")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Stock:
    """What tests begin with and do not test."""
    return Stock(tmp_path_factory.mktemp("stock"))


@pytest.fixture
def house(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes], stock: Stock
) -> House:
    """A folder with a store, an identity and a gateway, as `auditor init` makes it, and nothing of this user's.

    Only the detectors' compiled patterns come from the user's cache: they hold no data and take long to compile.
    """
    for name in ("STORE", "IDENTITY", "PASSPHRASE_FILE"):
        monkeypatch.delenv(f"AUDITOR_{name}", raising=False)
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "user"))
    monkeypatch.setattr("platformdirs.user_cache_path", lambda _: tmp_path / "user" / "cache")
    folder = tmp_path / "house"
    stock.bring("house", folder, lambda: create_store(folder, PASSPHRASE, argon2=CHEAP))
    (tmp_path / "passphrase").write_bytes(PASSPHRASE + b"\n")
    return House(folder, tmp_path / "passphrase", capfdbinary, stock)


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    """A command line sets logging up for its process; the next test begins anew."""
    root, own = logging.getLogger(), logging.getLogger("auditor")
    before = root.handlers[:], root.level, own.level
    yield
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    own.setLevel(before[2])
