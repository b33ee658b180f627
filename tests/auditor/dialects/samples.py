# SPDX-License-Identifier: Apache-2.0
"""One exchange of each format, small enough to be broken in every place: what the tests of mutations start from."""

import base64
import json
from typing import Any

from auditor.calls import Exchange
from tests.auditor.dialects.exchanges import OPENAI, aws_chunks, aws_stream, exchange, form, ndjson, sse

GOOGLE = "https://generativelanguage.googleapis.com/v1beta"
VERTEX = "https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/l/publishers/google/models"
BEDROCK = "https://bedrock-runtime.us-east-1.amazonaws.com/model"
TURNS = {"model": "m", "messages": [{"role": "user", "content": "x"}]}
ANSWER = {"id": "c", "choices": [{"message": {"content": "x"}, "finish_reason": "stop"}], "usage": {"prompt_tokens": 1}}
ROWS, ROWS_HEADERS = form(
    [
        (
            {"content-disposition": 'form-data; name="file"; filename="a.jsonl"'},
            json.dumps({"custom_id": "1", "body": TURNS}).encode(),
        )
    ]
)

SAMPLES: list[Exchange] = [
    exchange(f"{OPENAI}/chat/completions", TURNS, ANSWER),
    exchange(
        f"{OPENAI}/chat/completions",
        TURNS,
        sse(
            {
                "choices": [
                    {
                        "index": 0,
                        "delta": {
                            "content": "Lo",
                            "tool_calls": [{"index": 0, "id": "t", "function": {"name": "f", "arguments": "{}"}}],
                        },
                    }
                ]
            },
            done=True,
        ),
    ),
    exchange(
        "https://api.openai.com/v1/responses",
        {"model": "m", "input": [{"role": "user", "content": [{"type": "input_text", "text": "x"}]}]},
        sse(
            {"type": "response.output_item.added", "output_index": 0, "item": {"type": "message", "content": []}},
            {"type": "response.output_text.delta", "output_index": 0, "content_index": 0, "delta": "x"},
        ),
    ),
    exchange(
        "https://api.anthropic.com/v1/messages",
        {
            "model": "m",
            "max_tokens": 1,
            "system": [{"type": "text", "text": "s"}],
            "messages": [
                {
                    "role": "user",
                    "content": [
                        {"type": "tool_result", "tool_use_id": "t", "content": [{"type": "text", "text": "x"}]}
                    ],
                }
            ],
        },
        sse(
            {"type": "message_start", "message": {"usage": {"input_tokens": 1}}},
            {
                "type": "content_block_start",
                "index": 0,
                "content_block": {"type": "tool_use", "name": "f", "input": {}},
            },
            {"type": "content_block_delta", "index": 0, "delta": {"partial_json": "{}"}},
            {"type": "message_delta", "delta": {}, "usage": {"output_tokens": 1}},
        ),
    ),
    exchange(
        "https://generativelanguage.googleapis.com/v1beta/models/m:streamGenerateContent",
        {
            "contents": [{"parts": [{"text": "x"}, {"inlineData": {"data": "eA=="}}]}],
            "tools": [{"functionDeclarations": [{"name": "f"}]}],
        },
        [
            {
                "candidates": [{"content": {"parts": [{"text": "x"}]}, "finishReason": "STOP"}],
                "usageMetadata": {"promptTokenCount": 1},
            }
        ],
    ),
    exchange(
        "https://bedrock-runtime.us-east-1.amazonaws.com/model/m/converse-stream",
        {"messages": [{"role": "user", "content": [{"text": "x"}, {"toolResult": {"content": [{"json": {}}]}}]}]},
        aws_stream(
            ("contentBlockDelta", {"contentBlockIndex": 0, "delta": {"text": "x"}}),
            ("messageStop", {"stopReason": "x"}),
        ),
    ),
    exchange(
        "https://api.cohere.com/v2/chat",
        TURNS,
        sse({"type": "content-delta", "index": 0, "delta": {"message": {"content": {"text": "x"}}}}),
    ),
    exchange(
        "http://127.0.0.1:11434/api/chat",
        TURNS,
        ndjson({"message": {"content": "x", "tool_calls": [{"function": {"name": "f"}}]}, "done": True}),
    ),
    exchange(
        "https://api.openai.com/v1/threads/t/runs",
        {"assistant_id": "a"},
        {
            "object": "thread.run",
            "required_action": {
                "submit_tool_outputs": {"tool_calls": [{"id": "t", "function": {"name": "f", "arguments": "{}"}}]}
            },
        },
    ),
    exchange(
        f"{BEDROCK}/mistral.mistral-large-2407-v1:0/invoke-with-response-stream",
        TURNS,
        aws_chunks({"choices": [{"index": 0, "message": {"content": "x"}, "stop_reason": "stop"}]}),
    ),
    exchange(
        f"{BEDROCK}/m/count-tokens",
        {"input": {"invokeModel": {"body": base64.b64encode(json.dumps(TURNS).encode()).decode()}}},
        {"inputTokens": 1},
    ),
    exchange(
        "https://bedrock-agent-runtime.us-east-1.amazonaws.com/retrieveAndGenerate",
        {"input": {"text": "x"}, "retrieveAndGenerateConfiguration": {"knowledgeBaseConfiguration": {"modelArn": "m"}}},
        {"output": {"text": "x"}, "retrievalResults": [{"content": {"text": "x"}}]},
    ),
    exchange(
        f"{VERTEX}/chat-bison:predict",
        {"instances": [{"context": "x", "messages": [{"author": "user", "content": "x"}]}]},
        {"predictions": [{"candidates": [{"content": "x"}]}], "metadata": {"tokenMetadata": {"inputTokenCount": {}}}},
    ),
    exchange(
        f"{GOOGLE}/interactions",
        {"input": [{"type": "text", "text": "x"}], "tools": [{"name": "f"}]},
        sse(
            {"event_type": "step.start", "index": 0, "step": {"type": "function_call", "name": "f", "arguments": ""}},
            {"event_type": "step.delta", "index": 0, "delta": {"arguments": "{}"}},
        ),
    ),
    exchange(
        f"{GOOGLE}/models/m:batchEmbedContents",
        {"requests": [{"content": {"parts": [{"text": "x"}]}}]},
        {"usageMetadata": {"promptTokenCount": 1}},
    ),
    exchange(
        "https://api.anthropic.com/v1/sessions/s/events",
        {"events": [{"type": "user.message", "content": [{"type": "text", "text": "x"}]}]},
        {"data": [{"type": "agent.tool_use", "name": "f", "input": {}}], "usage": {"input_tokens": 1}},
    ),
    exchange(
        "https://api.cohere.com/v1/chat",
        {"message": "x", "chat_history": [{"role": "USER", "message": "x"}], "tools": [{"name": "f"}]},
        ndjson({"event_type": "stream-end", "response": {"text": "x", "tool_calls": [{"name": "f"}], "meta": {}}}),
    ),
    exchange(
        "https://api.mistral.ai/v1/conversations",
        {"inputs": [{"type": "message.input", "role": "user", "content": "x"}]},
        sse({"type": "function.call.delta", "output_index": 0, "name": "f", "arguments": "{}"}, named=True),
    ),
    exchange(
        "https://api.mistral.ai/v1/ocr",
        {"document": {"type": "document_url", "document_url": "data:text/plain;base64,eA=="}},
        {"pages": [{"markdown": "x"}]},
    ),
    exchange(f"{OPENAI}/embeddings", {"model": "m", "input": ["x"]}, {"usage": {"prompt_tokens": 1}}),
    exchange(
        f"{OPENAI}/images/generations",
        {"model": "m", "prompt": "x"},
        sse({"type": "image_generation.completed", "b64_json": "eA==", "usage": {"input_tokens": 1}}),
    ),
    exchange(f"{OPENAI}/audio/speech", {"model": "m", "input": "x"}, {"text": "x", "usage": {}}),
    exchange(f"{OPENAI}/files", ROWS, {"id": "f"}, sends=ROWS_HEADERS),
    exchange(
        f"{OPENAI}/conversations/c/items",
        {"items": [{"type": "message", "role": "user", "content": [{"type": "input_text", "text": "x"}]}]},
        {"data": [{"type": "web_search_call", "action": {}, "results": [{"text": "x"}]}]},
    ),
    exchange(
        "https://api.replicate.com/v1/predictions",
        {"version": "v", "input": {"prompt": "x", "image": "https://a.example/b"}},
        {"id": "p", "status": "succeeded", "output": ["x"], "metrics": {"input_token_count": 1}},
    ),
    exchange(
        "https://us-south.ml.cloud.ibm.com/ml/v1/text/generation",
        {"model_id": "m", "input": "x"},
        {"results": [{"generated_text": "x", "stop_reason": "eos_token", "input_token_count": 1}]},
    ),
    exchange(
        "https://chatgpt.com/backend-api/f/conversation",
        {"messages": [{"author": {"role": "user"}, "content": {"parts": ["x"]}}]},
        sse(
            {"v": {"message": {"id": "m", "author": {"role": "assistant"}, "content": {"parts": [""]}}}},
            {"p": "/message/content/parts/0", "o": "append", "v": "x"},
        ),
    ),
    exchange(
        f"{BEDROCK}/amazon.nova-sonic-v1:0/invoke-with-bidirectional-stream",
        aws_chunks({"event": {"contentStart": {"contentName": "c", "role": "USER"}}}),
        aws_chunks(
            {"event": {"contentStart": {"contentId": "c", "role": "ASSISTANT"}}},
            {"event": {"textOutput": {"contentId": "c", "content": "x"}}},
            {"event": {"completionEnd": {"stopReason": "x"}}},
        ),
        sends={"content-type": "application/vnd.amazon.eventstream"},
        returns={"content-type": "application/vnd.amazon.eventstream"},
    ),
    exchange(
        "https://dashscope.aliyuncs.com/api/v1/services/aigc/text-generation/generation",
        {"model": "m", "input": {"messages": [{"role": "user", "content": [{"image": "x"}]}]}, "parameters": {}},
        sse(
            {"output": {"choices": [{"message": {"content": [{"text": "x"}]}, "finish_reason": "null"}]}},
            {"output": {"choices": [{"message": {"content": "x"}, "finish_reason": "stop"}]}, "usage": {}},
        ),
    ),
    exchange("https://www.meta.ai/api/graphql/", {"message": "x", "files": [{"n": ["x"]}]}, {}),
    exchange(
        "https://grok.com/rest/app-chat/conversations/new",
        {"message": "x"},
        ndjson(
            {"result": {"response": {"token": "x", "isThinking": True}}},
            {"result": {"response": {"modelResponse": {"message": "x", "metadata": {"request_metadata": {}}}}}},
        ),
    ),
    exchange(
        "https://chat.deepseek.com/api/v0/chat/completion",
        {"prompt": "x"},
        sse(
            {"v": {"response": {"fragments": [{"type": "RESPONSE", "content": "x"}]}}},
            {"p": "response", "o": "BATCH", "v": [{"p": "fragments/-1/content", "o": "APPEND", "v": "x"}]},
        ),
    ),
    exchange(
        "https://www.perplexity.ai/rest/sse/perplexity_ask",
        {"query_str": "x", "params": {"attachments": ["x"]}},
        sse(
            {"blocks": [{"intended_usage": "t", "markdown_block": {"chunks": ["x"], "chunk_starting_offset": 0}}]},
            {
                "blocks": [
                    {
                        "intended_usage": "t",
                        "diff_block": {
                            "field": "markdown_block",
                            "patches": [{"op": "add", "path": "/chunks/1", "value": "x"}],
                        },
                    }
                ]
            },
        ),
    ),
    exchange(
        "https://gemini.google.com/_/BardChatUi/data/assistant.lamda.BardFrontendService/StreamGenerate",
        b"f.req=%5Bnull%2C%22%5B%5B%5C%22x%5C%22%5D%5D%22%5D",
        b")]}'\n\n9\n" + json.dumps([["wrb.fr", None, json.dumps([None, [], 0, 0, [["r", ["x"]]]])]]).encode(),
    ),
]

SOCKETS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    (
        "wss://copilot.microsoft.com/c/api/chat",
        {"event": "send", "content": [{"type": "text", "text": "x"}]},
        {"type": 1, "arguments": [{"messages": [{"author": "bot", "text": "x"}]}]},
    ),
    (
        "wss://api.openai.com/v1/responses",
        {"type": "response.create", "model": "m", "input": [{"role": "user", "content": "x"}]},
        {
            "type": "response.completed",
            "response": {"output": [{"type": "message", "content": [{"type": "output_text", "text": "x"}]}]},
        },
    ),
    (
        "wss://api.openai.com/v1/realtime",
        {"type": "conversation.item.create", "item": {"type": "message", "content": []}},
        {"type": "response.done", "response": {"output": [{"type": "function_call", "name": "f", "arguments": "{}"}]}},
    ),
    (
        "wss://generativelanguage.googleapis.com/ws/x.BidiGenerateContent",
        {"setup": {"model": "m", "tools": [{"functionDeclarations": [{"name": "f"}]}]}},
        {
            "serverContent": {"modelTurn": {"parts": [{"text": "x"}]}, "turnComplete": True},
            "usageMetadata": {"promptTokenCount": 1},
        },
    ),
    (
        "wss://api.deepgram.com/v1/listen",
        {"type": "KeepAlive", "audio": "eA=="},
        {"type": "Results", "is_final": True, "channel": {"alternatives": [{"transcript": "x"}]}},
    ),
    (
        "wss://agent.deepgram.com/v1/agent/converse",
        {"type": "Settings", "agent": {"think": {"prompt": "x", "provider": {"model": "m"}}}},
        {"type": "ConversationText", "role": "user", "content": "x", "agent_response_event": {"agent_response": "x"}},
    ),
    ("wss://copilot.microsoft.com/c/api/chat", {"content": [{"text": "x"}]}, {"event": "done"}),
]
