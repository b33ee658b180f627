# SPDX-License-Identifier: Apache-2.0
"""Gemini: contents, blocked prompts, array streams, live sessions, interactions, embeddings, batches."""

import json
from typing import Any

import pytest

from auditor.calls import Outcome
from auditor.dialects import parse
from tests.auditor.dialects.exchanges import PROVIDERS, exchange, read, socket, sse, texts

BASE = "https://generativelanguage.googleapis.com/v1beta"
URL = f"{BASE}/models/gemini-2.5-flash:generateContent"
ASKED = {"contents": [{"role": "user", "parts": [{"text": "Ebb?"}]}]}


def answer(*parts: Any, finish: Any = "STOP", **more: Any) -> dict[str, Any]:
    return {"candidates": [{"content": {"role": "model", "parts": list(parts)}, "finishReason": finish}], **more}


def test_contents() -> None:
    asked = {
        "system_instruction": {"parts": [{"text": "Be brief."}]},
        "contents": [
            {
                "parts": [
                    {"text": "What is this?"},
                    {"inline_data": {"mime_type": "image/png", "data": "aGVsbG8="}},
                    {"fileData": {"fileUri": "gs://b/a.pdf", "mimeType": "application/pdf"}},
                ]
            },
            {"role": "model", "parts": [{"functionCall": {"name": "tide", "args": {"a": 1}}}]},
            {"role": "user", "parts": [{"functionResponse": {"name": "tide", "response": {"level": "low"}}}]},
        ],
        "tools": [{"functionDeclarations": [{"name": "tide"}]}, {"googleSearch": {}}],
    }
    reading = read(exchange(URL, asked, answer({"text": "A tide."})))
    assert texts(reading.content, "input") == [
        ("user", ["What is this?", "image image/png 5", "Uri gs://b/a.pdf"]),
        ("assistant", ['call tide({"a": 1}) #None']),
        ("tool", ["result {'level': 'low'} #tide"]),
    ]
    assert [one.name for one in reading.content.tool_definitions] == ["tide", "googleSearch"]
    assert reading.content.system_instructions


def test_parts_of_an_answer() -> None:
    parts = [
        {"text": "Moon.", "thought": True},
        {"text": "Low "},
        {"text": "tide."},
        {"executableCode": {"language": "PYTHON", "code": "1+1"}},
        {"codeExecutionResult": {"outcome": "OUTCOME_OK", "output": "2"}},
        {"inlineData": {"mimeType": "image/png", "data": "aGVsbG8="}},
        {"functionCall": {"name": "tide", "args": {}}},
    ]
    reading = read(exchange(URL, ASKED, answer(*parts)))
    assert texts(reading.content) == [
        (
            "assistant",
            [
                "Reasoning: Moon.",
                "Low tide.",
                'ran code_execution({"code": "1+1", "language": "PYTHON"}) #None',
                "result 2 #code_execution",
                "image image/png 5",
                "call tide({}) #None",
            ],
        )
    ]
    assert reading.call.tool_calls == ("tide",)


def test_a_number_stands_for_the_name_of_a_finish_reason() -> None:
    assert read(exchange(URL, ASKED, answer({"text": "x"}, finish=2))).call.finish_reasons == ("MAX_TOKENS",)


def test_a_blocked_prompt_says_why() -> None:
    body = {"promptFeedback": {"blockReason": "SAFETY"}, "usageMetadata": {"promptTokenCount": 4}}
    call = read(exchange(URL, ASKED, body)).call
    assert (call.finish_reasons, call.input_tokens, call.output_tokens) == (("SAFETY",), 4, None)


def test_a_stream_as_one_array() -> None:
    chunks = [answer({"text": "Lo"}, finish=None), answer({"text": "w."}, usageMetadata={"promptTokenCount": 4})]
    whole = json.dumps(chunks, indent=2)
    url = URL.replace("generate", "streamGenerate")
    reading = read(exchange(url, ASKED, whole))
    assert texts(reading.content) == [("assistant", ["Low."])]
    assert (reading.call.stream, reading.call.outcome) == (True, Outcome.COMPLETE)
    cut = read(exchange(url, ASKED, whole[:-200]))
    assert texts(cut.content) == [("assistant", ["Lo"])]
    assert cut.call.outcome is Outcome.INTERRUPTED


def test_code_assist_wraps_both_sides() -> None:
    url = "https://cloudcode-pa.googleapis.com/v1internal:streamGenerateContent?alt=sse"
    asked = {"model": "gemini-3-pro", "project": "p", "request": ASKED}
    reading = read(exchange(url, asked, sse({"response": answer({"text": "Low."}, modelVersion="gemini-3-pro")})))
    assert texts(reading.content) == [("assistant", ["Low."])]
    assert (reading.call.provider, reading.call.request_model) == ("gcp.gemini", "gemini-3-pro")


@pytest.mark.parametrize(
    ("url", "asked", "said", "operation"),
    [
        (f"{BASE}/models/e:embedContent", {"content": {"parts": [{"text": "a"}]}}, ["a"], "embeddings"),
        (
            f"{BASE}/models/e:batchEmbedContents",
            {"requests": [{"content": {"parts": [{"text": one}]}} for one in "ab"]},
            ["a", "b"],
            "embeddings",
        ),
        (
            "https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/l/publishers/google/models/e:predict",
            {"instances": [{"content": "a"}, {"content": "b"}]},
            ["a", "b"],
            "embeddings",
        ),
        (f"{BASE}/models/e:countTokens", {"contents": [{"parts": [{"text": "a"}]}]}, ["a"], "count_tokens"),
        (f"{BASE}/models/imagen-4:predict", {"instances": [{"prompt": "a boat"}]}, ["a boat"], "image_generation"),
        (
            f"{BASE}/models/veo-3:predictLongRunning",
            {"instances": [{"prompt": "a boat"}]},
            ["a boat"],
            "video_generation",
        ),
    ],
)
def test_other_operations_say_what_was_sent(url: str, asked: Any, said: list[str], operation: str) -> None:
    reading = read(exchange(url, asked, {}))
    assert texts(reading.content, "input") == [("user", said)]
    assert reading.call.operation == operation
    assert reading.call.request_model == url.rpartition("/")[2].partition(":")[0]


def test_a_cache_keeps_what_it_holds() -> None:
    asked = {"model": "models/gemini-2.5-flash", **ASKED}
    reading = read(exchange(f"{BASE}/cachedContents", asked, {"name": "cachedContents/1"}))
    assert texts(reading.content, "input") == [("user", ["Ebb?"])]
    assert (reading.call.operation, reading.call.response_id) == ("caches", "cachedContents/1")


def test_an_inline_batch_says_what_its_requests_say() -> None:
    requests = {"requests": {"requests": [{"request": ASKED}, {"request": ASKED}]}}
    url = f"{BASE}/models/gemini-2.5-flash:batchGenerateContent"
    reading = read(exchange(url, {"batch": {"inputConfig": requests}}, {"name": "batches/1"}))
    assert texts(reading.content, "input") == [("user", ["Ebb?"])] * 2
    assert (reading.call.operation, reading.call.request_model) == ("batch", "gemini-2.5-flash")


def test_an_interaction_streamed() -> None:
    stream = sse(
        {"event_type": "interaction.created", "interaction": {"id": "i", "model": "gemini-3"}},
        {"event_type": "step.start", "index": 0, "step": {"type": "thought"}},
        {"event_type": "step.delta", "index": 0, "delta": {"type": "thought_summary", "content": {"text": "Moon."}}},
        {"event_type": "step.start", "index": 1, "step": {"type": "model_output"}},
        {"event_type": "step.delta", "index": 1, "delta": {"type": "text", "text": "Lo"}},
        {"event_type": "step.delta", "index": 1, "delta": {"type": "text", "text": "w."}},
        {
            "event_type": "step.start",
            "index": 2,
            "step": {"type": "function_call", "id": "c", "name": "tide", "arguments": {"a": 1}},
        },
        {
            "event_type": "interaction.completed",
            "interaction": {
                "id": "i",
                "status": "completed",
                "usage": {"total_input_tokens": 4, "total_output_tokens": 5, "total_thought_tokens": 6},
            },
        },
    )
    reading = read(exchange(f"{BASE}/interactions", {"model": "gemini-3", "input": "Ebb?", "stream": True}, stream))
    assert texts(reading.content) == [("assistant", ["Reasoning: Moon.", "Low.", 'call tide({"a": 1}) #c'])]
    call = reading.call
    assert (call.input_tokens, call.output_tokens, call.finish_reasons) == (4, 11, ("completed",))
    assert (call.outcome, call.tool_calls) == (Outcome.COMPLETE, ("tide",))


def test_a_live_session_gives_a_call_a_turn() -> None:
    exchanged = socket(
        "wss://generativelanguage.googleapis.com/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent",
        [
            (">", {"setup": {"model": "models/gemini-live", "systemInstruction": {"parts": [{"text": "Be brief."}]}}}),
            ("<", {"setupComplete": {}}),
            (">", {"clientContent": {"turns": [{"role": "user", "parts": [{"text": "Ebb?"}]}], "turnComplete": True}}),
            ("<", {"toolCall": {"functionCalls": [{"name": "tide", "args": {}, "id": "c"}]}}),
            (">", {"toolResponse": {"functionResponses": [{"id": "c", "name": "tide", "response": {"level": "low"}}]}}),
            ("<", {"serverContent": {"outputTranscription": {"text": "Lo"}}}),
            (
                "<",
                {
                    "serverContent": {
                        "outputTranscription": {"text": "w."},
                        "modelTurn": {
                            "parts": [{"inlineData": {"mimeType": "audio/pcm;rate=24000", "data": "aGVsbG8="}}]
                        },
                    }
                },
            ),
            ("<", {"serverContent": {"turnComplete": True}}),
            ("<", {"usageMetadata": {"promptTokenCount": 7, "responseTokenCount": 8}}),
            (">", {"realtimeInput": {"audio": {"mimeType": "audio/pcm", "data": "aGVsbG8="}}}),
            ("<", {"serverContent": {"inputTranscription": {"text": "And flood?"}}}),
        ],
    )
    first, second = parse(exchanged, PROVIDERS)
    assert texts(first.content, "input") == [("user", ["Ebb?"]), ("tool", ["result {'level': 'low'} #c"])]
    assert texts(first.content) == [("assistant", ["Low.", "call tide({}) #c", "audio audio/pcm 5"])]
    assert (first.call.input_tokens, first.call.output_tokens, first.call.operation) == (7, 8, "realtime")
    assert texts(second.content, "input") == [("user", ["audio audio/pcm 5", "And flood?"])]
    assert second.call.outcome is Outcome.INTERRUPTED


def test_a_tuned_model_answers_and_is_looked_after() -> None:
    generated = read(exchange(f"{BASE}/tunedModels/mine:generateContent", ASKED, answer({"text": "Low."})))
    assert (generated.call.operation, generated.call.request_model) == ("generate_content", "mine")
    assert texts(generated.content) == [("assistant", ["Low."])]
    for path in ("tunedModels", "tunedModels/mine", "tunedModels/mine:cancel"):
        assert read(exchange(f"{BASE}/{path}", {}, {})).call.operation == "fine_tuning"


def test_texts_and_pictures_to_embed() -> None:
    url = "https://us-east1-aiplatform.googleapis.com/v1/projects/p/locations/l/publishers/google/models/mme@1:predict"
    instance = {"text": "Ebb?", "image": {"gcsUri": "gs://b/x.png", "mimeType": "image/png"}}
    reading = read(exchange(url, {"instances": [instance]}, {"predictions": []}))
    assert reading.call.operation == "embeddings"
    assert [type(part).__name__ for part in reading.content.input_messages[0].parts] == ["Text", "Uri"]


def test_records_to_rank() -> None:
    url = "https://discoveryengine.googleapis.com/v1/projects/p/locations/global/rankingConfigs/default:rank"
    asked = {"model": "ranker", "query": "Ebb?", "records": [{"id": "7", "title": "Tides", "content": "Low."}]}
    reading = read(exchange(url, asked, {"records": [{"id": "7", "score": 0.9}]}))
    assert (reading.call.operation, reading.call.request_model) == ("rerank", "ranker")
    assert texts(reading.content, "input") == [("user", ["Ebb?", "Tides", "Low."])]


def test_an_agents_events_are_put_together() -> None:
    url = "https://us-east1-aiplatform.googleapis.com/v1/projects/p/locations/l/reasoningEngines/7:streamQuery"
    asked = {"class_method": "stream_query", "input": {"user_id": "u1", "message": "Ebb?"}}
    events = "".join(
        json.dumps({"content": {"role": "model", "parts": [{"text": one}]}}) + "\n" for one in ("Lo", "w.")
    )
    reading = read(exchange(url, asked, events))
    assert texts(reading.content, "input") == [("user", ["Ebb?"])]
    assert texts(reading.content) == [("assistant", ["Low."])]
