# SPDX-License-Identifier: Apache-2.0
"""The gateway beside a bare mitmdump: requests a second, first byte of a stream, and twenty times `kill -9`.

`python -m tests.benchmarks gateway`; ratios of rounds taken in turns, so that a busy machine counts for both.
"""

import contextlib
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from auditor.store.format.records import Completion, Intent
from auditor.store.verification.verify import verify
from tests.benchmarks.gateway_upstream import HOST, Backend, backend, free_port, load, missing, wait_for
from tests.e2e.gateway import Gateway, alive, children, eventually

ROUNDS, REQUESTS = 5, 800
KILLS = 20


def main() -> None:
    """Measure and print; about two minutes on two idle cores."""
    if lacking := missing():
        say(f"gateway: not measured, {', '.join(lacking)} is missing (Debian: apt-get install nginx-light hey curl)")
        return
    with tempfile.TemporaryDirectory(prefix="bench-gateway-") as name, backend(Path(name)) as target:
        folder = Path(name)
        throughput(folder / "a", target)
        first_byte(folder / "b", target)
        kills(folder / "c", target)


def say(text: str) -> None:
    """One line of result."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def throughput(folder: Path, target: Backend) -> None:
    """Requests a second with the default `--intent wait`, at 16 and at 4 clients."""
    with bare(folder / "mitm") as plain, audited(folder, target) as gateway:
        for proxy in (plain, gateway.url):
            load(proxy, target, 200, 8)
        for clients in (16, 4):
            rounds = [[load(proxy, target, REQUESTS, clients) for proxy in (plain, gateway.url)] for _ in range(ROUNDS)]
            ratio = statistics.median(ours.per_second / theirs.per_second for theirs, ours in rounds)
            added = statistics.median(ours.median_ms - theirs.median_ms for theirs, ours in rounds)
            failed = sum(REQUESTS - one.answered for pair in rounds for one in pair)
            rates = [statistics.median(pair[side].per_second for pair in rounds) for side in (0, 1)]
            say(
                f"gateway / mitmdump at {clients} clients: {ratio:.2f} ({rates[1]:.0f} against {rates[0]:.0f} req/s), "
                f"median latency {added:+.1f} ms, {failed} failed"
            )
    expected = 200 + 2 * ROUNDS * REQUESTS
    say(f"recorded {sum(isinstance(one.meta, Completion) for one in gateway.metas())} of {expected}")


def first_byte(folder: Path, target: Backend) -> None:
    """The first byte of a two-second stream, direct and through the gateway."""
    with audited(folder, target) as gateway:
        fetch(target, gateway.url)
        pairs = [(fetch(target, None), fetch(target, gateway.url)) for _ in range(ROUNDS)]
    added = statistics.median(ours - direct for direct, ours in pairs)
    say(f"first byte of a 2 s stream: {added:+.0f} ms (direct {statistics.median(one for one, _ in pairs):.0f} ms)")


def fetch(target: Backend, proxy: str | None) -> float:
    """Milliseconds to the first byte, by curl."""
    command = [
        "curl",
        "-sk",
        "-o",
        "/dev/null",
        "-w",
        "%{time_starttransfer}",
        f"https://{HOST}:{target.port}/v1/stream",
    ]
    command += ["-x", proxy] if proxy else []
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout) * 1000


def kills(folder: Path, target: Backend) -> None:
    """`kill -9` of all processes of the gateway under load: every request that arrived has its intent."""
    before, gateway = target.arrived(), Gateway(folder)
    for number in range(KILLS):
        process = start(gateway, target)
        command = ["hey", "-z", "30s", "-c", "8", "-m", "POST", "-D", str(target.body), "-x", gateway.url, target.url]
        client = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.5 + 0.05 * number)
        pids = [process.pid, *children(process).values()]
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        process.wait()
        client.kill()
        client.wait()
        eventually(lambda ended=pids: not any(alive(pid) for pid in ended))
    intents = sum(isinstance(one.meta, Intent) for one in gateway.metas())
    arrived = target.arrived() - before
    holds = verify(gateway.reader().location).holds
    say(f"{KILLS} times kill -9: {arrived} requests arrived, {intents} intents recorded, verify holds: {holds}")


@contextlib.contextmanager
def bare(folder: Path) -> Iterator[str]:
    """mitmdump as it comes, quiet."""
    port = free_port()
    command = [str(Path(sys.executable).with_name("mitmdump")), "-q", "--listen-host", "127.0.0.1", "-p", str(port)]
    command += ["--set", "ssl_insecure=true", "--set", "flow_detail=0", "--set", f"confdir={folder}"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


@contextlib.contextmanager
def audited(folder: Path, target: Backend) -> Iterator[Gateway]:
    """A gateway on a store of its own, drained at the end."""
    gateway = Gateway(folder)
    process = start(gateway, target)
    try:
        yield gateway
    finally:
        gateway.stop(process)


def start(gateway: Gateway, target: Backend) -> subprocess.Popen[bytes]:
    """Start a gateway that knows the backend as a provider."""
    hosts = [f"{HOST}:{target.port}=openai"]
    return gateway.start(upstream_ca=str(target.ca_file), provider_host=hosts, resolve=[])
