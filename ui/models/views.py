# SPDX-License-Identifier: Apache-2.0
"""Saved views of the traffic: a name for filter, span, columns and order. They are kept in the sealed note."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from auditor.archive import Filter
from auditor.calls import Value
from auditor.errors import AuditorError
from auditor.store.keys.notes import SealedNote

MOST, LONGEST = 100, 60


class View(Value, frozen=True, kw_only=True):
    """One view. `filter` is an expression as it is written; `columns` are keys, none for the usual ones."""

    name: str
    filter: str = ""
    since: datetime | None = None
    until: datetime | None = None
    columns: tuple[str, ...] = ()
    sort: str = "time"
    descending: bool = True


class _Note(Value, frozen=True, kw_only=True):
    views: tuple[View, ...] = ()


SUGGESTED = (
    View(name="Secrets sent", filter="sent:SECRET"),
    View(name="Errors of the last day", filter="outcome:error and time>-24h"),
    View(name="Not decrypted or not read", filter="outcome:opaque or outcome:unparsed"),
)
"""Offered where no view was saved yet."""


def load_views(note: SealedNote) -> tuple[View, ...]:
    """The saved views; the suggested ones where none were ever saved. A view whose filter is no longer valid is kept:
    the filter bar says what is wrong with it."""
    raw = note.load()
    return SUGGESTED if raw is None else msgspec.json.decode(raw, type=_Note).views


def save_views(note: SealedNote, views: Iterable[View]) -> tuple[View, ...]:
    """Keep these views; those that were kept."""
    kept = tuple(views)[:MOST]
    note.save(msgspec.json.encode(_Note(views=kept)))
    return kept


def with_view(views: Sequence[View], view: View) -> tuple[View, ...]:
    """The views with one more, in place of the one of its name."""
    return (*(one for one in views if one.name.casefold() != view.name.casefold()), view)


def problem(name: str) -> str:
    """What is wrong with a name, in a sentence; empty where nothing is."""
    if not name.strip():
        return "Give the view a name."
    return f"At most {LONGEST} characters." if len(name.strip()) > LONGEST else ""


def described(view: View) -> str:
    """What a view shows, in English."""
    try:
        return Filter.parse(view.filter).explain()
    except AuditorError:
        return view.filter
