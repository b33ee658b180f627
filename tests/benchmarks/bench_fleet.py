# SPDX-License-Identifier: Apache-2.0
"""Gateways behind HAProxy that ship to one PostgreSQL, each in a network namespace: `python -m tests.benchmarks fleet`.

Under load one is killed and comes back, one is enrolled and added, one is cut off from everything for a while
(`AUDITOR_BENCH_OUTAGE` seconds, 30). The clock of the third is wrong from the start, by 50 minutes, where there is a C
compiler. Every answered call must then be in the shared store once, every ledger must hold,
and `auditor status` must account for each gateway to the unit. Needs root, iproute2 and haproxy.
"""

import json
import os
import secrets
import signal
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import msgspec

from auditor.gateway import authority
from tests.e2e import chaos
from tests.e2e.authority import TestAuthority
from tests.e2e.gateway import HOST, eventually
from tests.e2e.network_stage import run
from tests.e2e.upstream import Upstream, completion
from tests.postgres import running

ROOT = Path(__file__).parents[2]
BALANCER = ROOT / "packaging" / "gateway" / "haproxy.cfg"
CORE, PREFIX = "10.9.0.1", "10.9.0."
PROXY = "http://127.0.0.1:3128"
CLIENTS, PHASE = 4, 10.0
OFF = timedelta(minutes=-50)
"""How far the third gateway's clock is off; the provider's certificate is valid since an hour."""
OUTAGE = float(os.environ.get("AUDITOR_BENCH_OUTAGE", "30"))
AUDITOR = [sys.executable, "-m", "auditor"]


class Node:
    """One gateway on a host of its own, linked to the core by a cable that can be pulled."""

    def __init__(self, number: int, folder: Path, settings: dict[str, Any]) -> None:
        self.name, self._address = f"gateway-{number}", f"{PREFIX}{10 + number}"
        self._cable, self.folder = f"node{number}", folder
        self._log = folder / "log"
        self._environment = dict(os.environ)
        listening = {"listen": f"{self._address}:8080", "metrics": f"{self._address}:9090"}
        lines = (f"{name} = {json.dumps(value)}\n" for name, value in {**listening, **settings}.items())
        with (folder / "gateway.toml").open("a") as file:
            file.write("\n[proxy]\n" + "".join(lines))

    @contextmanager
    def host(self) -> Iterator[None]:
        """Its host, for the length of the block."""
        holder = subprocess.Popen(["unshare", "-n", "sleep", "3600"])
        self._enter = ["nsenter", "-t", str(holder.pid), "-n"]
        own = Path("/proc/self/ns/net").readlink()
        try:
            eventually(lambda: Path(f"/proc/{holder.pid}/ns/net").readlink() != own)
            ip(f"link add {self._cable} type veth peer name eth0 netns {holder.pid}")
            ip(f"link set {self._cable} master core up")
            for command in (f"address add {self._address}/24 dev eth0", "link set eth0 up", "link set lo up"):
                ip(command, self._enter)
            yield
        finally:
            holder.kill()
            holder.wait()

    def start(self) -> None:
        """Start the gateway there, in a session of its own."""
        line = [*self._enter, *AUDITOR, "gateway", "run", "--config", str(self.folder)]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(line, stderr=log, start_new_session=True, env=self._environment)

    def set_clock(self, off: timedelta) -> None:
        """Let its processes have another time of day from the next start on, where that can be done."""
        if reason := chaos.missing():
            _print(f"     {reason}")
            return
        made = chaos.Chaos(self.folder)
        made.clock(int(off.total_seconds()))
        self._environment |= made.environment

    def is_ready(self) -> bool:
        """Whether it records."""
        try:
            return httpx.get(f"http://{self._address}:9090/readyz", timeout=1, trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False

    def end(self, how: int) -> int:
        """SIGTERM drains it; SIGKILL takes all its processes at once."""
        if how == signal.SIGKILL:
            os.killpg(self._process.pid, how)
        else:
            self._process.send_signal(how)
        return self._process.wait(60)

    def cable(self, state: str) -> None:
        """Pull it (`down`), or put it back (`up`)."""
        ip(f"link set {self._cable} {state}")


class Load:
    """Clients that call through the balancer, one connection a call; each call has a mark of its own."""

    def __init__(self, trust: Path) -> None:
        self._trust = ssl.create_default_context(cafile=str(trust))
        self._stop = threading.Event()
        self.answered: list[str] = []
        self.failed: list[str] = []
        """Why: the answer's status or the client's error."""

    def __enter__(self) -> "Load":
        self._threads = [threading.Thread(target=self._call) for _ in range(CLIENTS)]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _call(self) -> None:
        while not self._stop.is_set():
            mark = secrets.token_hex(8)
            body = {"model": "gpt-4o", "messages": [{"role": "user", "content": mark}]}
            try:
                with httpx.Client(proxy=PROXY, verify=self._trust, timeout=5, trust_env=False) as client:
                    answer = client.post(f"https://{HOST}/v1/chat/completions", json=body)
                if answer.content == completion():
                    self.answered.append(mark)
                else:
                    self.failed.append(str(answer.status_code))
            except httpx.HTTPError as error:
                self.failed.append(type(error).__name__)
                time.sleep(0.1)

    def during(self, what: str, seconds: float) -> None:
        """Let it run, and say how it went."""
        before, failed = len(self.answered), len(self.failed)
        time.sleep(seconds)
        rate, lost = (len(self.answered) - before) / seconds, Counter(self.failed[failed:])
        _print(f"     {what}: {rate:.0f} calls/s answered; failed at the client: {dict(lost) or 'none'}")


class Fleet:
    """The store on the server, its gateways and the balancer, in this namespace."""

    def __init__(self, folder: Path, url: str, settings: dict[str, Any]) -> None:
        self._folder, self._url, self._settings = folder, url, settings
        (folder / "passphrase").write_text("test passphrase")
        self.auditor("init", "--out", str(folder / "desk"))
        self.first = Node(1, folder / "desk" / "gateway", settings)
        authority.ensure(self.first.folder / "ca")

    def auditor(self, *arguments: str) -> bytes:
        """Run a command of the desk's to its end."""
        known = ["--store", self._url, "--passphrase-file", str(self._folder / "passphrase")]
        if arguments[0] != "init":
            known += ["--identity", str(self._folder / "desk" / "auditor.identity")]
        return subprocess.run([*AUDITOR, *arguments, *known], stdout=subprocess.PIPE, check=True).stdout

    def add(self, number: int) -> Node:
        """Enrol a gateway; behind one name all show the authority of the first."""
        folder = self._folder / f"gateway-{number}"
        self.auditor("gateway", "add", f"gateway-{number}", "--out", str(folder))
        run("cp", "-r", str(self.first.folder / "ca"), str(folder / "ca"))
        return Node(number, folder, self._settings)

    def marks(self) -> Counter[str]:
        """Of every call in the shared store whose content is known, its mark."""
        rows = self.auditor("calls", "--json", "--content", "--reason", "comparing with the clients").splitlines()
        asked = [msgspec.json.decode(row)["input_messages"] for row in rows]
        return Counter(messages[-1]["parts"][0]["content"] for messages in asked if messages)

    def status(self) -> list[dict[str, Any]]:
        """The account of each gateway."""
        told = map(msgspec.json.decode, self.auditor("status", "--json").splitlines())
        return [one for one in told if one["ledger"].startswith("gateway")]


def ip(command: str, enter: Sequence[str] = ()) -> None:
    """Change this network, or another one."""
    run(*enter, "ip", *command.split())


def fleet(folder: Path) -> None:
    """The whole course."""
    for command in ("link set lo up", "link add core type bridge", f"address add {CORE}/24 dev core"):
        ip(command)
    ip("link set core up")
    provider = TestAuthority(folder, (HOST,))
    with ExitStack() as stack:
        upstream = stack.enter_context(Upstream(provider, host=CORE, keeps=False))
        database = stack.enter_context(running(CORE, durable=True)).database()
        settings = {"upstream_ca": str(provider.ca_file), "resolve": [f"{HOST}:443={CORE}:{upstream.port}"]}
        made = Fleet(folder, database, settings)
        _course(made, stack)


def _course(made: Fleet, stack: ExitStack) -> None:
    nodes = [made.first, made.add(2), made.add(3)]
    nodes[2].set_clock(OFF)
    for node in nodes:
        stack.enter_context(node.host())
        node.start()
    for node in nodes:
        eventually(node.is_ready, 60)
    balancer = subprocess.Popen(["haproxy", "-db", "-f", str(BALANCER)], stderr=subprocess.DEVNULL)
    stack.callback(balancer.wait)
    stack.callback(balancer.terminate)
    time.sleep(3)
    with Load(made.first.folder / "ca" / "mitmproxy-ca-cert.pem") as load:
        load.during("three gateways", PHASE)
        nodes[1].end(signal.SIGKILL)
        load.during("one killed", PHASE)
        nodes[1].start()
        eventually(nodes[1].is_ready, 60)
        load.during("it is back", PHASE)
        nodes.append(made.add(4))
        stack.enter_context(nodes[3].host())
        nodes[3].start()
        eventually(nodes[3].is_ready, 60)
        load.during("a fourth is added", PHASE)
        nodes[2].cable("down")
        load.during(f"one cut off for {OUTAGE:.0f} s", OUTAGE)
        nodes[2].cable("up")
        load.during("and back", PHASE)
    _account(made, load, [node.end(signal.SIGTERM) for node in nodes])


def _account(made: Fleet, load: Load, codes: list[int]) -> None:
    """What the desk sees of it all."""
    stored, accounts = made.marks(), made.status()
    begun, unknown = len(set(load.answered) - set(stored)), sum(one["unknown"] for one in accounts)
    doubled = sum(count > 1 for count in stored.values())
    _print(
        f"     {len(load.answered):,} answered, {max(0, begun - unknown)} lost, {doubled} doubled; exit codes {codes}"
    )
    _print(f"     of {begun} the beginning alone is recorded: their gateway was killed before the answer was durable")
    made.auditor("verify")
    for one in accounts:
        told = {name: one[name] for name in ("seen", "recorded", "lost", "unknown", "waiting", "unaccounted", "gaps")}
        _print(f"     {one['ledger']}: {told}")
    made.auditor("analyze")
    found = [msgspec.json.decode(line) for line in made.auditor("findings", "--json").splitlines()]
    for one in (each for each in found if each["kind"] == "integrity"):
        _print(f"     finding: {one['rule']['title']}: {one['evidence'][0]['text'] if one['evidence'] else ''}")


def _print(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - a program's output


def main() -> None:
    """In a network namespace of its own."""
    subprocess.run(["unshare", "-n", sys.executable, "-m", __name__], cwd=ROOT, check=True)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        fleet(Path(place))
