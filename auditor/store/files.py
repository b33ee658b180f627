# SPDX-License-Identifier: Apache-2.0
"""Files that are either whole or absent: written beside, synced, then moved into place."""

import contextlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from auditor.errors import EnvironmentFailure, InputError

PRIVATE = 0o600
PUBLIC = 0o644


def write(path: Path, content: bytes, mode: int = PUBLIC) -> None:
    """Replace a file at once and durably. Raises `EnvironmentFailure` where the folder does not take it."""
    write_pieces(path, (content,), mode)


def write_pieces(path: Path, pieces: Iterable[bytes], mode: int = PRIVATE) -> int:
    """Replace a file by pieces as they come, at once and durably; how many bytes. Raises `EnvironmentFailure` where the
    folder does not take it, and what making the pieces raises: the old file stays then."""
    size = 0
    try:
        handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                for piece in pieces:
                    size += file.write(piece)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(beside, mode)
            os.replace(beside, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(beside)
            raise
        sync_folder(path.parent)
    except OSError as error:
        raise EnvironmentFailure(
            f"{path} could not be written: {error.strerror}.", "Check space and rights."
        ) from error
    return size


def replace_secret(path: Path, content: bytes) -> None:
    """Replace a private file and overwrite the bytes of its old version, as far as the file system lets us."""
    old = _open_old(path)
    try:
        write(path, content, PRIVATE)
        if old is not None:
            os.write(old, bytes(os.fstat(old).st_size))
            os.fsync(old)
    finally:
        if old is not None:
            os.close(old)


def _open_old(path: Path) -> int | None:
    """A handle that survives the replacement; Windows would refuse to replace an open file."""
    if os.name == "nt":
        return None
    try:
        return os.open(path, os.O_WRONLY)
    except FileNotFoundError:
        return None


def move(path: Path, to: Path) -> None:
    """Move a private file, also to another file system; nothing is left behind. Raises `EnvironmentFailure`."""
    write(to, read(path, "The file"), PRIVATE)
    destroy(path)


def destroy(path: Path) -> None:
    """Remove a private file and overwrite its bytes, as far as the file system lets us."""
    replace_secret(path, b"")
    path.unlink()


def read(path: Path, what: str) -> bytes:
    """A whole file. Raises `InputError` naming what was looked for."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            f"{what} {path} could not be read: {error.strerror}.", "Check the path and your rights."
        ) from error


def sync_folder(folder: Path) -> None:
    """Make a rename durable; a no-op where folders cannot be synced (Windows)."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
