# SPDX-License-Identifier: Apache-2.0
"""Speed beside others in one run: a bare mitmdump, the gateway, llm-interceptor; chunks.

`python -m tests.benchmarks speed`. llm-interceptor (PyPI) is measured where `LLI` names its command, installed in an
environment of its own: `python3 -m venv peer && peer/bin/pip install llm-interceptor && LLI=peer/bin/lli …`.
`ROUNDS` (5) rounds of 800 requests of 16 clients in turns; medians of ratios within a round.
"""

import contextlib
import os
import signal
import socket
import ssl
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from tests.benchmarks.bench_gateway import audited, bare, say
from tests.benchmarks.gateway_upstream import HOST, Backend, backend, load, missing
from tests.e2e.authority import TestAuthority
from tests.e2e.gateway import Gateway, eventually

ROUNDS = int(os.environ.get("ROUNDS", "5"))
REQUESTS, CLIENTS = 800, 16
CHUNKS, PAUSE = 100, 0.02


def main() -> None:
    """Measure and print."""
    if lacking := missing():
        say(f"speed: not measured, {', '.join(lacking)} is missing (Debian: apt-get install nginx-light hey curl)")
        return
    with tempfile.TemporaryDirectory(prefix="bench-speed-") as name:
        folder = Path(name)
        with backend(folder) as target:
            throughput(folder, target)
        chunks(folder)


def throughput(folder: Path, target: Backend) -> None:
    """Requests a second of all sides, in turns."""
    with contextlib.ExitStack() as stack:
        sides = {"mitmdump": stack.enter_context(bare(folder / "mitm"))}
        sides["gateway"] = stack.enter_context(audited(folder / "gateway", target)).url
        if command := os.environ.get("LLI"):
            sides["llm-interceptor"] = stack.enter_context(interceptor(command, folder / "lli", target))
        else:
            say("llm-interceptor: not measured, LLI does not name its command")
        for proxy in sides.values():
            load(proxy, target, 200, 8)
        rounds = [
            {side: load(proxy, target, REQUESTS, CLIENTS) for side, proxy in sides.items()} for _ in range(ROUNDS)
        ]
    for side in sides:
        rate = statistics.median(one[side].per_second for one in rounds)
        ratio = statistics.median(one[side].per_second / one["mitmdump"].per_second for one in rounds)
        failed = sum(REQUESTS - one[side].answered for one in rounds)
        say(f"{side}: {rate:.0f} requests a second, {ratio:.2f} of mitmdump, {failed} failed")


@contextlib.contextmanager
def interceptor(command: str, folder: Path, target: Backend) -> Iterator[str]:
    """llm-interceptor around a command that tells the proxy it was given, and waits."""
    folder.mkdir()
    told = folder / "proxy"
    options = ["--include", f"*{HOST}*", "--upstream-ca-cert", str(target.ca_file), "--output-dir", str(folder)]
    waiting = ["sh", "-c", f"echo $HTTPS_PROXY > {told}.part; mv {told}.part {told}; exec sleep 3600"]
    process = subprocess.Popen(
        [command, "run", *options, "--", *waiting],
        env={**os.environ, "HOME": str(folder)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        eventually(told.exists, 60)
        yield told.read_text().strip()
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(20)


# --- chunks -----------------------------------------------------------------------------------------------------


def chunks(folder: Path) -> None:
    """How much later each chunk of a stream arrives through the gateway than without it."""
    authority = TestAuthority(folder, (HOST,))
    with ticking(authority) as port:
        gateway = Gateway(folder / "chunks")
        options = {"upstream_ca": str(authority.ca_file), "provider_host": [f"{HOST}:{port}=openai"], "resolve": []}
        with gateway.running(**options):
            trust = ssl.create_default_context(cafile=str(authority.ca_file))

            def direct() -> list[float]:
                with socket.create_connection(("127.0.0.1", port)) as plain:
                    return delays(trust.wrap_socket(plain, server_hostname=HOST), port)

            def through() -> list[float]:
                host, _, number = gateway.url.removeprefix("http://").partition(":")
                with socket.create_connection((host, int(number))) as plain:
                    plain.sendall(f"CONNECT {HOST}:{port} HTTP/1.1\r\nHost: {HOST}:{port}\r\n\r\n".encode())
                    plain.recv(1000)
                    return delays(gateway.trust().wrap_socket(plain, server_hostname=HOST), port)

            report([(direct(), through()) for _ in range(ROUNDS)])


def report(pairs: list[tuple[list[float], list[float]]]) -> None:
    """Print first and following chunks, medians and the slowest of a hundred."""
    firsts = statistics.median(ours[0] - direct[0] for direct, ours in pairs)
    direct, ours = ([late for pair in pairs for late in pair[side][1:]] for side in (0, 1))
    added = statistics.median(ours) - statistics.median(direct)
    tail = statistics.quantiles(ours, n=100)[98] - statistics.quantiles(direct, n=100)[98]
    say(f"first chunk {firsts * 1000:+.1f} ms")
    say(f"every following chunk {added * 1000:+.2f} ms (99th of a hundred {tail * 1000:+.2f} ms)")


def delays(connection: ssl.SSLSocket, port: int) -> list[float]:
    """Seconds from the sending of each chunk, which states its time, to its arrival."""
    with connection:
        connection.sendall(f"GET /v1/stream HTTP/1.1\r\nHost: {HOST}:{port}\r\nConnection: close\r\n\r\n".encode())
        found, pending = [], b""
        while data := connection.recv(65536):
            now = time.monotonic()
            *lines, pending = (pending + data).split(b"\n")
            found += [now - float(line[6:]) for line in lines if line.startswith(b"data: ")]
    return found


@contextlib.contextmanager
def ticking(authority: TestAuthority) -> Iterator[int]:
    """A TLS server whose stream says the time, again and again."""
    context = authority.server_context(("http/1.1",))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_serve, args=(listener, context), daemon=True).start()
        yield listener.getsockname()[1]


def _serve(listener: socket.socket, context: ssl.SSLContext) -> None:
    with contextlib.suppress(OSError):
        while True:
            plain, _ = listener.accept()
            threading.Thread(target=_tick, args=(plain, context), daemon=True).start()


def _tick(plain: socket.socket, context: ssl.SSLContext) -> None:
    with contextlib.suppress(OSError), context.wrap_socket(plain, server_side=True) as secure:
        secure.recv(65536)
        secure.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
        for _ in range(CHUNKS):
            secure.sendall(b"data: %.6f\n\n" % time.monotonic())
            time.sleep(PAUSE)
