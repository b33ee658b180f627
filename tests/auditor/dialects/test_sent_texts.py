# SPDX-License-Identifier: Apache-2.0
"""What was sent is read wherever a format has a place for it: the fields beside the messages, by the API references."""

from typing import Any

import msgspec
import pytest

from auditor.calls import Reasoning, Refusal, Text, ToolCall
from tests.auditor.dialects.exchanges import OPENAI, exchange, read, sse

ANTHROPIC = "https://api.anthropic.com/v1/messages"
AGENTS = "https://bedrock-agent-runtime.eu-central-1.amazonaws.com"
ASK = [{"role": "user", "content": "Ebb?"}]
GRADER = {"type": "score_model", "input": [{"role": "user", "content": "Is the tide marked?"}]}

SENT: list[tuple[str, Any, set[str]]] = [
    (
        f"{OPENAI}/chat/completions",
        {"messages": ASK, "prediction": {"type": "content", "content": [{"type": "text", "text": "def tide(): ..."}]}},
        {"Ebb?", "def tide(): ..."},
    ),
    (
        f"{OPENAI}/responses",
        {
            "model": "m",
            "prompt": {"id": "p", "variables": {"a": "harbour", "b": {"type": "input_text", "text": "pilot"}}},
            "input": "Ebb?",
        },
        {"harbour", "pilot", "Ebb?"},
    ),
    (
        f"{OPENAI}/responses",
        {"model": "m", "input": [{"type": "mcp_call", "id": "1", "name": "tides", "error": "no gauge at Husum"}]},
        {"no gauge at Husum"},
    ),
    (
        f"{OPENAI}/responses",
        {
            "model": "m",
            "input": [
                {"type": "program", "call_id": "1", "code": "await tools.tide()", "fingerprint": "f"},
                {"type": "program_output", "call_id": "1", "result": "three metres"},
                {"type": "mcp_approval_response", "approve": False, "reason": "not on Sundays"},
            ],
        },
        {"await tools.tide()", "three metres", "not on Sundays"},
    ),
    (
        "https://api.cohere.com/v2/chat",
        {
            "model": "m",
            "messages": [
                {"role": "user", "content": "Ebb?"},
                {"role": "assistant", "tool_plan": "I look at the gauge.", "tool_calls": []},
            ],
            "documents": [{"data": {"text": "Low at four"}}],
        },
        {"Ebb?", "I look at the gauge.", "Low at four"},
    ),
    (f"{OPENAI}/fine_tuning/alpha/graders/run", {"grader": GRADER, "model_sample": "Flood."}, {"Flood."}),
    (
        f"{OPENAI}/evals/e_1/runs",
        {"data_source": {"source": {"content": [{"item": {"question": "When is slack water?"}}]}}},
        {"When is slack water?"},
    ),
    (f"{OPENAI}/edits", {"input": "Teh tide", "instruction": "Mend it"}, {"Teh tide", "Mend it"}),
    (
        ANTHROPIC,
        {
            "model": "m",
            "messages": [
                {
                    "role": "user",
                    "content": [
                        {
                            "type": "document",
                            "title": "Tables of 1911",
                            "context": "from the archive",
                            "source": {"type": "content", "content": [{"type": "text", "text": "High 03:10"}]},
                        },
                        {
                            "type": "search_result",
                            "title": "Gauges",
                            "source": "s",
                            "content": [{"type": "text", "text": "Low"}],
                        },
                    ],
                }
            ],
        },
        {"Tables of 1911", "from the archive", "High 03:10", "Gauges", "Low"},
    ),
    (
        "https://bedrock-runtime.eu-central-1.amazonaws.com/model/m/converse",
        {
            "messages": [
                {
                    "role": "user",
                    "content": [
                        {
                            "document": {
                                "name": "Tables of 1911",
                                "context": "from the archive",
                                "source": {"content": [{"text": "High 03:10"}]},
                            }
                        },
                        {"document": {"name": "Log", "source": {"text": "Fog at noon"}}},
                        {"searchResult": {"source": "s", "title": "Gauges", "content": [{"text": "Low"}]}},
                    ],
                }
            ]
        },
        {"Tables of 1911", "from the archive", "High 03:10", "Log", "Fog at noon", "Gauges", "Low"},
    ),
    (
        "https://api.dev.runwayml.com/v1/recipes/product_ad",
        {
            "productInfo": "A tide table",
            "userConcept": "At the pier",
            "referenceImages": [{"uri": "https://a.de/1.png"}],
        },
        {"A tide table", "At the pier"},
    ),
    (
        f"{AGENTS}/rerank",
        {
            "queries": [{"type": "TEXT", "textQuery": {"text": "which pier"}}],
            "sources": [
                {
                    "type": "INLINE",
                    "inlineDocumentSource": {"type": "TEXT", "textDocument": {"text": "the northern pier"}},
                },
                {"type": "INLINE", "inlineDocumentSource": {"type": "JSON", "jsonDocument": {"pier": "the old one"}}},
            ],
        },
        {"which pier", "the northern pier", "the old one"},
    ),
    (
        f"{AGENTS}/agents/A/agentAliases/B/sessions/C/text",
        {
            "inputText": "And now?",
            "sessionState": {
                "conversationHistory": {"messages": [{"role": "user", "content": [{"text": "Is it ebb?"}]}]},
                "returnControlInvocationResults": [
                    {"functionResult": {"responseBody": {"TEXT": {"body": "gauge 12"}}}},
                    {"apiResult": {"responseBody": {"application/json": {"body": "gauge 13"}}}},
                ],
            },
        },
        {"And now?", "Is it ebb?", "gauge 12", "gauge 13"},
    ),
    (
        "https://generativelanguage.googleapis.com/v1beta/models/gemini-3-pro:generateContent",
        {
            "contents": [
                {
                    "role": "model",
                    "parts": [
                        {"toolCall": {"toolType": "GOOGLE_SEARCH", "args": {"q": "spring tide"}}},
                        {"toolResponse": {"toolType": "GOOGLE_SEARCH", "response": {"found": "on the 3rd"}}},
                    ],
                }
            ]
        },
        {"spring tide", "on the 3rd"},
    ),
    (
        "https://aip.baidubce.com/rpc/2.0/ai_custom/v1/wenxinworkshop/chat/completions_pro",
        {"messages": ASK, "system": "Brief."},
        {"Ebb?"},
    ),
    ("https://gateway.ai.cloudflare.com/v1/a/g/workers-ai/@cf/meta/llama-3", {"prompt": "Ebb?"}, {"Ebb?"}),
    ("https://api.assemblyai.com/lemur/v3/generate/task", {"prompt": "Sum up", "input_text": "A: Ebb"}, {"A: Ebb"}),
]


@pytest.mark.parametrize(("url", "body", "texts"), SENT)
def test_texts_beside_the_messages_are_read(url: str, body: Any, texts: set[str]) -> None:
    content = msgspec.json.encode(read(exchange(url, body, {})).content.input_messages).decode()
    assert {one for one in texts if one not in content} == set()


def test_the_model_that_ranks_is_named() -> None:
    ranked_by = {"bedrockRerankingConfiguration": {"modelConfiguration": {"modelArn": "arn:x:model/cohere.rerank"}}}
    reading = read(exchange(f"{AGENTS}/rerank", {"rerankingConfiguration": ranked_by}, {}))
    assert reading.call.request_model == "arn:x:model/cohere.rerank"


def test_the_reason_of_a_refusal_is_no_answer() -> None:
    answer = {
        "type": "message",
        "stop_reason": "refusal",
        "content": [],
        "stop_details": {"type": "refusal", "explanation": "Not about locks."},
    }
    (message,) = read(exchange(ANTHROPIC, {"model": "m", "messages": ASK}, answer)).content.output_messages
    assert message.parts == (Refusal(content="Not about locks."),)


def test_a_cut_stream_keeps_reasoning_and_code() -> None:
    body = sse(
        {"type": "response.created", "response": {"id": "r", "model": "m", "status": "in_progress"}},
        {"type": "response.reasoning_text.delta", "output_index": 0, "content_index": 0, "delta": "The moon "},
        {"type": "response.reasoning_text.delta", "output_index": 0, "content_index": 0, "delta": "pulls."},
        {
            "type": "response.output_item.added",
            "output_index": 1,
            "item": {"type": "code_interpreter_call", "id": "c", "code": ""},
        },
        {"type": "response.code_interpreter_call_code.delta", "output_index": 1, "delta": "print(1)"},
        named=True,
    )
    reading = read(exchange(f"{OPENAI}/responses", {"model": "m", "input": "Ebb?", "stream": True}, body))
    (message,) = reading.content.output_messages
    assert message.parts == (
        Reasoning(content="The moon pulls."),
        ToolCall(name="code_interpreter", id="c", arguments={"code": "print(1)"}, server=True),
    )


def test_ernie_answers_in_one_field() -> None:
    url = "https://aip.baidubce.com/rpc/2.0/ai_custom/v1/wenxinworkshop/chat/completions_pro"
    counts = {"prompt_tokens": 3, "completion_tokens": 2}
    answer = {"id": "as-1", "result": "Ebb.", "finish_reason": "normal", "usage": counts}
    reading = read(exchange(url, {"messages": ASK}, answer))
    assert (reading.call.provider, reading.call.operation) == ("baidu_qianfan", "chat")
    assert (reading.call.input_tokens, reading.call.finish_reasons) == (3, ("normal",))
    assert reading.content.output_messages[0].parts == (Text(content="Ebb."),)
