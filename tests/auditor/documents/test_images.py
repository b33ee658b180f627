# SPDX-License-Identifier: Apache-2.0
"""What a picture carries beside its pixels. The pictures are made here, byte by byte."""

import struct
import zlib

from hypothesis import given
from hypothesis import strategies as st

from auditor.dialects.media import blob
from auditor.documents import image_metadata


def entry(tag: int, kind: int, count: int, value: bytes) -> bytes:
    return struct.pack("<HHI", tag, kind, count) + value.ljust(4, b"\x00")[:4]


def tiff(artist: str = "Wilhelmina Ortega") -> bytes:
    """One directory with an artist, and one with a position at 52° 31' 12'' N, 13° 24' 0'' W."""
    text = artist.encode() + b"\x00"
    gps_at = 8 + 2 + 2 * 12 + 4 + len(text)
    fractions = gps_at + 2 + 4 * 12 + 4
    first = struct.pack("<H", 2) + entry(0x013B, 2, len(text), struct.pack("<I", 38))
    first += entry(0x8825, 4, 1, struct.pack("<I", gps_at)) + bytes(4) + text
    gps = struct.pack("<H", 4) + entry(1, 2, 2, b"N") + entry(2, 5, 3, struct.pack("<I", fractions))
    gps += entry(3, 2, 2, b"W") + entry(4, 5, 3, struct.pack("<I", fractions + 24)) + bytes(4)
    return b"II*\x00\x08\x00\x00\x00" + first + gps + struct.pack("<12I", 52, 1, 31, 1, 12, 1, 13, 1, 24, 1, 0, 1)


def jpeg(*segments: tuple[int, bytes]) -> bytes:
    parts = (b"\xff" + bytes([marker]) + struct.pack(">H", len(body) + 2) + body for marker, body in segments)
    return b"\xff\xd8" + b"".join(parts) + b"\xff\xda\x00\x02pixels\xff\xd9"


def png(*chunks: tuple[bytes, bytes]) -> bytes:
    parts = (struct.pack(">I", len(body)) + kind + body + bytes(4) for kind, body in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def test_exif_gives_names_and_the_position() -> None:
    text = image_metadata(jpeg((0xE1, b"Exif\x00\x00" + tiff()), (0xFE, b"call 030 901820")))
    assert text.splitlines() == [
        "[properties]",
        "artist: Wilhelmina Ortega",
        "position: 52.520000, -13.400000",
        "comment: call 030 901820",
    ]


def test_png_texts_in_three_forms() -> None:
    picture = png(
        (b"tEXt", b"Author\x00Ann"),
        (b"zTXt", b"Comment\x00\x00" + zlib.compress(b"packed")),
        (b"iTXt", b"Title\x00\x00\x00de\x00Titel\x00Gr\xc3\xbc\xc3\x9fe"),
        (b"eXIf", tiff("Roberta")),
    )
    text = image_metadata(picture)
    assert [line for line in text.splitlines() if "position" not in line] == [
        "[properties]",
        "Author: Ann",
        "Comment: packed",
        "Title: Grüße",
        "artist: Roberta",
    ]


def test_webp_and_xmp() -> None:
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><dc:creator><rdf:li>Ann Ortega</rdf:li></dc:creator></x:xmpmeta>'
    webp = b"RIFF\x00\x00\x00\x00WEBP" + b"XMP " + struct.pack("<I", len(xmp)) + xmp
    assert image_metadata(webp) == "[properties]\nli: Ann Ortega"


def test_a_picture_in_a_message_carries_its_text() -> None:
    part = blob(jpeg((0xFE, b"password: kQ9wzXt7")), "image/jpeg")
    assert (part.text, part.unread) == ("[properties]\ncomment: password: kQ9wzXt7", None)
    assert blob(b"GIF89a", "image/gif").text is None


def test_a_bomb_stays_small() -> None:
    packed = zlib.compress(b"x" * 50_000_000, 9)
    assert len(image_metadata(png(*[(b"zTXt", b"Comment\x00\x00" + packed)] * 3))) <= 20_000


@given(st.binary(max_size=300), st.sampled_from([jpeg((0xE1, b"Exif\x00\x00" + tiff())), png((b"eXIf", tiff()))]))
def test_nothing_is_raised(noise: bytes, picture: bytes) -> None:
    for place in range(0, len(picture), 7):
        image_metadata(picture[:place] + noise + picture[place + len(noise) :])
        image_metadata(picture[:place])
