# SPDX-License-Identifier: Apache-2.0
"""Compiled databases kept on disk, so that a start does not compile again: seconds of processor time.

Two folders are looked into: the installation's own (`var/cache` of a virtual environment, filled by whoever installs
it) and the user's. A cached file is trusted only where folder and file belong to this user or to the installation's
owner, nobody else may write them, and the file carries the digest of its own bytes. Everything else is compiled anew.
A cache that cannot be written costs time, never the scan.
"""

import contextlib
import hashlib
import os
import platform
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import platformdirs

_DIGEST = 32
_POSIX = sys.platform != "win32"


def cached(kind: str, table: str, build: Callable[[], bytes]) -> bytes:
    """The bytes built for a table, from a cache where they lie there whole."""
    name = hashlib.sha256(f"{kind}\0{platform.machine()}\0{table}".encode()).hexdigest()[:32] + ".db"
    missed: list[Path] = []
    blob = None
    for folder in _folders():
        blob = _read(folder / name) if _is_trusted(folder, stat.S_ISDIR) else None
        if blob is not None:
            break
        missed.append(folder / name)
    if blob is None:
        blob = build()
    any(_write(path, blob) for path in missed)
    return blob


def installation_folder() -> Path | None:
    """Where an installation in an environment of its own keeps what it compiled; None outside of one."""
    return Path(sys.prefix) / "var" / "cache" / "ai-usage-auditor" if sys.prefix != sys.base_prefix else None


def _folders() -> Iterator[Path]:
    shared = installation_folder()
    if shared is not None:
        yield shared / "patterns"
    yield Path(platformdirs.user_cache_dir("ai-usage-auditor", appauthor=False)) / "patterns"


def _is_trusted(path: Path, kind: Callable[[int], bool]) -> bool:
    """Whether this is ours or the installation's, and nobody else can have changed it."""
    try:
        facts = path.lstat()
        owners = {os.geteuid(), os.stat(sys.prefix).st_uid} if _POSIX else set()
    except OSError:
        return False
    return kind(facts.st_mode) and (not _POSIX or (facts.st_uid in owners and not facts.st_mode & 0o022))


def _read(path: Path) -> bytes | None:
    try:
        content = path.read_bytes() if _is_trusted(path, stat.S_ISREG) else b""
    except OSError:
        return None
    digest, blob = content[:_DIGEST], content[_DIGEST:]
    return blob if hashlib.sha256(blob).digest() == digest else None


def _write(path: Path, blob: bytes) -> bool:
    """Write beside and rename, so that a reader never sees half a file; whether that could be done."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        if not _is_trusted(path.parent, stat.S_ISDIR):
            return False
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(hashlib.sha256(blob).digest() + blob)
        os.chmod(file.name, 0o644)  # other users of the installation read it; it holds no secret
        Path(file.name).replace(path)
        return True
    return False
