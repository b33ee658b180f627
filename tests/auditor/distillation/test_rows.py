# SPDX-License-Identifier: Apache-2.0
"""Rows of training files in every form that is read."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.distillation.rows import Row, read_rows, teach_labels

FORMS = {
    "chat": {"messages": [{"role": "user", "content": "Q"}, {"role": "assistant", "content": "A"}]},
    "chat in parts": {
        "messages": [
            {"role": "user", "content": "Q"},
            {"role": "assistant", "content": [{"type": "text", "text": "A"}]},
        ]
    },
    "sharegpt": {"conversations": [{"from": "human", "value": "Q"}, {"from": "gpt", "value": "A"}]},
    "gemini": {"contents": [{"role": "user", "parts": [{"text": "Q"}]}, {"role": "model", "parts": [{"text": "A"}]}]},
    "alpaca": {"instruction": "Q", "input": "", "output": "A"},
    "completion": {"prompt": "Q", "completion": "A"},
    "question": {"question": "Q", "answer": "A"},
    "gemini tuning": {"textInput": "Q", "output": "A"},
}


@pytest.mark.parametrize("form", [name for name in FORMS if name != "gemini tuning"])
def test_prompt_and_target_are_told_apart(form: str) -> None:
    assert read_rows(json.dumps(FORMS[form]).encode()) == (Row(number=1, prompts=("Q",), targets=("A",)),)


@pytest.mark.parametrize("form", FORMS)
def test_lines_and_lists_read_the_same(form: str) -> None:
    records = [FORMS[form]] * 3
    lines = read_rows("\n".join(map(json.dumps, records)).encode())
    assert [one.number for one in lines] == [1, 2, 3]
    assert lines == read_rows(json.dumps(records).encode()) == read_rows(json.dumps(records, indent=1).encode())
    assert all(one.targets == ("A",) for one in lines)


def test_preference_pairs_have_both_answers_as_targets() -> None:
    pair = {
        "input": {"messages": [{"role": "user", "content": "Q"}]},
        "preferred_output": [{"role": "assistant", "content": "good"}],
        "non_preferred_output": [{"role": "assistant", "content": "bad"}],
    }
    assert read_rows(json.dumps(pair).encode()) == (Row(number=1, prompts=("Q",), targets=("good", "bad")),)
    dpo = {"prompt": "Q", "chosen": "good", "rejected": [{"role": "assistant", "content": "bad"}]}
    assert read_rows(json.dumps(dpo).encode())[0].targets == ("good", "bad")


def test_tables_are_read_by_their_header() -> None:
    table = b'instruction,output\r\n"Say, please","A\nB"\r\nQ2,A2\r\n'
    assert [one.targets for one in read_rows(table)] == [("A\nB",), ("A2",)]
    assert read_rows(b"amount,date\n1,2\n") == ()


def test_a_broken_line_costs_only_itself() -> None:
    good = json.dumps(FORMS["alpaca"]).encode()
    assert len(read_rows(good + b"\n{broken\n" + good)) == 2


@given(st.binary(max_size=400))
def test_anything_is_read_without_failing(data: bytes) -> None:
    for start in (b"", b"{", b"[", b"output,x\n", b"PAR1"):
        assert isinstance(read_rows(start + data), tuple)


def test_labels_are_known_by_name_or_by_repetition() -> None:
    labelled = read_rows(b'{"text": "a long story", "label": "good"}\n{"text": "another", "label": "bad"}')
    assert teach_labels(labelled)
    chat = tuple(Row(number=n, prompts=(f"p{n}",), targets=("spam" if n % 2 else "ham",)) for n in range(20))
    assert teach_labels(chat)
    assert not teach_labels(tuple(Row(number=n, targets=(f"answer {n}",)) for n in range(20)))
    assert not teach_labels(())
