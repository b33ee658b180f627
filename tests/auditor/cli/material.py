# SPDX-License-Identifier: Apache-2.0
"""A small day of calls, written by us, as an import takes it: clean, with personal data, streamed, failed, a socket."""

import json
from typing import Any

URL = "https://api.openai.com/v1/chat/completions"
KEY = "Bearer sk-proj-canary7f3kcanary7f3kcanary7f3k"
SECRET_WORD = "Rhabarberkuchen"
ADDRESS = "zoe.keller@example.org"


def exchange(
    minute: int, prompt: str, answer: dict[str, Any], status: int = 200, user: str = "alice"
) -> dict[str, Any]:
    request = {"model": "gpt-4o", "messages": [{"role": "user", "content": prompt}]}
    return {
        "time": f"2026-11-23T12:{minute:02}:00Z",
        "duration_ms": 812,
        "client": {"address": "10.0.0.7", "user": user},
        "request": {
            "method": "POST",
            "url": URL,
            "headers": [["content-type", "application/json"], ["authorization", KEY]],
            "body": json.dumps(request),
        },
        "response": {
            "status": status,
            "headers": [["content-type", "application/json"]],
            "body": json.dumps(answer),
        },
    }


def completion(text: str, number: int, **message: Any) -> dict[str, Any]:
    said = {"role": "assistant", "content": text, **message}
    return {
        "id": f"chatcmpl-{number}",
        "object": "chat.completion",
        "model": "gpt-4o-2024-08-06",
        "choices": [{"index": 0, "message": said, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 10 + number, "completion_tokens": 5, "total_tokens": 15 + number},
    }


def day() -> bytes:
    """Three calls as NDJSON: a recipe, a letter with an address in it, and one the provider refused."""
    lines = (
        exchange(0, f"A recipe for {SECRET_WORD}, please.", completion("Take rhubarb.", 0)),
        exchange(1, f"Write to {ADDRESS}.", completion("Done.", 1), user="bob"),
        exchange(2, "Hello?", {"error": {"message": "Rate limit", "type": "rate_limit_exceeded"}}, 429),
    )
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)
