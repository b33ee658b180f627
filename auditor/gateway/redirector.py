# SPDX-License-Identifier: Apache-2.0
"""What mode `local` asks of a machine.

mitmproxy's redirector is a program of its own that loads another one into the kernel; on Linux it is started by `sudo`,
even for root, and attaches to the control groups of version 2 at their usual place
(https://github.com/mitmproxy/mitmproxy_rs/tree/main/mitmproxy-linux). Where it cannot, it dies after mitmproxy has
called it started, so this is looked at before.
"""

import shutil
import sys
from pathlib import Path

from auditor.errors import EnvironmentFailure

GROUPS = Path("/sys/fs/cgroup")


def require(groups: Path = GROUPS) -> None:
    """Raises `EnvironmentFailure` where this machine has not what Linux's redirector needs."""
    if sys.platform != "linux":
        return
    if not shutil.which("sudo"):
        raise EnvironmentFailure(
            "Mode local needs the command sudo: mitmproxy starts its redirector by it.",
            "Install sudo, and let the gateway's user run mitmproxy-linux-redirector without a password.",
        )
    if not (groups / "cgroup.controllers").exists():
        raise EnvironmentFailure(
            f"Mode local needs control groups of version 2 at {groups}; this machine has others there.",
            "Start the kernel with systemd.unified_cgroup_hierarchy=1, or use another mode.",
        )
