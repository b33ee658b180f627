# SPDX-License-Identifier: Apache-2.0
"""Several auditors of one store: who asks, who is added, what is granted to whom, and who leaves.

    newcomer: `apply` → public file → manager: `add`, `grant` → sealed file → newcomer: `accept`

Invariants: epoch keys travel sealed (HPKE) to the one they are granted to, in a file of its own and never in the store,
since a copy of the store would then outlive their destruction; no data is touched. A newcomer makes the first signing
key of their own ledger themselves, so nobody else ever holds it. Who leaves keeps what they could open; from that
moment on everything is sealed to new keys, and nothing they sign counts.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from auditor.errors import CheckFailed, InputError
from auditor.store import create, files
from auditor.store.format import layout, signing, suites
from auditor.store.format.layout import Purpose
from auditor.store.keys import enrolment, epochs
from auditor.store.keys.facts import Auditor, LedgerEnrolment, Member, Removed, Signed, StoreFacts
from auditor.store.keys.identity import HeldEpoch, Identity
from auditor.store.ledger.reader import LedgerReader
from auditor.store.location import Location


class Application(Signed, frozen=True, kw_only=True):
    """What a newcomer hands to a manager: their public half, and the key their own ledger will start from."""

    who: Auditor
    enrol_key: bytes

    def _title(self) -> str:
        return f"{self.who.name}'s application"


class Grant(Signed, frozen=True, kw_only=True):
    """Keys of a store sealed to one auditor, signed by a manager: epoch keys, and the key of pseudonyms."""

    store: str
    to: str
    founder: bytes
    pseudonym_key: bytes
    epochs: tuple[HeldEpoch, ...]

    def _title(self) -> str:
        return "the grant"


def apply(identity: Identity, identity_file: Path) -> Application:
    """A newcomer's application; the private half of their ledger's first key waits beside their identity file."""
    key = Ed25519PrivateKey.generate()
    create.pending_key_file(identity_file, identity).create(key)
    return Application(who=identity.auditor, enrol_key=signing.public_of(key)).signed(identity.signing_key)


def add(
    location: Location, identity: Identity, asked: Application, manages: bool, purposes: Sequence[Purpose]
) -> StoreFacts:
    """Make somebody an auditor of the store, who may open these purposes; the store's facts as they are written.

    Raises `InputError` where the identity does not manage the store, or the newcomer is an auditor of it already.
    """
    store = _managed(location, identity)
    asked.check(asked.who.signing_key)
    if any(one.id == asked.who.id or one.name == asked.who.name for one in store.auditors):
        raise InputError(f"{asked.who.name} is, or was, an auditor of this store.", "Choose another name.")
    key = identity.signing_key
    member = Member(store=store.id, who=asked.who, manages=manages, purposes=tuple(purposes)).signed(key)
    ledger = LedgerEnrolment(
        store=store.id,
        ledger=create.desk_ledger_name(asked.who),
        name=asked.who.name,
        kind="desk",
        enrol_key=asked.enrol_key,
    ).signed(key)
    return _write(
        location,
        identity,
        msgspec.structs.replace(store, members=(*store.members, member), ledgers=(*store.ledgers, ledger)),
    )


def grant(location: Location, identity: Identity, who: Auditor) -> Grant:
    """Every epoch key the identity holds and `who` may open, and the key of pseudonyms, sealed to `who`."""
    store = _managed(location, identity)
    if who not in store.active:
        raise InputError(f"{who.name} is no auditor of this store.", "Add them first: auditor identity add FILE.")
    may = store.purposes(who.id)
    held = [one for one in identity.epochs if one.key.store == store.id and one.key.purpose in may]
    return Grant(
        store=store.id,
        to=who.id,
        founder=store.founder.signing_key,
        pseudonym_key=suites.wrap(who.suite, who.public_key, identity.pseudonym_key, _info(store.id, who)),
        epochs=tuple(identity.resealed(one, who) for one in held),
    ).signed(identity.signing_key)


def accept(location: Location, identity_file: Path, identity: Identity, given: Grant, passphrase: bytes) -> Identity:
    """Take what was granted into the identity file; the identity as it is then.

    Raises `InputError` where it was granted to somebody else or for another store, `CheckFailed` where no manager of
    the store signed it, or a key in it is not what it says.
    """
    store = location.facts()
    if (given.store, given.to) != (store.id, identity.auditor.id):
        raise InputError("This was granted to another auditor, or for another store.", "Ask for your own grant.")
    manager = {one.id: one.signing_key for one in store.managers()}
    given.check(manager.get(given.auditor, b""))
    is_new = not any(one.key.store == store.id for one in identity.epochs)
    if given.founder != store.founder.signing_key or (not is_new and identity.founder != given.founder):
        raise CheckFailed("The store is founded by another key than the grant says.")
    pseudonym_key = identity.open_own(given.pseudonym_key, _info(store.id, identity.auditor))
    known = {one.key.recipient for one in identity.epochs} | {one.recipient for one in identity.destroyed}
    news = [one for one in given.epochs if one.key.recipient not in known]
    for one in news:
        one.key.check(store.signing_key(one.key.auditor))
        identity.check_held(one)
    joined = identity.joining(given.founder, pseudonym_key, passphrase) if is_new else identity
    joined = joined.with_epochs(news)
    _install_desk(location, identity_file, joined)
    joined.save(identity_file)
    return joined


def remove(location: Location, identity_file: Path, identity: Identity, who: Auditor, now: datetime) -> StoreFacts:
    """Let an auditor go: from now on everything is sealed to new epoch keys, which they are not granted.

    The new private halves are durable in the identity before anything is sealed to them. Raises `InputError` where the
    identity does not manage the store, `who` is no auditor of it, or the only one who manages it.
    """
    store = _managed(location, identity)
    if who not in store.active or who == identity.auditor:
        raise InputError(f"{who.name} cannot be removed by this identity.", "See `auditor identity list`.")
    ledger = create.desk_ledger_name(who)
    size = LedgerReader.open(location, identity).tail().get(ledger, -1) + 1
    gone = Removed(store=store.id, who=who.id, ledger=ledger, size=size, at=int(now.timestamp()))
    held = epochs.make_again(identity, store.id, now.astimezone(UTC), store.epochs_end)
    identity.with_epochs(held).save(identity_file)
    return _write(
        location,
        identity,
        msgspec.structs.replace(
            store,
            removed=(*store.removed, gone.signed(identity.signing_key)),
            epochs=(*store.epochs, *(one.key for one in held)),
        ),
    )


def decide(location: Location, identity: Identity, two_to_reveal: bool) -> StoreFacts:
    """Set whether revealing takes a second person. Raises `InputError` where the identity does not manage the store."""
    store = _managed(location, identity)
    return _write(location, identity, msgspec.structs.replace(store, two_to_reveal=two_to_reveal))


def hand_out(store: StoreFacts, gateways: Iterable[Path]) -> None:
    """Bring gateway folders up to date; a gateway takes it at its next start."""
    for folder in gateways:
        enrolment.renew(folder, store)


def named(store: StoreFacts, name: str) -> Auditor:
    """An auditor by name or id. Raises `InputError`."""
    for one in store.auditors:
        if name in (one.name, one.id):
            return one
    raise InputError(f"There is no auditor {name} in this store.", "See `auditor identity list`.")


def _managed(location: Location, identity: Identity) -> StoreFacts:
    store = location.facts()
    if identity.auditor not in store.managers():
        raise InputError("Only a manager of the store does this.", "Use the identity of one.")
    return store


def _write(location: Location, identity: Identity, store: StoreFacts) -> StoreFacts:
    signed = store.signed(identity.signing_key)
    location.save_facts(signed)
    return signed


def _install_desk(location: Location, identity_file: Path, identity: Identity) -> None:
    """Move the first key of the newcomer's own ledger to where its writer looks for it."""
    pending = create.pending_key_file(identity_file, identity)
    if pending.path.exists():
        location.ledger_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        files.move(pending.path, create.desk_key_file(location.ledger_folder, identity).path)


def _info(store_id: str, who: Auditor) -> bytes:
    return layout.statement("pseudonyms", f"{store_id}/{who.id}".encode())
