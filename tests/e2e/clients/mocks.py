# SPDX-License-Identifier: Apache-2.0
"""The mocks, which none of us wrote, as processes on loopback; and the programs' own environment.

llmock (PyPI) and the clients of Mistral, Cohere, Groq, Amazon, Ollama and LiteLLM live in an environment apart
(`.venv-clients`, or the Python named by AUDITOR_CLIENTS_PYTHON): LiteLLM holds an older client of OpenAI than ours.
aimock (npm) speaks what llmock does not: Bedrock, Ollama and realtime sockets. It needs node, and the makers' clients
for Node lie beside it.
"""

import functools
import os
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from auditor.demo.processes import child, first_line
from tests.ports import free_port

HERE = Path(__file__).parent
PROGRAMS = HERE / "programs"
ROOT = HERE.parents[2]
BLOCK = 65536


def clients_python() -> Path | None:
    """The Python with the clients and llmock installed; None where there is none."""
    named = os.environ.get("AUDITOR_CLIENTS_PYTHON")
    python = Path(named) if named else ROOT / ".venv-clients" / "bin" / "python"
    return python if python.exists() else None


@functools.cache
def node_missing() -> str | None:
    """Why node's part cannot run here, or None where it can; fetches it once, by the lock beside us."""
    cause = _lacking()
    return f"{cause}: Bedrock, Ollama, realtime sockets and the clients for Node were NOT tested" if cause else None


def _lacking() -> str | None:
    if not shutil.which("node") or not shutil.which("npm"):
        return "node and npm are not installed"
    version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    if int(re.sub(r"\D.*", "", version.strip().lstrip("v")) or 0) < 20:
        return f"node {version.strip()} is older than 20"
    if not _fetched():
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        subprocess.run(command, cwd=HERE / "node", capture_output=True, text=True, timeout=240, check=False)
    return None if _fetched() else "npm could not fetch what package-lock.json names"


def _fetched() -> bool:
    """Whether npm has been here since the lock was written."""
    lock, done = HERE / "node" / "package-lock.json", HERE / "node" / "node_modules" / ".package-lock.json"
    return done.exists() and done.stat().st_mtime >= lock.stat().st_mtime


def _aimock() -> Path:
    return HERE / "node" / "node_modules" / "@copilotkit" / "aimock" / "dist" / "cli.js"


@contextmanager
def llmock(python: Path, pem: Path, folder: Path) -> Iterator[int]:
    """llmock behind TLS; yields its port."""
    line = (str(python), str(PROGRAMS / "serve_llmock.py"), str(pem))
    with child(line, folder / "llmock.log") as process:
        yield int(first_line(process, "llmock"))


@contextmanager
def aimock(folder: Path) -> Iterator[int]:
    """aimock as it is, without TLS; yields its port."""
    port = free_port()
    line = ("node", str(_aimock()), "--port", str(port), "--fixtures", str(HERE / "node" / "fixtures.json"))
    with child(line, folder / "aimock.log") as process:
        until = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < until:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.05)
        yield port


@contextmanager
def behind_tls(port: int, pem: Path) -> Iterator[int]:
    """A port that takes TLS and hands the bytes inside on to `port`, sockets and streams as they come."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pem)
    with ExitStack() as stack:
        listening = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        threading.Thread(target=_accept, args=(listening, context, port), daemon=True).start()
        yield listening.getsockname()[1]


def _accept(listening: socket.socket, context: ssl.SSLContext, port: int) -> None:
    with suppress(OSError):
        while True:
            plain, _ = listening.accept()
            threading.Thread(target=_serve, args=(plain, context, port), daemon=True).start()


def _serve(plain: socket.socket, context: ssl.SSLContext, port: int) -> None:
    with (
        suppress(OSError),
        context.wrap_socket(plain, server_side=True) as near,
        socket.create_connection(("127.0.0.1", port)) as far,
    ):
        back = threading.Thread(target=_pass_on, args=(far.recv, near.sendall, near), daemon=True)
        back.start()
        _pass_on(near.recv, far.sendall, far)
        back.join()


def _pass_on(read: Callable[[int], bytes], write: Callable[[bytes], None], far_end: socket.socket) -> None:
    with suppress(OSError):
        while data := read(BLOCK):
            write(data)
    with suppress(OSError):
        far_end.shutdown(socket.SHUT_RDWR)
