# SPDX-License-Identifier: Apache-2.0
"""The built-in rules do what their samples say, through import and analysis; and a wrong sample is noticed."""

from collections import Counter
from pathlib import Path

import pytest

from auditor.errors import InputError
from auditor.exercise import exercise
from auditor.rules import load
from auditor.rules.linting import problems
from tests.auditor.rules.material import rules

DETECTION = "one:\n  provider: openai\n  status: 429\ncondition: one"
TAIL = """\
falsepositives: [none]
auditor:
  samples:
    match:
      - {{name: refused, exchanges: [{{request: {{url: "https://api.openai.com/v1/chat/completions", body: {{}}}}, \
response: {{status: {0}, body: {{}}}}}}]{1}}}
    miss:
      - {{name: answered, exchanges: [{{request: {{url: "https://api.openai.com/v1/chat/completions", body: {{}}}}, \
response: {{status: {2}, body: {{}}}}}}]}}
"""


def test_every_built_in_rule_matches_its_samples_and_misses_its_near_misses() -> None:
    built_in = load()
    assert built_in.bad == ()
    outcomes = list(exercise(built_in))
    assert [outcome.sentence() for outcome in outcomes if not outcome.holds] == []
    by_rule = Counter((outcome.rule, outcome.wanted) for outcome in outcomes)
    for rule in built_in.rules:
        assert by_rule[rule.title, True] >= 1
        assert by_rule[rule.title, False] >= 1


def test_the_built_in_rules_are_sound() -> None:
    assert [f"{one.title}: {one.what}" for one in problems(load())] == []


@pytest.mark.parametrize(
    ("statuses", "more", "holds"),
    [
        ((429, 200), "", [True, True]),
        ((200, 200), "", [False, True]),
        ((429, 429), "", [True, False]),
        ((429, 200), ", level: high", [False, True]),
        ((429, 200), ", clause: openai.retention.2", [False, True]),
    ],
)
def test_a_sample_that_comes_out_otherwise_is_noticed(
    tmp_path: Path, statuses: tuple[int, int], more: str, holds: list[bool]
) -> None:
    made = rules(tmp_path / "rules", DETECTION, tail=TAIL.format(statuses[0], more, statuses[1]))
    assert made.bad == ()
    outcomes = list(exercise(made))
    assert [outcome.holds for outcome in outcomes] == holds
    assert [outcome.sample for outcome in outcomes] == ["refused", "answered"]


def test_a_sample_nobody_can_read_is_said(tmp_path: Path) -> None:
    tail = "auditor:\n  samples:\n    match:\n      - {name: odd, exchanges: [{request: {url: 7}}]}\n"
    with pytest.raises(InputError):
        list(exercise(rules(tmp_path / "rules", DETECTION, tail=tail)))
