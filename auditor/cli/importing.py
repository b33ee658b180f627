# SPDX-License-Identifier: Apache-2.0
"""`auditor import`: recordings made elsewhere become records here."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Self

import typer

from auditor.cli import output
from auditor.cli.arguments import examples
from auditor.cli.context import Context

if TYPE_CHECKING:
    from auditor.archive import Archive
    from auditor.imports import BadEntry
    from auditor.imports.ingest import Ledger, Recording, Tally, Wishes
    from auditor.imports.workers import Workers
    from auditor.policy.model import Capture
    from auditor.store import Location
    from auditor.store.format.prepare import Prepared

_WORTH_INDEXING = 2048
"""Records: half a segment, so that little is left to be indexed when the last has been read."""
_MOST_NAMED = 20
_MOST_PROPOSED = 5


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(
        "import",
        epilog=examples(
            "auditor import session.har",
            "auditor import flows.mitm --actor build-server",
            "auditor import exchanges.ndjson more.ndjson",
        ),
    )(import_)


def import_(
    context: typer.Context,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="HAR, mitmproxy flows or NDJSON of exchanges.")
    ],
    actor: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who made the calls, where a file names nobody.")
    ] = None,
    all_hosts: Annotated[
        bool,
        typer.Option("--all-hosts", help="Also keep what a HAR or flow file holds of hosts that are no AI providers."),
    ] = False,
) -> None:
    """Import recorded traffic.

    A broken entry is named and the others are kept; importing a file again adds nothing. What the policy's table
    [capture] names is taken out before anything is stored.
    """
    from auditor.imports.ingest import Wishes, looked_at, size_of
    from auditor.imports.workers import Workers

    work: Context = context.obj
    recordings = looked_at(files)
    with Workers.for_size(size_of(recordings)) as workers:  # which load what they need while the store is opened
        location = work.existing
        capture = work.policy().capture
        wishes = Wishes(
            actor=actor,
            keep_elsewhere=all_hosts,
            span=location.facts().span,
            remove=capture.remove,
            withhold=capture.withhold,
            folder=_folder(work, capture),
        )
        _import(work, location, recordings, workers, wishes)


def _folder(work: Context, capture: "Capture") -> "Path | None":
    """Whose own data is looked for: that of --config, or where anything is to be taken out, of the policy's folder.

    Raises `InputError` where it cannot be used, or for a type nobody detects, before anything is written.
    """
    if not (capture.remove or capture.withhold):
        return work.options.config
    from auditor.detectors import Organisation  # the detectors, where they are asked for anything
    from auditor.removing import Removal

    Removal(capture.remove, capture.withhold)
    folder = work.policy_file.parent
    Organisation.of(folder)
    return folder


def _import(
    work: Context, location: "Location", recordings: "list[Recording]", workers: "Workers", wishes: "Wishes"
) -> None:
    from auditor.imports.ingest import Import, size_of
    from auditor.settling import busy
    from auditor.store import LedgerWriter

    archive = work.up_to_date()
    named = _Named()
    with busy(), LedgerWriter.for_desk(location, work.identity) as ledger, _Followed(ledger, archive) as followed:
        run = Import(followed, archive.known, work.identity.pseudonym_key, workers, wishes)
        with output.byte_progress("Importing", size_of(recordings)) as progress:
            run.run(recordings, progress, named)
    archive.refresh()
    _tell(run.tally, recordings, named)


class _Followed:
    """A ledger whose records go into the index some thousands at a time, in a thread beside the import.

    What is met there the refresh at the end of the import meets again, and tells.
    """

    def __init__(self, ledger: "Ledger", archive: "Archive") -> None:
        self._ledger = ledger
        self._archive = archive
        self._thread = ThreadPoolExecutor(1, "index")
        self._behind = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._thread.shutdown()

    def append(self, drafts: "Sequence[Prepared]") -> list[int]:
        """Into the ledger, and where enough have come, into the index."""
        seqs = self._ledger.append(drafts)
        self._behind += len(seqs)
        if self._behind >= _WORTH_INDEXING:
            self._thread.submit(self._archive.refresh)
            self._behind = 0
        return seqs


class _Named:
    """Names the first broken entries as they come and counts the others."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, path: Path, bad: "BadEntry") -> None:
        self.count += 1
        if self.count <= _MOST_NAMED:
            output.note(f"auditor: {path}, {bad.place}: {bad.what}; it is left out.")


def _tell(tally: "Tally", recordings: "list[Recording]", named: _Named) -> None:
    if named.count > _MOST_NAMED:
        output.note(f"auditor: {named.count - _MOST_NAMED} more broken entries are left out.")
    parts = [f"{tally.added} exchanges added"]
    parts += [f"{tally.known} were here already"] if tally.known else []
    parts += [f"{tally.elsewhere} to hosts that are no AI providers passed over"] if tally.elsewhere else []
    parts += [f"{tally.bad} broken entries left out"] if tally.bad else []
    files = f"{len(recordings)} files" if len(recordings) > 1 else str(recordings[0].path)
    output.note(f"{files}: {', '.join(parts)}.")
    for place, count in tally.proposed.most_common(_MOST_PROPOSED):
        output.note(f"{count} of them at a host no list knows; a gateway records it with --provider-host {place}")
