# SPDX-License-Identifier: Apache-2.0
"""What people bring to unlock an identity: a passphrase of their own, or two people with theirs.

Opening one takes a second on purpose, so `open` belongs off the main thread.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from auditor.errors import InputError
from auditor.store import Identity
from ui.models import formats


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody's identity file and the passphrase they typed; it is in no text made of this value."""

    identity: Path
    passphrase: bytes = field(repr=False)

    def open(self) -> Identity:
        """Their unlocked identity. Raises `UnlockError` on a wrong passphrase, `InputError` on a file that is none."""
        return Identity.open(self.identity, self.passphrase)


@dataclass(frozen=True, slots=True)
class Keys:
    """An identity file, and the people who unlock it: its own passphrase, or `holders` of shares of it."""

    own: Person
    holders: tuple[Person, ...] = ()

    def open(self) -> Identity:
        """The unlocked identity. Raises as `Person.open`, and where the holders are not two of its people."""
        if not self.holders:
            return self.own.open()
        return Identity.open_together(self.own.identity, [holder.open() for holder in self.holders])


def people_of(identity: Path) -> tuple[str, ...]:
    """Names of those of whom two unlock this identity; none where a passphrase does, or there is no such file yet."""
    try:
        return tuple(formats.one_line(person.name, 60) for person in Identity.people(identity))
    except InputError:
        return ()


def listed(names: Sequence[str]) -> str:
    """Names in a sentence: “alice, bob and carol”."""
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
