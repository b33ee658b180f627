# SPDX-License-Identifier: Apache-2.0
"""The files auditors hand each other: a newcomer's application (`.auditor`), and what is granted in return."""

from pathlib import Path

import msgspec

from auditor.errors import InputError
from auditor.store import files
from auditor.store.admission import Application, Grant


def read_application(path: Path) -> Application:
    """What `auditor identity new` wrote, its signature checked. Raises `InputError`, `CheckFailed`."""
    try:
        asked = msgspec.json.decode(files.read(path, "The application"), type=Application)
    except msgspec.MsgspecError as error:
        raise InputError(f"{path} is no .auditor file.", "Give what `auditor identity new` wrote.") from error
    asked.check(asked.who.signing_key)
    return asked


def read_grant(path: Path) -> Grant:
    """What `add` or `grant` wrote. Raises `InputError`."""
    try:
        return msgspec.json.decode(files.read(path, "The grant"), type=Grant)
    except msgspec.MsgspecError as error:
        raise InputError(f"{path} is no grant.", "Give what `auditor identity add` or `grant` wrote.") from error


def write(path: Path, value: Application | Grant) -> None:
    """Write one, readable by its owner only."""
    files.write(path, msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n", files.PRIVATE)


def must_be_new(path: Path) -> None:
    """Raise `InputError` where there is something already: nothing is overwritten."""
    if path.exists():
        raise InputError(f"{path} exists already; nothing was written.", "Choose another name.")
