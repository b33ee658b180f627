# SPDX-License-Identifier: Apache-2.0
"""Fingerprints: keyed, the same for the same words, and never lost for a long enough copy."""

from hypothesis import given
from hypothesis import strategies as st

from auditor.distillation.fingerprints import RUN, WINDOW, Fingerprinter, winnow, words

_WORDS = st.lists(st.sampled_from(["alpha", "beta", "gamma", "delta", "eps", "zeta"]), min_size=0, max_size=60)


@given(_WORDS)
def test_sliding_gives_what_hashing_each_run_alone_gives(found: list[str]) -> None:
    prints = Fingerprinter(b"one")
    runs = [" ".join(found[start : start + RUN]) for start in range(len(found) - RUN + 1)]
    assert prints.shingles(" ".join(found)) == [prints.shingles(run)[0] for run in runs]


@given(_WORDS, _WORDS, st.lists(st.uuids(), min_size=RUN + WINDOW - 1, max_size=RUN + WINDOW - 1))
def test_a_long_enough_copy_always_shares_a_kept_fingerprint(before: list[str], after: list[str], copy: list) -> None:
    prints = Fingerprinter(b"one")
    piece = [one.hex for one in copy]
    kept = [{mark for _, mark in winnow(prints.shingles(" ".join(text)))} for text in (before + piece, piece + after)]
    assert kept[0] & kept[1]


def test_keys_part_the_same_words() -> None:
    text = "one two three four five six seven eight nine"
    assert Fingerprinter(b"a").shingles(text) == Fingerprinter(b"a").shingles(text.upper() + "!")
    assert not set(Fingerprinter(b"a").shingles(text)) & set(Fingerprinter(b"b").shingles(text))


def test_scripts_without_spaces_count_by_the_character() -> None:
    assert words("東京タワー ok") == ["東", "京", "タ", "ワ", "ー", "ok"]
    assert winnow([]) == []
