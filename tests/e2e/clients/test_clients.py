# SPDX-License-Identifier: Apache-2.0
"""Official clients, against mocks none of us wrote: the record says what the client's objects held."""

from typing import Any

import pytest

from tests.e2e.clients.mocks import node_missing
from tests.e2e.clients.talked import NODE, NODE_OURS, NODE_THEIRS, OURS, THEIRS, Json, Talked

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(500)]

PROVIDERS = {
    "openai": "openai",
    "azure": "azure.ai.openai",
    "anthropic": "anthropic",
    "google": "gcp.gemini",
    "mistral": "mistral_ai",
    "cohere": "cohere",
    "groq": "groq",
    "realtime": "openai",
    "bedrock": "aws.bedrock",
    "ollama": "ollama",
    "llama_index": "openai",
    "llm": "openai",
    "requests": "mistral_ai",
}
"""`gen_ai.provider.name` by client."""
OF_MANY = ("litellm", "langchain", "sdks")
"""Clients of several providers, whose question names the one."""
NEED_NODE = [*NODE_OURS, *NODE_THEIRS, *NODE]


def parts(call: Json, kind: str) -> list[Json]:
    return [part for one in call["output_messages"][:1] for part in one["parts"] if part["type"] == kind]


def recorded(call: Json) -> dict[str, Any]:
    """A recorded call in the words of what a client held."""
    return {
        "operation": call["gen_ai.operation.name"],
        "requested": call["gen_ai.request.model"],
        "model": call["gen_ai.response.model"],
        "id": call["gen_ai.response.id"],
        "stream": call["stream"],
        "text": "".join(part["content"] for part in parts(call, "text")),
        "tools": [[part["name"], part["arguments"]] for part in parts(call, "tool_call")],
        "finish": list(call["gen_ai.response.finish_reasons"] or ()),
        "input_tokens": call["gen_ai.usage.input_tokens"],
        "output_tokens": call["gen_ai.usage.output_tokens"],
    }


def provider(client: str, held: Json) -> str:
    return PROVIDERS[held["prompt"].split()[-2] if client in OF_MANY else client]


@pytest.mark.parametrize("client", [*OURS, *THEIRS, *NEED_NODE])
def test_the_record_is_what_the_client_held(talked: Talked, client: str) -> None:
    if client in NEED_NODE and (reason := node_missing()):
        pytest.skip(reason)
    assert client not in talked.failed, talked.failed[client]
    assert talked.held[client]
    for held in talked.held[client]:
        call = talked.record(held)
        told = recorded(call)
        stated = {"operation": "chat", **{name: value for name, value in held.items() if name in told}}
        assert {name: told[name] for name in stated} == stated
        assert call["gen_ai.provider.name"] == provider(client, held)
        assert call["outcome"] == "complete"
        assert tuple(call["tool_calls"] or ()) == tuple(name for name, _ in held.get("tools", ()))


def test_nothing_is_missing_and_nothing_is_invented(talked: Talked) -> None:
    assert len(talked.recorded) == sum(map(len, talked.held.values()))


def test_an_uploaded_batch_is_read_row_by_row(talked: Talked) -> None:
    upload = next(held for held in talked.held["openai"] if held.get("operation") == "files")
    said = [part for one in talked.record(upload)["input_messages"] for part in one["parts"]]
    assert said[0]["type"] == "blob"
    assert [part["content"] for part in said[2::2]] == [upload["prompt"], upload["prompt"].replace("row 0", "row 1")]


def test_the_results_of_a_batch_are_read_row_by_row(talked: Talked) -> None:
    (held,) = (held for held in talked.held["openai"] if "answers" in held)
    said = [part["content"] for one in talked.record(held)["output_messages"] for part in one["parts"]]
    assert said == held["answers"]
    assert len(said) == 2


def test_an_address_in_an_uploaded_document_is_found(talked: Talked) -> None:
    call = talked.record(next(held for held in talked.held["openai"] if held["prompt"].endswith(" document")))
    (blob,) = call["input_messages"][0]["parts"]
    assert (blob["name"], blob["text"]) == (
        "keys.docx",
        "Ask maria.lindqvist@nordpost-example.org for the keys\n",
    )
    assert ("EMAIL", "sent", 1) in [(one["type"], one["direction"], one["count"]) for one in call["data"]]
    assert call["labels"] == []


def test_both_responses_of_one_socket_are_calls(talked: Talked) -> None:
    if reason := node_missing():
        pytest.skip(reason)
    first, second = (talked.record(held) for held in talked.held["realtime"])
    assert second["id"] == f"{first['id']}.1"
    assert {first["server.address"], second["server.address"]} == {"eu.api.openai.com"}
