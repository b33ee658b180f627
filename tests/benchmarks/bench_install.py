# SPDX-License-Identifier: Apache-2.0
"""The package on a bare Debian: installed as the container file says, run as its user, first audited call, purged.

`python -m tests.benchmarks install` as root, after `make package-gateway`; some minutes. The bare Debian is made by
mmdebstrap, or is the archive that `AUDITOR_DEBIAN_ROOT` names (`mmdebstrap --variant=minbase bookworm root.tar`). No
container engine is needed: the container file's steps are done one by one in that folder. The service's command and the
container's entry point are started in it as their user, without capabilities, all but state and /tmp read-only.
"""

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.benchmarks.bench_gateway import say
from tests.benchmarks.gateway_upstream import free_port
from tests.e2e.authority import TestAuthority
from tests.e2e.gateway import HOST, Gateway, eventually
from tests.e2e.upstream import Upstream, completion

ROOT = Path(__file__).parents[2]
PACKAGE = "ai-usage-auditor-gateway"
STATE = "var/lib/ai-usage-auditor"
CACHE = {"XDG_CACHE_HOME": "/var/cache/ai-usage-auditor"}
"""As the unit sets it; the package has filled it."""
NEEDED = ("unshare", "chroot", "setpriv", "mount", "tar")


def main() -> None:
    """Install, run, purge."""
    archive = os.environ.get("AUDITOR_DEBIAN_ROOT")
    lacking = [tool for tool in (*NEEDED, *(() if archive else ("mmdebstrap",))) if not shutil.which(tool)]
    if os.geteuid() != 0 or lacking or not list(ROOT.glob(f"dist/{PACKAGE}_*.deb")):
        say(f"install: not run, it needs root, a package in dist and {', '.join(lacking) or 'nothing more'}")
        return
    with tempfile.TemporaryDirectory(prefix="bench-install-", ignore_cleanup_errors=True) as name:
        machine = Machine(Path(name) / "root")
        machine.make(archive)
        file = steps((ROOT / "packaging/gateway/Containerfile").read_text())
        began = time.monotonic()
        for copied in file["COPY"]:
            machine.copy(*copied.split())
        for command in file["RUN"]:
            machine.run("sh", "-c", command)
        say(f"the container file's steps on a bare Debian: done in {time.monotonic() - began:.0f} s")
        unit = (machine.folder / f"usr/lib/systemd/system/{PACKAGE}.service").read_text()
        service = re.search(r"^ExecStart=(.*)$", unit, re.MULTILINE)
        assert service
        user, spoken = file["USER"][-1], dict(one.split("=", 1) for one in file["ENV"])
        first_call(machine, Path(name) / "a", user, shlex.split(service[1]), CACHE)
        say("the service's command, as its user: first call recorded")
        first_call(machine, Path(name) / "b", user, json.loads(file["ENTRYPOINT"][-1]), spoken)
        say("the container's entry point: first call recorded")
        removed(machine)


def steps(text: str) -> dict[str, list[str]]:
    """A container file's instructions by their names, in their order."""
    found: dict[str, list[str]] = {}
    joined = re.sub(r"\\\n\s*", "", text)
    for line in joined.splitlines():
        if line and not line.startswith("#"):
            name, _, rest = line.partition(" ")
            found.setdefault(name, []).append(rest)
    return found


class Machine:
    """A Debian in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def make(self, archive: str | None) -> None:
        """Unpack it, or have it made from Debian's own packages."""
        self.folder.mkdir()
        if archive:
            subprocess.run(["tar", "-xf", archive, "-C", str(self.folder)], check=True)
        else:
            command = ["mmdebstrap", "--quiet", "--variant=minbase", "bookworm", str(self.folder)]
            subprocess.run(command, check=True)

    def copy(self, pattern: str, into: str) -> None:
        """What `COPY` does with files of this source."""
        for file in ROOT.glob(pattern):
            shutil.copy(file, self.folder / into.lstrip("/"))

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run as root in there, with its /proc and this machine's /dev."""
        mounts = f"mount -t proc proc {self.folder}/proc && mount --rbind /dev {self.folder}/dev"
        inside = f'{mounts} && exec chroot {self.folder} "$@"'
        done = subprocess.run(["unshare", "-m", "sh", "-c", inside, "sh", *command], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done

    @contextmanager
    def running(self, command: Sequence[str], user: str, environment: dict[str, str]) -> Iterator[None]:
        """A program in there, as `user`; what lies outside its state folder and /tmp cannot be written."""
        at = self.folder
        passwd = next(line for line in (at / "etc/passwd").read_text().splitlines() if line.startswith(f"{user}:"))
        uid, gid = passwd.split(":")[2:4]
        mounts = [
            f"mount --bind {at} {at}",
            f"mount --bind {at}/{STATE} {at}/{STATE}",
            f"mount -o remount,bind,ro {at}",
        ]
        mounts += [f"mount -t proc proc {at}/proc", f"mount -t tmpfs tmpfs {at}/tmp", f"mount --rbind /dev {at}/dev"]
        drop = f"setpriv --reuid {uid} --regid {gid} --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all"
        inside = f'{" && ".join(mounts)} && exec chroot {at} {drop} "$@"'
        log = (at.parent / "running.log").open("wb")
        process = subprocess.Popen(
            ["unshare", "-m", "sh", "-c", inside, "sh", *command],
            env={"PATH": os.environ["PATH"], **environment},
            stderr=log,
        )
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            code = process.wait(60)
        assert code == 0, (at.parent / "running.log").read_text()


def first_call(machine: Machine, folder: Path, user: str, command: list[str], environment: dict[str, str]) -> None:
    """A new store's gateway folder comes to the machine; one call through it is in the record."""
    state = machine.folder / STATE
    for left in state.iterdir():
        shutil.rmtree(left)
    with Upstream(TestAuthority(folder.parent, (HOST,))) as upstream:
        gateway = Gateway(folder)
        shutil.copytree(gateway.config_folder, state / "gateway")
        lead_to(state / "gateway", upstream, "127.0.0.1")
        machine.run("chown", "-R", f"{user}:", f"/{STATE}")
        metrics = f"127.0.0.1:{free_port()}"
        with machine.running([*command, "--listen", "127.0.0.1:0", "--metrics", metrics], user, environment):
            log = folder.parent / "running.log"
            eventually(lambda: "listens on" in log.read_text(), 60)
            found = re.search(r"listens on (\S+)", log.read_text())
            assert found
            with httpx.Client(proxy=f"http://{found[1]}", verify=gateway.trust(), timeout=20) as client:
                answer = client.post(f"https://{HOST}/v1/chat/completions", json={"model": "gpt-4o", "messages": []})
            assert answer.content == completion()
            eventually(lambda: "recorded_total 1.0" in httpx.get(f"http://{metrics}/metrics", timeout=20).text, 120)
    shutil.copytree(state / "store", folder / "store", dirs_exist_ok=True)
    assert [one.request.url for one in gateway.exchanges()] == [f"https://{HOST}/v1/chat/completions"]


def lead_to(config_folder: Path, upstream: Upstream, address: str) -> None:
    """Have a gateway that will find its folder below `STATE` find the provider at `address`, and trust it."""
    shutil.copy(upstream.authority.ca_file, config_folder / "upstream.pem")
    with (config_folder / "gateway.toml").open("a") as config:
        config.write(f'[proxy]\nupstream_ca = "/{STATE}/gateway/upstream.pem"\n')
        config.write(f'resolve = ["{HOST}:443={address}:{upstream.port}"]\n')


def removed(machine: Machine) -> None:
    """What remove and purge leave: the organisation's record, and nothing of the program."""
    machine.run("dpkg", "--remove", PACKAGE)
    assert not list((machine.folder / "opt/ai-usage-auditor").rglob("*.py"))
    assert not (machine.folder / "usr/bin/auditor").exists()
    said = machine.run("dpkg", "--purge", PACKAGE)
    assert "stays" in said.stderr
    assert (machine.folder / STATE / "store").exists()
    left = [path for path in ("opt/ai-usage-auditor", "var/cache/ai-usage-auditor") if (machine.folder / path).exists()]
    say(f"removed and purged: the record stays, of the program is left: {', '.join(left) or 'nothing'}")
