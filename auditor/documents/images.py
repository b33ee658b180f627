# SPDX-License-Identifier: Apache-2.0
"""What pictures carry beside their pixels: EXIF with its position, XMP, comments and PNG texts, as `name: value` lines.

Formats: EXIF 2.32 in TIFF 6.0 (https://www.cipa.jp/std/documents/e/DC-X008-Translation-2019-E.pdf), JPEG segments
(ITU T.81), PNG chunks (https://www.w3.org/TR/png-3/), WebP's RIFF container
(https://developers.google.com/speed/webp/docs/riff_container), XMP (ISO 16684). Never raises; all loops are bounded.
"""

import re
import struct
import zlib
from collections.abc import Iterator
from typing import Final

from auditor.documents.exif import exif

LONGEST: Final = 20_000
"""Characters taken from a picture."""
_MOST = 500
"""Segments, chunks or properties of a picture that are read."""
_XMP = b"http://ns.adobe.com/xap/1.0/\x00"
_TEXT = re.compile(r"<([\w:]+)[^<>]*>([^<>]{2,2000})<|([\w]+:[\w]+)=\"([^\"]{2,2000})\"")
_STRUCTURE = ("xmlns:", "rdf:", "x:", "xml:")


def metadata(data: bytes) -> str:
    """The texts beside the pixels, "" where there are none or the picture is of another kind or broken."""
    try:
        lines = [f"{name}: {value.strip()}" for name, value in _fields(data) if value.strip()]
    except (struct.error, ValueError, zlib.error, UnicodeDecodeError, IndexError):
        return ""
    return "\n".join(("[properties]", *lines))[:LONGEST] if lines else ""


def _fields(data: bytes) -> Iterator[tuple[str, str]]:
    if data.startswith(b"\xff\xd8"):
        yield from _jpeg(data)
    elif data.startswith(b"\x89PNG\r\n\x1a\n"):
        yield from _png(data)
    elif data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        yield from _webp(data)
    elif data[:4] in (b"II*\x00", b"MM\x00*"):
        yield from exif(data)


def _jpeg(data: bytes) -> Iterator[tuple[str, str]]:
    place = 2
    for _ in range(_MOST):
        if place + 4 > len(data) or data[place] != 0xFF or data[place + 1] in (0xDA, 0xD9):
            return
        marker, size = data[place + 1], int.from_bytes(data[place + 2 : place + 4])
        body = data[place + 4 : place + 2 + size]
        if marker == 0xE1 and body.startswith(b"Exif\x00\x00"):
            yield from exif(body[6:])
        elif marker == 0xE1 and body.startswith(_XMP):
            yield from _xmp(body[len(_XMP) :])
        elif marker == 0xFE:
            yield "comment", body.decode("utf-8", "replace")
        place += 2 + max(size, 2)


def _png(data: bytes) -> Iterator[tuple[str, str]]:
    place = 8
    for _ in range(_MOST):
        if place + 8 > len(data):
            return
        size, kind = int.from_bytes(data[place : place + 4]), data[place + 4 : place + 8]
        body = data[place + 8 : place + 8 + size]
        if kind == b"eXIf":
            yield from exif(body)
        elif kind in (b"tEXt", b"zTXt", b"iTXt"):
            yield from _png_text(kind, body)
        place += 12 + size


def _png_text(kind: bytes, body: bytes) -> Iterator[tuple[str, str]]:
    keyword, _, rest = body.partition(b"\x00")
    if kind == b"tEXt":
        text = rest.decode("latin-1")
    elif kind == b"zTXt":
        text = _inflated(rest[1:]).decode("latin-1")
    else:
        packed, rest = rest[:1] == b"\x01", rest[2:]
        _, _, rest = rest.partition(b"\x00")
        _, _, rest = rest.partition(b"\x00")
        text = (_inflated(rest) if packed else rest).decode("utf-8", "replace")
    name = keyword.decode("latin-1")
    yield from _xmp(text.encode()) if name == "XML:com.adobe.xmp" else ((name, text),)


def _webp(data: bytes) -> Iterator[tuple[str, str]]:
    place = 12
    for _ in range(_MOST):
        if place + 8 > len(data):
            return
        kind, size = data[place : place + 4], int.from_bytes(data[place + 4 : place + 8], "little")
        body = data[place + 8 : place + 8 + size]
        if kind == b"EXIF":
            yield from exif(body.removeprefix(b"Exif\x00\x00"))
        elif kind == b"XMP ":
            yield from _xmp(body)
        place += 8 + size + size % 2


def _inflated(data: bytes) -> bytes:
    return zlib.decompressobj().decompress(data, LONGEST)


def _xmp(data: bytes) -> Iterator[tuple[str, str]]:
    """Elements and attributes that hold text, whatever they belong to."""
    for count, found in enumerate(_TEXT.finditer(data[: 4 * LONGEST].decode("utf-8", "replace"))):
        name = found[1] or found[3]
        if count < _MOST and (not name.startswith(_STRUCTURE) or name == "rdf:li"):
            yield name.partition(":")[2] or name, found[2] or found[4]
