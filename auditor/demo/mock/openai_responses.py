# SPDX-License-Identifier: Apache-2.0
"""OpenAI's responses, written from https://platform.openai.com/docs/api-reference/responses and …/responses-streaming.

Pure: a request's JSON in, the response object or its stream of named events out. A stream's last event carries the
same response object a request without `stream` would have got.
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from auditor.demo.mock.model import Answer, Prompt, grouped, identifier
from auditor.demo.mock.openai_chat import REASONING_MODELS, choice, snapshot, text_of, tool, trailing_results

type Json = dict[str, Any]


def prompt(request: Json) -> Prompt:
    """Reads what a request asks: `input` is a text, or a list of messages and tool results."""
    stated = request["input"]
    messages = [message(item) for item in ([stated] if isinstance(stated, str) else stated)]
    said = [text_of(item["content"]) for item in messages]
    users = [text for item, text in zip(messages, said, strict=True) if item["role"] == "user"]
    instructions = request.get("instructions") or ""
    return Prompt(
        model=request["model"],
        user=users[-1] if users else "",
        everything="\n".join((instructions, *said)),
        system=instructions,
        tools=tuple(tool(offer) for offer in request.get("tools") or () if offer["type"] == "function"),
        results=trailing_results(messages, said),
        choice=choice(request.get("tool_choice", "auto")),
        reasoning=request["model"].startswith(REASONING_MODELS),
        limit=request.get("max_output_tokens"),
    )


def message(item: Any) -> Json:
    """An input item in the shape of a chat message."""
    if isinstance(item, str):
        return {"role": "user", "content": item}
    if item.get("type") == "function_call_output":
        return {"role": "tool", "content": item["output"]}
    return {"role": item.get("role", "assistant"), "content": item.get("content") or item.get("arguments") or ""}


def response(request: Json, answer: Answer, response_id: str, created: int) -> Json:
    """The finished response object."""
    started = opened(request, response_id, created)
    incomplete = answer.stop == "length"
    return started | {
        "status": "incomplete" if incomplete else "completed",
        "incomplete_details": {"reason": "max_output_tokens"} if incomplete else None,
        "output": items(request, answer, response_id),
        "usage": usage(answer),
    }


def opened(request: Json, response_id: str, created: int) -> Json:
    """The response object as a stream begins with it."""
    return {
        "id": response_id,
        "object": "response",
        "created_at": created,
        "status": "in_progress",
        "background": False,
        "error": None,
        "incomplete_details": None,
        "instructions": request.get("instructions"),
        "max_output_tokens": request.get("max_output_tokens"),
        "metadata": request.get("metadata") or {},
        "model": snapshot(request["model"]),
        "output": [],
        "parallel_tool_calls": True,
        "previous_response_id": request.get("previous_response_id"),
        "reasoning": {"effort": None, "summary": None} | (request.get("reasoning") or {}),
        "service_tier": "default",
        "store": request.get("store", True),
        "temperature": request.get("temperature", 1.0),
        "text": request.get("text") or {"format": {"type": "text"}},
        "tool_choice": request.get("tool_choice", "auto"),
        "tools": request.get("tools") or [],
        "top_p": request.get("top_p", 1.0),
        "truncation": "disabled",
        "usage": None,
    }


def items(request: Json, answer: Answer, response_id: str) -> list[Json]:
    """The output items: reasoning (with a summary where one was asked for), then tool calls or the message."""
    made: list[Json] = []
    if answer.reasoning:
        asked = (request.get("reasoning") or {}).get("summary")
        summary = [{"type": "summary_text", "text": answer.reasoning}] if asked else []
        made.append({"id": identifier("rs_", response_id, 48), "type": "reasoning", "summary": summary})
    for place, use in enumerate(answer.uses):
        made.append(
            {
                "id": identifier("fc_", f"{response_id}/{place}", 48),
                "type": "function_call",
                "status": "completed",
                "arguments": msgspec.json.encode(use.arguments).decode(),
                "call_id": identifier("call_", f"{response_id}/{place}"),
                "name": use.name,
            }
        )
    if not answer.uses:
        part = {"type": "output_text", "annotations": [], "logprobs": [], "text": answer.text}
        made.append(
            {
                "id": identifier("msg_", response_id, 48),
                "type": "message",
                "status": "incomplete" if answer.stop == "length" else "completed",
                "content": [part],
                "role": "assistant",
            }
        )
    return made


def usage(answer: Answer) -> Json:
    """Token counts with their details."""
    return {
        "input_tokens": answer.input_tokens,
        "input_tokens_details": {"cached_tokens": answer.cached_tokens, "cache_write_tokens": 0},
        "output_tokens": answer.output_tokens,
        "output_tokens_details": {"reasoning_tokens": answer.reasoning_tokens},
        "total_tokens": answer.input_tokens + answer.output_tokens,
    }


def events(request: Json, answer: Answer, response_id: str, created: int) -> Iterator[Json]:
    """The stream's events, numbered in order; each one's `type` is also its SSE event name."""
    for number, event in enumerate(_events(request, answer, response_id, created)):
        yield event | {"sequence_number": number}


def _events(request: Json, answer: Answer, response_id: str, created: int) -> Iterator[Json]:
    started = opened(request, response_id, created)
    yield {"type": "response.created", "response": started}
    yield {"type": "response.in_progress", "response": started}
    for index, item in enumerate(items(request, answer, response_id)):
        yield from _item_events(index, item)
    finished = response(request, answer, response_id, created)
    yield {"type": f"response.{finished['status']}", "response": finished}


def _item_events(index: int, item: Json) -> Iterator[Json]:
    empty: Json = {"message": {"content": []}, "function_call": {"arguments": ""}, "reasoning": {"summary": []}}
    begun = item | empty[item["type"]] | ({"status": "in_progress"} if "status" in item else {})
    yield {"type": "response.output_item.added", "output_index": index, "item": begun}
    where = {"item_id": item["id"], "output_index": index}
    match item["type"]:
        case "message":
            yield from _text_events(where | {"content_index": 0}, item["content"][0])
        case "function_call":
            yield from _argument_events(where, item)
        case _:
            for part in item["summary"]:
                yield from _summary_events(where | {"summary_index": 0}, part)
    yield {"type": "response.output_item.done", "output_index": index, "item": item}


def _text_events(where: Json, part: Json) -> Iterator[Json]:
    yield {"type": "response.content_part.added", **where, "part": part | {"text": ""}}
    for delta in grouped(part["text"], 1):
        yield {"type": "response.output_text.delta", **where, "delta": delta, "logprobs": []}
    yield {"type": "response.output_text.done", **where, "text": part["text"], "logprobs": []}
    yield {"type": "response.content_part.done", **where, "part": part}


def _argument_events(where: Json, item: Json) -> Iterator[Json]:
    for delta in grouped(item["arguments"], 2):
        yield {"type": "response.function_call_arguments.delta", **where, "delta": delta}
    done = {"name": item["name"], "arguments": item["arguments"]}
    yield {"type": "response.function_call_arguments.done", **where, **done}


def _summary_events(where: Json, part: Json) -> Iterator[Json]:
    yield {"type": "response.reasoning_summary_part.added", **where, "part": part | {"text": ""}}
    for delta in grouped(part["text"], 3):
        yield {"type": "response.reasoning_summary_text.delta", **where, "delta": delta}
    yield {"type": "response.reasoning_summary_text.done", **where, "text": part["text"]}
    yield {"type": "response.reasoning_summary_part.done", **where, "part": part}
