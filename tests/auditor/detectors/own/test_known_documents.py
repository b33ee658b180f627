# SPDX-License-Identifier: Apache-2.0
"""Winnowing and the index of known documents: copies, excerpts, boilerplate, and no text kept."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.detectors.own.known_documents import FingerprintIndex, KnownDocuments
from auditor.detectors.own.winnowing import GRAM, KEY_SIZE, WINDOW, fingerprints
from auditor.detectors.view import View
from auditor.detectors.words import words
from auditor.errors import InputError

KEY = bytes(range(KEY_SIZE))
SYLLABLES = sorted(words("ba ce di fo gu ha je ki lo mu na pe ri so tu va we xi yo zu"))


def prose(seed: int, count: int) -> str:
    """Made-up words, the same for a seed."""
    source = random.Random(seed)
    return " ".join("".join(source.choices(SYLLABLES, k=source.randint(1, 4))) for _ in range(count))


def index(*texts: str) -> FingerprintIndex:
    empty = FingerprintIndex(key=KEY)
    known = [empty.known(f"document {number}", text) for number, text in enumerate(texts)]
    return empty.with_documents(each for each in known if each)


def found(known: FingerprintIndex, text: str) -> list[tuple[str | None, float, str]]:
    return [(m.subtype, m.score, text[m.start : m.end]) for m in KnownDocuments(known).matches(View(text))]


@given(st.integers(0, 10_000), st.integers(0, 60), st.integers(0, 60))
@settings(max_examples=30)
def test_63_characters_in_common_share_a_fingerprint(seed: int, ahead: int, behind: int) -> None:
    common = prose(seed, 60).replace(" ", "")[: GRAM + WINDOW - 1]
    one = fingerprints(prose(1, 200) + common + prose(2, behind), KEY)
    other = fingerprints(prose(3, ahead) + common + prose(4, 200), KEY)
    assert set(one.hashes.tolist()) & set(other.hashes.tolist())


@given(st.text(max_size=300))
def test_places_lie_in_the_text(text: str) -> None:
    prints = fingerprints(text, KEY)
    assert all(
        0 <= start <= end - GRAM and end <= len(text) for start, end in zip(prints.starts, prints.ends, strict=True)
    )


def test_the_key_decides() -> None:
    text = prose(5, 300)
    assert not set(fingerprints(text, KEY).hashes.tolist()) & set(fingerprints(text, bytes(KEY_SIZE)).hashes.tolist())


def test_long_texts_have_the_fingerprints_of_their_parts() -> None:
    text = prose(6, 12_000).replace(" ", "")
    part = text[16_000:18_000]
    assert set(fingerprints(part, KEY).hashes.tolist()) <= set(fingerprints(text, KEY).hashes.tolist())


def test_copies_and_excerpts_are_found_however_they_are_laid_out() -> None:
    document = prose(7, 400)
    known = index(document, prose(8, 400))
    assert [(name, score) for name, score, _ in found(known, f"See:\n{document}\nThanks")] == [("document 0", 0.99)]
    excerpt = document[300:800]
    laid_out = "> " + excerpt.upper().replace(" ", "\n> ")
    text = f"{prose(9, 100)}\n{laid_out}\n{prose(10, 100)}"
    ((name, score, passage),) = found(known, text)
    assert (name, score) == ("document 0", 0.85)
    assert passage in laid_out
    assert len(passage) > 0.7 * len(laid_out)


@pytest.mark.parametrize("text", ["", "short", prose(11, 500)])
def test_other_texts_are_left_alone(text: str) -> None:
    assert found(index(prose(7, 400)), text) == []


def test_what_three_documents_share_is_boilerplate() -> None:
    notice = prose(12, 120)
    known = index(*(f"{notice} {prose(seed, 200)}" for seed in (13, 14, 15)))
    assert found(known, f"{prose(16, 50)} {notice} {prose(17, 50)}") == []


def test_the_index_keeps_no_text_and_survives_its_file() -> None:
    document = prose(18, 200)
    data = index(document).encode()
    assert not any(word.encode() in data for word in document.split() if len(word) > 5)
    ((name, score, passage),) = found(FingerprintIndex.decode(data, "x"), document)
    assert (name, score) == ("document 0", 0.99)
    assert len(passage) > len(document) - 4 * WINDOW


def test_short_documents_are_not_taken() -> None:
    assert FingerprintIndex(key=KEY).known("memo", "Lunch at noon.") is None


def test_documents_are_replaced_and_removed_by_name() -> None:
    known = index(prose(19, 200))
    again = known.known("document 0", prose(20, 200))
    assert again is not None
    replaced = known.with_documents([again])
    assert len(replaced.documents) == 1
    assert found(replaced, prose(19, 200)) == []
    assert replaced.without(["document 0"]).documents == ()


@pytest.mark.parametrize("data", [b"", b"\xc1", FingerprintIndex(key=b"short").encode()])
def test_what_is_no_index_is_refused(data: bytes) -> None:
    with pytest.raises(InputError, match="no index"):
        FingerprintIndex.decode(data, "x.idx")
