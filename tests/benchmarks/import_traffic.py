# SPDX-License-Identifier: Apache-2.0
"""Traffic of our own making for the benchmark of imports: conversations of five formats, and a browser's other loads.

Conversations repeat their history at every turn, answers come whole or as streams, one text in twenty holds an
address or a number. The same seed gives the same traffic.
"""

import json
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

type Json = dict[str, Any]

FIRST = datetime(2026, 11, 1, tzinfo=UTC)
_TURNS = 4
_SENTENCE = 12
_WORDS = (
    *("the", "of", "and", "to", "a", "in", "that", "we", "for", "is", "on", "with", "as", "it", "by", "this", "from"),
    *("tide", "vessel", "harbour", "cargo", "berth", "schedule", "contract", "invoice", "customer", "route", "depot"),
    *("warehouse", "delay", "fuel", "crew", "weather", "estimate", "forecast", "summary", "table", "column", "query"),
    *("function", "error", "retry", "index", "value", "buffer", "thread", "request", "response", "their", "more"),
)
_STREAM = {"content-type": "text/event-stream"}
_PLAIN = {"content-type": "application/json"}


def exchanges(count: int, seed: int = 1) -> Iterator[Json]:
    """Exchanges as `auditor import` reads them from NDJSON."""
    chance = random.Random(seed)
    number = 0
    while True:
        form = chance.choice(_FORMS)
        user = f"user{chance.randrange(200)}"
        history: list[tuple[str, str]] = []
        for _ in range(_TURNS):
            history.append(("user", _prose(chance, 30, 220)))
            answer = _prose(chance, 20, 160)
            url, asked, headers, answered = form(history, answer, number)
            yield _line(number, user, url, asked, headers, answered)
            history.append(("assistant", answer))
            number += 1
            if number == count:
                return


def entries(count: int, seed: int = 1) -> Iterator[Json]:
    """Entries of a HAR: two of three are pages, scripts and pictures of other hosts, as a browser loads them."""
    chance = random.Random(seed)
    traffic = exchanges(count, seed)
    for number in range(count):
        one = next(traffic) if number % 3 == 0 else _asset(chance, number)
        yield _entry(one)


def _prose(chance: random.Random, fewest: int, most: int) -> str:
    wanted = chance.randrange(fewest, most)
    sentences = [_sentence(chance) for _ in range(wanted // _SENTENCE + 1)]
    if chance.random() < 0.05:
        sentences.insert(len(sentences) // 2, f"Write to mara.{chance.choice(_WORDS)}@example.org or call 030 901820.")
    return " ".join(sentences)


def _sentence(chance: random.Random) -> str:
    return " ".join(chance.choices(_WORDS, k=chance.randrange(6, 2 * _SENTENCE - 6))).capitalize() + "."


def _line(number: int, user: str, url: str, asked: Json, headers: Json, answered: str) -> Json:
    sends = {
        "content-type": "application/json",
        "user-agent": "OpenAI/Python 2.8.1",
        "authorization": f"Bearer {user}-k",
    }
    return {
        "time": (FIRST + timedelta(seconds=number)).isoformat(),
        "duration_ms": 900,
        "client": {"user": user},
        "request": {"method": "POST", "url": url, "headers": list(sends.items()), "body": json.dumps(asked)},
        "response": {"status": 200, "headers": [*headers.items(), ("x-request-id", f"r{number}")], "body": answered},
    }


# --- five formats -----------------------------------------------------------------------------------------------

type _Form = Callable[[list[tuple[str, str]], str, int], tuple[str, Json, Json, str]]


def _sse(*events: Json, done: bool = False) -> str:
    lines = [
        f"event: {one['type']}\ndata: {json.dumps(one)}" if "type" in one else f"data: {json.dumps(one)}"
        for one in events
    ]
    return "\n\n".join((*lines, "data: [DONE]" if done else "")) + "\n\n"


def _pieces(answer: str) -> list[str]:
    words = answer.split(" ")
    pieces = [" ".join(words[place : place + 2]) + " " for place in range(0, len(words), 2)]
    return [*pieces[:-1], pieces[-1].removesuffix(" ")]  # clients send back what came, character by character


def _messages(history: list[tuple[str, str]]) -> list[Json]:
    return [{"role": role, "content": text} for role, text in history]


def _chat(history: list[tuple[str, str]], answer: str, number: int) -> tuple[str, Json, Json, str]:
    asked = {"model": "gpt-4o", "messages": _messages(history)}
    body = {
        "id": f"chatcmpl-{number}",
        "model": "gpt-4o-2024-08-06",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": answer}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 900, "completion_tokens": 120, "total_tokens": 1020},
    }
    return "https://api.openai.com/v1/chat/completions", asked, _PLAIN, json.dumps(body)


def _chat_stream(history: list[tuple[str, str]], answer: str, number: int) -> tuple[str, Json, Json, str]:
    head = {"id": f"chatcmpl-{number}", "model": "gpt-4o-2024-08-06", "object": "chat.completion.chunk"}
    chunks = [{**head, "choices": [{"index": 0, "delta": {"content": one}}]} for one in _pieces(answer)]
    last = {**head, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
    asked = {"model": "gpt-4o", "stream": True, "messages": _messages(history)}
    return "https://api.openai.com/v1/chat/completions", asked, _STREAM, _sse(*chunks, last, done=True)


def _messages_stream(history: list[tuple[str, str]], answer: str, number: int) -> tuple[str, Json, Json, str]:
    start = {"id": f"msg_{number}", "model": "claude-sonnet-4-5", "usage": {"input_tokens": 900, "output_tokens": 1}}
    deltas = [
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": one}}
        for one in _pieces(answer)
    ]
    events = (
        {"type": "message_start", "message": start},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        *deltas,
        {"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 120}},
        {"type": "message_stop"},
    )
    asked = {"model": "claude-sonnet-4-5", "max_tokens": 900, "stream": True, "messages": _messages(history)}
    return "https://api.anthropic.com/v1/messages", asked, _STREAM, _sse(*events)


def _responses(history: list[tuple[str, str]], answer: str, number: int) -> tuple[str, Json, Json, str]:
    said = {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": answer}]}
    body = {
        "id": f"resp_{number}",
        "model": "gpt-5",
        "status": "completed",
        "output": [said],
        "usage": {"input_tokens": 900, "output_tokens": 120},
    }
    return (
        "https://api.openai.com/v1/responses",
        {"model": "gpt-5", "input": _messages(history)},
        _PLAIN,
        json.dumps(body),
    )


def _gemini(history: list[tuple[str, str]], answer: str, number: int) -> tuple[str, Json, Json, str]:
    roles = {"user": "user", "assistant": "model"}
    contents = [{"role": roles[role], "parts": [{"text": text}]} for role, text in history]
    body = {
        "candidates": [{"content": {"role": "model", "parts": [{"text": answer}]}, "finishReason": "STOP"}],
        "usageMetadata": {"promptTokenCount": 900, "candidatesTokenCount": 120},
        "modelVersion": "gemini-2.5-flash",
        "responseId": f"g{number}",
    }
    url = "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent"
    return url, {"contents": contents}, _PLAIN, json.dumps(body)


_FORMS: tuple[_Form, ...] = (_chat, _chat_stream, _messages_stream, _responses, _gemini)


# --- a browser --------------------------------------------------------------------------------------------------


def _asset(chance: random.Random, number: int) -> Json:
    text = " ".join(chance.choices(_WORDS, k=8000))
    return {
        "time": (FIRST + timedelta(seconds=number)).isoformat(),
        "request": {"method": "GET", "url": f"https://static.example.org/app/{number}.js", "headers": [], "body": ""},
        "response": {"status": 200, "headers": [("content-type", "text/javascript")], "body": text},
    }


def _entry(one: Json) -> Json:
    asked, answered = one["request"], one["response"]
    return {
        "startedDateTime": one["time"],
        "time": 900,
        "request": {
            "method": asked["method"],
            "url": asked["url"],
            "httpVersion": "h2",
            "headers": [{"name": name, "value": value} for name, value in asked["headers"]],
            "queryString": [],
            "cookies": [],
            "postData": {"mimeType": "application/json", "text": asked["body"]},
        },
        "response": {
            "status": answered["status"],
            "statusText": "",
            "headers": [{"name": name, "value": value} for name, value in answered["headers"]],
            "content": {"size": len(answered["body"]), "mimeType": "text/plain", "text": answered["body"]},
        },
        "cache": {},
        "timings": {"send": 1, "wait": 800, "receive": 99},
    }
