# SPDX-License-Identifier: Apache-2.0
"""Bedrock: Converse, the native body of each model family, agents and knowledge bases."""

import base64
from typing import Any

import pytest

from auditor.calls import Outcome
from tests.auditor.dialects.exchanges import aws_chunks, aws_message, aws_stream, exchange, read, sse, texts

HOST = "https://bedrock-runtime.eu-central-1.amazonaws.com"
AWS = {"content-type": "application/vnd.amazon.eventstream"}
ASKED = {"messages": [{"role": "user", "content": [{"text": "Ebb?"}]}]}


def test_converse_streams_pictures_and_what_its_own_tools_found() -> None:
    ran = {"toolUseId": "t", "name": "find", "type": "server_tool_use"}
    stream = aws_stream(
        ("contentBlockStart", {"contentBlockIndex": 0, "start": {"toolUse": ran}}),
        ("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"toolUse": {"input": "{}"}}}),
        ("contentBlockStart", {"contentBlockIndex": 1, "start": {"toolResult": {"toolUseId": "t"}}}),
        ("contentBlockDelta", {"contentBlockIndex": 1, "delta": {"toolResult": [{"text": "Ebb at four"}]}}),
        ("contentBlockStart", {"contentBlockIndex": 2, "start": {"image": {"format": "png"}}}),
        ("contentBlockDelta", {"contentBlockIndex": 2, "delta": {"image": {"source": {"bytes": "aGVsbG8="}}}}),
        ("messageStop", {"stopReason": "end_turn"}),
    )
    reading = read(exchange(f"{HOST}/model/m/converse-stream", ASKED, stream, returns=AWS))
    said = [one for _, parts in texts(reading.content) for one in parts]
    assert said == ["ran find({}) #t", "result Ebb at four #t", "image image/png 5"]


def test_converse() -> None:
    asked = {
        "system": [{"text": "Be brief."}],
        "messages": [
            {
                "role": "user",
                "content": [
                    {"text": "Look:"},
                    {"image": {"format": "png", "source": {"bytes": "aGVsbG8="}}},
                    {"document": {"format": "pdf", "name": "a", "source": {"s3Location": {"uri": "s3://b/a.pdf"}}}},
                    {"cachePoint": {"type": "default"}},
                ],
            },
            {"role": "assistant", "content": [{"toolUse": {"toolUseId": "t", "name": "tide", "input": {"a": 1}}}]},
            {"role": "user", "content": [{"toolResult": {"toolUseId": "t", "content": [{"json": {"level": "low"}}]}}]},
        ],
        "toolConfig": {"tools": [{"toolSpec": {"name": "tide", "inputSchema": {"json": {"type": "object"}}}}]},
    }
    body = {
        "output": {
            "message": {
                "role": "assistant",
                "content": [
                    {"reasoningContent": {"reasoningText": {"text": "Moon."}}},
                    {"citationsContent": {"content": [{"text": "Low"}]}},
                    {"text": " tide."},
                ],
            }
        },
        "stopReason": "end_turn",
        "usage": {"inputTokens": 5, "outputTokens": 6, "cacheReadInputTokens": 10, "cacheWriteInputTokens": 20},
    }
    reading = read(exchange(f"{HOST}/model/eu.amazon.nova-lite-v1%3A0/converse", asked, body))
    assert texts(reading.content, "input") == [
        ("user", ["Look:", "image image/png 5", "Uri s3://b/a.pdf"]),
        ("assistant", ['call tide({"a": 1}) #t']),
        ("tool", ["result {'level': 'low'} #t"]),
    ]
    assert texts(reading.content) == [("assistant", ["Reasoning: Moon.", "Low tide."])]
    call = reading.call
    assert (call.provider, call.request_model) == ("aws.bedrock", "eu.amazon.nova-lite-v1:0")
    assert (call.input_tokens, call.cache_creation_input_tokens, call.finish_reasons) == (35, 20, ("end_turn",))
    assert [one.name for one in reading.content.tool_definitions] == ["tide"]


EVENTS: list[tuple[str, Any]] = [
    ("messageStart", {"role": "assistant"}),
    ("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"reasoningContent": {"text": "Moon."}}}),
    ("contentBlockDelta", {"contentBlockIndex": 1, "delta": {"text": "Lo"}}),
    ("contentBlockDelta", {"contentBlockIndex": 1, "delta": {"text": "w."}}),
    ("contentBlockStart", {"contentBlockIndex": 2, "start": {"toolUse": {"toolUseId": "t", "name": "tide"}}}),
    ("contentBlockDelta", {"contentBlockIndex": 2, "delta": {"toolUse": {"input": '{"a"'}}}),
    ("contentBlockDelta", {"contentBlockIndex": 2, "delta": {"toolUse": {"input": ": 1}"}}}),
    ("messageStop", {"stopReason": "tool_use"}),
    ("metadata", {"usage": {"inputTokens": 5, "outputTokens": 6}}),
]
SAID = [("assistant", ["Reasoning: Moon.", "Low.", 'call tide({"a": 1}) #t'])]


def test_converse_stream() -> None:
    reading = read(exchange(f"{HOST}/model/m/converse-stream", ASKED, aws_stream(*EVENTS), returns=AWS))
    assert texts(reading.content) == SAID
    assert (reading.call.input_tokens, reading.call.tool_calls, reading.call.stream) == (5, ("tide",), True)


def test_a_cut_converse_stream() -> None:
    stream = aws_stream(*EVENTS)
    cut = read(exchange(f"{HOST}/model/m/converse-stream", ASKED, stream[: len(stream) - 130], returns=AWS))
    assert cut.call.outcome is Outcome.INTERRUPTED
    assert texts(cut.content) == SAID


def test_an_exception_in_a_stream() -> None:
    stream = aws_stream(*EVENTS[:3]) + aws_message(
        {":message-type": "exception", ":exception-type": "throttlingException"}, b'{"message": "secret"}'
    )
    call = read(exchange(f"{HOST}/model/m/converse-stream", ASKED, stream, returns=AWS)).call
    assert (call.outcome, call.error) == (Outcome.ERROR, "throttlingException")


CLAUDE = {"anthropic_version": "bedrock-2023-05-31", "messages": [{"role": "user", "content": "Ebb?"}]}
CLAUDE_SAYS = {
    "id": "msg",
    "model": "claude",
    "content": [{"type": "text", "text": "Low."}],
    "stop_reason": "end_turn",
    "usage": {"input_tokens": 3, "output_tokens": 4},
}
CHAT_SAYS = {
    "id": "c",
    "choices": [{"index": 0, "message": {"content": "Low."}, "finish_reason": "end_turn"}],
    "usage": {"prompt_tokens": 3, "completion_tokens": 4},
}
NOVA_SAYS = {
    "output": {"message": {"content": [{"text": "Low."}]}},
    "stopReason": "end_turn",
    "usage": {"inputTokens": 3, "outputTokens": 4},
}
COUNTS = {"x-amzn-bedrock-input-token-count": "3", "x-amzn-bedrock-output-token-count": "4"}


@pytest.mark.parametrize(
    ("asked", "body", "headers"),
    [
        (CLAUDE, CLAUDE_SAYS, {}),
        ({**ASKED, "inferenceConfig": {}}, NOVA_SAYS, {}),
        ({"messages": [{"role": "user", "content": "Ebb?"}]}, CHAT_SAYS, {}),
        (
            {"inputText": "Ebb?"},
            {
                "inputTextTokenCount": 3,
                "results": [{"tokenCount": 4, "outputText": "Low.", "completionReason": "end_turn"}],
            },
            {},
        ),
        (
            {"prompt": "Ebb?"},
            {"generation": "Low.", "prompt_token_count": 3, "generation_token_count": 4, "stop_reason": "end_turn"},
            {},
        ),
        ({"prompt": "Ebb?"}, {"outputs": [{"text": "Low.", "stop_reason": "end_turn"}]}, COUNTS),
        ({"prompt": "Ebb?"}, {"generations": [{"text": "Low.", "finish_reason": "end_turn"}]}, COUNTS),
        (
            {"prompt": "Ebb?"},
            {"completions": [{"data": {"text": "Low."}, "finishReason": {"reason": "end_turn"}}]},
            COUNTS,
        ),
        ({"message": "Ebb?"}, {"response_id": "r", "text": "Low.", "finish_reason": "end_turn"}, COUNTS),
    ],
    ids=["claude", "nova", "chat", "titan", "llama", "mistral", "command", "jurassic", "command-r"],
)
def test_families_of_invoke(asked: Any, body: Any, headers: Any) -> None:
    reading = read(exchange(f"{HOST}/model/arn%3Aaws%3Abedrock%3A%3A%3Ax%2Fm/invoke", asked, body, returns=headers))
    assert texts(reading.content, "input") == [("user", ["Ebb?"])]
    assert texts(reading.content) == [("assistant", ["Low."])]
    call = reading.call
    assert (call.input_tokens, call.output_tokens, call.finish_reasons) == (3, 4, ("end_turn",))
    assert call.request_model == "arn:aws:bedrock:::x/m"


METRICS = {"amazon-bedrock-invocationMetrics": {"inputTokenCount": 3, "outputTokenCount": 4}}


@pytest.mark.parametrize(
    ("asked", "chunks"),
    [
        (
            CLAUDE,
            [
                {"type": "message_start", "message": {**CLAUDE_SAYS, "content": [], "stop_reason": None}},
                {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Low."}},
                {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 4}},
                {"type": "message_stop"},
            ],
        ),
        (
            ASKED,
            [
                {"contentBlockDelta": {"contentBlockIndex": one, "delta": {"text": text}}}
                for one, text in enumerate(["Lo", "w."])
            ]
            + [
                {"messageStop": {"stopReason": "end_turn"}},
                {"metadata": {"usage": {"inputTokens": 3, "outputTokens": 4}}},
            ],
        ),
        (
            {"messages": [{"role": "user", "content": "Ebb?"}]},
            [
                {"choices": [{"index": 0, "delta": {"content": "Low."}}]},
                {"choices": [{"index": 0, "delta": {}, "finish_reason": "end_turn"}], **METRICS},
            ],
        ),
        (
            {"inputText": "Ebb?"},
            [
                {"outputText": "Lo", "index": 0, "inputTextTokenCount": 3},
                {"outputText": "w.", "index": 0, "totalOutputTextTokenCount": 4, "completionReason": "end_turn"},
            ],
        ),
        (
            {"prompt": "Ebb?"},
            [
                {"generation": "Lo", "prompt_token_count": 3, "generation_token_count": 1},
                {"generation": "w.", "generation_token_count": 4, "stop_reason": "end_turn"},
            ],
        ),
        (
            {"prompt": "Ebb?"},
            [{"outputs": [{"text": "Low."}]}, {"outputs": [{"text": "", "stop_reason": "end_turn"}], **METRICS}],
        ),
    ],
    ids=["claude", "nova", "chat", "titan", "llama", "mistral"],
)
def test_families_of_invoke_streamed(asked: Any, chunks: list[Any]) -> None:
    url = f"{HOST}/model/m/invoke-with-response-stream"
    reading = read(exchange(url, asked, aws_chunks(*chunks), returns=AWS))
    assert texts(reading.content) == [("assistant", ["Low."])]
    call = reading.call
    assert (call.input_tokens, call.output_tokens, call.finish_reasons) == (3, 4, ("end_turn",))
    assert (call.stream, call.outcome) == (True, Outcome.COMPLETE)


def test_embeddings() -> None:
    url = f"{HOST}/model/amazon.titan-embed-text-v2:0/invoke"
    reading = read(exchange(url, {"inputText": "Ebb"}, {"embedding": [0.1], "inputTextTokenCount": 2}))
    assert texts(reading.content, "input") == [("user", ["Ebb"])]
    assert (reading.call.operation, reading.call.input_tokens) == ("embeddings", 2)


def test_an_agent() -> None:
    chunks = [("chunk", {"bytes": base64.b64encode(one).decode()}) for one in (b"Lo", b"w.")]
    url = "https://bedrock-agent-runtime.us-east-1.amazonaws.com/agents/A/agentAliases/B/sessions/s/text"
    reading = read(exchange(url, {"inputText": "Ebb?"}, aws_stream(*chunks), returns=AWS))
    assert texts(reading.content) == [("assistant", ["Low."])]
    assert (reading.call.operation, reading.call.outcome) == ("invoke_agent", Outcome.COMPLETE)


def test_a_knowledge_base() -> None:
    host = "https://bedrock-agent-runtime.us-east-1.amazonaws.com"
    found = {"retrievalResults": [{"content": {"text": "Low at two."}}]}
    reading = read(exchange(f"{host}/knowledgebases/K/retrieve", {"retrievalQuery": {"text": "Ebb?"}}, found))
    assert texts(reading.content) == [("assistant", ["result Low at two. #None"])]
    asked = {
        "input": {"text": "Ebb?"},
        "retrieveAndGenerateConfiguration": {"knowledgeBaseConfiguration": {"modelArn": "arn:m"}},
    }
    answered = read(exchange(f"{host}/retrieveAndGenerate", asked, {"output": {"text": "Low."}}))
    assert texts(answered.content) == [("assistant", ["Low."])]
    assert (answered.call.operation, answered.call.request_model) == ("retrieval", "arn:m")


def test_the_mantle_speaks_the_openai_dialect() -> None:
    stream = sse(
        {"id": "c", "choices": [{"index": 0, "delta": {"content": "Low."}, "finish_reason": "stop"}]}, done=True
    )
    asked = {"model": "openai.gpt-oss-120b", "messages": [{"role": "user", "content": "Ebb?"}]}
    call = read(exchange("https://bedrock-mantle.us-east-1.api.aws/v1/chat/completions", asked, stream)).call
    assert (call.provider, call.dialect, call.operation) == ("aws.bedrock", "openai.chat", "chat")


def test_a_refused_request() -> None:
    body = {"message": "The security token AKIA… is invalid."}
    headers = {"x-amzn-errortype": "UnrecognizedClientException"}
    call = read(exchange(f"{HOST}/model/m/converse", ASKED, body, status=403, returns=headers)).call
    assert (call.outcome, call.error) == (Outcome.ERROR, "UnrecognizedClientException")


def test_the_code_of_a_refusal_is_no_address() -> None:
    url = "https://bedrock-runtime.us-east-1.amazonaws.com/model/m/converse"
    named = {"x-amzn-errortype": "ValidationException:http://internal.amazon.com/coral/"}
    reading = read(exchange(url, {"messages": []}, {"message": "no"}, status=400, returns=named))
    assert reading.call.error == "ValidationException"
