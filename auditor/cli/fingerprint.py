# SPDX-License-Identifier: Apache-2.0
"""`auditor fingerprint add|list|remove`: the documents a gateway recognises when they are sent. No text is kept."""

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from auditor.cli import output
from auditor.cli.arguments import Json, examples
from auditor.cli.context import Context
from auditor.cli.sources import documents as documents_of
from auditor.errors import InputError

if TYPE_CHECKING:
    from auditor.detectors.own.known_documents import FingerprintIndex, Known

_SIZE = 8
"""Bytes of a fingerprint."""


def register(app: typer.Typer) -> None:
    """Adds the command group."""
    group = typer.Typer(
        help="The documents recognised when they are sent.",
        epilog=examples("auditor fingerprint add contracts", "auditor fingerprint list"),
        rich_markup_mode=None,
    )
    group.command(
        epilog=examples(
            "auditor fingerprint add contracts",
            "auditor fingerprint add plan.pdf --config audit/gateway   for this gateway",
        )
    )(add)
    group.command("list", epilog=examples("auditor fingerprint list", "auditor fingerprint list --json"))(listed)
    group.command(epilog=examples("auditor fingerprint remove contracts/draft.docx"))(remove)
    app.add_typer(group, name="fingerprint")


def add(
    context: typer.Context,
    sources: Annotated[
        list[Path], typer.Argument(metavar="FOLDER…", help="Folders or documents: PDF, Office, HTML, plain text.")
    ],
) -> None:
    """Take fingerprints of documents; one of the same name is replaced.

    They are kept in the gateway's folder as fingerprints.idx: copy this file to every gateway. It holds names and keyed
    hashes, no text; whoever has it can test whether a text they hold is known.
    """
    path = _index_file(context)
    documents = list(documents_of(sources))
    index = _index(path)
    with output.count_progress("Reading documents") as progress:
        taken = list(_taken(index, documents, progress))
    known = [each for _, each in taken if each]
    _write(path, index.with_documents(known))
    for name, each in taken:
        if each is None:
            output.note(f"{name}: too little text to be recognised by, left out.")
    output.note(f"{len(known)} documents taken, {path} written.")


def listed(context: typer.Context, json: Json = False) -> None:
    """List the documents known, with the number of their fingerprints."""
    rows = [(known.name, len(known.hashes) // _SIZE) for known in _index(_index_file(context)).documents]
    if json:
        output.json_lines({"name": name, "fingerprints": count} for name, count in rows)
    else:
        output.table(("document", "fingerprints"), ((name, str(count)) for name, count in rows), ("fingerprints",))


def remove(
    context: typer.Context, names: Annotated[list[str], typer.Argument(metavar="NAME…", help="As listed.")]
) -> None:
    """Forget documents."""
    path = _index_file(context)
    index = _index(path)
    missing = set(names) - {known.name for known in index.documents}
    if missing:
        raise InputError(f"No document is named '{min(missing)}'.", "See: auditor fingerprint list")
    _write(path, index.without(names))


def _index_file(context: typer.Context) -> Path:
    from auditor.detectors.own.organisation import FINGERPRINTS

    work: Context = context.obj
    folder = work.options.config or work.gateway_folder
    if not folder.is_dir():
        raise InputError(f"There is no gateway folder {folder}.", "Give --config DIR, the folder `init` wrote.")
    return folder / FINGERPRINTS


def _index(path: Path) -> "FingerprintIndex":
    from auditor.detectors.own.known_documents import FingerprintIndex
    from auditor.detectors.own.winnowing import KEY_SIZE
    from auditor.store import files

    if not path.exists():
        return FingerprintIndex(key=os.urandom(KEY_SIZE))
    return FingerprintIndex.decode(files.read(path, "The index of fingerprints"), str(path))


def _write(path: Path, index: "FingerprintIndex") -> None:
    from auditor.store import files

    files.write(path, index.encode(), files.PRIVATE)


def _taken(
    index: "FingerprintIndex", documents: Sequence[tuple[str, Path]], progress: Callable[[int, int | None], None]
) -> Iterator[tuple[str, "Known | None"]]:
    from auditor.documents import extract
    from auditor.store import files

    for done, (name, path) in enumerate(documents, 1):
        text = extract(files.read(path, "The document"), name=path.name).text
        yield name, index.known(name, text)
        progress(done, len(documents))
