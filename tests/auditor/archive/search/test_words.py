# SPDX-License-Identifier: Apache-2.0
"""Words answer as the text would: a part is named wherever it lies, and where it is exact, nowhere else."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from auditor.archive.search.words import parts_of, question, words_of

ALPHABET = "aAbß_9İſ.-@ \n\té中文字かなｶ한ا\U00020000\ud800ั"
short = st.text(ALPHABET, max_size=40)
long = st.text("ab9", min_size=30, max_size=90)
said = st.one_of(short, long, st.tuples(short, long, short).map("".join), st.text(max_size=60))


def named(text: str, part: str) -> bool:
    lines = b"\n" + b"\n".join(sorted(words_of(text))) + b"\n"
    return all(needle in lines for needle in question(part).needles)


@given(said, said, st.data())
@example("x" * 33, "x" * 17, None)
def test_every_text_with_a_part_is_named_and_exact_ones_only(text: str, other: str, data: st.DataObject | None) -> None:
    folded = text.casefold()
    asked = [other]
    if data is not None and folded:
        start = data.draw(st.integers(0, len(folded) - 1))
        asked.append(folded[start : start + data.draw(st.integers(1, 40))])
    for part in (part for one in asked for part in parts_of(one)):
        if part in folded:
            assert named(text, part)
        elif question(part).exact:
            assert not named(text, part)


@pytest.mark.parametrize(
    ("part", "exact"),
    [("invoice", True), ("a" * 17, True), ("a" * 18, False), ("合同", True), ("合同书", False), ("a.b", False)],
)
def test_plain_words_need_no_look_at_the_text(part: str, exact: bool) -> None:
    assert question(part).exact is exact


def test_a_part_of_several_words_asks_for_beginnings_and_ends() -> None:
    assert named("mail jane.doe@example.com", "doe@exam")
    assert not named("mail jane.doer@example.com", "doe@exam")
    assert not question("?!").needles


def test_parts_are_cut_at_spaces_and_asked_once() -> None:
    assert parts_of("  Straße INVOICE\u2003invoice ") == ("strasse", "invoice")


def test_a_long_run_costs_no_more_than_twice_itself() -> None:
    run = "".join(f"{number:04x}" for number in range(5000))
    assert sum(map(len, words_of(run))) <= 2 * len(run)
