# SPDX-License-Identifier: Apache-2.0
"""Who may read a gateway's sealed records by HTTPS: `readers.json` in its folder, one entry a token, and the key the
listener shows.

Invariants: of a token only a hash is kept; what is revoked or over counts from the next request on; the key is made
once, since every token names it.
"""

import datetime
import time
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from auditor.calls import Compact
from auditor.errors import InputError
from auditor.store import files
from auditor.sync import tokens
from auditor.sync.tokens import ReadToken

READERS_FILE: Final = "readers.json"
LISTENER_FILE: Final = "listener.pem"
_VALID_FOR = datetime.timedelta(days=20 * 365)


class Scope(StrEnum):
    """What a token is good for."""

    RECORDS = "records"
    """Read sealed records."""
    ORDERS = "orders"
    """Deliver erasures that an auditor signed."""


class Reader(Compact, frozen=True, kw_only=True):
    """One token as the gateway knows it. Times are Unix seconds; `rate` is requests a second."""

    id: str
    name: str
    secret: str
    scopes: tuple[Scope, ...]
    created: int
    expires: int | None = None
    rate: float = 20.0

    def is_over(self, now: float) -> bool:
        """Whether its time has passed."""
        return self.expires is not None and self.expires <= now


class Readers:
    """The tokens of a gateway's folder; read anew when the file changes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / READERS_FILE
        self._stamp: tuple[int, int] | None = None
        self._known: dict[str, Reader] = {}

    def all(self) -> Sequence[Reader]:
        """Every token that was not revoked. Raises `InputError` where the file is damaged."""
        self._refresh()
        return tuple(self._known.values())

    def find(self, id_: str, secret: str) -> Reader | None:
        """Who holds this token, unless it is over."""
        self._refresh()
        found = self._known.get(id_)
        is_right = tokens.agrees(secret, found.secret if found else tokens.hashed(""))
        return found if found is not None and is_right and not found.is_over(time.time()) else None

    def add(self, name: str, scopes: Iterable[Scope], days: int | None = None, rate: float = 20.0) -> ReadToken:
        """Make a token; only its holder will know it. Raises `InputError` for a name that is taken."""
        if any(one.name == name for one in self.all()):
            raise InputError(f"There is a token named {name} already.", "Choose another name, or revoke that one.")
        made, now = ReadToken.new(pin(self._folder)), int(time.time())
        reader = Reader(
            id=made.id,
            name=name,
            secret=tokens.hashed(made.secret),
            scopes=tuple(dict.fromkeys(scopes)),
            created=now,
            expires=None if days is None else now + days * 86_400,
            rate=rate,
        )
        self._save([*self.all(), reader])
        return made

    def revoke(self, name: str) -> None:
        """Forget a token, by its name or id. Raises `InputError` where there is none."""
        left = [one for one in self.all() if name not in (one.name, one.id)]
        if len(left) == len(self.all()):
            raise InputError(f"There is no token {name}.", "List them: auditor gateway token list.")
        self._save(left)

    def _save(self, readers: Sequence[Reader]) -> None:
        files.write(self._path, msgspec.json.format(msgspec.json.encode(readers), indent=1) + b"\n", files.PRIVATE)

    def _refresh(self) -> None:
        try:
            about = self._path.stat()
        except FileNotFoundError:
            self._known, self._stamp = {}, None
            return
        if (stamp := (about.st_mtime_ns, about.st_ino)) == self._stamp:
            return
        try:
            found = msgspec.json.decode(files.read(self._path, "The file of tokens"), type=tuple[Reader, ...])
        except msgspec.MsgspecError as error:
            raise InputError(f"{self._path} is damaged.", "Restore it, or delete it and make new tokens.") from error
        self._known, self._stamp = {one.id: one for one in found}, stamp


def listener_file(folder: Path) -> Path:
    """Key and certificate of the listener, made where they are missing: self-signed, since readers compare the key."""
    path = folder / LISTENER_FILE
    if not path.exists():
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "AI Usage Auditor gateway")])
        now = datetime.datetime.now(datetime.UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=2))
            .not_valid_after(now + _VALID_FOR)
            .sign(key, hashes.SHA256())
        )
        pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
        private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
        files.write(path, private + made.public_bytes(pem), files.PRIVATE)
    return path


def pin(folder: Path) -> str:
    """The pin of the listener's key. Raises `InputError` where the file is damaged."""
    path = listener_file(folder)
    try:
        made = x509.load_pem_x509_certificate(files.read(path, "The listener's key"))
    except ValueError as error:
        raise InputError(f"{path} holds no certificate.", "Restore it, or delete it and make new tokens.") from error
    return tokens.pin_of(made.public_bytes(serialization.Encoding.DER))
