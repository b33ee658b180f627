# SPDX-License-Identifier: Apache-2.0
"""The Debian package: built, unpacked, and the operator guide run with nothing but what it brought.

`python -m tests.benchmarks package` as root on Debian or Ubuntu; some minutes. The package's /opt is mounted over this
machine's in a mount namespace, so nothing is installed.
"""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from tests.benchmarks.bench_gateway import say
from tests.e2e.authority import TestAuthority
from tests.e2e.gateway import HOST
from tests.e2e.test_operator_guide import check_guide, run_guide
from tests.e2e.upstream import Upstream

ROOT = Path(__file__).parents[2]


def main() -> None:
    """Build, unpack, run."""
    if os.geteuid() != 0 or not all(map(shutil.which, ("dpkg-deb", "unshare", "curl"))):
        say("package: not run, it needs root, dpkg-deb, unshare and curl")
        return
    began = time.monotonic()
    built = subprocess.run(["sh", "packaging/deb.sh"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    file = ROOT / built.stdout.strip()
    say(f"{file.name}: {file.stat().st_size / 1e6:.0f} MB, built in {time.monotonic() - began:.0f} s")
    with tempfile.TemporaryDirectory(prefix="bench-package-") as name:
        folder = Path(name)
        root, work = folder / "root", folder / "work"
        work.mkdir()
        subprocess.run(["dpkg-deb", "-x", str(file), str(root)], check=True)
        guide(root, work)
    say("operator guide with the unpacked package: holds")


def guide(root: Path, work: Path) -> None:
    """Run the operator guide with the programs of the package."""
    python = next((root / "opt/ai-usage-auditor/bin").glob("python3.*")).name
    named = root / "usr/bin/python3"
    home = "/opt/ai-usage-auditor"
    named.write_text(f'#!/bin/sh\nexec env LD_LIBRARY_PATH={home}/lib {home}/bin/{python} "$@"\n')
    named.chmod(0o755)
    mount = f'mount --bind {root}/opt /opt && exec "$@"'
    with Upstream(TestAuthority(work, (HOST,))) as upstream:
        said = run_guide(work, upstream, str(root / "usr/bin"), ["unshare", "-m", "sh", "-c", mount, "sh"])
    check_guide(work, said)
