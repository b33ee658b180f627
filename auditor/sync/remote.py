# SPDX-License-Identifier: Apache-2.0
"""A gateway as a source: its sealed records by HTTPS, for who holds a read token.

Invariant: nothing, not even the token, is sent before the gateway has shown the very key the token names (TLS 1.3). So
a machine in the middle gets a handshake and no more. What comes is bounded, and believed nothing: see `inspection`.

`GET /v1/ledger`: store, ledger, size. `GET /v1/records?after=N&wait=S`: the parts of a piece, each behind its length
(four bytes, big-endian); 204 where there is no news. `GET /v1/erasures?known=N`. `POST /v1/orders`: signed erasures.
"""

import http.client
import socket
import ssl
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO, Final
from urllib.parse import urlsplit

import msgspec

from auditor.calls import Value
from auditor.errors import CheckFailed, EnvironmentFailure, InputError, UnlockError
from auditor.store.server import feed
from auditor.store.server.feed import Parts, Row
from auditor.sync.tokens import ReadToken, pin_of

PATIENCE: Final = 20.0
"""Seconds a gateway may be silent, beyond what it was asked to wait."""
LARGEST: Final = 1 << 30
"""Bytes of one part: above it nothing is read."""

_decode_rows = msgspec.msgpack.Decoder(list[list[object]]).decode


class About(Value, frozen=True, kw_only=True):
    """What a gateway says of its ledger."""

    store: str
    ledger: str
    size: int


class GatewaySource:
    """One gateway; one connection, made anew where it broke. For one thread; close it."""

    longest_wait = 10.0

    def __init__(self, url: str, token: ReadToken) -> None:
        """Raises `InputError` for a URL that is none of a gateway."""
        parts = urlsplit(url)
        if parts.scheme != "https" or not parts.hostname or parts.path.strip("/"):
            raise InputError(f"{url} is no gateway's address.", "Write https://GATEWAY:PORT.")
        self.label = f"https://{parts.hostname}:{parts.port or 443}"
        self._address = (parts.hostname, parts.port or 443)
        self._token = token
        self._connection: _Pinned | None = None

    def about(self) -> About:
        """Which ledger it publishes."""
        return self._told(lambda raw: msgspec.json.decode(raw, type=About), self._get("/v1/ledger"))

    def store(self) -> str:
        """The store its ledger belongs to."""
        return self.about().store

    def ledgers(self) -> Sequence[str]:
        """Its one ledger."""
        return (self.about().ledger,)

    def size(self, ledger: str) -> int:
        """Leaves under the newest checkpoint."""
        return self.about().size

    def read(self, ledger: str, after: int, wait: float = 0) -> Parts:
        """The next piece, as it arrives."""
        is_whole = False
        try:
            with self._asked("GET", f"/v1/records?after={after}&wait={wait:g}", wait=wait) as response:
                while head := self._some(response, 4):
                    length = int.from_bytes(head)
                    if length > LARGEST:
                        raise CheckFailed(f"{self.label} sent more at once than is ever sent.")
                    yield self._told(feed.decode, self._some(response, length))
                is_whole = True
        finally:
            if not is_whole:  # what was not read would be taken for the next answer
                self.close()

    def erasures(self, ledger: str, known: int) -> Sequence[Row] | None:
        """The rows of `erasure`."""
        raw = self._get(f"/v1/erasures?known={known}")
        return self._told(_decode_rows, raw) if raw else None

    def order(self, ledger: str, leaves: bytes) -> None:
        """Deliver erasures an auditor signed, as their file holds them."""
        with self._asked("POST", "/v1/orders", leaves) as response:
            response.read()

    def close(self) -> None:
        """Hang up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _get(self, path: str) -> bytes:
        with self._asked("GET", path) as response:
            return response.read(LARGEST)

    def _asked(self, method: str, path: str, body: bytes | None = None, wait: float = 0) -> http.client.HTTPResponse:
        """The answer to a request, once more on a new connection where the old one was stale."""
        fresh = self._connection is None
        try:
            return self._ask(method, path, body, wait)
        except (ConnectionError, http.client.BadStatusLine) as error:
            self.close()
            if fresh:
                raise self._away(error) from error
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise self._away(error) from error
        return self._asked(method, path, body, wait)

    def _ask(self, method: str, path: str, body: bytes | None, wait: float) -> http.client.HTTPResponse:
        if self._connection is None or self._connection.sock is None:
            self._connection = _Pinned(self._address, self.label, self._token.pin)
            self._connection.connect()
        self._connection.sock.settimeout(PATIENCE + wait)
        self._connection.request(method, path, body, {"Authorization": self._token.credentials})
        response = self._connection.getresponse()
        if response.status not in (200, 202, 204):
            response.read(1 << 16)
            raise self._refused(response.status)
        return response

    def _some(self, response: IO[bytes], length: int) -> bytes:
        """That many bytes, or none at the end."""
        try:
            found = response.read(length)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            raise self._away(error) from error
        if found and len(found) != length:
            raise self._away(EOFError())
        return found

    def _told[T](self, decode: Callable[[bytes], T], raw: bytes) -> T:
        try:
            return decode(raw)
        except msgspec.MsgspecError as error:
            self.close()
            raise CheckFailed(f"{self.label} sent what is no answer of a gateway.") from error

    def _refused(self, status: int) -> Exception:
        match status:
            case 401 | 403:
                return UnlockError(f"{self.label} does not take this token.", "Ask for a new one: it may be revoked.")
            case 429 | 503:
                return EnvironmentFailure(f"{self.label} asks for patience.", "Try again in a minute.")
        return EnvironmentFailure(f"{self.label} failed (HTTP {status}).", "See the gateway's log.")

    def _away(self, error: BaseException) -> EnvironmentFailure:
        reason = "it took too long" if isinstance(error, TimeoutError) else "no connection"
        if isinstance(error, socket.gaierror):
            reason = "the name is unknown"
        return EnvironmentFailure(f"{self.label} cannot be reached: {reason}.", "Check address, port and network.")


class _Pinned(http.client.HTTPSConnection):
    """A connection to the one gateway a token names; where another key is shown, it ends before anything is sent."""

    def __init__(self, address: tuple[str, int], label: str, pin: str) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.check_hostname = False  # the pin names the key itself, which no authority can give to another
        context.verify_mode = ssl.CERT_NONE
        super().__init__(*address, timeout=PATIENCE, context=context)
        self._label = label
        self._pin = pin

    def connect(self) -> None:
        """Connect, and compare the key. Raises `CheckFailed` where it is another."""
        super().connect()
        shown = self.sock.getpeercert(binary_form=True) if isinstance(self.sock, ssl.SSLSocket) else None
        if not shown or pin_of(shown) != self._pin:
            self.close()
            raise CheckFailed(
                f"{self._label} shows another key than the token names; nothing was sent.",
                "Somebody stands in between, or the gateway's key is new: then ask for a new token.",
            )


def token_from(file: Path) -> ReadToken:
    """The token in a file's first line. Raises `InputError`."""
    try:
        return ReadToken.parse(file.read_text().partition("\n")[0])
    except (OSError, UnicodeDecodeError):
        raise InputError(f"The token file {file} cannot be read.", "Check the path and your rights.") from None
