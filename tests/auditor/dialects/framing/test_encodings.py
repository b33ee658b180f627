# SPDX-License-Identifier: Apache-2.0
import gzip
import zlib
from collections.abc import Callable

import brotli  # type: ignore[import-untyped]
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from auditor.dialects.framing import BodyTooLarge, decoded

TEXT = b'{"said": "' + b"high and low tide " * 400 + b'"}'
ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress,
}


@pytest.mark.parametrize("name", ENCODERS)
def test_undoes_each_encoding(name: str) -> None:
    assert decoded(ENCODERS[name](TEXT), name.upper()) == TEXT


def test_undoes_raw_deflate() -> None:
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    assert decoded(stream.compress(TEXT) + stream.flush(), "deflate") == TEXT


def test_undoes_several_in_order() -> None:
    assert decoded(brotli.compress(gzip.compress(TEXT)), "gzip, br") == TEXT


def test_members_of_gzip_follow_each_other() -> None:
    assert decoded(gzip.compress(b"one ") + gzip.compress(b"two"), "gzip") == b"one two"


@pytest.mark.parametrize("name", ["gzip", "br", "zstd", "identity", "unheard-of", ""])
def test_a_body_not_in_its_encoding_stays(name: str) -> None:
    assert decoded(TEXT, name) == TEXT


@pytest.mark.parametrize("name", ["gzip", "deflate", "br"])
def test_a_cut_body_gives_what_it_holds(name: str) -> None:
    noise = bytes(range(256)) * 300
    whole = ENCODERS[name](noise + TEXT)
    part = decoded(whole[: len(whole) - 20], name)
    assert part
    assert (noise + TEXT).startswith(part)


@pytest.mark.parametrize("name", ENCODERS)
def test_a_bomb_is_refused(name: str) -> None:
    with pytest.raises(BodyTooLarge):
        decoded(ENCODERS[name](bytes(2_000_000)), name, limit=100_000)


def test_a_plain_body_beyond_the_limit_is_refused() -> None:
    with pytest.raises(BodyTooLarge):
        decoded(b"x" * 11, "", limit=10)


@given(name=st.sampled_from([*ENCODERS]), body=st.binary(max_size=200))
def test_any_bytes(name: str, body: bytes) -> None:
    assert isinstance(decoded(body, name, limit=1_000_000), bytes)
