# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from auditor.archive import Archive
from auditor.archive.schema import calls
from auditor.calls import DataCount
from tests.auditor.archive.conftest import call, completion
from tests.auditor.rules.material import rule, rules

type Filled = Callable[..., Archive]

CALLS = (
    call(1, request_model="gpt-4o-mini", status=200, input_tokens=10, stream=True, cost_usd=0.5),
    call(2, request_model="GPT-4o", status=429, input_tokens=2000, stream=False, error="requests/rate_limit"),
    call(3, request_model=None, provider="mistral_ai", status=None, user_agent="curl/8.1"),
    call(4, request_model="50%_off", provider="anthropic", data=(DataCount(type="EMAIL", direction="sent", count=2),)),
)


@pytest.mark.parametrize(
    ("selection", "matches"),
    [
        ("gen_ai.request.model: gpt-4O", {2}),
        ("request_model|startswith: gpt-4o", {1, 2}),
        ("request_model: gpt-4?", {2}),
        ("request_model: gpt*mini", {1}),
        ("request_model|contains: '%_'", {4}),
        ("request_model|contains: '_o'", {4}),
        ("request_model|re: ^gpt-4o$", set()),
        ("request_model|re|i: ^gpt-4o$", {2}),
        ("request_model: null", {3}),
        ("request_model|exists: true", {1, 2, 4}),
        ("request_model|exists: false", {3}),
        ("http.response.status_code: 429", {2}),
        ("status|gte: 300", {2}),
        ("input_tokens|lt: 11", {1}),
        ("cost|gt: 0.4", {1}),
        ("stream: false", {2}),
        ("sent: email", {4}),
        ("received: EMAIL", set()),
        ("sent: null", {1, 2, 3}),
        ("provider: [mistral_ai, anthropic]", {3, 4}),
        ("error|contains: rate_limit", {2}),
        ("agent: curl/*", {3}),
    ],
)
def test_conditions_mean_what_sigma_says(filled: Filled, tmp_path: Path, selection: str, matches: set[int]) -> None:
    for condition, expected in (("one", matches), ("not one", {1, 2, 3, 4} - matches)):
        made = rule(tmp_path / "rules", f"one:\n  {selection}\ncondition: {condition}")
        with filled(*() if condition != "one" else map(completion, CALLS)).index.reading() as connection:
            found = connection.scalars(select(calls.c.id).where(made.detection.sql())).all()
        assert {int(id_[-1]) for id_ in found} == expected


@pytest.mark.parametrize(
    ("detection", "said"),
    [
        ("one:\n  modle: x\ncondition: one", r"no field modle \(is model meant\?\)"),
        ("one: [word]\ncondition: one", "without saying in which field"),
        ("one:\n  model|cased: X\ncondition: one", "without case only"),
        ("one:\n  model|re: '(?=x)'\ncondition: one", "Regular expression"),
        ("one:\n  status: abc\ncondition: one", "status is a number"),
        ("one:\n  stream: abc\ncondition: one", "stream is true or false"),
        ("one:\n  time: abc\ncondition: one", "do not compare time"),
        ("one:\n  server|cidr: 10.0.0.0/8\ncondition: one", "server is a text"),
    ],
)
def test_what_the_index_cannot_answer_is_refused_by_name(tmp_path: Path, detection: str, said: str) -> None:
    read = rules(tmp_path / "rules", detection)
    assert read.rules == ()
    (bad,) = read.bad
    assert bad.path.endswith("One.yml")
    with pytest.raises(AssertionError, match=said):
        raise AssertionError(bad.what)
