# SPDX-License-Identifier: Apache-2.0
"""Revealing, from every page the same way: a command that is recorded first, and where the store asks for a second
person, their signature before it.

Invariant: whether two people are wanted is for the archive to say, at the moment of the reveal; nothing opened before.
"""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from auditor.archive import Archive
from auditor.archive.reveal import SecondWanted
from auditor.errors import AuditorError, UnlockError
from auditor.store import Identity
from ui.models.keys import Person
from ui.session import Session
from ui.widgets.dialogs.second import SecondDialog

NOT_SIGNED = "The second person did not sign, so nothing was opened."


@dataclass(frozen=True, slots=True)
class Reveal[T]:
    """What is to be revealed (in words, for the second person), why, and how; the second identity, or None, is handed
    to `work`."""

    what: str
    reason: str
    work: Callable[[Archive, Identity | None], T]
    then: Callable[[T], object]
    failed: Callable[[AuditorError], object]
    label: str


def begin[T](session: Session, owner: QWidget, wish: Reveal[T]) -> None:
    """Reveal it; `owner` is the widget that shows it, and the dialog opens over its window."""

    def failed(error: AuditorError) -> None:
        if isinstance(error, SecondWanted):
            _ask(session, owner, wish)
        else:
            wish.failed(error)

    session.command(owner, lambda archive, _: wish.work(archive, None), wish.then, failed, label=wish.label)


def _ask[T](session: Session, owner: QWidget, wish: Reveal[T]) -> SecondDialog:
    """Let a second person sign; what goes wrong with them is said in the dialog."""
    dialog = SecondDialog(wish.what, wish.reason, session.auditor, owner.window())

    def opened(found: T) -> None:
        dialog.accept()
        wish.then(found)

    def sign(person: Person) -> None:
        session.command(
            dialog,
            lambda archive, _: wish.work(archive, person.open()),
            opened,
            lambda error: dialog.fail(error.message),
            label=wish.label,
        )

    dialog.signed.connect(sign)
    dialog.rejected.connect(lambda: wish.failed(UnlockError(NOT_SIGNED)))
    dialog.open()
    return dialog
