# SPDX-License-Identifier: Apache-2.0
"""What the environment does to a command: folders that take nothing, parts that are not installed."""

import shutil
import sys
from pathlib import Path

import pytest

from tests.auditor.cli.house import House
from tests.auditor.cli.material import day


def test_a_ledger_folder_that_takes_nothing_ends_with_4(house: House, tmp_path: Path) -> None:
    (tmp_path / "day").write_bytes(day())
    shutil.rmtree(house.store / "ledgers")
    (house.store / "ledgers").write_text("in the way")
    ran = house.run("import", tmp_path / "day")
    assert ran.code == 4
    assert str(house.store / "ledgers") in ran.sentence


def test_a_cache_folder_that_takes_nothing_ends_with_4(house: House, tmp_path: Path) -> None:
    (tmp_path / "user").write_text("in the way")
    ran = house.run("calls")
    assert ran.code == 4
    assert str(tmp_path / "user") in ran.sentence


@pytest.mark.parametrize(
    ("command", "module", "package", "extra"),
    [
        (["desktop"], "ui.app", "PySide6", "[desktop]"),
        (["demo"], "auditor.demo.tour", "openai", "[gateway,desktop,demo]"),
    ],
)
def test_a_part_that_is_not_installed_is_named_with_its_extra(
    house: House, monkeypatch: pytest.MonkeyPatch, command: list[str], module: str, package: str, extra: str
) -> None:
    def missing(name: str) -> None:
        assert name == module
        raise ModuleNotFoundError(f"No module named '{package}'", name=package)

    monkeypatch.setattr("auditor.cli.desktop.importlib.import_module", missing)
    ran = house.run(*command)
    assert ran.code == 4
    assert package in ran.sentence
    assert extra in ran.sentence


def test_a_module_of_ours_that_is_missing_is_a_defect(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ui.app", None)
    ran = house.run("desktop")
    assert ran.code == 70
    assert "defect" in ran.sentence
