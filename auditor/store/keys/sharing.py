# SPDX-License-Identifier: Apache-2.0
"""A key that only two of several people can put together: Shamir shares, each sealed to one of them.

The scheme is SLIP-39's (https://github.com/satoshilabs/slips/blob/master/slip-0039.md) by its reference library, which
also carries a digest, so that a wrong share is noticed; see ADR 0014. One share says nothing about the key. Each is
sealed (HPKE) to the public key of a holder's own identity, so the file that carries them all is worth nothing alone.
"""

from collections.abc import Iterable, Sequence
from typing import Final, Protocol

from shamir_mnemonic import MnemonicError, combine_mnemonics, generate_mnemonics

from auditor.calls import Value
from auditor.errors import InputError, UnlockError
from auditor.store.format import layout, suites
from auditor.store.keys import facts

THRESHOLD: Final = 2
MOST: Final = 16
"""Holders SLIP-39 can number."""


class Share(Value, frozen=True, kw_only=True):
    """One share, sealed to its holder."""

    holder: facts.Auditor
    sealed: bytes


class Holder(Protocol):
    """Who opens a share: an unlocked identity."""

    @property
    def auditor(self) -> facts.Auditor:
        """Its public half."""
        ...

    def open_own(self, sealed: bytes, info: bytes) -> bytes:
        """What was sealed to its public key. Raises `UnlockError`."""
        ...


def split(key: bytes, holders: Sequence[facts.Auditor]) -> tuple[Share, ...]:
    """Shares of a 32-byte key, one a holder, any two of which give it back.

    Raises `InputError` for fewer than two holders, more than 16, or one named twice.
    """
    if not THRESHOLD <= len({holder.id for holder in holders}) == len(holders) <= MOST:
        raise InputError("A key is shared among 2 to 16 different people.", "Name each of them once.")
    (words,) = generate_mnemonics(1, [(THRESHOLD, len(holders))], key, iteration_exponent=0)
    return tuple(
        Share(holder=one, sealed=suites.wrap(one.suite, one.public_key, text.encode(), _info(one)))
        for one, text in zip(holders, words, strict=True)
    )


def join(shares: Iterable[Share], holders: Sequence[Holder]) -> bytes:
    """The key, by two different holders. Raises `UnlockError` where they are too few, or hold no share of it."""
    by_holder = {share.holder: share for share in shares}
    words = {}
    for holder in holders:
        share = by_holder.get(holder.auditor)
        if share is None:
            raise UnlockError(f"{holder.auditor.name} holds no share of this identity.", _who(by_holder))
        if holder.auditor.id in words:
            said = f"{holder.auditor.name} was given twice; this identity takes two different people."
            raise UnlockError(said, _who(by_holder))
        words[holder.auditor.id] = holder.open_own(share.sealed, _info(holder.auditor)).decode()
    if len(words) < THRESHOLD:
        raise UnlockError("This identity takes two people.", _who(by_holder))
    try:
        return bytes(combine_mnemonics(list(words.values())[:THRESHOLD]))
    except MnemonicError as error:
        raise UnlockError("The shares do not belong together.", "Restore the identity file from a backup.") from error


def _who(holders: Iterable[facts.Auditor]) -> str:
    names = ", ".join(holder.name for holder in holders)
    return f"Give --holder FILE for two of: {names}."


def _info(holder: facts.Auditor) -> bytes:
    return layout.statement("share", holder.id.encode())
