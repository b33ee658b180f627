# SPDX-License-Identifier: Apache-2.0
"""Making a store: `store/`, `auditor.identity` and `gateway/` in one folder, all of them or none.

A store on a server has no `store/` there: what this machine writes itself lies in its `Location`'s folder.
"""

import contextlib
import errno
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from auditor.calls import Span, Value
from auditor.errors import EnvironmentFailure, InputError
from auditor.store import files
from auditor.store.format import layout, signing
from auditor.store.format.sealing import NONCE_SIZE
from auditor.store.format.signing import KeyFile
from auditor.store.keys import enrolment, epochs, facts
from auditor.store.keys.facts import StoreFacts
from auditor.store.keys.identity import Argon2, Identity
from auditor.store.location import Location
from auditor.store.server import founding

STORE: Final = "store"
IDENTITY: Final = "auditor.identity"
GATEWAY: Final = "gateway"


class Created(Value, frozen=True, kw_only=True):
    """What was made, and where."""

    store: Path
    identity: Path
    gateway: Path
    store_id: str
    ledgers: tuple[str, ...]


class Sealed:
    """Wraps a desk's signing key under a key of its identity."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, plaintext: bytes) -> bytes:
        """Nonce and ciphertext."""
        nonce = os.urandom(NONCE_SIZE)
        return nonce + self._cipher.encrypt(nonce, plaintext, None)

    def open(self, sealed: bytes) -> bytes:
        """The plaintext. Raises `InvalidTag`."""
        return self._cipher.decrypt(sealed[:NONCE_SIZE], sealed[NONCE_SIZE:], None)


def desk_ledger_name(auditor: facts.Auditor) -> str:
    """The name of the ledger an auditor's desk writes."""
    return f"desk-{auditor.id[:8]}"


def desk_key_file(ledger_folder: Path, identity: Identity) -> KeyFile:
    """The signing key of a desk's ledger: beside the ledger, sealed under the identity."""
    ledger = desk_ledger_name(identity.auditor)
    return KeyFile(ledger_folder / f"{ledger}.signing", Sealed(identity.desk_key(ledger)))


def pending_key_file(identity_file: Path, identity: Identity) -> KeyFile:
    """The first signing key of a newcomer's ledger, beside their identity until they are let in."""
    ledger = desk_ledger_name(identity.auditor)
    return KeyFile(identity_file.with_suffix(".desk"), Sealed(identity.desk_key(ledger)))


def create_store(
    out: Path,
    passphrase: bytes,
    *,
    name: str = "auditor",
    gateway: str = "gateway",
    months: int = epochs.MONTHS_AHEAD,
    argon2: Argon2 | None = None,
    now: datetime | None = None,
    shared: Location | None = None,
    span: Span = "forever",
) -> Created:
    """Make a store in `out`, with an identity and the enrolment of one gateway.

    `name` is the auditor's, `gateway` the gateway's; `months` of epoch keys are made from `now` on; `shared` is a
    server to make the store on, `span` how long an actor keeps a pseudonym. Raises `InputError` where any part exists
    already, `EnvironmentFailure` where folder or server do not take it; then nothing is left.
    """
    parts = [shared.folder if shared else out / STORE, out / IDENTITY, out / GATEWAY]
    for part in parts:
        if part.exists():
            raise InputError(f"{part} exists already; nothing was written.", "Choose another folder.")
    identity = Identity.create(name, passphrase, argon2)
    try:
        with _workshop(out) as workshop:
            public = _build(workshop, identity, (gateway, span), now or datetime.now(UTC), months)
            with _shared(shared, public, workshop):
                _move_all(workshop, parts)
    except OSError as error:
        raise EnvironmentFailure(
            f"{out} cannot be written: {error.strerror}.", "Check the folder and your rights."
        ) from error
    store, identity_file, gateway_folder = parts
    return Created(
        store=store,
        identity=identity_file,
        gateway=gateway_folder,
        store_id=public.id,
        ledgers=tuple(one.ledger for one in public.ledgers),
    )


def _build(folder: Path, identity: Identity, settings: tuple[str, Span], now: datetime, months: int) -> StoreFacts:
    """Write the three parts into a folder of their own; `settings` are the gateway's name and the pseudonyms' span."""
    gateway, span = settings
    store_id = secrets.token_hex(8)
    held = epochs.make(identity, store_id, now, months)
    enrol_keys = {f"gateway-{secrets.token_hex(4)}": gateway, desk_ledger_name(identity.auditor): identity.name}
    keys = {ledger: Ed25519PrivateKey.generate() for ledger in enrol_keys}
    gateway_ledger, desk_ledger = enrol_keys
    enrolled = (
        _enrol(identity, store_id, gateway_ledger, gateway, keys[gateway_ledger]),
        _enrol(identity, store_id, desk_ledger, identity.name, keys[desk_ledger]),
    )
    public = facts.StoreFacts(
        format=layout.FORMAT,
        id=store_id,
        created=f"{now:%Y-%m-%dT%H:%M:%SZ}",
        founder=identity.auditor,
        ledgers=enrolled,
        epochs=tuple(epoch.key for epoch in held),
        span=span,
    ).signed(identity.signing_key)
    ledger_folder = folder / STORE / facts.LEDGER_FOLDER
    ledger_folder.mkdir(parents=True, mode=0o700)
    files.write(folder / STORE / facts.STORE_FILE, facts.encode(public))
    desk_key_file(ledger_folder, identity).create(keys[desk_ledger])
    identity.with_epochs(held).save(folder / IDENTITY)
    own_keys = (keys[gateway_ledger], identity.pseudonym_key)
    enrolment.write(folder / GATEWAY, public, gateway_ledger, own_keys, f"../{STORE}")
    return public


@contextlib.contextmanager
def _shared(shared: Location | None, public: StoreFacts, workshop: Path) -> Iterator[None]:
    """Make the part of a store that lies on a server, if any, and tell the gateway where to ship to."""
    if shared is None or shared.server is None:
        yield
        return
    (workshop / STORE / facts.STORE_FILE).unlink()
    with founding.founded(shared.server, public, public.ledgers[0].ledger) as (url, password):
        enrolment.add_server(workshop / GATEWAY, url, password)
        shared.folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        yield


def _enrol(identity: Identity, store_id: str, ledger: str, name: str, key: Ed25519PrivateKey) -> facts.LedgerEnrolment:
    return facts.LedgerEnrolment(
        store=store_id,
        ledger=ledger,
        name=name,
        kind="desk" if ledger == desk_ledger_name(identity.auditor) else "gateway",
        enrol_key=signing.public_of(key),
    ).signed(identity.signing_key)


@contextlib.contextmanager
def _workshop(out: Path) -> Iterator[Path]:
    """A hidden folder inside `out` to build in; gone afterwards, and so is `out` where it was new and stays empty."""
    is_new = not out.exists()
    out.mkdir(parents=True, exist_ok=True)
    workshop = Path(tempfile.mkdtemp(dir=out, prefix=".init-"))
    try:
        yield workshop
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
        if is_new:
            with contextlib.suppress(OSError):
                out.rmdir()


def _move_all(workshop: Path, parts: Sequence[Path]) -> None:
    """Move store, identity and gateway into place; take back what was moved where one cannot be."""
    moved: list[tuple[Path, Path]] = []
    try:
        for made, part in zip((STORE, IDENTITY, GATEWAY), parts, strict=True):
            _move(workshop / made, part)
            moved.append((workshop / made, part))
            files.sync_folder(part.parent)
    except BaseException:
        for made_at, part in moved:
            _move(part, made_at)
        raise


def _move(source: Path, target: Path) -> None:
    """Rename at once; copy only where the user's data folder is on another file system."""
    try:
        os.rename(source, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        shutil.move(source, target)
