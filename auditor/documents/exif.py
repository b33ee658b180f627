# SPDX-License-Identifier: Apache-2.0
"""The texts and the position in a block of EXIF: a TIFF file without a picture, with directories of tagged values."""

import struct
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

_NAMES: Final[Mapping[int, str]] = {
    0x010D: "document name",
    0x010E: "description",
    0x010F: "make",
    0x0110: "model",
    0x0131: "software",
    0x0132: "time",
    0x013B: "artist",
    0x013C: "host computer",
    0x8298: "copyright",
    0x9003: "time taken",
    0x9286: "comment",
    0x9C9B: "title",
    0x9C9C: "comment",
    0x9C9D: "author",
    0x9C9E: "keywords",
    0x9C9F: "subject",
    0xA430: "owner name",
    0xA431: "serial number",
    0xA434: "lens",
    0xA435: "lens serial number",
}
_EXIF, _GPS = 0x8769, 0x8825
_BYTE, _ASCII, _RATIONAL, _UNDEFINED = 1, 2, 5, 7
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8}
_MOST_ENTRIES, _LONGEST = 200, 8_000
_CHARSETS = {b"ASCII\x00\x00\x00": "ascii", b"UNICODE\x00": "utf-16-le", b"\x00" * 8: "utf-8"}


class _Value(NamedTuple):
    kind: int
    data: bytes


def exif(data: bytes) -> Iterator[tuple[str, str]]:
    """Named texts of all directories, and the position in degrees. Raises struct.error where the block is cut off."""
    order = "<" if data[:2] == b"II" else ">"
    first = _directory(data, struct.unpack_from(f"{order}I", data, 4)[0], order)
    yield from _texts(first)
    if _EXIF in first:
        yield from _texts(_directory(data, _offset(first[_EXIF], order), order))
    if _GPS in first:
        yield from _position(_directory(data, _offset(first[_GPS], order), order), order)


def _directory(data: bytes, offset: int, order: str) -> dict[int, _Value]:
    """The values of one directory by tag."""
    count = min(struct.unpack_from(f"{order}H", data, offset)[0], _MOST_ENTRIES)
    values = {}
    for number in range(count):
        place = offset + 2 + 12 * number
        tag, kind, length = struct.unpack_from(f"{order}HHI", data, place)
        size = _SIZES.get(kind, 0) * length
        if 0 < size <= _LONGEST:
            start = place + 8 if size <= 4 else struct.unpack_from(f"{order}I", data, place + 8)[0]
            values[tag] = _Value(kind, data[start : start + size])
    return values


def _offset(value: _Value, order: str) -> int:
    return int(struct.unpack_from(f"{order}I", value.data)[0])


def _texts(values: Mapping[int, _Value]) -> Iterator[tuple[str, str]]:
    for tag, value in values.items():
        name = _NAMES.get(tag, f"tag {tag:#06x}")
        if value.kind == _ASCII:
            yield name, value.data.rstrip(b"\x00").decode("utf-8", "replace")
        elif value.kind == _BYTE and 0x9C9B <= tag <= 0x9C9F:
            yield name, value.data.decode("utf-16-le", "replace").rstrip("\x00")
        elif value.kind == _UNDEFINED and tag == 0x9286:
            charset = _CHARSETS.get(value.data[:8], "utf-8")
            yield name, value.data[8:].decode(charset, "replace").strip("\x00 ")


def _position(values: Mapping[int, _Value], order: str) -> Iterator[tuple[str, str]]:
    """Latitude and longitude as one address-like value."""
    if 2 in values and 4 in values:
        north, east = _degrees(values[2], order), _degrees(values[4], order)
        south = values[1].data[:1] == b"S" if 1 in values else False
        west = values[3].data[:1] == b"W" if 3 in values else False
        yield "position", f"{-north if south else north:.6f}, {-east if west else east:.6f}"


def _degrees(value: _Value, order: str) -> float:
    if value.kind != _RATIONAL or len(value.data) < 24:
        raise ValueError("a position is three fractions")
    numbers = struct.unpack_from(f"{order}6I", value.data)
    parts = [top / bottom if bottom else 0.0 for top, bottom in zip(numbers[::2], numbers[1::2], strict=True)]
    return parts[0] + parts[1] / 60 + parts[2] / 3600
