# SPDX-License-Identifier: Apache-2.0
"""Every step that the security guide names is a command that runs, in the order of the guide."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from auditor.store import Identity
from tests.auditor.cli.conftest import CHEAP
from tests.auditor.cli.house import House
from tests.auditor.cli.material import day

GUIDE = (Path(__file__).parents[3] / "docs" / "security.md").read_text()
STEPS = [line for block in re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL) for line in block.splitlines()]


def test_every_step_runs(house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("new", "alice", "carol"):
        shutil.copyfile(house.passphrase, tmp_path / f"{name}.txt")
    create = Identity.create
    monkeypatch.setattr(Identity, "create", lambda name, passphrase, *_: create(name, passphrase, CHEAP))
    (tmp_path / "day.ndjson").write_bytes(day())
    house.ok("import", tmp_path / "day.ndjson")
    assert len(STEPS) > 40
    for step in STEPS:
        program, *arguments = shlex.split(step)
        assert program == "auditor"
        house.ok(*arguments)
    assert (tmp_path / "fresh" / "store").is_dir()


def test_every_command_it_mentions_in_passing_is_one_of_its_steps_or_explains_itself(house: House) -> None:
    for mentioned in re.findall(r"`auditor ([a-z-]+(?: [a-z]+)?)", GUIDE):
        house.ok(*mentioned.split(), "--help", bare=True)
