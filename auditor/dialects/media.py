# SPDX-License-Identifier: Apache-2.0
"""Media in messages: inline bytes described by size and hash, documents with their text, references as they are."""

import base64
import binascii
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final

from auditor.calls import AnyPart, Blob, FileRef, Uri
from auditor.dialects.values import text
from auditor.documents import extract, image_metadata

_MODALITIES = ("image", "audio", "video")

_LOOKED_FOR: Final[ContextVar[tuple[str, list[bytes]] | None]] = ContextVar("looked_for", default=None)


@contextmanager
def looking_for(sha256: str) -> Iterator[list[bytes]]:
    """While it lasts, bytes with this hash are put into the list when they are described: values tell of bytes and do
    not hold them, and only a reading of the exchange knows where they lie."""
    found: list[bytes] = []
    token = _LOOKED_FOR.set((sha256, found))
    try:
        yield found
    finally:
        _LOOKED_FOR.reset(token)


def modality_of(mime_type: str | None, default: str = "document") -> str:
    """`image`, `audio`, `video`, else the default."""
    kind = (mime_type or "").partition("/")[0].lower()
    return kind if kind in _MODALITIES else default


def blob(
    data: bytes, mime_type: str | None, modality: str | None = None, name: str | None = None, *, read: bool = True
) -> Blob:
    """Bytes, described; a document with its text, a picture with what it carries beside its pixels."""
    modality = modality or modality_of(mime_type)
    found = extract(data, mime_type, name) if read and modality == "document" else None
    beside = image_metadata(data) if read and modality == "image" else ""
    digest = hashlib.sha256(data).hexdigest()
    looked_for = _LOOKED_FOR.get()
    if looked_for is not None and looked_for[0] == digest:
        looked_for[1].append(data)
    return Blob(
        modality=modality,
        mime_type=mime_type,
        size=len(data),
        sha256=digest,
        name=name,
        text=((found.text if found else beside) or None),
        unread=found.unread if found else None,
    )


def base64_blob(
    encoded: Any, mime_type: str | None, modality: str | None = None, name: str | None = None
) -> Blob | None:
    """Base64 text (either alphabet), described; None where there is no text. What does not decode has no size."""
    if not isinstance(encoded, str) or not encoded:
        return None
    try:
        plain = "".join(encoded.split()) if "\n" in encoded or " " in encoded else encoded
        plain = plain.replace("-", "+").replace("_", "/") if "-" in plain or "_" in plain else plain
        data = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return Blob(modality=modality or modality_of(mime_type), mime_type=mime_type, name=name)
    return blob(data, mime_type, modality, name)


def located(url: Any, modality: str, mime_type: str | None = None, name: str | None = None) -> AnyPart | None:
    """What a URL points to: a data URL is inline bytes, any other a reference."""
    plain = text(url)
    if plain is None:
        return None
    if not plain.startswith("data:"):
        return Uri(uri=plain, modality=modality_of(mime_type, modality), mime_type=mime_type)
    head, _, encoded = plain[5:].partition(",")
    kind = head.split(";")[0] or mime_type
    if "base64" in head:
        return base64_blob(encoded, kind, modality_of(kind, modality), name)
    return blob(encoded.encode("utf-8", "replace"), kind, modality_of(kind, modality), name)


def file_reference(file_id: Any, modality: str = "document", mime_type: str | None = None) -> FileRef | None:
    """A file uploaded before, by its id."""
    plain = text(file_id)
    return FileRef(file_id=plain, modality=modality, mime_type=mime_type) if plain else None
