# SPDX-License-Identifier: Apache-2.0
"""The user guide tells of every command, option of the whole program, and exit code there is."""

from pathlib import Path

import pytest
import typer

from auditor import errors
from auditor.cli import failures
from auditor.cli.app import app
from tests.auditor.cli.test_help import COMMANDS

GUIDE = (Path(__file__).parents[3] / "docs" / "user-guide.md").read_text()


@pytest.mark.parametrize("path", [path for path in COMMANDS if path and path != ("gateway",)], ids=" ".join)
def test_every_command_is_told(path: tuple[str, ...]) -> None:
    assert f"auditor {' '.join(path)}" in GUIDE


def test_every_global_option_and_its_variable_are_told() -> None:
    for option in typer.main.get_command(app).params:
        if option.name in {"version", "help", "install_completion", "show_completion"}:
            continue
        assert f"`{option.opts[0]}" in GUIDE
        if option.envvar:
            assert f"`{option.envvar}`" in GUIDE


def test_every_exit_code_is_told() -> None:
    known = {kind.exit_code for kind in errors.AuditorError.__subclasses__()}
    for code in known | {0, failures.DEFECT, failures.INTERRUPTED}:
        assert f"\n| {code} | " in GUIDE
