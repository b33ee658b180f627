# SPDX-License-Identifier: Apache-2.0
"""What `auditor calls --json --content` returns equals what the SDKs' objects held."""

from typing import Any

import pytest

from auditor.demo.people import CLAIMS, DATASETS, FINANCE
from auditor.demo.sdk.asking import Held
from tests.e2e.sdk.played import CASES, KINDS, SURFACES, Case, Played

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(500)]


def parts(call: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [part for message in call["output_messages"][:1] for part in message["parts"] if part["type"] == kind]


def facts(call: dict[str, Any]) -> Held:
    """A recorded call in the shape of what an SDK held."""
    return Held(
        provider=call["gen_ai.provider.name"],
        requested=call["gen_ai.request.model"],
        stream=call["stream"],
        model=call["gen_ai.response.model"],
        id=call["gen_ai.response.id"],
        text="".join(part["content"] for part in parts(call, "text")),
        reasoning="".join(part["content"] for part in parts(call, "reasoning")),
        tools=tuple((part["name"], part["arguments"]) for part in parts(call, "tool_call")),
        finish=tuple(call["gen_ai.response.finish_reasons"] or ()),
        input_tokens=call["gen_ai.usage.input_tokens"],
        output_tokens=call["gen_ai.usage.output_tokens"],
        cached_tokens=call["gen_ai.usage.cache_read.input_tokens"],
        reasoning_tokens=call["gen_ai.usage.reasoning.output_tokens"],
        outcome=call["outcome"],
        status=call["http.response.status_code"],
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: "-".join(map(str, case)))
def test_a_call_is_what_the_sdk_held(played: Played, case: Case) -> None:
    talk = played.cases[case]
    assert len(talk) == (2 if case[1] == "tools" else 1)
    for held in talk:
        call = played.record(held)
        assert facts(call) == held
        assert tuple(call["tool_calls"] or ()) == tuple(name for name, _ in held.tools)
        assert said_by(call, "user")[0] == KINDS[case[1]]["prompt"]


def test_system_instructions_and_tools_are_read(played: Played) -> None:
    for name in SURFACES:
        (held,) = played.cases[name, "text", True, False]
        assert said_by(played.record(held), "system") == ["You teach apprentices."]
        called, answered = played.cases[name, "tools", True, False]
        (offered,) = played.record(called)["tool_definitions"]
        assert (offered["name"], offered["description"]) == (
            "estimate_repair_cost",
            "What a repair costs at one of our workshops.",
        )
        assert "area" in offered["parameters"]["properties"]
        results = [p for m in played.record(answered)["input_messages"] for p in m["parts"]]
        (result,) = (part["response"] for part in results if part["type"] == "tool_call_response")
        assert "174 euros" in str(result)


def said_by(call: dict[str, Any], role: str) -> list[str]:
    messages = [*({"role": "system", "parts": [part]} for part in call["system_instructions"]), *call["input_messages"]]
    texts = (part.get("content") for m in messages if m["role"] == role for part in m["parts"])
    return [text for text in texts if text]


def test_unmodified_programs_are_recorded_too(played: Played) -> None:
    assert len(played.unmodified) == len(SURFACES)
    for held in played.unmodified:
        assert facts(played.record(held)) == held


def test_the_day_is_recorded_call_by_call(played: Played) -> None:
    spoken = [made.held for made in played.day if made.held.id and made.held.text + str(made.held.tools)]
    answered = [held for held in spoken if held.input_tokens is not None]
    assert len(answered) > 60
    for held in answered:
        assert facts(played.record(held)) == held


def test_nothing_is_missing_and_nothing_is_invented(played: Played) -> None:
    made = len(played.day) + sum(map(len, played.cases.values())) + len(played.unmodified)
    assert len(played.recorded) == made
    assert len({call["id"] for call in played.recorded}) == made


def test_an_error_and_an_aborted_stream_keep_their_outcome(played: Played) -> None:
    by_outcome = {held.outcome: held for held in (made.held for made in played.day) if held.outcome != "complete"}
    (refused,) = (call for call in played.recorded if call["outcome"] == "error")
    assert refused["http.response.status_code"] == by_outcome["error"].status == 404
    assert refused["gen_ai.request.model"] == by_outcome["error"].requested
    (broken,) = (call for call in played.recorded if call["outcome"] == "interrupted")
    assert broken["gen_ai.request.model"] == by_outcome["interrupted"].requested
    assert parts(broken, "text")[0]["content"].startswith("The year began quietly")


def test_uploads_jobs_and_embeddings_are_told_apart(played: Played) -> None:
    told = {call["gen_ai.operation.name"]: call for call in played.recorded}
    assert told["embeddings"]["url.path"] == "/v1/embeddings"
    theirs = [made.held for made in played.day if made.person == DATASETS.name]
    uploaded, started = (held for held in theirs if held.provider == "openai")
    assert told["files"]["gen_ai.response.id"] == uploaded.id
    assert told["fine_tuning"]["gen_ai.response.id"] == started.id
    assert told["fine_tuning"]["gen_ai.request.model"] == started.requested


def test_people_are_apart_and_unnamed(played: Played) -> None:
    actors = {call["actor"] for call in played.recorded}
    people = {made.person for made in played.day}
    assert len(actors) == len(people)
    assert all(actor.startswith("a-") for actor in actors)
    keys = {(made.person, made.held.provider) for made in played.day}
    keys |= {(person.name, held.provider) for person in (FINANCE, CLAIMS) for held in played.unmodified}
    assert len({call["credential"] for call in played.recorded}) == len(keys)


def test_personal_data_and_the_pasted_key_are_found(played: Played) -> None:
    found = {(one["type"], one["direction"]) for call in played.recorded for one in call["data"]}
    assert {("EMAIL", "sent"), ("PHONE", "sent"), ("SECRET", "sent")} <= found
