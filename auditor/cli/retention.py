# SPDX-License-Identifier: Apache-2.0
"""`auditor retention`: how long records can be opened; past that, their epoch keys are destroyed."""

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli import output
from auditor.cli.arguments import Json, examples
from auditor.cli.context import Context
from auditor.errors import InputError

if TYPE_CHECKING:
    from auditor.store.keys.facts import EpochKey

_CLASSES = 3
"""Metadata, content and names."""

Keep = Annotated[
    list[str] | None,
    typer.Option(
        "--keep",
        metavar="[CLASS=]DAYS",
        help="Days to keep all; or metadata, content or names of a month; or calls with a type of data. By "
        "default what policy.toml says.",
    ),
]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    group = typer.Typer(
        help="How long records can be opened.",
        epilog=examples("auditor retention list", "auditor retention apply --keep 365 --reason 'policy 7'"),
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    group.command("list", epilog=examples("auditor retention list", "auditor retention list --json"))(list_)
    group.command(
        epilog=examples(
            "auditor retention apply --dry-run   what policy.toml's [retention] closes today",
            "auditor retention apply --keep 365 --dry-run",
            "auditor retention apply --keep 365 --reason 'policy 7' --yes",
            "auditor retention apply --keep metadata=730 --keep content=180 --keep names=90 --reason 'policy 7'",
            "auditor retention apply --keep SECRET=30 --reason 'policy 8'   calls that hold a secret",
        )
    )(apply)
    app.add_typer(group, name="retention")


def list_(context: typer.Context, json: Json = False) -> None:
    """The months whose records this identity opens, and those whose keys it destroyed."""
    work: Context = context.obj
    store = work.existing.facts().id
    held = [(one.key.epoch, one.key.purpose, "held") for one in work.identity.epochs if one.key.store == store]
    gone = [
        (one.epoch, one.purpose, f"destroyed {output.moment(datetime.fromtimestamp(one.at, UTC))}")
        for one in work.identity.destroyed
        if one.store == store
    ]
    if json:
        output.json_lines(
            {"epoch": epoch, "class": purpose, "key": state} for epoch, purpose, state in sorted(gone + held)
        )
        return
    output.table(("month", "class", "key"), sorted(gone + held))


def apply(
    context: typer.Context,
    keep: Keep = None,
    reason: Annotated[str | None, typer.Option(metavar="TEXT", help="Why; it is recorded.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say which months would close.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask on the terminal.")] = False,
    json: Json = False,
) -> None:
    """Destroy what is past its time.

    Metadata, content and names of a month have keys of their own: past their days the key is destroyed, and they, and
    all copies of them, can never be opened again. Calls that hold a type of data (SECRET=30) are erased one by one.
    The ledgers still verify. Each auditor does this for their own identity, and destroys its older backups.
    """
    from auditor import keeping
    from auditor.archive import Archive

    work: Context = context.obj
    now = datetime.now(UTC)
    if not dry_run and not (reason or "").strip():
        raise InputError("Destroying keys takes a reason.", "Say why in a few words: --reason TEXT.")
    times = keeping.given(keep) if keep else keeping.of_policy(work.policy().retention)
    if not times:
        raise InputError("Nothing says how long to keep.", "Give --keep DAYS, or [retention] in policy.toml.")
    with output.count_progress("Searching the ledgers") as progress:
        found = keeping.due(work.existing, work.identity, times, now, progress)
    if not dry_run and found:
        if not yes and sys.stdin.isatty():
            asked = f"Destroy {len(found.keys)} epoch keys and erase {found.exchanges} exchanges for good?"
            typer.confirm(asked, abort=True, err=True)
        keeping.apply(work.existing, work.identity_file, work.identity, found, reason or "", now)
        if found.keys:
            Archive.discard(work.existing, work.identity)
    _tell(found.keys, found.exchanges, json, "would be" if dry_run else "were")


def _tell(keys: "tuple[EpochKey, ...]", erased: int, json: bool, were: str) -> None:
    if json:
        named = [{"epoch": key.epoch, "class": key.purpose} for key in keys]
        output.json_line({"epochs": list(dict.fromkeys(key.epoch for key in keys)), "keys": named, "erased": erased})
        return
    months: dict[str, list[str]] = {}
    for key in keys:
        months.setdefault(key.epoch, []).append(key.purpose)
    listed = (month if len(of) == _CLASSES else f"{month} ({', '.join(of)})" for month, of in months.items())
    output.line(f"Keys of {len(months)} months {were} destroyed: {', '.join(listed) or 'none'}.")
    if erased:
        output.line(f"{erased} exchanges {were} erased.")
