# SPDX-License-Identifier: Apache-2.0
"""`auditor identity new|add|grant|accept|remove|list|share|reveals`: several auditors of one store."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli import output
from auditor.cli.arguments import Json, examples
from auditor.cli.context import Context
from auditor.errors import InputError

if TYPE_CHECKING:
    from auditor.store.keys.facts import StoreFacts

Gateways = Annotated[
    list[Path] | None,
    typer.Option(
        "--gateway", metavar="DIR", help="A gateway's folder to bring up to date; by default the one beside the store."
    ),
]
Name = Annotated[str, typer.Argument(metavar="NAME", help="The auditor's name or id.")]
Out = Annotated[Path, typer.Option("--out", metavar="FILE", help="Where to write; nothing is overwritten.")]


def register(group: typer.Typer) -> None:
    """Adds the commands to the group `identity`."""
    for command, lines in (
        (
            new,
            ("auditor identity new --name bob --out bob.identity   on bob's machine; hand bob.auditor to a manager",),
        ),
        (
            add,
            (
                "auditor identity add bob.auditor --out bob.grant",
                "auditor identity add bob.auditor --without names --out g",
            ),
        ),
        (grant, ("auditor identity grant bob --out bob.grant   after new epoch keys were made",)),
        (accept, ("auditor identity accept bob.grant --identity bob.identity",)),
        (remove, ("auditor identity remove bob", "auditor identity remove bob --gateway /srv/gateway-berlin")),
        (
            share,
            ("auditor identity share --holder-key alice.auditor --holder-key bob.auditor --holder-key carol.auditor",),
        ),
        (reveals, ("auditor identity reveals --people 2",)),
    ):
        group.command(epilog=examples(*lines))(command)
    group.command("list", epilog=examples("auditor identity list", "auditor identity list --json"))(list_)


def new(
    context: typer.Context,
    name: Annotated[str, typer.Option("--name", metavar="NAME", help="As the record of readings will show it.")],
    out: Out,
) -> None:
    """Make an identity for an auditor, a holder of a share, or the safe.

    Beside it: FILE.auditor, the public half to hand to a manager of the store.
    """
    from auditor.store import Identity, admission
    from auditor.store.keys import handing

    work: Context = context.obj
    public = out.with_suffix(".auditor")
    for path in (out, public):
        handing.must_be_new(path)
    identity = Identity.create(name, work.passphrase(new=True))
    asked = admission.apply(identity, out)
    identity.save(out)
    handing.write(public, asked)
    output.line(f"identity {out}\npublic   {public}   hand it to a manager of the store")


def add(
    context: typer.Context,
    application: Annotated[Path, typer.Argument(metavar="FILE", help="The newcomer's .auditor file.")],
    out: Out,
    manages: Annotated[bool, typer.Option("--manages", help="May add and remove auditors and make keys.")] = False,
    without: Annotated[
        list[str] | None, typer.Option(metavar="CLASS", help="Not to be opened by them: content or names; repeatable.")
    ] = None,
    gateway: Gateways = None,
) -> None:
    """Add an auditor, and write what is granted to them, sealed.

    No data is touched: the epoch keys are sealed to them anew. Hand them the file; `accept` destroys it.
    """
    from auditor.store import admission
    from auditor.store.format.layout import Purpose
    from auditor.store.keys import handing

    work: Context = context.obj
    handing.must_be_new(out)
    asked = handing.read_application(application)
    may = [purpose for purpose in Purpose if purpose not in (without or ())]
    if len(may) + len(set(without or ())) != len(Purpose) or Purpose.METADATA not in may:
        raise InputError("--without takes content or names.", "Leave it out to grant everything.")
    store = admission.add(work.existing, work.identity, asked, manages, may)
    handing.write(out, admission.grant(work.existing, work.identity, asked.who))
    output.line(f"{asked.who.name} is an auditor of the store. Hand them {out}: auditor identity accept {out.name}")
    _hand_out(work, store, gateway)


def grant(context: typer.Context, name: Name, out: Out) -> None:
    """Seal the epoch keys this identity holds to another auditor anew, after new ones were made."""
    from auditor.store import admission
    from auditor.store.keys import handing

    work: Context = context.obj
    handing.must_be_new(out)
    given = admission.grant(work.existing, work.identity, admission.named(work.existing.facts(), name))
    handing.write(out, given)
    output.line(f"{len(given.epochs)} epoch keys for {name}: {out}")


def accept(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What a manager granted to you.")],
) -> None:
    """Take granted keys into the identity file; the grant is destroyed then."""
    from auditor.store import admission, files
    from auditor.store.keys import handing

    work: Context = context.obj
    given = handing.read_grant(file)
    before = {one.key.recipient for one in work.identity.epochs}
    joined = admission.accept(work.existing, work.identity_file, work.identity, given, work.given_passphrase)
    files.destroy(file)
    output.line(f"{sum(one.key.recipient not in before for one in joined.epochs)} epoch keys more are held.")


def remove(context: typer.Context, name: Name, gateway: Gateways = None) -> None:
    """Let an auditor go: from now on records are sealed to new keys, which they do not get.

    What they could open they still can. Copy the gateways' enrolment.json to their machines and restart them; grant the
    new keys to the other auditors.
    """
    from auditor.store import admission

    work: Context = context.obj
    who = admission.named(work.existing.facts(), name)
    store = admission.remove(work.existing, work.identity_file, work.identity, who, datetime.now(UTC))
    output.line(f"{who.name} is no auditor of the store any more; new records are sealed to new keys.")
    for other in store.active:
        if other != work.identity.auditor:
            output.line(f"Grant them: auditor identity grant {other.name} --out {other.name}.grant")
    _hand_out(work, store, gateway)


def list_(context: typer.Context, json: Json = False) -> None:
    """The auditors of the store, and who was one."""
    store = context.obj.existing.facts()
    left = {one.who: datetime.fromtimestamp(one.at, UTC) for one in store.removed}
    manage = {one.id for one in store.managers()}
    rows = [
        {
            "name": one.name,
            "id": one.id,
            "manages": one.id in manage,
            "opens": store.purposes(one.id),
            "left": left.get(one.id),
        }
        for one in store.auditors
    ]
    if json:
        output.json_lines(rows)
        return
    output.table(("name", "id", "manages", "opens", "left"), map(_row, rows))


def share(
    context: typer.Context,
    holder_key: Annotated[
        list[Path], typer.Option("--holder-key", metavar="FILE", help="A holder's .auditor file; two or more.")
    ],
) -> None:
    """Let any two of several people unlock this identity together, and nobody alone.

    From then on it opens by --holder FILE --holder FILE, their own identities. `passphrase` takes it back.
    """
    from auditor.store.keys import handing

    work: Context = context.obj
    holders = [handing.read_application(path).who for path in holder_key]
    work.identity.shared_among(holders).save(work.identity_file)
    output.line(f"{work.identity_file} opens by two of: {', '.join(one.name for one in holders)}.")


def reveals(
    context: typer.Context,
    people: Annotated[int, typer.Option("--people", min=1, max=2, help="How many people a reveal takes.")],
    gateway: Gateways = None,
) -> None:
    """Set how many people a reveal takes, for all auditors of the store."""
    from auditor.store import admission

    work: Context = context.obj
    store = admission.decide(work.existing, work.identity, people == 2)
    output.line(f"A reveal takes {people} {'people' if people > 1 else 'person'}.")
    _hand_out(work, store, gateway)


def _row(row: dict[str, object]) -> tuple[str, ...]:
    opens, left = row["opens"], row["left"]
    assert isinstance(opens, tuple)
    gone = output.moment(left) if isinstance(left, datetime) else ""
    return (str(row["name"]), str(row["id"]), "yes" if row["manages"] else "", ", ".join(opens), gone)


def _hand_out(work: Context, store: "StoreFacts", gateway: Iterable[Path] | None) -> None:
    from auditor.store import admission

    folders = list(gateway or [folder for folder in [work.gateway_folder] if folder.exists()])
    admission.hand_out(store, folders)
    for folder in folders:
        output.line(f"Up to date: {folder} (copy its enrolment.json to its machine, and restart it)")
