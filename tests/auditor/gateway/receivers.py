# SPDX-License-Identifier: Apache-2.0
"""Receivers of forwarded findings: a webhook over TLS, and a real rsyslog."""

import contextlib
import json
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from auditor.demo.mock import authority
from tests.ports import free_port


def until(holds: Callable[[], bool], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)


class Receiver:
    """A webhook over TLS that keeps what it is sent; it may be away, or answer with an error at first."""

    def __init__(self, port: int, made: authority.Authority, refusals: int = 0) -> None:
        self.bodies: list[Any] = []
        self.headers: list[dict[str, str]] = []
        outer, self.refusals = self, refusals

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                outer.refusals -= 1
                if outer.refusals < 0:
                    outer.headers.append(dict(self.headers.items()))
                    outer.bodies.append(json.loads(body))
                self.send_response(204 if outer.refusals < 0 else 503)
                self.end_headers()

            def log_message(self, *arguments: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(made.server)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextlib.contextmanager
def rsyslog(folder: Path, made: authority.Authority) -> Iterator[tuple[int, Callable[[], list[list[str]]]]]:
    """Run rsyslogd with a TLS port of its own: the port, and what reads the messages that came: name, facility,
    severity, structured data, text."""
    port, out = free_port(), folder / "out.log"
    certificate, _, key = made.server.read_text().partition("-----BEGIN PRIVATE KEY-----")
    (folder / "cert.pem").write_text(certificate)
    (folder / "key.pem").write_text(f"-----BEGIN PRIVATE KEY-----{key}")
    configuration = folder / "rsyslog.conf"
    configuration.write_text(f"""
global(workDirectory="{folder}" defaultNetstreamDriver="gtls" defaultNetstreamDriverCAFile="{made.certificate}"
  defaultNetstreamDriverCertFile="{folder}/cert.pem" defaultNetstreamDriverKeyFile="{folder}/key.pem"
  maxMessageSize="64k")
module(load="imtcp" streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="anon")
input(type="imtcp" port="{port}" address="127.0.0.1")
template(name="fields" type="string"
  string="%APP-NAME%|%syslogfacility-text%|%syslogseverity-text%|%STRUCTURED-DATA%|%msg%\\n")
action(type="omfile" file="{out}" template="fields")
""")

    def messages() -> list[list[str]]:
        written = out.read_text() if out.exists() else ""
        lines = written[: written.rfind("\n") + 1].splitlines()
        return [[*parts[:4], parts[4].lstrip(" \ufeff")] for parts in (line.split("|", 4) for line in lines)]

    command = ["rsyslogd", "-n", "-iNONE", "-f", str(configuration)]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        yield port, messages
    finally:
        running.terminate()
        running.communicate(timeout=60)
