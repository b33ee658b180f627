# SPDX-License-Identifier: Apache-2.0
"""Break-glass: who stands behind a pseudonym, and content as it is, unmasked.

Invariants: the access is durable in the auditor's own ledger before anything is opened; where the store says that a
reveal takes two people, the other one, an auditor of the store too, signs the access with their own identity. An
identity that only two people can unlock is two people already.
"""

from datetime import datetime

import msgspec
from sqlalchemy import Connection, select

from auditor.archive.schema import named
from auditor.archive.times import moment
from auditor.calls import Value
from auditor.errors import InputError, UnlockError
from auditor.store import Identity, LedgerReader
from auditor.store.format import layout, signing
from auditor.store.format.records import Access
from auditor.store.keys.facts import StoreFacts
from auditor.store.keys.identity import KeyGone

REVEAL = "reveal"
"""The action of an access that shows what is otherwise hidden."""

SEE = "See `auditor identity list`."

_encode = msgspec.msgpack.Encoder(order="deterministic").encode


class SecondWanted(UnlockError):
    """The store asks for a second person, and nobody was named; nothing was opened."""


class Revealed(Value, frozen=True, kw_only=True):
    """A name and address that stood behind a pseudonym, and when that was recorded (once a month)."""

    actor: str
    user: str | None
    address: str | None
    first_seen: datetime


def approved(access: Access, store: StoreFacts, identity: Identity, second: Identity | None) -> Access:
    """The access with the second person's signature, where there is one.

    Raises `SecondWanted` where the store demands one and there is none; `InputError` where it is no other auditor.
    """
    if second is None:
        if store.two_to_reveal and not identity.holders:
            raise SecondWanted("A reveal takes two people in this store.", "Give the other one's: --second FILE.")
        return access
    if second.auditor.id == identity.auditor.id:
        raise InputError(f"{second.name} asks already: the second person has to be another auditor.", SEE)
    if second.auditor not in store.active:
        raise InputError(f"{second.name} is no auditor of this store.", SEE)
    named = msgspec.structs.replace(access, second=second.name, second_id=second.auditor.id)
    return msgspec.structs.replace(named, approval=second.signing_key.sign(_message(named)))


def check(access: Access, store: StoreFacts) -> None:
    """Raise `CheckFailed` where an access names a second person who did not sign it."""
    if access.second_id is not None:
        signer = store.signing_key(access.second_id)
        signing.check(signer, _message(access), access.approval or b"", f"The approval of {access.second}")


def actors(connection: Connection, actor: str) -> list[str]:
    """The pseudonyms that begin so, as far as they are named anywhere."""
    query = select(named.c.actor).where(named.c.actor.startswith(actor, autoescape=True)).distinct().limit(2)
    return list(connection.scalars(query))


def names_behind(connection: Connection, reader: LedgerReader, actor: str) -> list[Revealed]:
    """Who stands behind a pseudonym, the oldest record first; the access must be recorded already.

    What was erased, or whose key was destroyed, is left out. Raises `UnlockError` where the identity may open no names.
    """
    query = select(named.c.ledger, named.c.seq, named.c.time).where(named.c.actor == actor).order_by(named.c.time)
    found: dict[tuple[str | None, str | None], Revealed] = {}
    for row in connection.execute(query):
        try:
            known = reader.behind(row.ledger, row.seq)
        except (InputError, KeyGone):
            continue
        one = Revealed(actor=actor, user=known.user, address=known.address, first_seen=moment(row.time))
        found.setdefault((known.user, known.address), one)
    return list(found.values())


def _message(access: Access) -> bytes:
    return layout.statement("approval", _encode(msgspec.structs.replace(access, approval=None)))
