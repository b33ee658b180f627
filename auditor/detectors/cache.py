# SPDX-License-Identifier: Apache-2.0
"""Compiled databases kept in the user's cache folder, so that a start does not compile again.

A cached file is trusted only where it lies in a folder of this user that nobody else may enter, is a plain file of
this user, and carries the digest of its own bytes. Everything else is compiled anew. A cache that cannot be written
costs time, never the scan.
"""

import hashlib
import os
import platform
import stat
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import platformdirs

_DIGEST = 32
_POSIX = sys.platform != "win32"


def cached(kind: str, table: str, build: Callable[[], bytes]) -> bytes:
    """The bytes built for a table, from the cache where they lie there whole."""
    name = hashlib.sha256(f"{kind}\0{platform.machine()}\0{table}".encode()).hexdigest()[:32]
    folder = _folder()
    if folder is None:
        return build()
    path = folder / f"{name}.db"
    blob = _read(path)
    if blob is None:
        blob = build()
        _write(path, blob)
    return blob


def _folder() -> Path | None:
    """The private cache folder; None where it cannot be made, or is not ours alone."""
    folder = Path(platformdirs.user_cache_dir("ai-usage-auditor", appauthor=False)) / "patterns"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder if _is_private(folder.lstat(), stat.S_ISDIR) else None
    except OSError:
        return None


def _is_private(facts: os.stat_result, kind: Callable[[int], bool]) -> bool:
    if not kind(facts.st_mode):
        return False
    return not _POSIX or (facts.st_uid == os.geteuid() and not facts.st_mode & 0o077)


def _read(path: Path) -> bytes | None:
    try:
        if not _is_private(path.lstat(), stat.S_ISREG):
            return None
        content = path.read_bytes()
    except OSError:
        return None
    digest, blob = content[:_DIGEST], content[_DIGEST:]
    return blob if hashlib.sha256(blob).digest() == digest else None


def _write(path: Path, blob: bytes) -> None:
    """Write beside and rename, so that a reader never sees half a file."""
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(hashlib.sha256(blob).digest() + blob)
        Path(file.name).replace(path)
    except OSError:
        return
