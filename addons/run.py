# SPDX-License-Identifier: Apache-2.0
"""The proxy process: `python -m addons.run`, started by the supervisor. mitmproxy as a library, with little of it.

Only the addons a gateway needs are loaded, nothing is printed about traffic, and no flow is kept. When it says "ready",
it accepts connections and the recorder is reached.
"""

import asyncio
import contextlib
import logging
import os
import socket
import sys
from pathlib import Path
from typing import Any, cast

from mitmproxy import exceptions
from mitmproxy.addons import disable_h2c, next_layer, proxyserver, tlsconfig, update_alt_svc, upstream_auth
from mitmproxy.http import HTTPFlow
from mitmproxy.master import Master
from mitmproxy.options import Options
from mitmproxy.proxy.mode_servers import ServerInstance

from addons import http1, lean, listening, options, resolve, sides
from addons.balance import Loads, Shared
from addons.capture import Capture, Policy
from addons.connections import Connections, room_for
from addons.destinations import Destinations
from addons.discovery import Discovery
from addons.lean import Hooks
from addons.quic import NoQuic
from addons.redirected import Watch
from addons.scope import Scope
from addons.sign_in import SignIn
from auditor.errors import EnvironmentFailure, InputError
from auditor.gateway import child, memory
from auditor.gateway.config import GatewayConfig
from auditor.gateway.link import RecorderLink

log = logging.getLogger(__name__)

VITALS = 2.0
"""Seconds between reports on this process."""
SETTLING = 1.0
"""Seconds the redirector of mode local has to fail, before its start counts as one."""


class NoCleartextUpgrade(disable_h2c.DisableH2C):
    """mitmproxy looks when the request is complete; ours has left by then."""

    def requestheaders(self, flow: HTTPFlow) -> None:
        """Take the offer of cleartext HTTP/2 out before the request leaves."""
        self.process_flow(flow)  # type: ignore[no-untyped-call]


class Proxy:
    """One proxy process: builds mitmproxy, runs it, drains it."""

    def __init__(self, start: child.Start) -> None:
        self._config = start.config
        name = f"{start.name}.{os.getpid()}"
        self._link = RecorderLink(Path(start.socket), name, self._config.settings.patience)
        settings = self._config.settings
        self._discovery = Discovery(lambda: self._link.count(discovered=1), settings.discover)
        self._scope = Scope(self._config.provider_hosts, lambda: self._link.count(tunnelled=1), self._discovery)
        self._destinations = Destinations(self._config, self._refused)
        self._sign_in = SignIn(lambda: self._link.count(denied=1))
        self._capture = Capture(self._link, self._scope, policy(self._config))
        self._servers = proxyserver.Proxyserver()  # type: ignore[no-untyped-call]
        self._connections = Connections(
            self._servers,
            settings.max_connections,
            settings.head_timeout,
            lambda: self._link.count(turned_away=1),
            strangers=settings.proxy_auth is not None,
        )
        self._master = cast(Any, Master(Options()))  # its methods carry no types
        self._master.addons = Hooks(self._master)
        self._master.addons.add(
            self._servers,
            self._sign_in,
            upstream_auth.UpstreamAuth(),
            next_layer.NextLayer(),
            NoQuic(self._refused),
            tlsconfig.TlsConfig(),
            update_alt_svc.UpdateAltSvc(),
            NoCleartextUpgrade(),
            self._destinations,
            self._scope,
            self._connections,
            self._capture,
        )
        self._stopping, self._unredirected = asyncio.Event(), asyncio.Event()
        self._master.options.update(**options.of(self._config, Path(start.socket).parent))
        resolve.install(asyncio.get_running_loop(), settings.resolve, self._destinations.resolved)
        if start.listener is not None:
            listening.on(self._listener(start.listener, start))

    def _listener(self, descriptor: int, start: child.Start) -> socket.socket:
        """The inherited socket; beside other processes on it, connections are shared out."""
        if start.siblings == 1:
            return socket.socket(fileno=descriptor)
        loads = Loads(Path(start.socket).parent, start.place, start.siblings)
        self._connections.held = loads.hold
        return Shared.of(descriptor, loads)

    async def run(self) -> int:
        """Serve until told to stop, then drain; returns the exit code."""
        child.obey(stop=self._stopping.set, reload=self.reload, orphaned=lambda: os._exit(1))
        if self._config.settings.mode.startswith("local"):
            Watch(self._lost_redirector)
        self._background = [
            asyncio.create_task(work)
            for work in (
                self._link.run(),
                self._capture.run(),
                self._connections.run(),
                self._report(),
                memory.keep_giving_back(),
            )
        ]
        if not await self._link.reached(self._stopping):
            return 0
        serving = asyncio.create_task(self._master.run())
        if not await self._is_serving(serving):
            return EnvironmentFailure.exit_code
        child.say_ready()
        await self._stopping.wait()
        code = await self._drain()
        self._master.shutdown()
        await asyncio.wait((serving,), timeout=1.0)
        return EnvironmentFailure.exit_code if self._unredirected.is_set() else code

    def reload(self, config: GatewayConfig) -> None:
        """Follow a changed policy without touching connections."""
        self._config = config
        self._scope.use(config.provider_hosts)
        self._capture.policy = policy(config)
        self._link.patience = config.settings.patience
        self._discovery.wanted = config.settings.discover
        self._destinations.use(config)
        self._sign_in.renew()
        self._connections.most = config.settings.max_connections
        self._connections.head_timeout = config.settings.head_timeout
        child.say_reloaded()

    async def _report(self) -> None:
        """Tell the recorder how this process is doing, for its metrics."""
        while True:
            await asyncio.sleep(VITALS)
            self._link.tell_vitals(len(self._capture), len(self._connections))

    def _refused(self) -> None:
        self._link.count(refused=1)

    async def _is_serving(self, serving: asyncio.Task[None]) -> bool:
        """Wait until mitmproxy listens; false where it cannot."""
        while not serving.done():
            started = bool(len(self._servers.servers)) and not self._servers.servers.is_updating
            if started and (failed := next((one for one in self._servers.servers if one.last_exception), None)):
                sys.stderr.write(f"Mode {self._config.settings.mode} cannot be served: {reason(failed)}.\n")
                return False
            if started and all(one.is_running for one in self._servers.servers):
                return await self._is_redirecting()
            await asyncio.sleep(0.01)
        return False

    async def _is_redirecting(self) -> bool:
        """Whether mode local, where that is the mode, has not lost its redirector at once."""
        if not self._config.settings.mode.startswith("local"):
            return True
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._unredirected.wait(), SETTLING)
        return not self._unredirected.is_set()

    def _lost_redirector(self) -> None:
        log.error("mitmproxy's redirector ended: no program of this machine is captured; the kernel may refuse it")
        self._unredirected.set()
        self._stopping.set()

    async def _drain(self) -> int:
        await self._servers.servers.update([])
        await self._capture.drain(self._config.settings.grace)
        left = await self._link.drain(self._config.settings.grace)
        if left:
            log.error("%d exchanges have no durable completion", left)
        return EnvironmentFailure.exit_code if left else 0


def reason(failed: ServerInstance[Any]) -> str:
    """Why a mode is not served, in one line; what comes from Rust has its call stack behind it."""
    text = str(failed.last_exception).partition("\n\nStack backtrace")[0]
    return ": ".join(line.strip(" .") for line in text.splitlines() if line.strip() not in ("", "Caused by:"))


def policy(config: GatewayConfig) -> Policy:
    """The part of the settings that can change while connections are open."""
    return Policy(config.settings.intent, config.settings.on_store_failure)


def quiet() -> None:
    """mitmproxy's own messages quote traffic: of its errors only the place and the kind are logged."""

    def place_only(record: logging.LogRecord) -> bool:
        if not record.name.startswith(("mitmproxy", "root", "asyncio", "hpack", "h2")):
            return True
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else "error"
        record.msg, record.args, record.exc_info = f"{kind} in {record.module}:{record.lineno}", (), None
        return True

    for handler in logging.getLogger().handlers:
        handler.addFilter(place_only)
    logging.getLogger("mitmproxy").setLevel(logging.ERROR)


def main() -> int:
    """Run one proxy until told to stop."""
    memory.settle()
    start = child.read_start()
    child.log_to_stderr(start.name, start.config.settings.log_format)
    quiet()
    room_for(start.config.settings.max_connections)
    sides.install()
    http1.install()
    lean.install()
    try:
        return child.run(_run(start))
    except exceptions.OptionsError as error:
        sys.stderr.write(f"{error}\n")
        return InputError.exit_code


async def _run(start: child.Start) -> int:
    code = await Proxy(start).run()
    # Everything is durable or counted. mitmproxy's connection handlers may outlast their cancellation: no waiting.
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    sys.exit(main())
