# SPDX-License-Identifier: Apache-2.0
"""Undoes content encodings (gzip, deflate, br, zstd) within a limit of the size they unfold to.

A body cut off in the middle gives what could be unfolded. Recorders often store bodies unfolded but keep the header,
so a body that is not in its declared encoding is taken as it is.
Encodings: RFC 9110 §8.4.1, RFC 7932 (br), RFC 8878 (zstd).
"""

import zlib
from collections.abc import Callable

import brotli  # type: ignore[import-untyped]
import zstandard

UNFOLDED_LIMIT = 256 * 1024 * 1024
"""Bytes a body may unfold to; longer ones are not read (they are still recorded)."""

_GZIP_MAGIC = b"\x1f\x8b"
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_AUTO_WBITS = zlib.MAX_WBITS | 32


class BodyTooLarge(ValueError):
    """A body unfolds to more than the limit."""


def decoded(body: bytes, content_encoding: str, limit: int = UNFOLDED_LIMIT) -> bytes:
    """The body without its content encodings, the last one applied undone first. Raises BodyTooLarge."""
    for name in reversed(content_encoding.lower().split(",")):
        undo = _CODINGS.get(name.strip())
        if undo and body:
            body = undo(body, limit)
    if len(body) > limit:
        raise BodyTooLarge(f"a body is longer than {limit} bytes")
    return body


def _gzip(body: bytes, limit: int) -> bytes:
    if not body.startswith(_GZIP_MAGIC):
        return body
    unfolded, rest = b"", body
    while rest.startswith(_GZIP_MAGIC):
        stream = zlib.decompressobj(_AUTO_WBITS)
        unfolded += _inflate(stream, rest, limit - len(unfolded))
        rest = stream.unused_data
    return unfolded


def _deflate(body: bytes, limit: int) -> bytes:
    for wbits in (zlib.MAX_WBITS, -zlib.MAX_WBITS):
        unfolded = _inflate(zlib.decompressobj(wbits), body, limit)
        if unfolded:
            return unfolded
    return body


def _inflate(stream: "zlib._Decompress", body: bytes, limit: int) -> bytes:
    try:
        unfolded = stream.decompress(body, max(limit, 0) + 1)
    except zlib.error:
        return b""
    if len(unfolded) > limit:
        raise BodyTooLarge(f"a body unfolds to more than {limit} bytes")
    return unfolded


def _br(body: bytes, limit: int) -> bytes:
    stream = brotli.Decompressor()
    try:
        unfolded: bytes = stream.process(body, output_buffer_limit=limit + 1)
    except brotli.error:
        return body
    if len(unfolded) > limit:
        raise BodyTooLarge(f"a body unfolds to more than {limit} bytes")
    return unfolded


def _zstd(body: bytes, limit: int) -> bytes:
    if not body.startswith(_ZSTD_MAGIC):
        return body
    try:
        unfolded = zstandard.ZstdDecompressor().stream_reader(body, read_across_frames=True).read(limit + 1)
    except zstandard.ZstdError:
        return b""
    if len(unfolded) > limit:
        raise BodyTooLarge(f"a body unfolds to more than {limit} bytes")
    return unfolded


_CODINGS: dict[str, Callable[[bytes, int], bytes]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _br,
    "zstd": _zstd,
}
