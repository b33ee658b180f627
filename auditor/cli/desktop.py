# SPDX-License-Identifier: Apache-2.0
"""`auditor desktop` and `auditor demo`: the faces that stand above the core, loaded by name and only when asked for."""

import importlib
from pathlib import Path
from types import ModuleType
from typing import Annotated

import typer

from auditor.cli import output
from auditor.cli.arguments import examples
from auditor.cli.context import TERMINAL, Context
from auditor.errors import EnvironmentFailure


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command(
        epilog=examples(
            "auditor desktop",
            "auditor desktop --store audit/store",
            "auditor desktop --screenshots pictures   render every page of it, of an empty and of an extreme store",
            "auditor desktop --screenshots pictures --this-store   render nothing but this store",
        )
    )(desktop)
    app.command(
        epilog=examples(
            "auditor demo",
            "auditor demo --keep --out pictures   keep the store; screenshots go to ./pictures",
            "make demo                            the same as the first, from a fresh clone",
        )
    )(demo)


def desktop(
    context: typer.Context,
    screenshots: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Render every page to PNG files there and leave.")
    ] = None,
    reason: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Why content may be rendered in screenshots; it is recorded.")
    ] = None,
    all_states: Annotated[
        bool,
        typer.Option(
            "--all-states/--this-store",
            help="Screenshots of an empty store, an extreme one and twice the size, too; or of this store alone.",
        ),
    ] = True,
) -> int:
    """Open the desktop on the store.

    On a first start, where no store is named and none is at its usual place, it leads to one.
    """
    work: Context = context.obj
    app = loaded("ui.app", "The desktop", "desktop")
    first_start = screenshots is None and work.options.store is None
    place = work.location if first_start else work.existing
    store, identity = place.server or str(place.folder), str(work.identity_file)
    if screenshots is not None:
        for picture in app.screenshots(screenshots, store, identity, work.passphrase(), reason, all_states=all_states):
            output.line(str(picture))
        return 0
    asks_itself = work.options.passphrase_file in (None, TERMINAL)
    code: int = app.run(store, identity, None if asks_itself else work.passphrase())
    return code


def demo(
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Where screenshots go without a display; ./demo-screenshots by default."),
    ] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Keep the store and the logs without a display, too.")] = False,
) -> int:
    """Show the whole way on mock providers.

    Real SDK traffic passes a gateway, lands in a sealed store and appears in the desktop.
    """
    code: int = loaded("auditor.demo.tour", "The demo", "gateway,desktop,demo").run(out, keep=keep)
    return code


def loaded(module: str, what: str, extra: str) -> ModuleType:
    """A module that may not be installed here; raises `EnvironmentFailure` naming what `what` needs."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as e:
        if e.name and e.name.partition(".")[0] in {"auditor", "ui"}:
            raise
        raise EnvironmentFailure(
            f"{what} needs {e.name}, which is not installed here.", f"pip install 'ai-usage-auditor[{extra}]'"
        ) from e
