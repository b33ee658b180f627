# SPDX-License-Identifier: Apache-2.0
"""Pictures and files of a call: what is told of them, and after a recorded reveal a picture as it is, or a file saved.

Pictures come from whoever is watched, so they are taken for hostile: only formats of pixels are decoded, only up to
`MOST_BYTES` and `MOST_PIXELS`, and no larger than they are shown. All of it runs off the main thread.
"""

import mimetypes
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from auditor.archive import Archive
from auditor.calls import AnyPart, Blob, FileRef, Uri
from auditor.dialects import carried
from auditor.errors import EnvironmentFailure
from auditor.providers import Providers
from auditor.store import Identity, files
from ui.models import formats

FORMATS: Final = frozenset({"png", "jpeg", "gif", "webp", "bmp"})
MOST_BYTES: Final = 32_000_000
MOST_PIXELS: Final = 50_000_000
LARGEST: Final = 1_600
"""Pixels of the longer side that are kept."""

LONGEST_NAME, LONGEST_SUFFIX = 120, 12

DAMAGED: Final = "Not shown: the picture is damaged."


@dataclass(frozen=True, slots=True)
class Attachment:
    """What is told of a picture, a recording, a file or a link: its facts in words, its hash where it was inline."""

    icon: str
    facts: tuple[str, ...]
    sha256: str | None = None
    picture: bool = False
    """Whether it can be shown."""

    kind: str = ""
    """Its type, as the request names it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Why something is opened, and how the record names it; who signed as the second person, where two are wanted."""

    reason: str
    scope: str
    second: Identity | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture to show, or why there is none; `facts` tells its measures."""

    image: QImage | None
    facts: str


def attachment(part: AnyPart) -> Attachment | None:
    """What is told of a part that is one; None for others."""
    match part:
        case Blob():
            icon = {"image": "image", "audio": "audio", "video": "image"}.get(part.modality, "file")
            size = formats.size(part.size) if part.size is not None else "not decoded"
            unread = f"text not read to its end: {part.unread.replace('_', ' ')}" if part.unread else ""
            facts = (_kind(part), size, unread)
            picture = part.modality == "image" and part.sha256 is not None
            return Attachment(icon, tuple(filter(None, facts)), part.sha256, picture, _kind(part))
        case Uri():
            return Attachment("link", (_kind(part), "elsewhere; not fetched"))
        case FileRef():
            return Attachment("file", (_kind(part), f"uploaded before as {formats.one_line(part.file_id, 80)}"))
        case _:
            return None


def _kind(part: Blob | Uri | FileRef) -> str:
    return formats.one_line(part.mime_type or part.modality, 80)


def open_picture(
    archive: Archive, call_id: str, reason: str, place: str, sha256: str, second: Identity | None = None
) -> Picture:
    """Record the access to a picture, which cannot be masked, then decode it. Raises what the archive raises."""
    scope = f"one picture, not masked: {place}"
    data = _bytes(archive, call_id, Asked(reason, scope, second), sha256)
    return picture(data) if data is not None else Picture(None, "The picture is not in the record any more.")


def save_file(archive: Archive, call_id: str, asked: Asked, sha256: str, path: Path) -> str:
    """Record the access to a file, which cannot be masked, then write it to `path`; what was done, in a sentence.

    Raises what the archive raises, and `EnvironmentFailure` where it cannot be written; then the path is as it was.
    """
    data = _bytes(archive, call_id, asked, sha256)
    if data is None:
        raise EnvironmentFailure("The file is not in the record any more, so nothing was saved.")
    files.write(path, data, files.PRIVATE)
    return f"{formats.size(len(data))} saved to {path}. Not masked; this was recorded."


def _bytes(archive: Archive, call_id: str, asked: Asked, sha256: str) -> bytes | None:
    [found] = archive.content([call_id], asked.reason, scope=asked.scope, unmasked=True, second=asked.second)
    return carried(found.sealed.exchange, Providers.load(), sha256) if found.sealed else None


def file_name(title: str, kind: str, sha256: str) -> str:
    """The name under which to save a file: what the request calls it, as far as that is a harmless name."""
    last = title.replace("\\", "/").rsplit("/", 1)[-1]
    named = "".join(letter for letter in last if letter.isprintable() and letter not in '<>:"|?*').strip(". ")
    stem, suffix = os.path.splitext(named or f"file-{sha256[:8]}")
    return stem[:LONGEST_NAME] + (suffix[:LONGEST_SUFFIX] or mimetypes.guess_extension(kind) or ".bin")


def picture(data: bytes) -> Picture:
    """Decode a picture within bounds."""
    if len(data) > MOST_BYTES:
        return Picture(None, f"Not shown: {formats.size(len(data))} are more than {formats.size(MOST_BYTES)}.")
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    form = bytes(QImageReader.imageFormat(buffer).data()).decode()
    if form not in FORMATS:
        return Picture(None, "Not shown: this is no picture of a known format.")
    reader = QImageReader(buffer, QByteArray(form.encode()))
    reader.setAutoTransform(True)
    size = reader.size()
    if not size.isValid():
        return Picture(None, DAMAGED)
    if size.width() * size.height() > MOST_PIXELS:
        return Picture(None, f"Not shown: {_measures(size)} are too many.")
    if max(size.width(), size.height()) > LARGEST:
        reader.setScaledSize(size.scaled(LARGEST, LARGEST, Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    if image.isNull():
        return Picture(None, DAMAGED)
    return Picture(image, f"{form.upper()}, {_measures(size)}")


def _measures(size: QSize) -> str:
    return f"{size.width():,} × {size.height():,} pixels"
