# SPDX-License-Identifier: Apache-2.0
"""The mock's model: counts agree with texts, tools fit their schema, the same prompt gets the same answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.demo import prompts
from auditor.demo.mock import replies
from auditor.demo.mock.model import Prompt, Tool, arguments, cached, grouped, pieces, respond, tokens


@given(st.text(), st.integers(1, 50))
def test_pieces_and_deltas_are_the_text_again(text: str, size: int) -> None:
    assert "".join(pieces(text)) == text
    assert "".join(grouped(text, size)) == text


@given(st.text(max_size=300), st.one_of(st.none(), st.integers(1, 400)))
def test_every_prompt_gets_an_answer_whose_counts_agree(text: str, limit: int | None) -> None:
    prompt = Prompt(model="m", user=text, everything=text, reasoning=True, limit=limit)
    answer = respond(prompt)
    assert answer == respond(prompt)
    assert answer.output_tokens == tokens(answer.text) + answer.reasoning_tokens
    assert answer.stop != "length" or tokens(answer.text) == limit
    assert limit is None or tokens(answer.text) <= limit


SCHEMA = {
    "type": "object",
    "properties": {
        "place": {"type": "string"},
        "days": {"type": "integer"},
        "weight": {"type": "number"},
        "unit": {"type": "string", "enum": ["kg", "lb"]},
        "urgent": {"type": "boolean"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "nested": {"type": "object", "properties": {"count": {"type": "integer"}}},
    },
}


def test_arguments_come_from_the_prompt_in_order() -> None:
    prompt = 'Send 4 crates of 12.5 lb to Oslo, marked "night run", order HL-77'
    assert arguments(SCHEMA, prompt) == {
        "place": "Oslo",
        "days": 4,
        "weight": 12.5,
        "unit": "lb",
        "urgent": True,
        "tags": ["night run"],
        "nested": {"count": 4},  # an object reads the prompt anew
    }


@pytest.mark.parametrize(
    ("user", "choice", "called"),
    [
        ("What is the weather?", "auto", ("get_weather",)),
        ("What is the weather?", "none", ()),
        ("Good morning", "auto", ()),
        ("Good morning", "required", ("get_weather",)),
        ("Good morning", "file_claim", ("file_claim",)),
        ("File a claim about the weather", "auto", ("get_weather", "file_claim")),
    ],
)
def test_tools_are_called_when_the_prompt_asks(user: str, choice: str, called: tuple[str, ...]) -> None:
    tools = (Tool("get_weather", {}), Tool("file_claim", {}))
    answer = respond(Prompt(model="m", user=user, everything=user, tools=tools, choice=choice))
    assert tuple(use.name for use in answer.uses) == called
    assert bool(answer.text) != bool(called)


def test_long_prompts_count_as_cached_in_steps() -> None:
    assert (cached(1023), cached(1024), cached(1300)) == (0, 1024, 1280)


@pytest.mark.parametrize("reply", replies.load().reply, ids=lambda reply: reply.words[0])
def test_every_written_reply_answers_some_prompt(reply: replies.Reply) -> None:
    asked = [value for name, value in vars(prompts).items() if name.isupper() and isinstance(value, str)]
    answers = {replies.reply(prompt) for prompt in (*asked, prompts.deployment())}
    assert reply.text.strip() in answers


def test_answers_of_the_distillation_run_differ() -> None:
    answers = {replies.reply(prompts.GENERATOR.format(topic=topic)) for topic in prompts.TOPICS}
    assert len(answers) == len(prompts.TOPICS) >= 24
    assert min(len(answer.split()) for answer in answers) > 60
