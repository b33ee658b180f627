# SPDX-License-Identifier: Apache-2.0
"""Who may use the proxy: mitmproxy's authentication, off the event loop, and asked once for each pair.

A bcrypt hash takes a tenth of a second and a directory may take seconds: mitmproxy asks both in its event loop, where
every other client would wait. Here one thread asks, so that guessing passwords slows nobody else; a pair that was
accepted is remembered, by a keyed hash, until the accounts are read again. What is not accepted is answered 407.
"""

import asyncio
import hashlib
import logging
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from mitmproxy import ctx, exceptions, http
from mitmproxy.addons import proxyauth
from mitmproxy.proxy.layers.modes import Socks5AuthData

from addons.directory import Directory

log = logging.getLogger(__name__)

WAITING = 256
"""Pairs waiting to be asked about; beyond them strangers are refused unasked."""


class Accounts(proxyauth.Validator):
    """Accepts what `ask` accepted before. `ask` may take its time: it runs in a thread."""

    def __init__(self, ask: Callable[[str, str], bool]) -> None:
        self._ask = ask
        self._key = secrets.token_bytes(32)
        self._accepted: set[bytes] = set()
        self._thread = ThreadPoolExecutor(1, "accounts")
        self._waiting = 0

    def __call__(self, username: str, password: str) -> bool:
        """Whether this pair was accepted."""
        return self._token(username, password) in self._accepted

    async def learn(self, username: str, password: str) -> None:
        """Ask about a pair that is not known yet."""
        if self(username, password) or self._waiting >= WAITING:
            return
        self._waiting += 1
        try:
            if await asyncio.get_running_loop().run_in_executor(self._thread, self._asked, username, password):
                self._accepted.add(self._token(username, password))
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """Ask nobody any more."""
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _asked(self, username: str, password: str) -> bool:
        try:
            return self._ask(username, password)
        except Exception as error:  # a directory that is away, a hash that is none: not accepted, and said
            log.warning("an account could not be checked: %s", type(error).__name__)
            return False

    def _token(self, username: str, password: str) -> bytes:
        pair = f"{len(username)}:{username}{password}".encode("utf-8", "surrogateescape")
        return hashlib.blake2b(pair, key=self._key, digest_size=16).digest()


class SignIn(proxyauth.ProxyAuth):
    """The addon; `denied` is called once for each request that is refused."""

    def __init__(self, denied: Callable[[], None]) -> None:
        super().__init__()
        self._denied = denied

    def configure(self, updated: set[str]) -> None:
        """Read the accounts, where the option changed."""
        before = self.validator
        line = ctx.options.proxyauth
        if "proxyauth" in updated and line and line.startswith("ldap"):
            self.validator = Directory(line, ctx.options.ssl_verify_upstream_trusted_ca)
        else:
            super().configure(updated)  # type: ignore[no-untyped-call]
        if self.validator is not None and not isinstance(self.validator, Accounts):
            self.validator = Accounts(self.validator)
        if isinstance(before, Accounts) and before is not self.validator:
            before.close()

    def renew(self) -> None:
        """Read the accounts again; what cannot be read leaves those of before. Open connections stay signed in."""
        before = self.validator
        try:
            self.configure({"proxyauth"})
        except exceptions.OptionsError:
            self.validator = before
            log.error("the accounts of proxy_auth cannot be read; those of before stay")

    async def http_connect(self, flow: http.HTTPFlow) -> None:  # type: ignore[override]
        """A client opens a tunnel."""
        await self._learn(flow)
        super().http_connect(flow)
        self._count(flow)

    async def requestheaders(self, flow: http.HTTPFlow) -> None:  # type: ignore[override]
        """A request, in a tunnel that is signed in or by itself."""
        if self.validator is not None and flow.client_conn not in self.authenticated:
            await self._learn(flow)
        super().requestheaders(flow)
        self._count(flow)

    async def socks5_auth(self, data: Socks5AuthData) -> None:  # type: ignore[override]
        """A client of mode socks5 says who it is."""
        if isinstance(self.validator, Accounts):
            await self.validator.learn(data.username, data.password)
        super().socks5_auth(data)
        if not data.valid:
            self._denied()

    async def _learn(self, flow: http.HTTPFlow) -> None:
        if not isinstance(self.validator, Accounts):
            return
        try:
            _, username, password = proxyauth.parse_http_basic_auth(flow.request.headers["proxy-authorization"])
        except (KeyError, ValueError):
            return
        await self.validator.learn(username, password)

    def _count(self, flow: http.HTTPFlow) -> None:
        if flow.response and flow.response.status_code == 407:
            self._denied()
