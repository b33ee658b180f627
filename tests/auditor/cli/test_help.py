# SPDX-License-Identifier: Apache-2.0
import os
import subprocess
import sys
from typing import Any

import pytest
import typer

import auditor
from auditor.cli.app import app
from tests.auditor.cli.house import House


def commands(group: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = [path]
    for name, command in getattr(group, "commands", {}).items():
        found += commands(command, (*path, name))
    return found


COMMANDS = commands(typer.main.get_command(app))


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_explains_itself_with_examples(house: House, path: tuple[str, ...]) -> None:
    ran = house.ok(*path, "--help", bare=True)
    assert ran.out.startswith(" ".join(("Usage: auditor", *path)))
    shown = ran.out.partition("Examples:\n")[2].splitlines()
    assert any(" ".join(("auditor", *path)) in line for line in shown)
    assert ran.err == ""


def test_the_contracts_commands_are_there() -> None:
    assert {
        ("init",), ("import",), ("calls",), ("show",), ("scan",), ("verify",), ("status",), ("access-log",),
        ("desktop",), ("demo",), ("gateway", "run"), ("gateway", "check"), ("gateway", "ca"),
    } <= set(COMMANDS)  # fmt: skip


def test_the_version_is_the_packages(house: House) -> None:
    assert house.ok("--version", bare=True).out == f"auditor {auditor.__version__}\n"


@pytest.mark.parametrize("words", [["nonsense"], ["calls", "--nonsense"], ["gateway", "nonsense"]])
def test_wrong_usage_is_one_sentence_and_2(house: House, words: list[str]) -> None:
    ran = house.run(*words)
    assert ran.code == 2
    assert "nonsense" in ran.sentence
    assert " --help" in ran.sentence


def test_help_loads_no_room_they_do_not_need() -> None:
    program = (
        "import sys; from auditor.cli.app import invoke; assert invoke(['--help']) == 0;"
        "heavy = {'sqlalchemy', 'cryptography', 'rich', 'hyperscan', 'mitmproxy', 'PySide6', 'genai_prices'};"
        "print(sorted(heavy & {m.split('.')[0] for m in sys.modules}), file=sys.stderr)"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stderr == "[]\n"


def test_the_module_is_the_command() -> None:
    run = subprocess.run([sys.executable, "-m", "auditor", "--version"], capture_output=True, text=True, check=True)
    assert run.stdout == f"auditor {auditor.__version__}\n"


def test_without_a_command_the_help_is_shown(house: House) -> None:
    assert house.ok(bare=True).out == house.ok("--help", bare=True).out
    ran = house.run("gateway")
    assert (ran.code, ran.sentence) == (2, "Missing command. See: auditor gateway --help")


def test_every_command_is_told_in_one_whole_sentence(house: House) -> None:
    for words in ((), ("gateway",)):
        listed = house.ok(*words, "--help", bare=True).out.partition("Commands:\n")[2].partition("\n\n")[0]
        assert [line for line in listed.splitlines() if not line.endswith(".") or line.endswith("...")] == []


def test_the_shell_can_complete() -> None:
    words = {"_AUDITOR_COMPLETE": "complete_bash", "COMP_WORDS": "auditor ga", "COMP_CWORD": "1"}
    command = [sys.executable, "-m", "auditor"]
    run = subprocess.run(command, env=os.environ | words, capture_output=True, text=True, check=False)
    assert run.stdout.split() == ["gateway"]
