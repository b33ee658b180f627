# SPDX-License-Identifier: Apache-2.0
"""Files and folders given to a command: which documents they mean, and by what names."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from auditor.errors import InputError


def documents(sources: Sequence[Path]) -> Iterator[tuple[str, Path]]:
    """Names and paths of the documents below some folders, hidden ones left out. Raises `InputError` where there is
    nothing of a name."""
    for source in sources:
        whole = source.absolute()
        if whole.is_file():
            yield whole.name, whole
        elif not whole.is_dir():
            raise InputError(f"There is no file or folder {source}.")
        else:
            below = sorted(path for path in whole.rglob("*") if path.is_file() and not path.is_symlink())
            relative = ((path, path.relative_to(whole)) for path in below)
            yield from (
                (f"{whole.name}/{name.as_posix()}", path)
                for path, name in relative
                if not any(part.startswith(".") for part in name.parts)
            )
