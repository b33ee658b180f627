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

    Only where the provider lies is arranged: the real one costs money.
    """
    (folder / "passphrase.txt").write_text("a passphrase of the guide\n")
    arranged = f'upstream_ca = "{upstream.authority.ca_file}"\nresolve = ["{HOST}:443=127.0.0.1:{upstream.port}"]\n'
    first, *others = commands()
    script = ["set -em", first, f"cat >> audit/gateway/gateway.toml <<'END'\n[proxy]\n{arranged}END\n", *others]
    environment = {
        "PATH": f"{programs}:{os.environ['PATH']}",
        "HOME": str(folder),
        "HTTPS_PROXY": "http://127.0.0.1:8080",
        "CURL_CA_BUNDLE": str(folder / "audit/gateway/ca/ca-bundle.pem"),
        "OPENAI_API_KEY": "sk-proj-0123456789abcdefghijABCDEFGHIJ",
        "NO_PROXY": "127.0.0.1",
    }
    command = [*inside, "bash", "-c", "\n".join(script)]
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
    from auditor.gateway.settings import Settings

    rows = set(re.findall(r"^\| `(\w+)` \|", GUIDE.read_text(), re.MULTILINE))
    assert set(Settings.__struct_fields__) <= rows, set(Settings.__struct_fields__) - rows
