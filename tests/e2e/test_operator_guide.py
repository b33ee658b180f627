# SPDX-License-Identifier: Apache-2.0
"""The operator guide, run as it stands: from nothing to the first audited call."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.auditor.gateway.test_health import free
from tests.e2e.gateway import HOST
from tests.e2e.upstream import Upstream

pytestmark = pytest.mark.e2e
GUIDE = Path(__file__).parents[2] / "docs/operator-guide.md"


def commands() -> list[str]:
    """The blocks that stand between ```sh and ```, in their order."""
    return re.findall(r"^```sh\n(.*?)^```$", GUIDE.read_text(), re.MULTILINE | re.DOTALL)


def run_guide(
    folder: Path, upstream: Upstream, programs: str, inside: Sequence[str] = ()
) -> subprocess.CompletedProcess[str]:
    """All commands in one shell, one after the other, with the programs of a folder; `inside` begins the command.

    Arranged are the ports, which another program may hold, where the provider lies, since the real one costs money, and
    that a busy machine has written the record before it is asked for.
    """
    (_, port), (_, metrics) = free(), free()
    (folder / "passphrase.txt").write_text("a passphrase of the guide\n")
    arranged = [
        f'listen = "127.0.0.1:{port}"',
        f'upstream_ca = "{upstream.authority.ca_file}"',
        f'resolve = ["{HOST}:443=127.0.0.1:{upstream.port}"]',
    ]
    settings = ["cat >> audit/gateway/gateway.toml <<'END'", "[proxy]", *arranged, "END"]
    first, *others = commands()
    asked = next(number for number, command in enumerate(others) if command.startswith("auditor calls"))
    others.insert(
        asked, "until curl -s http://127.0.0.1:9090/metrics | grep -q 'recorded_total 1.0'; do sleep 0.2; done"
    )
    script = ["set -em", "trap 'kill $(jobs -p) 2> /dev/null || true' EXIT", first, *settings, *others]
    environment = {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "HOME": str(folder),
        "OPENAI_API_KEY": "sk-proj-0123456789abcdefghijABCDEFGHIJ",
        "NO_PROXY": "127.0.0.1",
    }
    placed = "\n".join(script).replace("8080", str(port)).replace("9090", str(metrics))
    command = [*inside, "bash", "-c", placed]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=280)


def check_guide(folder: Path, said: subprocess.CompletedProcess[str]) -> None:
    """Whether the guide kept what it says."""
    assert said.returncode == 0, said.stdout + said.stderr
    assert "Hello from upstream." in said.stdout, "the first call was answered"
    assert "gpt-4o" in said.stdout, "and is in the list"
    assert re.search(r"gateway\S*\s+1\s+1\s+1\s+0\s+0", said.stdout), "seen 1, recorded 1, sealed 1, erased 0, lost 0"
    assert (folder / "users.htpasswd").read_text().startswith("alice:$2b$")


@pytest.mark.skipif(not shutil.which("curl"), reason="the guide calls curl")
@pytest.mark.timeout(300)
def test_every_command_works_as_it_stands(tmp_path: Path, upstream: Upstream) -> None:
    check_guide(tmp_path, run_guide(tmp_path, upstream, str(Path(sys.executable).parent)))


def test_every_setting_is_documented() -> None:
    from auditor.gateway.settings import RELOADED, Settings

    table = GUIDE.read_text().partition("## Settings")[2].partition("\n## ")[0]
    rows = dict(re.findall(r"^\| `(\w+)` (\*?) ?\|", table, re.MULTILINE))
    assert set(Settings.__struct_fields__) == set(rows)
    assert {name for name, mark in rows.items() if mark} == set(RELOADED)


def test_every_mode_is_documented() -> None:
    from auditor.gateway.settings import MODES

    table = GUIDE.read_text().partition("## Modes")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `(\w+)", table, re.MULTILINE)
    assert sorted(rows) == sorted(mode.rstrip(":") for mode in MODES)
