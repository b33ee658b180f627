# SPDX-License-Identifier: Apache-2.0
import hashlib
import os
import struct
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import CheckFailed
from auditor.store.format import sealing
from auditor.store.format.layout import Column, Purpose
from auditor.store.format.prepare import prepare
from auditor.store.format.sealing import Codec, SegmentKeys, frame, padded_length, unframe
from tests.auditor.store.material import completion

SECRET = bytes(range(32))
SECRETS, NONE = dict.fromkeys(Purpose, SECRET), dict.fromkeys(Purpose, bytes(32))


@given(st.binary(max_size=3000), st.sampled_from([Codec.ZSTD, Codec.META]))
def test_frames_round_trip(plaintext: bytes, codec: Codec) -> None:
    assert unframe(frame(plaintext, codec)) == plaintext


def test_frames_made_in_one_thread_open_in_another() -> None:
    with ThreadPoolExecutor(4) as pool:
        framed = list(pool.map(frame, [b"some text " * number for number in range(40)]))
    assert [unframe(one) for one in framed] == [b"some text " * number for number in range(40)]


@pytest.mark.parametrize(
    ("name", "digest"),
    [
        ("meta-1.dict", "66d79ead6f35db042315be5e3ec66cfbd9a1849c93120638cb839b904ad0d9c8"),
        ("body-1.dict", "f6cdaaded294936d5bf9911983c6cf5ed02bbd4db71ae62fca80c8b262cd6e0c"),
    ],
)
def test_the_dictionaries_are_part_of_the_format(name: str, digest: str) -> None:
    """Another dictionary is another codec: records sealed with this one must stay readable."""
    raw = Path(sealing.__file__).with_name(name).read_bytes()
    assert hashlib.sha256(raw).hexdigest() == digest


@given(st.binary(max_size=20_000), st.binary(max_size=300), st.integers(0, (1 << 64) - 1))
def test_a_frame_that_rests_on_a_passage_comes_back_with_it(plaintext: bytes, given: bytes, seq: int) -> None:
    key = bytes(range(32))
    framed = sealing.refer(sealing.frame_after(plaintext, key, sealing.Given(given)), seq)
    assert sealing.reference(framed) == sealing.Reference(seq, key)
    assert unframe(framed, given) == plaintext
    assert sealing.reference(frame(plaintext)) is None


def test_metas_are_small_with_their_dictionary() -> None:
    meta = prepare(completion(1))
    assert len(meta.meta) < len(frame(meta.raw_meta)) * 0.6


@given(st.integers(2, 1 << 40))
def test_padding_costs_little_and_leaves_few_lengths(length: int) -> None:
    padded = padded_length(length)
    assert length <= padded <= length * 1.12 + 1
    assert padded_length(padded) == padded


@pytest.mark.parametrize(
    ("length", "padded"), [(0, 0), (1, 1), (8, 8), (9, 10), (100, 104), (1000, 1024), (8000, 8192)]
)
def test_padme_as_published(length: int, padded: int) -> None:
    assert padded_length(length) == padded


def test_near_lengths_look_alike() -> None:
    noise = os.urandom(9000)
    assert len({len(frame(noise[:length])) for length in range(8010, 8140)}) == 1


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = frame(bytes(1 << 20))
    monkeypatch.setattr(sealing, "MAX_PLAINTEXT", 1 << 16)
    with pytest.raises(CheckFailed):
        unframe(bomb)


@pytest.mark.parametrize(
    "framed", [b"", b"\x01", struct.pack(">BI", 0, 9) + b"short", struct.pack(">BI", 1, 3) + b"abc", b"\x07" * 9]
)
def test_malformed_frames_are_refused(framed: bytes) -> None:
    with pytest.raises(CheckFailed):
        unframe(framed)


@given(st.binary(max_size=500), st.integers(0, 1 << 50), st.sampled_from([Column.META, Column.BODY, Column.FOOTER]))
def test_a_blob_opens_only_in_its_place(plaintext: bytes, seq: int, column: Column) -> None:
    keys = SegmentKeys(SECRETS, "gateway-1", 7)
    sealed = keys.seal(seq, column, frame(plaintext))
    assert keys.open(seq, column, sealed) == plaintext
    elsewhere = (
        (SegmentKeys(SECRETS, "gateway-1", 8), seq, column),
        (SegmentKeys(SECRETS, "gateway-2", 7), seq, column),
        (SegmentKeys(NONE, "gateway-1", 7), seq, column),
        (keys, seq + 1, column),
        (keys, seq, Column.NAMES),
    )
    for other, at, as_column in elsewhere:
        with pytest.raises(CheckFailed):
            other.open(at, as_column, sealed)


@given(st.binary(min_size=1, max_size=300), st.data())
def test_no_flipped_bit_opens(plaintext: bytes, data: st.DataObject) -> None:
    keys = SegmentKeys(SECRETS, "gateway-1", 0)
    sealed = bytearray(keys.seal(1, Column.BODY, frame(plaintext)))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(CheckFailed):
        keys.open(1, Column.BODY, bytes(sealed))


def test_the_commitment_names_the_secret_and_the_segment() -> None:
    commits = {
        SegmentKeys(secret, ledger, seg).commit for secret in (SECRETS, NONE) for ledger in ("a", "b") for seg in (0, 1)
    }
    assert len(commits) == 8
