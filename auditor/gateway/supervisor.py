# SPDX-License-Identifier: Apache-2.0
"""What `auditor gateway run` is: a small process that starts one recorder and N proxies and keeps them running; and
a courier, where records are shipped or published.

What holds:
- A proxy accepts only once it reaches the recorder; all accept on one socket, which outlives them.
- A child that dies is started again, after a pause that grows. Children die with the supervisor, even at `kill -9`.
- SIGTERM and SIGINT drain: first the proxies end their calls, then the recorder makes everything durable; exit code 0.
  A start that is not over is ended likewise: nothing has passed yet.
- SIGHUP reads the configuration again and hands it to the proxies.
"""

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from auditor.errors import AuditorError, EnvironmentFailure
from auditor.gateway import authority, child, redirector, wireguard
from auditor.gateway.config import GatewayConfig

log = logging.getLogger(__name__)

RECORDER, PROXY, COURIER = "auditor.gateway.recorder", "addons.run", "auditor.gateway.courier"
OWN_SOCKETS = ("wireguard", "local")
"""Modes in which mitmproxy opens what it listens on itself, in one process."""
SHORTEST, LONGEST = 0.2, 10.0
"""Seconds before a dead child is started again; doubled each time."""
STEADY = 30.0
"""A child that lived so long starts with the shortest pause again."""
BEYOND_GRACE = 15.0
"""Seconds a child has beyond the configured grace before it is killed."""
LOADING = 60.0
"""Seconds of its life that are added to that: a first start compiles patterns, which what came meanwhile waits for."""
_PREFIX, _SOCKET = "auditor-gateway-", "recorder.sock"
_LONGEST_ADDRESS = 103
"""Bytes of a socket's path, without the zero behind it: 107 on Linux (unix(7)), 103 on macOS and BSD (sys/un.h)."""
_SHORT = "/tmp"  # noqa: S108 - every POSIX system has it, and what is made there is its owner's alone


def run(config: GatewayConfig, options: Mapping[str, Any] | None = None) -> int:
    """Run the gateway until it is told to stop; `options` are the overrides to apply again at a reload.

    Returns the exit code: 0 after an orderly stop with every record durable, else 4. Raises `AuditorError` where it
    cannot start (port taken, ledger in use).
    """
    child.log_to_stderr("gateway", config.settings.log_format)
    authority.ensure(config.authority)
    if config.settings.mode.startswith("wireguard"):
        wireguard.ensure(config.authority)
    if config.settings.mode.startswith("local"):
        redirector.require()
    with socket_folder() as folder, contextlib.ExitStack() as stack:
        listener = None if config.settings.mode.startswith(OWN_SOCKETS) else stack.enter_context(bind(config))
        return asyncio.run(_Supervisor(config, options or {}, Path(folder), listener).run())


def socket_folder() -> "tempfile.TemporaryDirectory[str]":
    """A folder of one's own for the recorder's socket, in the temporary folder, unless that one's path is too long."""
    at, inside = os.fsencode(tempfile.gettempdir()), f"/{_PREFIX}{'x' * 8}/{_SOCKET}"
    return tempfile.TemporaryDirectory(prefix=_PREFIX, dir=_SHORT if len(at) + len(inside) > _LONGEST_ADDRESS else None)


def bind(config: GatewayConfig) -> socket.socket:
    """The socket all proxies share; raises `EnvironmentFailure` where the address cannot be had.

    It is bound, so that a taken port is known before anything starts; the first proxy that is ready makes it listen.
    """
    host, port = config.listen
    with contextlib.ExitStack() as stack:
        try:
            found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
            bound = stack.enter_context(socket.socket(found[0], socket.SOCK_STREAM))
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind(found[4])
        except OSError as error:
            message = f"The gateway cannot listen on {host or '*'}:{port}: {error.strerror}."
            raise EnvironmentFailure(message, "Choose another --listen HOST:PORT, or stop what holds it.") from error
        stack.pop_all()
        return bound


def announcement(mode: str, host: str, port: int) -> str:
    """What the gateway serves, in a sentence; mode local listens on no address."""
    if not mode.startswith("local"):
        return f"The gateway listens on {host}:{port} ({mode})."
    programs = f"the programs of this machine that {mode} names" if ":" in mode else "all programs of this machine"
    return f"The gateway captures {programs}."


class _Supervisor:
    def __init__(
        self, config: GatewayConfig, options: Mapping[str, Any], folder: Path, listener: socket.socket | None
    ) -> None:
        self._config = config
        self._options = options
        self._folder = folder
        self._listener = listener
        self._stop = asyncio.Event()
        self._recorder = self._child(RECORDER, "recorder", None)
        count = config.settings.workers if listener else 1
        self._proxies = [self._child(PROXY, f"proxy-{place + 1}", listener, place, count) for place in range(count)]
        leaves = config.ship is not None or config.publish is not None
        self._couriers = [self._child(COURIER, "courier", None)] if leaves else []

    async def run(self) -> int:
        """Start, watch, drain."""
        loop = asyncio.get_running_loop()
        for one in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(one, self._stop.set)
        loop.add_signal_handler(signal.SIGHUP, self._reload)
        try:
            everyone = (self._recorder, *self._proxies, *self._couriers)
            codes = await asyncio.gather(*(self._begin(one_child) for one_child in (self._recorder, *self._proxies)))
            if not any(codes) and not self._stop.is_set():  # a courier reads the ledger the recorder has opened by now
                codes = await asyncio.gather(*(self._begin(courier) for courier in self._couriers))
            if any(codes):
                return next(code for code in codes if code)
            if self._stop.is_set():
                return await self._drain([])
            watching = [asyncio.create_task(one_child.keep()) for one_child in everyone]
            self._announce()
            await self._stop.wait()
            return await self._drain(watching)
        finally:
            for one_child in (*self._proxies, self._recorder, *self._couriers):
                await one_child.end()

    async def _begin(self, one_child: "_Child") -> int:
        """Start a child; where it cannot, nobody has to wait for the others."""
        code = await one_child.start(self._stop)
        if code:
            self._stop.set()
        return code

    def _announce(self) -> None:
        address = self._listener.getsockname()[:2] if self._listener else self._config.listen
        sys.stderr.write(f"{announcement(self._config.settings.mode, *address)}\n")
        sys.stderr.flush()

    async def _drain(self, watching: list[asyncio.Task[None]]) -> int:
        patience = self._config.settings.grace + BEYOND_GRACE
        if self._listener:
            self._listener.close()
        for task in watching:
            task.cancel()
        codes = await asyncio.gather(*(proxy.stop(patience) for proxy in self._proxies))
        codes.append(await self._recorder.stop(patience))
        await asyncio.gather(*(courier.stop(patience) for courier in self._couriers))  # what it leaves, it finds again
        return EnvironmentFailure.exit_code if any(codes) else 0

    def _reload(self) -> None:
        try:
            config = GatewayConfig.load(self._config.path, self._options)
        except AuditorError as error:
            log.error("the configuration stays as it was: %s", error.diagnostics())
            return
        self._config, waiting = self._config.following(config)
        if waiting:
            log.warning("changed, but followed from the next start on only: %s", ", ".join(waiting))
        for one_child in (self._recorder, *self._proxies, *self._couriers):
            one_child.reload(self._config)

    def _child(
        self, module: str, name: str, listener: socket.socket | None, place: int = 0, siblings: int = 1
    ) -> "_Child":
        start = child.Start(
            name=name,
            config=self._config,
            socket=str(self._folder / _SOCKET),
            listener=listener.fileno() if listener else None,
            place=place,
            siblings=siblings,
        )
        return _Child(module, start)


class _Child:
    """One process of the gateway, started again when it dies."""

    def __init__(self, module: str, start: child.Start) -> None:
        self._module = module
        self._start = start
        self._process: asyncio.subprocess.Process | None = None
        self._began = 0.0
        self._is_ready = False

    async def start(self, stop: asyncio.Event | None = None) -> int:
        """Start and wait until it is ready or `stop` comes; returns 0, or the exit code where it died before that."""
        self._began, self._is_ready = time.monotonic(), False
        listener = self._start.listener
        self._process = process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            self._module,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            pass_fds=() if listener is None else (listener,),
        )
        self._tell()
        assert process.stdout
        said = asyncio.ensure_future(process.stdout.readline())
        stopping = asyncio.ensure_future(stop.wait() if stop else asyncio.Event().wait())
        await asyncio.wait((said, stopping), return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not said.done():
            said.cancel()
            return 0
        self._is_ready = bool(said.result())
        return 0 if self._is_ready else await process.wait() or EnvironmentFailure.exit_code

    async def keep(self) -> None:
        """Start it again whenever it dies, until cancelled."""
        pause = SHORTEST
        while True:
            since = time.monotonic()
            assert self._process
            code = await self._process.wait()
            pause = SHORTEST if time.monotonic() - since > STEADY else min(pause * 2, LONGEST)
            log.error("%s ended with code %s; it is started again in %.1f s", self._start.name, code, pause)
            await asyncio.sleep(pause)
            await self.start()

    def reload(self, config: GatewayConfig) -> None:
        """Hand over a changed configuration."""
        self._start = msgspec.structs.replace(self._start, config=config)
        self._tell()

    async def stop(self, patience: float) -> int:
        """Let it end in order, for so many seconds and a few more in its youth; returns its exit code."""
        if self._process is None:
            return 0
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
        patience += max(0.0, LOADING - (time.monotonic() - self._began))
        try:
            code = await asyncio.wait_for(self._process.wait(), patience)
            return 0 if code == -signal.SIGTERM and not self._is_ready else code
        except TimeoutError:
            log.error("%s did not end in time and is killed", self._start.name)
            self.kill()
            return await self._process.wait()

    def kill(self) -> None:
        """End it now, if it runs."""
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()

    async def end(self) -> None:
        """End it now and let go of its pipes."""
        self.kill()
        if self._process is not None:
            await self._process.wait()

    def _tell(self) -> None:
        if self._process and self._process.stdin and self._process.returncode is None:
            self._process.stdin.write(msgspec.json.encode(self._start) + b"\n")
