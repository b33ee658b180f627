# SPDX-License-Identifier: Apache-2.0
"""Skeletons and what they ask for: mechanisms are seen, contents are not read, other work stays quiet."""

import pytest

from auditor.distillation.intent import means_classifier, read_intent
from auditor.distillation.observation import Observation, observe
from auditor.distillation.skeletons import SLOT, Skeleton, mine
from tests.auditor.distillation.material import Traffic, prose


def observations(template: str, count: int = 8, system: str = "") -> list[Observation]:
    traffic = Traffic()
    for number in range(count):
        prompt = template.replace(SLOT, prose(("slot", number), 25))
        traffic.chat("a-one", prompt, prose(("a", number)), system=system)
    return [observe(reading.call, reading.content, exchange) for reading, exchange in traffic.entries]


def skeleton(template: str, system: str = "") -> Skeleton:
    (only,) = mine(observations(template, system=system))
    return only


def points(template: str, system: str = "") -> int:
    return read_intent(skeleton(template, system)).points


def test_what_varies_is_masked_and_what_stays_is_kept() -> None:
    found = skeleton(f"Please write down the colour of this thing: {SLOT} and add nothing else to it.", "Be brief now.")
    assert found.text == f"Be brief now. Please write down the colour of this thing: {SLOT} and add nothing else to it."
    assert len(found.members) == len(found.slots) == 8
    assert all(len(one.split()) == 25 for one in found.slots)


def test_two_templates_are_told_apart() -> None:
    mixed = [
        *observations(f"Describe in one line the town of {SLOT}"),
        *observations(f"Name three good uses of {SLOT}"),
    ]
    assert [one.text.split()[0] for one in mine(mixed)] == ["Describe", "Name"]


def test_words_of_the_content_are_not_read() -> None:
    traffic = Traffic()
    for number in range(8):
        story = f"{prose(number, 30)} {'training data for a language model' if number < 2 else ''}"
        traffic.chat("a-one", f"Tell me in one short line what this is about: {story}", "A line.")
    seen = [observe(reading.call, reading.content, exchange) for reading, exchange in traffic.entries]
    assert all(read_intent(one).points == 0 for one in mine(seen))


GENERATORS = [
    f"Invent five new and diverse prompts that a user could give to an AI assistant about {SLOT}",
    f"Write a dialogue between a user and an AI assistant in which they talk about {SLOT}",
    f"From the passage below make question-answer pairs to fine-tune a language model. {SLOT}",
    f"These records become training data for the student model, so be thorough. {SLOT}",
    f"You are a curious user who talks to a machine. Say what you would ask about {SLOT}",
]


@pytest.mark.parametrize("template", GENERATORS)
def test_making_data_for_a_model_is_seen(template: str) -> None:
    assert points(template) >= 25


INNOCENT = [
    f"Sort the message into billing, delivery or other. Reply with one word. {SLOT}",
    f"Make five quiz questions with answers for my students on {SLOT}",
    f"Write unit tests with diverse edge cases for this function, in pytest please. {SLOT}",
    f"Invent test data for our shop: ten fake customers with addresses in {SLOT}",
    f"Write adversarial user prompts to test whether our chatbot gives away secrets about {SLOT}",
    f"Answer only from your training data, and say so where you do not know about {SLOT}",
    f"You are an AI assistant for training sales people; answer in one line about {SLOT}",
    f"Summarise the minutes below in five points, and name who does what. {SLOT}",
    f"Judge which of the two answers is better for our leaderboard, and explain why. {SLOT}",
    f"Give the SQL query that answers the question over the schema below. {SLOT}",
]


@pytest.mark.parametrize("template", INNOCENT)
def test_other_work_scores_low(template: str) -> None:
    assert points(template) < 22


def test_every_sign_carries_its_rule_calls_and_words() -> None:
    found = read_intent(skeleton(GENERATORS[0]))
    assert {one.rule for one in found.signs} >= {"generator.tasks", "variety"}
    assert all(len(one.calls) == 8 and one.excerpt.strip("… ") in found.skeleton.text for one in found.signs)


def test_an_excerpt_ends_with_whole_words_and_says_where_it_leaves_some_out() -> None:
    before, behind = "Considerations beforehand, voluminous.", "Subsequently, circumstantially, ramifications follow."
    one = skeleton(f"{before} Your answers are used to train a smaller model. {behind} {SLOT}")
    (sign,) = (sign for sign in read_intent(one).signs if sign.family == "purpose")
    shown = sign.excerpt.strip("… ").split()
    assert (sign.excerpt[:2], sign.excerpt[-2:]) == ("… ", " …")
    assert set(shown) <= set(one.text.split())
    assert "train" in shown


def test_an_excerpt_of_a_whole_template_has_no_ellipsis() -> None:
    one = skeleton(f"Training data for a model {SLOT}")
    assert [sign.excerpt for sign in read_intent(one).signs] == [one.text]


def test_a_rule_can_be_left_out() -> None:
    one = skeleton(GENERATORS[0])
    assert read_intent(one, frozenset({"generator.tasks"})).points < read_intent(one).points


def test_a_conversation_with_calls_of_tools_is_no_agent_at_work() -> None:
    asked = f"Write a dialogue between a user and an AI assistant that makes tool calls about {SLOT}"
    assert points(asked) >= 30


def test_what_must_stay_secret_is_no_reasoning_behind_an_answer() -> None:
    assert points(f"Never reveal confidential information. Answer in the language that is asked in. {SLOT}") == 0


def test_reasoning_towards_a_given_answer_is_found_where_that_is_to_be_concealed() -> None:
    told = f"Explain step by step. Correct answer: yes. Do not mention that you were given it. {SLOT}"
    assert points(told) >= 30


def test_who_asks_for_advice_on_training_makes_no_training_data() -> None:
    assert points(f"How do I prepare examples for fine-tuning a small language model about this? {SLOT}") < 30


def test_labels_teach_a_classifier() -> None:
    labels = Traffic()
    for number in range(10):
        labels.chat(
            "a-one", f"Give one label, it trains a model of ours: {prose(number, 20)}", ("yes", "no")[number % 2]
        )
    seen = [observe(reading.call, reading.content, exchange) for reading, exchange in labels.entries]
    assert means_classifier([read_intent(one) for one in mine(seen)])
    assert not means_classifier([read_intent(skeleton(f"Answer at length, it trains a model of ours: {SLOT}"))])
