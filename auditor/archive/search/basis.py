# SPDX-License-Identifier: Apache-2.0
"""What the words of a call depend on beside the call: how texts are cut into words, and the sources that read texts
out of an exchange. Words that were made on another basis are made anew.
"""

import functools
import hashlib
from pathlib import Path
from typing import Final

import auditor
from auditor.archive.search.words import FORM

ROOT: Final = Path(auditor.__file__).parent
READ_BY: Final = ("calls.py", "dialects", "documents", "privacy/texts.py", "providers")
"""What reads texts out of an exchange, and decides by whose format."""


@functools.cache
def basis() -> str:
    """What words are made by, as a short text; some 10 ms, once."""
    return f"{FORM} {digest(ROOT) or auditor.__version__}"


def digest(root: Path) -> str | None:
    """A digest of the sources that read texts, below `root`; None where a program was bundled without its sources, and
    its version has to do: bundles are made of releases, each of which has its own."""
    if not (root / "dialects/__init__.py").exists():
        return None
    made = hashlib.blake2b(digest_size=12)
    for path in sorted(path for name in READ_BY for path in _files(root / name)):
        content = path.read_bytes()
        made.update(f"{path.relative_to(root).as_posix()} {len(content)}\n".encode() + content)
    return made.hexdigest()


def _files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    return [one for one in path.rglob("*") if one.is_file() and one.parent.name != "__pycache__"]
