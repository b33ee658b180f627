# SPDX-License-Identifier: Apache-2.0
"""What several commands ask for: which calls, of which time, and why content is read."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.errors import AuditorError, InputError

if TYPE_CHECKING:
    from auditor.archive import Filter

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


def period(text: str, since: str | None, until: str | None) -> "Filter":
    """A filter within a period. Raises `InputError` where either is none."""
    from auditor.archive import Filter

    return Filter.parse(text) & _bound("--since", ">=", since) & _bound("--until", "<=", until)


def _bound(option: str, comparison: str, time: str | None) -> "Filter":
    from auditor.archive import Filter

    if time is None:
        return Filter()
    try:
        return Filter.parse(f'time{comparison}"{time}"')
    except AuditorError as e:
        raise InputError(f"{option}: {e.message}", e.advice) from e
