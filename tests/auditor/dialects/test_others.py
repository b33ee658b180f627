# SPDX-License-Identifier: Apache-2.0
"""Formats of other providers, and operations around conversations: files, media, agents, embeddings."""

import json
from typing import Any

import pytest

from auditor.calls import Outcome
from tests.auditor.dialects.exchanges import exchange, form, ndjson, read, sse, texts

OPENAI = "https://api.openai.com/v1"
ASK = {"role": "user", "content": "Ebb?"}


def test_cohere_chat() -> None:
    asked = {
        "model": "command-a",
        "messages": [ASK],
        "documents": ["notes", {"data": {"title": "T", "id": "1"}}],
        "tools": [{"type": "function", "function": {"name": "tide"}}],
    }
    body = {
        "id": "c",
        "finish_reason": "TOOL_CALL",
        "message": {
            "role": "assistant",
            "tool_plan": "Look.",
            "tool_calls": [{"id": "t", "type": "function", "function": {"name": "tide", "arguments": '{"a": 1}'}}],
        },
        "usage": {
            "billed_units": {"input_tokens": 3, "output_tokens": 4},
            "tokens": {"input_tokens": 30, "output_tokens": 40},
        },
    }
    reading = read(exchange("https://api.cohere.com/v2/chat", asked, body))
    assert texts(reading.content, "input") == [("user", ["notes", "T"]), ("user", ["Ebb?"])]
    assert texts(reading.content) == [("assistant", ["Reasoning: Look.", 'call tide({"a": 1}) #t'])]
    assert (reading.call.input_tokens, reading.call.output_tokens, reading.call.response_id) == (30, 40, "c")


def test_cohere_chat_stream() -> None:
    def part(kind: str, index: int, message: Any) -> dict[str, Any]:
        return {"type": kind, "index": index, "delta": {"message": message}}

    stream = sse(
        {"type": "message-start", "id": "c", "delta": {"message": {"role": "assistant"}}},
        part("content-start", 0, {"content": {"type": "text", "text": ""}}),
        part("content-delta", 0, {"content": {"text": "Lo"}}),
        part("content-delta", 0, {"content": {"text": "w."}}),
        part("tool-call-start", 0, {"tool_calls": {"id": "t", "function": {"name": "tide", "arguments": ""}}}),
        part("tool-call-delta", 0, {"tool_calls": {"function": {"arguments": '{"a": 1}'}}}),
        {
            "type": "message-end",
            "delta": {"finish_reason": "TOOL_CALL", "usage": {"billed_units": {"input_tokens": 3}}},
        },
        named=True,
    )
    reading = read(exchange("https://api.cohere.com/v2/chat", {"model": "command-a", "messages": [ASK]}, stream))
    assert texts(reading.content) == [("assistant", ["Low.", 'call tide({"a": 1}) #t'])]
    assert (reading.call.outcome, reading.call.input_tokens) == (Outcome.COMPLETE, 3)


def test_cohere_chat_v1() -> None:
    asked = {
        "message": "Ebb?",
        "preamble": "Be brief.",
        "chat_history": [{"role": "USER", "message": "Hi"}, {"role": "CHATBOT", "message": "Hello"}],
    }
    stream = ndjson(
        {"event_type": "stream-start", "generation_id": "g"},
        {"event_type": "text-generation", "text": "Lo"},
        {
            "event_type": "stream-end",
            "finish_reason": "COMPLETE",
            "response": {
                "response_id": "r",
                "text": "Low.",
                "meta": {"tokens": {"input_tokens": 5, "output_tokens": 1}},
            },
        },
    )
    reading = read(
        exchange("https://api.cohere.com/v1/chat", asked, stream, returns={"content-type": "application/stream+json"})
    )
    assert texts(reading.content, "input") == [("user", ["Hi"]), ("assistant", ["Hello"]), ("user", ["Ebb?"])]
    assert texts(reading.content) == [("assistant", ["Low."])]
    assert (reading.call.response_id, reading.call.input_tokens, reading.call.stream) == ("r", 5, True)


@pytest.mark.parametrize("header", [{"content-type": "application/x-ndjson"}, {}])
def test_ollama_chat(header: dict[str, str]) -> None:
    asked = {
        "model": "qwen3",
        "messages": [{**ASK, "images": ["aGVsbG8="]}, {"role": "tool", "tool_name": "tide", "content": "low"}],
    }
    stream = ndjson(
        {"model": "qwen3", "message": {"role": "assistant", "content": "", "thinking": "Moon."}, "done": False},
        {"model": "qwen3", "message": {"role": "assistant", "content": "Low."}, "done": False},
        {
            "model": "qwen3",
            "message": {
                "role": "assistant",
                "content": "",
                "tool_calls": [{"function": {"name": "tide", "arguments": {"a": 1}}}],
            },
            "done": False,
        },
        {"model": "qwen3", "done": True, "done_reason": "stop", "prompt_eval_count": 5, "eval_count": 6},
    )
    reading = read(exchange("http://127.0.0.1:11434/api/chat", asked, stream, returns=header))
    assert texts(reading.content, "input") == [("user", ["Ebb?", "image None 5"]), ("tool", ["result low #tide"])]
    assert texts(reading.content) == [("assistant", ["Reasoning: Moon.", "Low.", 'call tide({"a": 1}) #None'])]
    call = reading.call
    assert (call.provider, call.input_tokens, call.output_tokens, call.outcome) == ("ollama", 5, 6, Outcome.COMPLETE)


def test_ollama_generate() -> None:
    asked = {"model": "qwen3", "prompt": "Ebb?", "system": "Be brief.", "stream": False}
    body = {
        "model": "qwen3",
        "response": "Low.",
        "done": True,
        "done_reason": "stop",
        "prompt_eval_count": 5,
        "eval_count": 6,
    }
    reading = read(exchange("http://127.0.0.1:11434/api/generate", asked, body))
    assert texts(reading.content) == [("assistant", ["Low."])]
    assert (reading.call.operation, reading.call.stream) == ("text_completion", False)


COMPLETION = {
    "id": "x",
    "model": "m",
    "choices": [{"index": one, "text": text, "finish_reason": "stop"} for one, text in enumerate("ab")],
}


@pytest.mark.parametrize(
    ("url", "asked", "body", "said", "counts"),
    [
        (
            f"{OPENAI}/completions",
            {"model": "m", "prompt": ["Ebb?", "Flood?"]},
            {**COMPLETION, "usage": {"prompt_tokens": 2, "completion_tokens": 3}},
            [("assistant", ["a"]), ("assistant", ["b"])],
            (2, 3),
        ),
        (
            "https://us-south.ml.cloud.ibm.com/ml/v1/text/generation",
            {"model_id": "m", "input": "Ebb?"},
            {
                "model_id": "m",
                "results": [
                    {
                        "generated_text": "a",
                        "stop_reason": "eos_token",
                        "input_token_count": 2,
                        "generated_token_count": 3,
                    }
                ],
            },
            [("assistant", ["a"])],
            (2, 3),
        ),
        (
            "https://api.aleph-alpha.com/complete",
            {"model": "m", "prompt": [{"type": "text", "data": "Ebb?"}]},
            {
                "model_version": "1",
                "completions": [{"completion": "a", "finish_reason": "maximum_tokens"}],
                "num_tokens_prompt_total": 2,
                "num_tokens_generated": 3,
            },
            [("assistant", ["a"])],
            (2, 3),
        ),
        (
            "https://api-inference.huggingface.co/models/o/m",
            {"inputs": "Ebb?"},
            [{"generated_text": "a", "details": {"generated_tokens": 3, "finish_reason": "eos_token"}}],
            [("assistant", ["a"])],
            (None, 3),
        ),
        (
            "https://api.cohere.ai/v1/generate",
            {"model": "m", "prompt": "Ebb?"},
            {
                "id": "x",
                "generations": [{"text": "a", "finish_reason": "COMPLETE"}],
                "meta": {"billed_units": {"input_tokens": 2, "output_tokens": 3}},
            },
            [("assistant", ["a"])],
            (2, 3),
        ),
        (
            "https://runtime.sagemaker.us-east-1.amazonaws.com/endpoints/m/invocations",
            {"inputs": "Ebb?"},
            [{"generated_text": "a"}],
            [("assistant", ["a"])],
            (None, None),
        ),
    ],
    ids=["openai", "watsonx", "aleph-alpha", "huggingface", "cohere", "sagemaker"],
)
def test_completions(url: str, asked: Any, body: Any, said: Any, counts: Any) -> None:
    reading = read(exchange(url, asked, body))
    assert texts(reading.content) == said
    assert texts(reading.content, "input")[0][1][0] == "Ebb?"
    assert (reading.call.input_tokens, reading.call.output_tokens) == counts
    assert reading.call.operation == "text_completion"
    assert reading.call.request_model in ("m", "o/m")


def test_a_text_generation_stream_without_names() -> None:
    stream = sse(
        {"token": {"text": "Lo", "special": False}},
        {"token": {"text": "w.", "special": False}},
        {
            "token": {"text": "</s>", "special": True},
            "generated_text": "Low.",
            "details": {"finish_reason": "eos_token", "generated_tokens": 3},
        },
    )
    reading = read(exchange("https://api-inference.huggingface.co/models/o/m", {"inputs": "Ebb?"}, stream))
    assert texts(reading.content) == [("assistant", ["Low."])]
    assert (reading.call.output_tokens, reading.call.finish_reasons) == (3, ("eos_token",))


@pytest.mark.parametrize(
    ("url", "asked", "said", "operation"),
    [
        (f"{OPENAI}/embeddings", {"model": "m", "input": ["a", "b"]}, ["a", "b"], "embeddings"),
        (f"{OPENAI}/embeddings", {"model": "m", "input": [[1, 2], [3]]}, [], "embeddings"),
        (f"{OPENAI}/moderations", {"model": "m", "input": [{"type": "text", "text": "a"}]}, ["a"], "moderation"),
        (f"{OPENAI}/vector_stores/vs_1/search", {"query": "a"}, ["a"], "vector_stores"),
        (
            "https://api.cohere.com/v2/embed",
            {"model": "m", "texts": ["a"], "images": ["data:image/png;base64,aGVsbG8="]},
            ["a", "image image/png 5"],
            "embeddings",
        ),
        (
            "https://api.cohere.com/v2/rerank",
            {"model": "m", "query": "q", "documents": ["a", {"text": "b"}]},
            ["q", "a", "b"],
            "rerank",
        ),
        (
            "https://api.voyageai.com/v1/multimodalembeddings",
            {"model": "m", "inputs": [{"content": [{"type": "text", "text": "a"}]}]},
            ["a"],
            "embeddings",
        ),
        ("http://localhost:11434/api/embed", {"model": "m", "input": "a"}, ["a"], "embeddings"),
        (
            "https://api.mistral.ai/v1/ocr",
            {"model": "m", "document": {"type": "document_url", "document_url": "https://example.org/a.pdf"}},
            ["Uri https://example.org/a.pdf"],
            "ocr",
        ),
        (f"{OPENAI}/images/generations", {"model": "m", "prompt": "a boat"}, ["a boat"], "image_generation"),
        (f"{OPENAI}/videos", {"model": "m", "prompt": "a boat"}, ["a boat"], "video_generation"),
        (f"{OPENAI}/audio/speech", {"model": "m", "input": "Ahoy"}, ["Ahoy"], "speech"),
        (
            f"{OPENAI}/conversations/conv_1/items",
            {"items": [{"type": "message", "role": "user", "content": "Ebb?"}]},
            ["Ebb?"],
            "conversations",
        ),
        (
            f"{OPENAI}/traces/ingest",
            {"data": [{"object": "trace.span", "span_data": {"type": "function", "input": "Ebb?"}}]},
            ["Ebb?"],
            "traces_ingest",
        ),
        (
            "https://api.replicate.com/v1/models/o/m/predictions",
            {"input": {"prompt": "Ebb?", "image": "https://example.org/a.png", "seed": 7}},
            ["Ebb?", "Uri https://example.org/a.png"],
            "prediction",
        ),
    ],
)
def test_what_was_sent(url: str, asked: Any, said: list[str], operation: str) -> None:
    reading = read(exchange(url, asked, {"id": "x"}))
    assert [part for _, parts in texts(reading.content, "input") for part in parts] == said
    assert (reading.call.operation, reading.call.outcome) == (operation, Outcome.COMPLETE)


def test_images_come_back_described() -> None:
    body = {
        "data": [{"b64_json": "aGVsbG8=", "revised_prompt": "a small boat"}, {"url": "https://example.org/b.png"}],
        "usage": {"input_tokens": 3, "output_tokens": 4},
    }
    reading = read(exchange(f"{OPENAI}/images/generations", {"prompt": "a boat"}, body))
    assert texts(reading.content) == [
        ("assistant", ["image image/png 5", "a small boat", "Uri https://example.org/b.png"])
    ]
    assert reading.call.output_tokens == 4


def test_an_image_edit_is_a_form() -> None:
    body, headers = form(
        [
            ({"Content-Disposition": 'form-data; name="prompt"'}, b"make it blue"),
            ({"Content-Disposition": 'form-data; name="model"'}, b"gpt-image-1"),
            (
                {"Content-Disposition": 'form-data; name="image"; filename="a.png"', "Content-Type": "image/png"},
                b"hello",
            ),
        ]
    )
    reading = read(exchange(f"{OPENAI}/images/edits", body, {"data": []}, sends=headers))
    assert texts(reading.content, "input") == [("user", ["make it blue", "image image/png 5"])]
    assert reading.call.request_model == "gpt-image-1"


AUDIO, AUDIO_HEADERS = form(
    [
        ({"Content-Disposition": 'form-data; name="model"'}, b"whisper-1"),
        ({"Content-Disposition": 'form-data; name="file"; filename="a.wav"', "Content-Type": "audio/wav"}, b"hello"),
    ]
)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ({"text": "Ahoy.", "usage": {"input_tokens": 2, "output_tokens": 1}}, "application/json"),
        ("Ahoy.\n", "text/plain; charset=utf-8"),
        (
            sse({"type": "transcript.text.delta", "delta": "Aho"}, {"type": "transcript.text.done", "text": "Ahoy."}),
            "text/event-stream",
        ),
    ],
)
def test_transcripts(answer: Any, kind: str) -> None:
    reading = read(
        exchange(f"{OPENAI}/audio/transcriptions", AUDIO, answer, sends=AUDIO_HEADERS, returns={"content-type": kind})
    )
    assert texts(reading.content, "input") == [("user", ["audio audio/wav 5"])]
    assert texts(reading.content) == [("assistant", ["Ahoy."])]
    assert (reading.call.operation, reading.call.request_model) == ("transcription", "whisper-1")


def test_deepgram_takes_the_audio_itself() -> None:
    body = {"results": {"channels": [{"alternatives": [{"transcript": "Ahoy."}, {"transcript": "A hoy."}]}]}}
    url = "https://api.deepgram.com/v1/listen?model=nova-3"
    reading = read(exchange(url, b"RIFFhello", body, sends={"content-type": "audio/wav"}))
    assert texts(reading.content, "input") == [("user", ["audio audio/wav 9"])]
    assert texts(reading.content) == [("assistant", ["Ahoy."])]
    assert reading.call.request_model == "nova-3"


def test_speech_comes_back_as_bytes() -> None:
    reading = read(
        exchange(
            f"{OPENAI}/audio/speech",
            {"model": "tts", "input": "Ahoy"},
            b"ID3hello",
            returns={"content-type": "audio/mpeg"},
        )
    )
    assert texts(reading.content) == [("assistant", ["audio audio/mpeg 8"])]
    assert reading.call.outcome is Outcome.COMPLETE


ROWS = [
    {"messages": [ASK, {"role": "assistant", "content": "Low."}]},
    {"prompt": "Ebb?", "completion": "Low."},
    {"custom_id": "1", "method": "POST", "url": "/v1/chat/completions", "body": {"model": "m", "messages": [ASK]}},
    {"custom_id": "2", "body": {"model": "m", "input": "Ebb?"}},
    {"input": {"messages": [ASK]}, "preferred_output": [{"role": "assistant", "content": "Low."}]},
    {"contents": [{"role": "user", "parts": [{"text": "Ebb?"}]}]},
]
SAYS = [["user", "assistant"], ["user", "assistant"], ["user"], ["user"], ["user", "assistant"], ["user"]]


def test_an_uploaded_jsonl_is_read_row_by_row() -> None:
    data = ndjson(*ROWS) + b"broken\n"
    body, headers = form(
        [
            ({"Content-Disposition": 'form-data; name="purpose"'}, b"fine-tune"),
            (
                {
                    "Content-Disposition": 'form-data; name="file"; filename="t.jsonl"',
                    "Content-Type": "application/jsonl",
                },
                data,
            ),
        ]
    )
    reading = read(exchange(f"{OPENAI}/files", body, {"id": "file-1", "object": "file"}, sends=headers))
    described, *rows = texts(reading.content, "input")
    assert described == ("user", [f"document application/jsonl {len(data)}"])
    assert [role for role, _ in rows] == [role for roles in SAYS for role in roles]
    assert {text for role, (text,) in rows if role == "user"} == {"Ebb?"}
    assert (reading.call.operation, reading.call.response_id) == ("files", "file-1")


RESULTS = [
    {
        "custom_id": "1",
        "response": {"status_code": 200, "body": {"choices": [{"message": {"role": "assistant", "content": "Low."}}]}},
    },
    {
        "custom_id": "2",
        "response": {
            "body": {
                "output": [
                    {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Low."}]}
                ]
            }
        },
    },
    {
        "custom_id": "3",
        "result": {
            "type": "succeeded",
            "message": {"role": "assistant", "content": [{"type": "text", "text": "Low."}]},
        },
    },
    {"key": "4", "response": {"candidates": [{"content": {"role": "model", "parts": [{"text": "Low."}]}}]}},
]


def test_downloaded_results_are_read_row_by_row() -> None:
    reading = read(exchange(f"{OPENAI}/files/file-2/content", b"", ndjson(*RESULTS), method="GET"))
    assert texts(reading.content) == [("assistant", ["Low."])] * 4
    assert (reading.call.operation, reading.call.outcome) == ("files", Outcome.COMPLETE)


def test_a_text_file_is_read() -> None:
    body, headers = form([({"Content-Disposition": 'form-data; name="file"; filename="notes.md"'}, b"Low at two.")])
    reading = read(exchange("https://api.anthropic.com/v1/files", body, {"id": "file_1"}, sends=headers))
    assert texts(reading.content, "input") == [("user", ["document None 11", "Low at two."])]


def test_a_run_streamed() -> None:
    run = {
        "id": "run_1",
        "object": "thread.run",
        "model": "gpt-4o",
        "status": "completed",
        "usage": {"prompt_tokens": 3, "completion_tokens": 4},
    }
    events: list[tuple[str, Any]] = [
        ("thread.run.created", {**run, "status": "queued", "usage": None}),
        (
            "thread.message.delta",
            {"id": "msg_1", "delta": {"content": [{"index": 0, "type": "text", "text": {"value": "Lo"}}]}},
        ),
        (
            "thread.message.delta",
            {"id": "msg_1", "delta": {"content": [{"index": 0, "type": "text", "text": {"value": "w."}}]}},
        ),
        ("thread.run.completed", run),
    ]
    stream = (
        "".join(f"event: {name}\ndata: {json.dumps(data)}\n\n" for name, data in events)
        + "event: done\ndata: [DONE]\n\n"
    )
    asked = {"assistant_id": "asst_1", "additional_messages": [ASK], "stream": True}
    reading = read(exchange(f"{OPENAI}/threads/thread_1/runs", asked, stream))
    assert texts(reading.content, "input") == [("user", ["Ebb?"])]
    assert texts(reading.content) == [("assistant", ["Low."])]
    assert (reading.call.operation, reading.call.finish_reasons, reading.call.input_tokens) == (
        "invoke_agent",
        ("completed",),
        3,
    )


def test_an_assistant_is_created() -> None:
    asked = {"model": "gpt-4o", "instructions": "Be brief.", "tools": [{"type": "code_interpreter"}]}
    call = read(
        exchange(f"{OPENAI}/assistants", asked, {"id": "asst_1", "object": "assistant", "model": "gpt-4o"})
    ).call
    assert (call.operation, call.response_id) == ("create_agent", "asst_1")


def test_a_prediction_polled_and_streamed() -> None:
    body = {
        "id": "p",
        "model": "o/m",
        "status": "succeeded",
        "output": ["Lo", "w."],
        "metrics": {"input_token_count": 3, "output_token_count": 4},
    }
    polled = read(exchange("https://api.replicate.com/v1/predictions/p", b"", body, method="GET"))
    assert texts(polled.content) == [("assistant", ["Low."])]
    assert (polled.call.input_tokens, polled.call.finish_reasons) == (3, ("succeeded",))
    stream = b"event: output\ndata: Lo\n\nevent: output\ndata: w.\n\nevent: done\ndata: {}\n\n"
    streamed = read(exchange("https://stream.replicate.com/v1/streams/abc", b"", stream, method="GET"))
    assert texts(streamed.content) == [("assistant", ["Low."])]


def test_mistral_conversations() -> None:
    asked = {"agent_id": "ag_1", "inputs": [{"role": "user", "content": "Ebb?"}], "stream": True}
    stream = sse(
        {"type": "conversation.response.started", "conversation_id": "conv_1"},
        {"type": "message.output.delta", "output_index": 0, "content": "Lo", "model": "m"},
        {"type": "message.output.delta", "output_index": 0, "content": {"type": "text", "text": "w."}},
        {"type": "tool.execution.started", "output_index": 2, "id": "w", "name": "web_search", "arguments": '{"q": 1}'},
        {"type": "function.call.delta", "output_index": 1, "name": "tide", "tool_call_id": "t", "arguments": "{}"},
        {"type": "conversation.response.done", "usage": {"prompt_tokens": 3, "completion_tokens": 4}},
    )
    reading = read(exchange("https://api.mistral.ai/v1/conversations", asked, stream))
    assert texts(reading.content, "input") == [("user", ["Ebb?"])]
    assert texts(reading.content) == [
        ("assistant", ["Low.", "call tide({}) #t", 'ran web_search({"arguments": {"q": 1}}) #w'])
    ]
    assert (reading.call.response_id, reading.call.input_tokens, reading.call.outcome) == (
        "conv_1",
        3,
        Outcome.COMPLETE,
    )


def test_chatgpt_in_the_browser() -> None:
    asked = {
        "action": "next",
        "model": "auto",
        "messages": [{"author": {"role": "user"}, "content": {"content_type": "text", "parts": ["Ebb?"]}}],
    }
    message = {
        "id": "m1",
        "author": {"role": "assistant"},
        "content": {"content_type": "text", "parts": [""]},
        "metadata": {"resolved_model_slug": "gpt-5"},
    }
    stream = b'event: delta_encoding\ndata: "v1"\n\n' + sse(
        {"p": "", "o": "add", "v": {"message": message}, "c": 0},
        {"p": "/message/content/parts/0", "o": "append", "v": "Lo"},
        {"v": "w"},
        {
            "p": "",
            "o": "patch",
            "v": [
                {"p": "/message/content/parts/0", "o": "append", "v": "."},
                {"p": "/message/metadata", "o": "append", "v": {"finish_details": {"type": "stop"}}},
            ],
        },
        done=True,
    )
    reading = read(exchange("https://chatgpt.com/backend-api/f/conversation", asked, stream))
    assert texts(reading.content, "input") == [("user", ["Ebb?"])]
    assert texts(reading.content) == [("assistant", ["Low."])]
    call = reading.call
    assert (call.provider, call.response_model, call.outcome) == ("openai", "gpt-5", Outcome.COMPLETE)


@pytest.mark.parametrize(
    ("url", "asked", "body", "model", "operation"),
    [
        (
            "https://api.cloudflare.com/client/v4/accounts/a/ai/run/@cf/meta/llama",
            {"messages": [ASK]},
            {"result": {"response": "Low."}},
            "@cf/meta/llama",
            "chat",
        ),
        (
            "https://acme.cloud.databricks.com/serving-endpoints/m/invocations",
            {"messages": [ASK]},
            {"choices": [{"message": {"content": "Low."}}]},
            "m",
            "chat",
        ),
        (
            "https://acme.snowflakecomputing.com/api/v2/cortex/inference:complete",
            {"model": "m", "messages": [ASK]},
            {"choices": [{"messages": "Low."}]},
            "m",
            "chat",
        ),
        (
            "http://gpu.corp.example:8080/completion",
            {"prompt": "Ebb?"},
            {"content": "Low.", "tokens_predicted": 2},
            None,
            "text_completion",
        ),
        (
            "https://api.ai21.com/studio/v1/j2-ultra/complete",
            {"prompt": "Ebb?"},
            {"completions": [{"data": {"text": "Low."}}]},
            None,
            "text_completion",
        ),
    ],
)
def test_smaller_deviations(url: str, asked: Any, body: Any, model: str | None, operation: str) -> None:
    reading = read(exchange(url, asked, body))
    assert texts(reading.content, "input") == [("user", ["Ebb?"])]
    assert texts(reading.content) == [("assistant", ["Low."])]
    assert (reading.call.request_model, reading.call.operation) == (model, operation)
