# SPDX-License-Identifier: Apache-2.0
"""What stands behind a gateway under measurement: nginx with TLS, and a slow stream behind it.

Needs `nginx` and `hey` (Debian: nginx-light, hey); `missing()` says which are not there.
"""

import json
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.e2e.authority import TestAuthority

HOST = "localhost"
CHUNKS, PAUSE = 10, 0.2
"""The stream: so many events, so many seconds apart."""

_STREAM = """
import asyncio, json, sys
async def answer(reader, writer):
    await reader.readuntil(b"\\r\\n\\r\\n")
    writer.write(b"HTTP/1.1 200 OK\\r\\nContent-Type: text/event-stream\\r\\nConnection: close\\r\\n\\r\\n")
    for number in range(int(sys.argv[2])):
        chunk = {"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": {"content": str(number)}}]}
        writer.write(b"data: " + json.dumps(chunk).encode() + b"\\n\\n")
        await writer.drain()
        await asyncio.sleep(float(sys.argv[3]))
    writer.close()
async def main():
    server = await asyncio.start_server(answer, "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()
asyncio.run(main())
"""

_NGINX = """
worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log {folder}/access.log; keepalive_requests 1000000; client_body_buffer_size 2m; client_max_body_size 100m;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port} ssl; ssl_certificate {chain}; ssl_certificate_key {chain};
    location / {{ default_type application/json; return 200 '{answer}'; }}
    location /v1/stream {{ proxy_pass http://127.0.0.1:{stream}; proxy_buffering off; proxy_http_version 1.1; }}
  }}
}}
"""


class Backend(NamedTuple):
    """The running server: its process, its port, its authority, a request's body, and nginx's log of what arrived."""

    pid: int
    port: int
    ca_file: Path
    body: Path
    access_log: Path

    @property
    def url(self) -> str:
        """Where a chat completion is asked for."""
        return f"https://{HOST}:{self.port}/v1/chat/completions"

    def arrived(self) -> int:
        """How many requests reached the server."""
        return sum(1 for _ in self.access_log.open())


class Measured(NamedTuple):
    """What `hey` says of one round."""

    per_second: float
    answered: int
    median_ms: float


def missing() -> list[str]:
    """The tools that are not installed."""
    return [tool for tool in ("nginx", "hey", "curl") if shutil.which(tool) is None]


def free_port() -> int:
    """A port that is free just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def backend(folder: Path) -> Iterator[Backend]:
    """Run nginx and the stream in `folder` while the block runs."""
    authority = TestAuthority(folder, (HOST,))
    message = {"role": "assistant", "content": "Lorem ipsum dolor sit amet. " * 14}
    answer = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "model": "gpt-4o-2024-08-06",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 900, "completion_tokens": 90, "total_tokens": 990},
    }
    asked = "Please summarise this. " + "The quick brown fox jumps over the lazy dog. " * 80
    body = folder / "body.json"
    body.write_text(json.dumps({"model": "gpt-4o", "messages": [{"role": "user", "content": asked}]}))
    port, stream = free_port(), free_port()
    config = folder / "nginx.conf"
    config.write_text(
        _NGINX.format(folder=folder, port=port, stream=stream, chain=authority.chain, answer=json.dumps(answer))
    )
    commands = (
        ["nginx", "-c", str(config)],
        [sys.executable, "-c", _STREAM, str(stream), str(CHUNKS), str(PAUSE)],
    )
    processes = [subprocess.Popen(command, stderr=subprocess.DEVNULL) for command in commands]
    try:
        wait_for(port)
        wait_for(stream)
        yield Backend(processes[0].pid, port, authority.ca_file, body, folder / "access.log")
    finally:
        for process in processes:
            process.terminate()
            process.wait(10)


def wait_for(port: int, seconds: float = 60) -> None:
    """Wait until something listens."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"nothing listens on {port}")


def load(proxy: str, target: Backend, requests: int, clients: int) -> Measured:
    """One round of `hey`."""
    command = ["hey", "-n", str(requests), "-c", str(clients), "-m", "POST", "-T", "application/json"]
    command += ["-H", "Authorization: Bearer sk-test-0123456789abcdef", "-D", str(target.body), "-x", proxy, target.url]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout

    def figure(pattern: str) -> float:
        found = re.search(pattern, said)
        return float(found[1]) if found else 0.0

    answered = int(figure(r"\[200\]\s+(\d+)"))
    return Measured(figure(r"Requests/sec:\s+([\d.]+)"), answered, figure(r"50% in ([\d.]+)") * 1000)
