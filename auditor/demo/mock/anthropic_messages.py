# SPDX-License-Identifier: Apache-2.0
"""Anthropic's messages, written from https://docs.anthropic.com/en/api/messages and …/messages-streaming.

Pure: a request's JSON in, the message or its stream of named events out. Anthropic's `input_tokens` leaves out what
was read from or written to the cache; the three add up.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from auditor.demo.mock.model import Answer, Prompt, Tool, grouped, identifier, tokens

type Json = dict[str, Any]

STOPS = {"end": "end_turn", "length": "max_tokens", "tools": "tool_use"}
CHOICES = {"any": "required", "none": "none", "auto": "auto"}


def prompt(request: Json) -> Prompt:
    """Reads what a request asks."""
    turns = request["messages"]
    said = [text_of(turn["content"]) for turn in turns]
    users = [text for turn, text in zip(turns, said, strict=True) if turn["role"] == "user" and text]
    stated = request.get("tool_choice") or {"type": "auto"}
    system = text_of(request.get("system") or "")
    return Prompt(
        model=request["model"],
        user=users[-1] if users else "",
        everything="\n".join((system, *said, *results(turns[-1]["content"]))),
        system=system,
        tools=tuple(Tool(o["name"], o["input_schema"]) for o in request.get("tools") or () if "input_schema" in o),
        results=results(turns[-1]["content"]),
        choice=stated.get("name") or CHOICES[stated["type"]],
        reasoning=(request.get("thinking") or {}).get("type") in {"enabled", "adaptive"},
        limit=request["max_tokens"],
    )


def text_of(content: Any) -> str:
    """The text of a content field: a string, or a list of blocks."""
    if isinstance(content, str):
        return content
    return "".join(block.get("text", "") for block in content if block["type"] == "text")


def results(content: Any) -> tuple[str, ...]:
    """What tools returned, as the last turn states it."""
    blocks = content if isinstance(content, list) else []
    return tuple(text_of(block.get("content") or "") for block in blocks if block["type"] == "tool_result")


def message(request: Json, answer: Answer, message_id: str) -> Json:
    """The response of a request without `stream`."""
    return opened(request, message_id) | {
        "content": blocks(answer, message_id),
        "stop_reason": STOPS[answer.stop],
        "usage": usage(request, answer),
    }


def opened(request: Json, message_id: str) -> Json:
    """The message as a stream begins with it, without its usage."""
    return {
        "id": message_id,
        "type": "message",
        "role": "assistant",
        "model": request["model"],
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
    }


def blocks(answer: Answer, message_id: str) -> list[Json]:
    """The content blocks: thinking with its signature, then text or tool uses."""
    made: list[Json] = []
    if answer.reasoning:
        signature = identifier("", f"{message_id}/signature", 64)
        made.append({"type": "thinking", "thinking": answer.reasoning, "signature": signature})
    if answer.text:
        made.append({"type": "text", "text": answer.text})
    for place, use in enumerate(answer.uses):
        use_id = identifier("toolu_", f"{message_id}/{place}")
        made.append({"type": "tool_use", "id": use_id, "name": use.name, "input": use.arguments})
    return made


def usage(request: Json, answer: Answer) -> Json:
    """Token counts; a system prompt marked for caching counts as read from the cache."""
    cached = cached_tokens(request)
    return {
        "input_tokens": max(answer.input_tokens - cached, 0),
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": cached,
        "cache_creation": {"ephemeral_5m_input_tokens": 0, "ephemeral_1h_input_tokens": 0},
        "output_tokens": answer.output_tokens,
        "service_tier": "standard",
    }


def cached_tokens(request: Json) -> int:
    """The tokens of system blocks that carry `cache_control`."""
    system = request.get("system")
    marked = [block for block in system if block.get("cache_control")] if isinstance(system, list) else []
    return tokens(text_of(marked))


def events(request: Json, answer: Answer, message_id: str) -> Iterator[Json]:
    """The stream's events in order; each one's `type` is also its SSE event name."""
    counted = usage(request, answer)
    yield {"type": "message_start", "message": opened(request, message_id) | {"usage": counted | {"output_tokens": 1}}}
    for index, block in enumerate(blocks(answer, message_id)):
        yield from _block_events(index, block)
        if not index:
            yield {"type": "ping"}
    stopped = {"stop_reason": STOPS[answer.stop], "stop_sequence": None}
    final = {name: counted[name] for name in counted if name.endswith("tokens")}
    yield {"type": "message_delta", "delta": stopped, "usage": final}
    yield {"type": "message_stop"}


def _block_events(index: int, block: Json) -> Iterator[Json]:
    empty: Json = {"text": {"text": ""}, "thinking": {"thinking": "", "signature": ""}, "tool_use": {"input": {}}}
    yield {"type": "content_block_start", "index": index, "content_block": block | empty[block["type"]]}
    for delta in _deltas(block):
        yield {"type": "content_block_delta", "index": index, "delta": delta}
    yield {"type": "content_block_stop", "index": index}


def _deltas(block: Json) -> Iterator[Json]:
    match block["type"]:
        case "text":
            for text in grouped(block["text"], 4):
                yield {"type": "text_delta", "text": text}
        case "thinking":
            for text in grouped(block["thinking"], 4):
                yield {"type": "thinking_delta", "thinking": text}
            yield {"type": "signature_delta", "signature": block["signature"]}
        case _:
            yield {"type": "input_json_delta", "partial_json": ""}
            for part in grouped(msgspec.json.encode(block["input"]).decode(), 3):
                yield {"type": "input_json_delta", "partial_json": part}
