# SPDX-License-Identifier: Apache-2.0
"""Accounts in a directory (LDAP): `ldap[s]:HOST[:PORT]:BIND-DN:PASSWORD:SUBTREE[?search_filter_key=KEY]`.

mitmproxy reads the same line, but keeps one connection for good, which a directory that was restarted has closed: from
then on nobody signs in. It also takes any certificate, and so gives its password to whoever stands between. Here each
question has connections of its own, with an end to waiting, and `ldaps` verifies the name.
"""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import ldap3
from ldap3.core.exceptions import LDAPInvalidCredentialsResult
from mitmproxy.addons.proxyauth import Ldap, Validator

WAIT: Final = 10
"""Seconds a directory has to accept a connection, and to answer."""


class Directory(Validator):
    """Finds who signs in below the subtree, and tries the password there. Raises `OptionsError` for a broken line;
    asked while the directory is away, an `LDAPException`."""

    def __init__(self, line: str, authorities: str | None = None) -> None:
        secure, self._host, self._port, self._bind, self._password, self._subtree, self._key = Ldap.parse_spec(line)
        self._trust = ldap3.Tls(validate=ssl.CERT_REQUIRED, ca_certs_file=authorities) if secure else None

    def __call__(self, username: str, password: str) -> bool:
        """Whether it is the password of exactly one entry; an empty one would bind as nobody, which succeeds."""
        if not username or not password:
            return False
        name = ldap3.utils.conv.escape_filter_chars(username)
        with self._connected(self._bind, self._password) as service:
            service.search(self._subtree, f"({self._key}={name})", attributes=[])
            found = [entry["dn"] for entry in service.response if entry["type"] == "searchResEntry"]
        if len(found) != 1:
            return False
        try:
            with self._connected(found[0], password):
                return True
        except LDAPInvalidCredentialsResult:
            return False

    @contextmanager
    def _connected(self, name: str, password: str) -> Iterator[ldap3.Connection]:
        """Bound by this name. A server's object remembers that it was away, so each connection has its own."""
        server = ldap3.Server(
            self._host,
            self._port,
            use_ssl=self._trust is not None,
            tls=self._trust,
            connect_timeout=WAIT,
            get_info=ldap3.NONE,
        )
        connection = ldap3.Connection(server, name, password, receive_timeout=WAIT, raise_exceptions=True)
        try:
            connection.bind()
            yield connection
        finally:
            if not connection.closed:
                connection.unbind()
            if connection.socket:  # of a handshake that failed
                connection.socket.close()
