# SPDX-License-Identifier: Apache-2.0
"""The container: image built and run by the operator guide's own commands, first audited call, stopped in order.

`python -m tests.benchmarks container` as root, after `make package-gateway`; some minutes. Needs podman. Where its base
cannot be fetched, `AUDITOR_DEBIAN_ROOT` names an archive that stands in for it (`mmdebstrap --variant=minbase bookworm
root.tar`). All but the build takes place in a network namespace of its own, so that the bridge goes with it.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.benchmarks.bench_gateway import say
from tests.benchmarks.bench_install import PACKAGE, ROOT, lead_to, steps
from tests.e2e.authority import TestAuthority
from tests.e2e.gateway import HOST, PASSPHRASE, Gateway, eventually
from tests.e2e.test_operator_guide import GUIDE
from tests.e2e.upstream import Upstream, completion

BRIDGE = "10.88.0.1"
"""Where podman's containers find their host, unless its network was configured otherwise."""
UNWRITABLE = ("/", "/etc", "/usr/bin", "/opt/ai-usage-auditor", "/var/cache/ai-usage-auditor", "/root", "/home")


def main() -> None:
    """Build here, run in a namespace."""
    lacking = [tool for tool in ("podman", "unshare", "ip") if not shutil.which(tool)]
    if os.geteuid() != 0 or lacking or not list(ROOT.glob(f"dist/{PACKAGE}_*.deb")):
        say(f"container: not run, it needs root, a package in dist and {', '.join(lacking) or 'nothing more'}")
        return
    if archive := os.environ.get("AUDITOR_DEBIAN_ROOT"):
        (base,) = steps((ROOT / "packaging/gateway/Containerfile").read_text())["FROM"]
        subprocess.run(["podman", "import", "--quiet", archive, base], check=True, stdout=subprocess.DEVNULL)
    build, *_ = commands()
    began = time.monotonic()
    subprocess.run(build, shell=True, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    inspect = ["podman", "image", "inspect", "--format", "{{.Size}}", PACKAGE]
    size = int(subprocess.run(inspect, capture_output=True, text=True, check=True).stdout)
    say(f"image: built in {time.monotonic() - began:.0f} s, {size / 1e6:.0f} MB")
    subprocess.run(["unshare", "-n", sys.executable, "-m", __spec__.name], cwd=ROOT, check=True)


def commands() -> list[str]:
    """The commands of the guide's section, one a line."""
    section = GUIDE.read_text().partition("## In a container")[2]
    block = re.search(r"^```console\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    assert block
    return [line[2:] for line in block[1].replace("\\\n", "").splitlines()]


def stage() -> None:
    """A provider, a client and the container between them."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    _, prepare, run, ca, stop = commands()
    with tempfile.TemporaryDirectory(prefix="bench-container-") as name:
        folder = Path(name)
        gateway = Gateway(folder / "audit")
        shell(folder, prepare)
        with Upstream(TestAuthority(folder, (HOST,)), host="0.0.0.0") as upstream:
            lead_to(folder / "state/gateway", upstream, BRIDGE)
            with container(folder, run):
                first_call(gateway)
                confined()
                shell(folder, ca)
                assert (folder / "ca.pem").read_text() == gateway.ca_file.read_text()
                shell(folder, stop)
                assert told("inspect", "--format", "{{.State.Status}} {{.State.ExitCode}}") == "exited 0"
        verified(folder)


@contextmanager
def container(folder: Path, run: str) -> Iterator[None]:
    """Run it; it is removed at the end, and what it said is shown where a check failed."""
    shell(folder, run)
    try:
        yield
    except BaseException:
        say(told("logs"))
        raise
    finally:
        told("rm", "--force", "--time", "0")


def first_call(gateway: Gateway) -> None:
    """Ready, and one call through it is answered and counted as recorded."""
    with httpx.Client(timeout=20) as near:
        eventually(lambda: answers(near, "healthz"))
        eventually(lambda: answers(near, "readyz"))
        with httpx.Client(proxy="http://127.0.0.1:8080", verify=gateway.trust(), timeout=20) as client:
            answer = client.post(f"https://{HOST}/v1/chat/completions", json={"model": "gpt-4o", "messages": []})
        assert answer.content == completion()
        eventually(lambda: "recorded_total 1.0" in near.get("http://127.0.0.1:9090/metrics").text)
    say("healthy and ready; the first call through it: answered and recorded")


def answers(client: httpx.Client, path: str) -> bool:
    """Whether the container's health says yes; while it starts nobody may listen yet."""
    try:
        return client.get(f"http://127.0.0.1:9090/{path}").status_code == 200
    except httpx.TransportError:
        return False


def confined() -> None:
    """No process is root's or could become it, nothing but the state can be written, two ports listen."""
    script = "for one in /proc/[0-9]*/status; do grep -hE '^(Uid|CapEff|CapBnd|NoNewPrivs):' $one; done"
    facts = set(told("exec", command=("sh", "-c", script)).replace("\t", " ").splitlines())
    user = told("exec", command=("id", "-u"))
    assert user != "0"
    assert facts == {f"Uid: {' '.join([user] * 4)}", "CapEff: " + "0" * 16, "CapBnd: " + "0" * 16, "NoNewPrivs: 1"}
    script = "for one; do touch $one/x 2>/dev/null && echo $one; done; touch /tmp/x"
    assert told("exec", command=("sh", "-c", script, "sh", *UNWRITABLE)) == ""
    rows = [line.split() for line in told("exec", command=("cat", "/proc/net/tcp", "/proc/net/tcp6")).splitlines()]
    assert {int(row[1].split(":")[1], 16) for row in rows if row[3] == "0A"} == {8080, 9090}
    say(f"every process in it: user {user}, no capabilities; nothing else can be written; 8080 and 9090 listen alone")


def verified(folder: Path) -> None:
    """The auditor verifies what it left, and accounts for the call."""
    (folder / "passphrase").write_bytes(PASSPHRASE)
    opened = ["--identity", "audit/auditor.identity", "--passphrase-file", "passphrase", "--store", "state/store"]
    ours = {"XDG_DATA_HOME": str(folder), "XDG_CACHE_HOME": str(folder), "PYTHONPATH": str(ROOT)}

    def auditor(*command: str) -> str:
        line = [sys.executable, "-m", "auditor", *opened, *command]
        return subprocess.run(
            line, cwd=folder, env=os.environ | ours, stdout=subprocess.PIPE, text=True, check=True
        ).stdout

    auditor("verify")
    (status,) = [one for one in map(json.loads, auditor("status", "--json").splitlines()) if one["seen"]]
    assert (status["seen"], status["recorded"], status["lost"], status["unknown"]) == (1, 1, 0, 0)
    (call,) = map(json.loads, auditor("calls", "--json").splitlines())
    assert (call["server.address"], call["gen_ai.request.model"]) == (HOST, "gpt-4o")
    say("stopped by SIGTERM: exit code 0; the record verifies: seen 1, recorded 1, lost 0")


def shell(folder: Path, command: str) -> None:
    """Run a command of the guide."""
    subprocess.run(command, shell=True, cwd=folder, stdout=subprocess.DEVNULL, check=True)


def told(verb: str, *options: str, command: tuple[str, ...] = ()) -> str:
    """What podman says of the container."""
    line = ["podman", verb, *options, "gateway", *command]
    return subprocess.run(line, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False).stdout.strip()


if __name__ == "__main__":
    stage()
