# SPDX-License-Identifier: Apache-2.0
"""A real gateway for tests: a store of its own, the processes of `auditor gateway run`, and what it recorded."""

import json
import os
import re
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from auditor.archive import Archive, LedgerStatus
from auditor.calls import Exchange
from auditor.gateway import authority, child
from auditor.store.create import create_store
from auditor.store.format import records
from auditor.store.keys.identity import Argon2, Identity
from auditor.store.ledger.reader import LedgerReader
from auditor.store.location import Location
from auditor.store.verification.verify import verify
from tests.e2e.upstream import Upstream

PASSPHRASE = b"test passphrase"
HOST = "api.openai.com"
WEBSOCKET_HOST = "api.deepgram.com"
OTHER_HOST = "shop.example"
RECORDER, PROXY = "auditor.gateway.recorder", "addons.run"
PATIENCE_S = 60.0
"""How long what must come may take on a busy machine, before a test calls it missing."""

_RUN = """
import json, sys
from pathlib import Path
from auditor.gateway.config import GatewayConfig
from auditor.gateway.supervisor import run
options = json.loads(sys.argv[2])
sys.exit(run(GatewayConfig.load(Path(sys.argv[1]), options), options))
"""


class Gateway:
    """A store in `folder` and, while `running()`, the gateway in front of `upstream`."""

    def __init__(self, folder: Path, upstream: Upstream | None = None, shared: Location | None = None) -> None:
        self.folder = folder
        self._upstream = upstream
        create_store(folder, PASSPHRASE, argon2=Argon2(iterations=1, memory_kib=64, lanes=1), shared=shared)
        self.config_folder = folder / "gateway"
        self.ca_file = authority.ensure(self.config_folder / "ca")
        self.url = ""
        self._workers = 1
        self.log = folder / "gateway.log"
        self.environment: dict[str, str] = {}
        """What its processes find in their environment besides ours."""

    @contextmanager
    def running(self, **options: Any) -> Iterator["Gateway"]:
        """Start the gateway's processes; they are drained at the end."""
        process = self.start(**options)
        try:
            yield self
        finally:
            code = self.stop(process)
        assert code == 0, self.log.read_text()

    def start(self, **options: Any) -> subprocess.Popen[bytes]:
        """Start it and wait until it serves; `url` is where it listens, empty in mode local."""
        self.log.touch()
        before = self.log.stat().st_size
        process = self.launch(**options)
        until = time.monotonic() + 90
        while time.monotonic() < until and process.poll() is None:
            found = re.search(r"The gateway (?:listens on (\S+:\d+)|captures)", self.log.read_text()[before:])
            if found:
                self.url = f"http://{found[1]}" if found[1] else ""
                return process
            time.sleep(0.02)
        process.kill()
        process.wait()
        raise AssertionError(f"the gateway did not start: {self.log.read_text()}")

    def launch(self, **options: Any) -> subprocess.Popen[bytes]:
        """Start it, and wait for nothing."""
        given = {"listen": "127.0.0.1:0", "grace": 5.0, **self._way(), **options}
        self._workers = given.get("workers", 1)
        line = [sys.executable, "-c", _RUN, str(self.config_folder), json.dumps(given)]
        with self.log.open("ab") as log:
            return subprocess.Popen(line, stderr=log, env=os.environ | self.environment)

    def _way(self) -> dict[str, Any]:
        """How the gateway reaches the upstream under the names of real hosts."""
        if self._upstream is None:
            return {}
        port, sockets = self._upstream.port, self._upstream.websocket_port
        resolve = [f"{HOST}:443=127.0.0.1:{port}", f"{OTHER_HOST}:443=127.0.0.1:{port}"]
        resolve.append(f"{WEBSOCKET_HOST}:443=127.0.0.1:{sockets}")
        return {"upstream_ca": str(self._upstream.authority.ca_file), "resolve": resolve}

    def stop(self, process: subprocess.Popen[bytes], with_signal: int = signal.SIGTERM) -> int:
        """Stop it, by default in order; returns the exit code."""
        process.send_signal(with_signal)
        return process.wait(PATIENCE_S)

    def settings(self, process: subprocess.Popen[bytes], **settings: Any) -> None:
        """Write these settings into `gateway.toml`, and nothing else, and have them read."""
        path = self.config_folder / "gateway.toml"
        lines = [f"{name} = {json.dumps(value)}" for name, value in settings.items()]
        store = path.read_text().partition("[proxy]")[0].rstrip()
        path.write_text("\n".join([store, "", "[proxy]", *lines, ""]))
        before, read_again = self.log.stat().st_size, f"{child.__name__}: the configuration was read again"
        process.send_signal(signal.SIGHUP)
        eventually(lambda: self.log.read_text()[before:].count(read_again) >= 1 + self._workers)

    def client(self, *, http2: bool = False, **options: Any) -> httpx.Client:
        """A client that goes through the gateway and trusts it."""
        return httpx.Client(**self._through(http2), **options)

    def async_client(self, *, http2: bool = False, **options: Any) -> httpx.AsyncClient:
        """The same for many calls at once: httpx cannot share one HTTP/2 connection between threads.

        Its frames interleave there (https://github.com/pydantic/httpx2/pull/1153).
        """
        return httpx.AsyncClient(**self._through(http2), **options)

    def _through(self, http2: bool) -> dict[str, Any]:
        trust = _OnlyHttp2.trusting(self.ca_file) if http2 else self.trust()
        return {"proxy": self.url, "verify": trust, "http2": http2, "timeout": PATIENCE_S}

    def trust(self) -> ssl.SSLContext:
        """What a client of the gateway trusts."""
        return ssl.create_default_context(cafile=str(self.ca_file))

    # --- what it recorded ---------------------------------------------------------------------------------------

    def reader(self) -> LedgerReader:
        """The auditor's view on the store."""
        return LedgerReader.open(Location.parse(self.folder / "store"), self._identity())

    def _identity(self) -> Identity:
        return Identity.open(self.folder / "auditor.identity", PASSPHRASE)

    def metas(self, reader: LedgerReader | None = None) -> list[records.Record]:
        """All records of the gateway's ledger."""
        reader = reader or self.reader()
        ledger = next(name for name in reader.ledgers() if name.startswith("gateway"))
        return list(reader.records(ledger))

    def exchanges(self) -> list[Exchange]:
        """All completed exchanges, as sealed."""
        reader = self.reader()
        return [reader.body(one.ledger, one.seq).exchange for one in self.metas(reader) if _has_content(one)]

    def status(self) -> LedgerStatus:
        """What `auditor status` says of its ledger, whose every record has to verify."""
        store, identity = self.folder / "store", self._identity()
        report = verify(Location.parse(store), identity)
        assert report.holds, report.faults
        with Archive.open(store, identity, cache=self.folder / "desk-cache") as archive:
            archive.refresh()
            (status,) = [one for one in archive.status() if one.ledger.startswith("gateway")]
        return status


class _OnlyHttp2(ssl.SSLContext):
    """Offers HTTP/2 alone: httpx would offer HTTP/1.1 first, and to the proxy it must speak HTTP/1.1."""

    @classmethod
    def trusting(cls, ca_file: Path) -> "_OnlyHttp2":
        context = cls(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(ca_file)
        return context

    def set_alpn_protocols(self, alpn_protocols: Iterable[str]) -> None:
        super().set_alpn_protocols(["h2"])


def _has_content(one: records.Record) -> bool:
    """Whether a record's body is an exchange; who its actor is lies in a record of its own."""
    return one.has_body and isinstance(one.meta, records.Completion)


def children(process: subprocess.Popen[bytes]) -> dict[str, int]:
    """The gateway's processes by module, from the kernel's list."""
    found = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                status = (folder / "stat").read_text()
                command = (folder / "cmdline").read_bytes().decode().split("\0")
            except OSError:
                continue
            if int(status.rpartition(")")[2].split()[1]) == process.pid and "-m" in command:
                found[command[command.index("-m") + 1]] = int(folder.name)
    return found


def alive(pid: int) -> bool:
    """Whether a process still runs (a zombie does not)."""
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def eventually(holds: Callable[[], bool], seconds: float = PATIENCE_S) -> None:
    """Wait until something holds, or fail."""
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it did not come to hold"
        time.sleep(0.1)
