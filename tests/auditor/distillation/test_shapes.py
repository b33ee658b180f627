# SPDX-License-Identifier: Apache-2.0
"""The form of answers is told in any language, and not where the prompt brought it along."""

import json

import pytest

from auditor.calls import Call
from auditor.distillation.observation import Observation
from auditor.distillation.shapes import answers_are
from tests.auditor.distillation.material import T0, prose

TALK = "{0}: {2}?\n{1}: {3}.\n{0}: {3}?\n{1}: {2}."
ROW = json.dumps({"instruction": prose(1, 6), "input": "", "output": prose(2, 20)})


def seen(answer: str, prompt: str = "Go on.", count: int = 5) -> list[Observation]:
    return [Observation(call=Call(id=str(n), time=T0), prompt=prompt, outputs=(answer,)) for n in range(count)]


def talk(user: str, assistant: str) -> str:
    return TALK.format(user, assistant, prose("u", 6), prose("a", 9))


@pytest.mark.parametrize(
    "sides", [("User", "Assistant"), ("**Human", "**AI"), ("Usuario", "Asistente"), ("用户", "助手")], ids=str
)
def test_conversations_are_told_in_any_language(sides: tuple[str, str]) -> None:
    assert answers_are(seen(talk(*sides))) == "⟪answers are conversations of a user and an assistant⟫"


def test_rows_and_conversations_as_json_are_told() -> None:
    assert answers_are(seen(f"Here it is: {ROW}")) == "⟪answers are rows of instructions and responses⟫"
    turns = [{"from": side, "value": prose(side, 8)} for side in ("human", "gpt", "human", "gpt")]
    assert "conversations" in answers_are(seen(json.dumps(turns)))


def test_what_the_prompt_brought_along_tells_nothing() -> None:
    assert answers_are(seen(talk("User", "Assistant"), prompt=f"Correct this: {talk('User', 'Assistant')}")) == ""
    assert answers_are(seen(ROW, prompt=ROW)) == ""


def test_other_dialogues_and_few_answers_have_no_form() -> None:
    assert answers_are(seen(talk("Host", "Guest"))) == ""
    assert answers_are(seen(talk("User", "Assistant"), count=2)) == ""
    assert answers_are([*seen(talk("User", "Assistant"), count=3), *seen(prose(3, 40), count=9)]) == ""
