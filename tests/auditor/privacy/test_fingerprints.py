# SPDX-License-Identifier: Apache-2.0
"""Fingerprints: keyed, the same for the same words, and never lost for a long enough copy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.privacy.fingerprints import FORM, RUN, WINDOW, Fingerprinter, winnow
from auditor.privacy.words import words

_WORDS = st.lists(st.sampled_from(["alpha", "beta", "gamma", "delta", "eps", "zeta"]), min_size=0, max_size=60)


@given(_WORDS)
def test_sliding_gives_what_hashing_each_run_alone_gives(found: list[str]) -> None:
    prints = Fingerprinter(b"one")
    runs = [" ".join(found[start : start + RUN]) for start in range(len(found) - RUN + 1)]
    assert prints.runs(" ".join(found)).tolist() == [prints.runs(run)[0] for run in runs]


@given(st.text())
def test_arrays_see_the_words_that_the_expression_sees(text: str) -> None:
    prints = Fingerprinter(b"one")
    assert prints.words(text).tolist() == [prints.words(word)[0] for word in words(text)]


@given(_WORDS, _WORDS, st.lists(st.uuids(), min_size=RUN + WINDOW - 1, max_size=RUN + WINDOW - 1))
def test_a_long_enough_copy_always_shares_a_kept_fingerprint(before: list[str], after: list[str], copy: list) -> None:
    prints = Fingerprinter(b"one")
    piece = [one.hex for one in copy]
    kept = [set(prints.kept(" ".join(text)).tolist()) for text in (before + piece, piece + after)]
    assert kept[0] & kept[1]


def test_keys_part_the_same_words() -> None:
    text = "one two three four five six seven eight nine"
    assert Fingerprinter(b"a").runs(text).tolist() == Fingerprinter(b"a").runs(text.upper() + "!").tolist()
    assert not set(Fingerprinter(b"a").runs(text)) & set(Fingerprinter(b"b").runs(text))


def test_scripts_without_spaces_count_by_the_character() -> None:
    assert words("東京タワー ok") == ["東", "京", "タ", "ワ", "ー", "ok"]
    assert len(Fingerprinter(b"a").words("東京タワー ok")) == 6
    assert not len(Fingerprinter(b"a").kept(""))


def test_of_every_window_the_smallest_is_kept() -> None:
    values = np.array([5, 3, 4, 9, *range(10, 30)], dtype=np.uint64)
    assert winnow(values).tolist() == [3, 4, 9, 10, 11, 12, 13, 14]
    assert winnow(values[:2]).tolist() == [3]
    assert winnow(values[:0]).tolist() == []


def test_short_lines_and_strings_have_a_fingerprint_each() -> None:
    prints = Fingerprinter(b"one")
    item = "How high is the Eiffel tower"
    (whole,) = prints.kept(item)
    for text in (
        item,
        f"Sure:\n1. {item}?\n2. Another",
        f"Question: {item}",
        f'[{{"q": "{item}"}}]',
        f"1. Task: {item}",
    ):
        assert whole in prints.kept(text)


def test_few_are_kept() -> None:
    text = " ".join(f"w{number}" for number in range(3000))
    assert len(Fingerprinter(b"one").kept(text)) < 3000 * 2.4 / (WINDOW + 1)


_TEXTS = st.lists(
    st.lists(st.sampled_from(["alpha", "beta", "x1", "東京", "😀", "\n", '"', "1.", "a:", "Σ"]), max_size=60)
    .map(" ".join)
    .flatmap(lambda text: st.sampled_from([text, f"{text} " * 3])),
    min_size=1,
    max_size=6,
)


@given(_TEXTS)
def test_many_texts_at_once_give_what_each_gives_alone(texts: list[str]) -> None:
    prints = Fingerprinter(b"one")
    for marks, text in zip(prints.kept_of_each(texts), texts, strict=True):
        assert sorted(marks.tolist()) == sorted(prints.kept(text).tolist())


def test_fingerprints_of_this_form_stay_as_they_are() -> None:
    text = "Naïve résumés 東京 of immunoelectrophoretically-tested ß and " + "x" * 40 + " end"
    kept = sorted(Fingerprinter(b"k" * 32).kept(text).tolist())
    assert (FORM, kept) == (1, [6420393870929122116, 10118777243172638993])


def test_what_is_kept_is_encrypted() -> None:
    prints = Fingerprinter(b"one")
    text = " ".join(f"w{number}" for number in range(200))
    hashed = {*prints.runs(text).tolist(), *prints.wholes(text).tolist()}
    assert len(prints.kept(text)) > 10
    assert not hashed & set(prints.kept(text).tolist())


@pytest.mark.parametrize("odd", ["\ud800 lone half", "\x00 nought", "a" * 10_000, "İstanbul ΣΑΣ", "é" * 33, "𝔘𝔫𝔦 😀"])
def test_odd_texts_have_the_words_they_show(odd: str) -> None:
    prints = Fingerprinter(b"one")
    assert prints.words(odd).tolist() == [prints.words(word)[0] for word in words(odd)]
