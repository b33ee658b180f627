# SPDX-License-Identifier: Apache-2.0
"""Who reads a store, in the shapes Settings shows, and what can be changed about it. Runs off the main thread.

Invariant: what changes the identity file, or who may read, opens the identity anew from its file with the keys that
were given: a copy in memory may be older than the file.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from auditor.errors import InputError
from auditor.store import Identity, Location, admission
from auditor.store.create import GATEWAY
from auditor.store.format.layout import Purpose
from auditor.store.keys import handing
from auditor.store.keys.facts import Auditor, StoreFacts
from ui.models import formats
from ui.models.keys import Keys, listed

MAY = {Purpose.METADATA: "facts", Purpose.CONTENT: "content", Purpose.NAMES: "names"}


@dataclass(frozen=True, slots=True)
class AuditorRow:
    """One who reads, or did."""

    id: str
    name: str
    active: bool
    own: bool
    texts: tuple[str, ...]
    """The cells of its row: name, id, what it opens, whether it manages, and whether it is still one."""


@dataclass(frozen=True, slots=True)
class People:
    """The auditors of a store; whether the one who is here manages it, and how many people a reveal takes."""

    rows: tuple[AuditorRow, ...]
    manages: bool
    two_to_reveal: bool
    shared: bool
    """Whether the identity that is open takes two people."""

    recovery: tuple[tuple[str, str], ...]


def read_people(place: Location, identity: Identity) -> People:
    """Who reads this store."""
    store = place.facts()
    managers = {one.id for one in store.managers()}
    return People(
        rows=tuple(_row(store, one, identity, managers) for one in store.auditors),
        manages=identity.auditor.id in managers,
        two_to_reveal=store.two_to_reveal,
        shared=bool(identity.holders),
        recovery=_recovery(store, identity),
    )


def _row(store: StoreFacts, one: Auditor, identity: Identity, managers: set[str]) -> AuditorRow:
    left = next((datetime.fromtimestamp(gone.at, UTC) for gone in store.removed if gone.who == one.id), None)
    own = one.id == identity.auditor.id
    name = formats.one_line(one.name, 120)
    texts = (
        f"{name} (you)" if own else name,
        one.id,
        ", ".join(MAY[purpose] for purpose in store.purposes(one.id)) if left is None else formats.ABSENT,
        "yes" if one.id in managers else formats.ABSENT,
        "reads" if left is None else f"left {left:%Y-%m-%d}",
    )
    return AuditorRow(one.id, name, left is None, own, texts)


def _recovery(store: StoreFacts, identity: Identity) -> tuple[tuple[str, str], ...]:
    """What is left if this identity is lost, how it opens, and until when gateways have keys."""
    everything = set(Purpose)
    others = [
        formats.one_line(one.name, 60)
        for one in store.managers()
        if one.id != identity.auditor.id and set(store.purposes(one.id)) == everything
    ]
    lost = f"{listed(others)} can open everything and manage the store." if others else NOBODY
    holders = [formats.one_line(one.name, 60) for one in identity.holders]
    opens = f"by two of {listed(holders)}, each with their own" if holders else "with its passphrase"
    until = datetime.fromtimestamp(store.epochs_end, UTC)
    return (
        ("If it is lost", lost),
        ("It opens", opens),
        ("Gateways have keys", f"until {until:%Y-%m-%d}; “auditor identity epochs” makes more"),
    )


NOBODY = "Nobody else opens everything. Add an identity that manages the store, and keep its file in a safe."


# --- what can be changed ---


def add(place: Location, keys: Keys, application: Path, may: Sequence[Purpose], manages: bool, out: Path) -> str:
    """Make somebody an auditor, and write what is granted to them; what to do now, in one sentence.

    Raises `InputError` where a file is there already, or the application is none.
    """
    handing.must_be_new(out)
    asked = handing.read_application(application)
    identity = keys.open()
    store = admission.add(place, identity, asked, manages, may)
    handing.write(out, admission.grant(place, identity, asked.who))
    _hand_out(place, store)
    name = formats.one_line(asked.who.name, 60)
    return f"{name} is an auditor of the store. Hand them {out}, and they run: auditor identity accept {out.name}"


def grant(place: Location, keys: Keys, who: str, out: Path) -> str:
    """Seal the keys this identity holds to another auditor anew; what to do now."""
    handing.must_be_new(out)
    given = admission.grant(place, keys.open(), admission.named(place.facts(), who))
    handing.write(out, given)
    return f"{formats.count(len(given.epochs), 'key')} granted. Hand them {out}."


def remove(place: Location, keys: Keys, who: str) -> str:
    """Let an auditor go; new records are sealed to new keys from now on, which the identity file holds then."""
    identity = keys.open()
    gone = admission.named(place.facts(), who)
    store = admission.remove(place, keys.own.identity, identity, gone, datetime.now(UTC))
    _hand_out(place, store)
    others = [formats.one_line(one.name, 60) for one in store.active if one != identity.auditor]
    more = f" Grant the new keys to {listed(others)}." if others else ""
    return f"{formats.one_line(gone.name, 60)} is no auditor any more; new records are sealed to new keys.{more}"


def decide(place: Location, keys: Keys, two: bool) -> str:
    """Set how many people a reveal takes."""
    _hand_out(place, admission.decide(place, keys.open(), two))
    return f"A reveal takes {'two people' if two else 'one person'} from now on."


def change_passphrase(keys: Keys, new: str, again: str) -> str:
    """Another passphrase for the identity. Raises `InputError` where the two differ or are too short."""
    if new != again:
        raise InputError("The new passphrases are not the same.")
    if len(new) < SHORTEST:
        raise InputError(f"Take a passphrase of at least {SHORTEST} characters, best several words.")
    keys.open().with_passphrase(new.encode(errors="surrogateescape")).save(keys.own.identity)
    return "The identity opens with the new passphrase. Replace the copies of its file: they keep the old one."


SHORTEST = 8
"""Characters of a new passphrase."""


def _hand_out(place: Location, store: StoreFacts) -> None:
    """Bring the gateway's folder beside the store up to date, where there is one."""
    folder = place.folder.absolute().parent / GATEWAY
    if folder.exists():
        admission.hand_out(store, [folder])
