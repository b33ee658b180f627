# SPDX-License-Identifier: Apache-2.0
"""Deeds: what is done with outputs tells a harvest from an application where the words of the prompts say nothing."""

import json
import random

import pytest

from tests.auditor.distillation.material import OPENAI, Traffic, prose

HELPFUL = "You are a helpful assistant."


def sent_on(cue: str, system: str = HELPFUL, *, takes_up: bool = False) -> Traffic:
    """Outputs of a template that are sent on as bare prompts, twelve times. `cue` is filled with a text."""
    traffic = Traffic()
    for number in range(12):
        seed = prose(("cue", number), 9)
        task = f"Please tell me {seed if takes_up else prose(('task', number), 9)}"
        traffic.chat("a-one", cue.format(seed), task)
        traffic.chat("a-one", task, prose(("answer", number), 150), system=system)
    return traffic


def points(traffic: Traffic) -> list[str]:
    """What the deed counts for."""
    return [one.text.split(":")[0] for found in traffic.findings() for one in found.evidence if ".deed" in one.text]


def test_outputs_sent_on_are_no_more_than_watched_where_nothing_else_tells() -> None:
    plain, seeded = sent_on("What could be said of this subject now?"), sent_on("Here is one, now say another: {}")
    assert plain.grades("a-one") == seeded.grades("a-one") == {"watch"}
    assert "+15 points" in points(plain)[0]
    assert "+20 points" in points(seeded)[0]


def test_prompts_that_are_made_into_others_in_rounds_and_answered_are_a_harvest() -> None:
    traffic = Traffic()
    for number in range(6):
        said = [prose(("task", number, turn), 12) for turn in range(3)]
        traffic.chat("a-one", f"Here is one, now say another: {said[0]}", said[1])
        traffic.chat("a-one", f"Here is one, now say another: {said[1]}", said[2])
        for one in said[1:]:
            traffic.chat("a-one", one, prose(("answer", one), 150))
    assert traffic.grades("a-one") == {"probable"}


def test_a_request_that_is_put_in_other_words_and_answered_is_no_more_than_watched() -> None:
    again = sent_on("Here is one, now say it again: {}", takes_up=True)
    assert again.grades("a-one") == {"watch"}
    assert "+15 points" in points(again)[0]


def test_prompts_under_the_instructions_of_an_application_are_not_counted() -> None:
    bot = "You are the assistant of ACME and answer customers."
    assert not sent_on("Here is one, now say another: {}", bot).grades("a-one") & {"probable", "evidenced"}


def test_a_planner_puts_the_answers_together_again() -> None:
    traffic = Traffic()
    for number in range(8):
        tasks = [f"Please tell me {prose(('task', number, part), 9)}" for part in range(3)]
        answers = [prose(("answer", number, part), 150) for part in range(3)]
        traffic.chat("a-one", f"Here is one, now say three: {prose(('cue', number), 9)}", "\n".join(tasks))
        for task, answer in zip(tasks, answers, strict=True):
            traffic.chat("a-one", task, answer)
        traffic.chat("a-one", "Make one text of these: " + " ".join(answers), prose(("whole", number), 200))
    assert not traffic.grades("a-one") & {"probable", "evidenced"}


def test_candidates_that_are_all_sent_on_are_a_harvest() -> None:
    traffic = Traffic()
    for number in range(4):
        tasks = [f"Please tell me {prose(('task', number, part), 9)}" for part in range(3)]
        traffic.chat("a-one", "What could be said of this subject now?", *tasks)
        for task in tasks:
            traffic.chat("a-one", task, prose(("answer", task), 150))
    assert traffic.grades("a-one") == {"probable"}


def test_new_prompts_that_nobody_answers_are_no_more_than_watched() -> None:
    def asked(*, answer: bool) -> set[str]:
        traffic = Traffic()
        for number in range(12):
            task = f"Please tell me {prose(('task', number), 9)}"
            traffic.chat("a-one", f"Write a new instruction like this one: {prose(('cue', number), 9)}", task)
            if answer:
                traffic.chat("a-one", task, prose(("answer", number), 150))
        return traffic.grades("a-one")

    assert asked(answer=True) == {"probable"}
    assert not asked(answer=False) & {"probable", "evidenced"}


@pytest.mark.parametrize(
    ("system", "grades"), [("", {"probable"}), ("You are the desk of ACME; answer guests.", set())]
)
def test_a_conversation_nobody_takes_part_in_is_a_harvest(system: str, grades: set[str]) -> None:
    traffic = Traffic()
    for number in range(4):
        talk = [{"role": "user", "content": f"Good morning to you {prose(number, 5)}"}]
        for turn in range(3):
            answer = prose(("answer", number, turn), 40)
            talk.append({"role": "assistant", "content": answer})
            said = f"And tell me {prose(('said', number, turn), 8)}"
            traffic.chat("a-one", f"{prose(('so far', number, turn), 60)} What is said next?", said)
            talk.append({"role": "user", "content": said})
            _talk(traffic, [{"role": "system", "content": system}] * bool(system) + talk)
    assert traffic.grades("a-one") & {"probable", "evidenced"} == grades


def _talk(traffic: Traffic, messages: list[dict[str, str]]) -> None:
    asked = json.dumps({"model": "gpt-4o", "messages": messages}).encode()
    answer = {"role": "assistant", "content": prose(("reply", len(traffic.entries)), 40)}
    choices = [{"index": 0, "message": answer, "finish_reason": "stop"}]
    traffic.exchange(
        "a-one", f"{OPENAI}/chat/completions", asked, "application/json", {"model": "gpt-4o", "choices": choices}
    )


@pytest.mark.parametrize(("one_subject", "found"), [(False, True), (True, False)])
def test_thinking_in_a_prescribed_format_is_a_harvest_over_unrelated_items(one_subject: bool, found: bool) -> None:
    traffic, told = Traffic(), "Think in <think></think> first, then reply in <answer></answer>."
    for number in range(12):
        subject = prose("the claims of a year" if one_subject else ("a subject", number), 60).split()
        item = " ".join(random.Random(number).sample(subject, 40))
        answer = f"<think>{prose(('thought', number), 90)}</think><answer>{prose(('reply', number), 9)}</answer>"
        traffic.chat("a-one", f"{number} {item}", answer, system=told)
    assert ("probable" in traffic.grades("a-one")) == found
