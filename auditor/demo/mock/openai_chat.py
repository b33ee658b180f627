# SPDX-License-Identifier: Apache-2.0
"""OpenAI's chat completions and embeddings, written from https://platform.openai.com/docs/api-reference/chat.

Pure: a request's JSON in, the response's JSON or the stream's chunks out.
"""

import base64
import hashlib
import struct
from collections.abc import Iterator
from typing import Any

import msgspec

from auditor.demo.mock.model import Answer, Prompt, Tool, ToolUse, grouped, identifier, tokens

type Json = dict[str, Any]

FINGERPRINT = "fp_5d58a6052a"
STOPS = {"end": "stop", "length": "length", "tools": "tool_calls"}
REASONING_MODELS = ("o1", "o3", "o4", "gpt-5")
SNAPSHOTS = {
    "gpt-4.1": "gpt-4.1-2025-04-14",
    "gpt-4.1-mini": "gpt-4.1-mini-2025-04-14",
    "gpt-5.4-mini": "gpt-5.4-mini-2026-03-17",
}
DIMENSIONS = 1536


def snapshot(model: str) -> str:
    """The dated model that answers for an alias."""
    return SNAPSHOTS.get(model, model)


def prompt(request: Json) -> Prompt:
    """Reads what a chat request asks."""
    messages = request["messages"]
    said = [text_of(message.get("content")) for message in messages]
    users = [text for message, text in zip(messages, said, strict=True) if message["role"] == "user"]
    return Prompt(
        model=request["model"],
        user=users[-1] if users else "",
        everything="\n".join(said),
        system="\n".join(t for m, t in zip(messages, said, strict=True) if m["role"] in {"system", "developer"}),
        tools=tuple(tool(offer["function"]) for offer in request.get("tools") or () if offer["type"] == "function"),
        results=trailing_results(messages, said),
        choice=choice(request.get("tool_choice", "auto")),
        reasoning=request["model"].startswith(REASONING_MODELS),
        limit=request.get("max_completion_tokens") or request.get("max_tokens"),
    )


def text_of(content: Any) -> str:
    """The text of a content field: a string, or a list of parts."""
    if isinstance(content, list):
        return "".join(part.get("text", "") for part in content if isinstance(part, dict))
    return content or ""


def tool(function: Json) -> Tool:
    """A function offered as a tool."""
    return Tool(function["name"], function.get("parameters") or {})


def choice(stated: Any) -> str:
    """`tool_choice`: a word, or the one function to be called."""
    if isinstance(stated, dict):
        return str(stated.get("name") or stated.get("function", {}).get("name") or "auto")
    return str(stated)


def trailing_results(messages: list[Json], said: list[str]) -> tuple[str, ...]:
    """What tools returned after the last answer of the assistant."""
    results: list[str] = []
    for message, text in zip(reversed(messages), reversed(said), strict=True):
        if message["role"] != "tool":
            break
        results.insert(0, text)
    return tuple(results)


def completion(request: Json, answer: Answer, response_id: str, created: int) -> Json:
    """The response of a request without `stream`."""
    message: Json = {"role": "assistant", "content": answer.text or None, "refusal": None, "annotations": []}
    if answer.uses:
        message["tool_calls"] = [tool_call(response_id, place, use) for place, use in enumerate(answer.uses)]
    finish = STOPS[answer.stop]
    return {
        "id": response_id,
        "object": "chat.completion",
        "created": created,
        "model": snapshot(request["model"]),
        "choices": [
            {"index": index, "message": message, "logprobs": None, "finish_reason": finish}
            for index in range(request.get("n") or 1)
        ],
        "usage": usage(answer),
        "service_tier": "default",
        "system_fingerprint": FINGERPRINT,
    }


def chunks(request: Json, answer: Answer, response_id: str, created: int) -> Iterator[Json]:
    """The chunks of a streamed response, before the final `[DONE]`."""
    counted = bool((request.get("stream_options") or {}).get("include_usage"))
    frame: Json = {
        "id": response_id,
        "object": "chat.completion.chunk",
        "created": created,
        "model": snapshot(request["model"]),
        "service_tier": "default",
        "system_fingerprint": FINGERPRINT,
    }
    if counted:
        frame["usage"] = None
    for index in range(request.get("n") or 1):
        for delta in deltas(answer, response_id):
            yield frame | {"choices": [{"index": index, "delta": delta, "logprobs": None, "finish_reason": None}]}
        last = {"index": index, "delta": {}, "logprobs": None, "finish_reason": STOPS[answer.stop]}
        yield frame | {"choices": [last]}
    if counted:
        yield frame | {"choices": [], "usage": usage(answer)}


def deltas(answer: Answer, response_id: str) -> Iterator[Json]:
    """What each chunk adds: the role, then text piece by piece or tool calls with their arguments in parts."""
    yield {"role": "assistant", "content": None if answer.uses else "", "refusal": None}
    for text in grouped(answer.text, 1):
        yield {"content": text}
    for place, use in enumerate(answer.uses):
        call = tool_call(response_id, place, use)
        written = call["function"]["arguments"]
        yield {"tool_calls": [{"index": place, **call, "function": {"name": use.name, "arguments": ""}}]}
        for part in grouped(written, 2):
            yield {"tool_calls": [{"index": place, "function": {"arguments": part}}]}


def tool_call(response_id: str, place: int, use: ToolUse) -> Json:
    """A tool call as a message carries it."""
    written = msgspec.json.encode(use.arguments).decode()
    call_id = identifier("call_", f"{response_id}/{place}")
    return {"id": call_id, "type": "function", "function": {"name": use.name, "arguments": written}}


def usage(answer: Answer) -> Json:
    """Token counts with their details."""
    return {
        "prompt_tokens": answer.input_tokens,
        "completion_tokens": answer.output_tokens,
        "total_tokens": answer.input_tokens + answer.output_tokens,
        "prompt_tokens_details": {"cached_tokens": answer.cached_tokens, "audio_tokens": 0},
        "completion_tokens_details": {
            "reasoning_tokens": answer.reasoning_tokens,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }


def embeddings(request: Json) -> Json:
    """Embedding vectors: unit-free numbers drawn from a digest of each text, as floats or base64 of float32."""
    texts = request["input"] if isinstance(request["input"], list) else [request["input"]]
    size = request.get("dimensions") or DIMENSIONS
    encoded = request.get("encoding_format") == "base64"
    data = [
        {"object": "embedding", "index": index, "embedding": vector(str(text), size, encoded)}
        for index, text in enumerate(texts)
    ]
    counted = sum(tokens(str(text)) for text in texts)
    used = {"prompt_tokens": counted, "total_tokens": counted}
    return {"object": "list", "data": data, "model": request["model"], "usage": used}


def vector(text: str, size: int, encoded: bool) -> list[float] | str:
    """One embedding vector, the same for the same text."""
    drawn = hashlib.shake_256(text.encode()).digest(size)
    numbers = [(byte - 127.5) / 4096 for byte in drawn]
    return base64.b64encode(struct.pack(f"<{size}f", *numbers)).decode() if encoded else numbers
