# SPDX-License-Identifier: Apache-2.0
"""Another gateway of a store, or one anew whose keys are lost: a ledger of its own, enrolled by a manager; and the end
of one that writes no more.

Invariant: its folder appears whole, after the store knows its ledger. Broken off in between, the store knows a ledger
that never begins, which harms nothing.
"""

import contextlib
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from auditor.errors import EnvironmentFailure, InputError
from auditor.store import files
from auditor.store.format import signing
from auditor.store.keys import enrolment
from auditor.store.keys.facts import LedgerEnrolment, Retired, StoreFacts
from auditor.store.keys.identity import Identity
from auditor.store.location import Location
from auditor.store.server import feed, founding

_OWN_STORE = "store"
"""Where a gateway's ledger lies, relative to its folder."""


def enrol(location: Location, identity: Identity, name: str, folder: Path) -> LedgerEnrolment:
    """Enrol a gateway and write its folder, all that its machine needs.

    Raises `InputError` where the folder is there, the name is taken or the identity does not manage the store;
    `EnvironmentFailure` where folder or server do not take it.
    """
    store, key = _managed(location, identity), Ed25519PrivateKey.generate()
    if folder.exists():
        raise InputError(f"{folder} exists already; nothing was written.", "Choose another folder.")
    if any(one.name == name and store.end_of(one.ledger) is None for one in store.ledgers):
        raise InputError(f"There is a ledger of {name} already.", "Choose another name.")
    made = LedgerEnrolment(
        store=store.id,
        ledger=f"gateway-{secrets.token_hex(4)}",
        name=name,
        kind="gateway",
        enrol_key=signing.public_of(key),
    ).signed(identity.signing_key)
    public = msgspec.structs.replace(store, ledgers=(*store.ledgers, made)).signed(identity.signing_key)
    with _workshop(folder) as workshop:
        enrolment.write(workshop, public, made.ledger, (key, identity.pseudonym_key), _OWN_STORE)
        with _known(location, public, made.ledger) as access:
            if access is not None:
                enrolment.add_server(workshop, *access)
    return made


def retire(location: Location, identity: Identity, name: str, now: datetime) -> Retired:
    """Say that a gateway, by its name or its ledger's, writes no more: its ledger ends as it is here. On a server its
    role logs in no more. What it holds stays and verifies; its name is free again.

    Raises `InputError` where there is no such gateway, it was retired before, or the identity manages no store.
    """
    store = _managed(location, identity)
    found = [
        one.ledger
        for one in store.ledgers
        if one.kind == "gateway" and name in (one.name, one.ledger) and store.end_of(one.ledger) is None
    ]
    if not found:
        raise InputError(f"No gateway {name} writes to this store.", "See `auditor status`.")
    (ledger,) = found
    size = 0
    if ledger in location.ledgers():
        with location.translated(ledger):
            size = feed.size(location.engine(ledger), ledger)
    end = Retired(store=store.id, ledger=ledger, size=size, at=int(now.timestamp())).signed(identity.signing_key)
    public = msgspec.structs.replace(store, retired=(*store.retired, end)).signed(identity.signing_key)
    if location.server is None:
        location.save_facts(public)
    else:
        founding.shut_out(location.server, public, ledger)
    return end


def _managed(location: Location, identity: Identity) -> StoreFacts:
    store = location.facts()
    if identity.auditor not in store.managers():
        raise InputError("Only a manager of the store does this.", "Use the identity of one.")
    return store


@contextlib.contextmanager
def _known(location: Location, public: StoreFacts, ledger: str) -> Iterator[tuple[str, str] | None]:
    """Make the store know a ledger; on a server with a role of its own, whose URL and password are given."""
    if location.server is None:
        yield None
        location.save_facts(public)
        return
    with founding.admitted(location.server, public, ledger) as access:
        yield access


@contextlib.contextmanager
def _workshop(folder: Path) -> Iterator[Path]:
    """A hidden place beside `folder` to build it in; it takes its place if the block ends well."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        around = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".gateway-"))
        try:
            yield around / folder.name
            (around / folder.name).rename(folder)
            files.sync_folder(folder.parent)
        finally:
            shutil.rmtree(around, ignore_errors=True)
    except OSError as error:
        raise EnvironmentFailure(f"{folder} cannot be written: {error.strerror}.", "Check your rights.") from error
