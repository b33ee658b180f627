# SPDX-License-Identifier: Apache-2.0
"""Where findings are forwarded: syslog (RFC 5424) over TLS (RFC 5425), and a webhook over HTTPS.

A target delivers one event or raises `OSError`; it opens its connection anew after a failure. Certificates are
verified; an authority of the operator's own is named in the settings.
"""

import http.client
import os
import socket
import ssl
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol
from urllib.parse import SplitResult

from auditor.findings import Finding, Level

TIMEOUT_S: Final = 10.0
SYSLOG_TLS_PORT: Final = 6514
_FACILITY: Final = 13
"""log audit."""
_SEVERITY: Final = {Level.CRITICAL: 2, Level.HIGH: 3, Level.MEDIUM: 4, Level.LOW: 5, Level.INFORMATIONAL: 6}


class Target(Protocol):
    """Takes events one after the other."""

    def deliver(self, finding: Finding, event: bytes) -> None:
        """Hand one over. Raises `OSError` where it was not taken."""

    def close(self) -> None:
        """Hang up."""


class Syslog:
    """A syslog server; messages are framed by their length."""

    def __init__(self, place: SplitResult, authority: Path | None) -> None:
        self._host, self._port = place.hostname or "", place.port or SYSLOG_TLS_PORT
        self._context = _context(authority)
        self._socket: ssl.SSLSocket | None = None

    def deliver(self, finding: Finding, event: bytes) -> None:
        """Hand one over; it counts as taken once the kernel has it, as RFC 5425 knows no acknowledgement."""
        message = syslog_message(finding, event)
        try:
            if self._socket is None or _is_closed(self._socket):
                self.close()
                raw = socket.create_connection((self._host, self._port), timeout=TIMEOUT_S)
                self._socket = self._context.wrap_socket(raw, server_hostname=self._host)
            self._socket.sendall(b"%d %b" % (len(message), message))
        except OSError:
            self.close()
            raise

    def close(self) -> None:
        """Hang up."""
        if self._socket is not None:
            self._socket.close()
        self._socket = None


def _is_closed(connection: ssl.SSLSocket) -> bool:
    """Whether the server hung up meanwhile: then a message sent into the connection would be lost unseen."""
    connection.settimeout(0)
    try:
        return connection.recv(1) == b""
    except (BlockingIOError, ssl.SSLWantReadError):
        return False
    except OSError:
        return True
    finally:
        connection.settimeout(TIMEOUT_S)


def syslog_message(finding: Finding, event: bytes) -> bytes:
    """One message of RFC 5424: the finding's id and level as structured data, the event as its text."""
    priority = _FACILITY * 8 + _SEVERITY[finding.rule.level]
    time = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    host = socket.gethostname() or "-"
    data = f'[finding@32473 id="{finding.id}" level="{finding.rule.level}" kind="{finding.kind}"]'
    head = f"<{priority}>1 {time} {host} ai-usage-auditor {os.getpid()} finding {data} "
    return head.encode("ascii", "replace") + b"\xef\xbb\xbf" + event


class Webhook:
    """An HTTPS address that takes a JSON object in a POST; any answer of 2xx is an acknowledgement."""

    def __init__(self, place: SplitResult, authority: Path | None, token: str | None) -> None:
        self._place = place
        self._context = _context(authority)
        self._token = token

    def deliver(self, finding: Finding, event: bytes) -> None:
        """Hand one over."""
        place = self._place
        connection = http.client.HTTPSConnection(
            place.hostname or "", place.port, timeout=TIMEOUT_S, context=self._context
        )
        headers = {"content-type": "application/json", "user-agent": "ai-usage-auditor", "idempotency-key": finding.id}
        if self._token is not None:
            headers["authorization"] = f"Bearer {self._token}"
        try:
            path = (place.path or "/") + (f"?{place.query}" if place.query else "")
            connection.request("POST", path, body=event, headers=headers)
            status = connection.getresponse().status
        except http.client.HTTPException as error:
            raise OSError(f"no HTTP ({type(error).__name__})") from None
        finally:
            connection.close()
        if not 200 <= status < 300:
            raise OSError(f"the receiver answered {status}")

    def close(self) -> None:
        """Nothing is held between events."""


def _context(authority: Path | None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if authority is not None:
        context.load_verify_locations(authority)
    return context
