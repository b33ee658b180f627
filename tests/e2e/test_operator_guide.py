# SPDX-License-Identifier: Apache-2.0
"""The operator guide, run as it stands: from nothing to the first audited call."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.gateway import HOST
from tests.e2e.upstream import Upstream

pytestmark = pytest.mark.e2e
GUIDE = Path(__file__).parents[2] / "docs/operator-guide.md"


def commands() -> list[str]:
    """The blocks that stand between ```sh and ```, in their order."""
    return re.findall(r"^```sh\n(.*?)^```$", GUIDE.read_text(), re.MULTILINE | re.DOTALL)


@pytest.mark.skipif(not shutil.which("curl"), reason="the guide calls curl")
@pytest.mark.timeout(300)
def test_every_command_works_as_it_stands(tmp_path: Path, upstream: Upstream) -> None:
    """In one shell, one after the other. Only where the provider lies is arranged: the real one costs money."""
    (tmp_path / "passphrase.txt").write_text("a passphrase of the guide\n")
    arranged = f'upstream_ca = "{upstream.authority.ca_file}"\nresolve = ["{HOST}:443=127.0.0.1:{upstream.port}"]\n'
    first, *others = commands()
    script = ["set -e", first, f"cat >> audit/gateway/gateway.toml <<'END'\n[proxy]\n{arranged}END\n"]
    for number, command in enumerate(others):
        ending = command.rstrip()
        script.append(f"echo '== {number}'\n{ending}\n")
    environment = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "HTTPS_PROXY": "http://127.0.0.1:8080",
        "CURL_CA_BUNDLE": str(tmp_path / "audit/gateway/ca/ca-bundle.pem"),
        "OPENAI_API_KEY": "sk-proj-0123456789abcdefghijABCDEFGHIJ",
        "NO_PROXY": "127.0.0.1",
    }
    said = subprocess.run(
        ["bash", "-c", "set -m\n" + "\n".join(script)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=280,
    )
    assert said.returncode == 0, said.stdout + said.stderr
    assert "Hello from upstream." in said.stdout, "the first call was answered"
    assert "gpt-4o" in said.stdout, "and is in the list"
    assert re.search(r"gateway\S*\s+1\s+1\s+1\s+0\s+0", said.stdout), "seen 1, recorded 1, sealed 1, erased 0, lost 0"
    assert (tmp_path / "users.htpasswd").read_text().startswith("alice:$2b$")


def test_every_setting_is_documented() -> None:
    from auditor.gateway.settings import Settings

    rows = set(re.findall(r"^\| `(\w+)` \|", GUIDE.read_text(), re.MULTILINE))
    assert set(Settings.__struct_fields__) <= rows, set(Settings.__struct_fields__) - rows
