# SPDX-License-Identifier: Apache-2.0
"""What several commands ask for: which calls, of which time, and why content is read."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, overload

import typer

from auditor.errors import InputError

if TYPE_CHECKING:
    from auditor.archive import Filter
    from auditor.archive.values import Span

Reason = Annotated[str | None, typer.Option(metavar="TEXT", help="Why content is read; recorded in the access log.")]
Second = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="The identity of a second auditor, who unlocks and signs it too."),
]
SecondPassphrase = Annotated[
    str, typer.Option(metavar="FILE", help="Where their passphrase stands; '-' asks on the terminal.")
]
Since = Annotated[str | None, typer.Option(metavar="TIME", help="From then on: a date, a time, or -2h, -7d.")]
Until = Annotated[str | None, typer.Option(metavar="TIME", help="Up to then.")]


def stated(reason: str | None) -> str:
    """The reason for reading content; raises `InputError` where there is none, before anything is unlocked."""
    if not (reason or "").strip():
        raise InputError("Reading content takes a reason.", "Say why in a few words: --reason TEXT.")
    return reason or ""


def within(text: str, since: str | None, until: str | None) -> "Filter":
    """A filter within a period. Raises `InputError` where either is none."""
    from auditor.archive import Filter

    return Filter.parse(text) & Filter.between(*period(since, until))


@overload
def period(since: str, until: str) -> tuple[datetime, datetime]: ...
@overload
def period(since: str | None, until: str | None) -> tuple[datetime | None, datetime | None]: ...
def period(since: str | None, until: str | None) -> tuple[datetime | None, datetime | None]:
    """From the beginning of what one time names to the moment behind the other; None where nothing is given.

    Raises `InputError` where a text is no time, and where the period ends before it begins.
    """
    start = None if since is None else _named("--since", since).start
    end = None if until is None else _named("--until", until).after
    if start and end and start >= end:
        raise InputError("The period ends before it begins.", "Give --since before --until.")
    return start, end


def moment(option: str, text: str | None) -> datetime | None:
    """When a time of the command line begins; None where none is given. Raises `InputError` naming the option."""
    return None if text is None else _named(option, text).start


def _named(option: str, text: str) -> "Span":
    from auditor.archive import values

    found = values.span(text, datetime.now(UTC))
    if found is None:
        raise InputError(f"{option}: {text} is no time.", "Give a date, a date and time (UTC), yesterday, -2h or -7d.")
    return found
