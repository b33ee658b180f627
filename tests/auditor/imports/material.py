# SPDX-License-Identifier: Apache-2.0
"""Recordings written by us: an NDJSON line, a HAR entry, and documents around them."""

import base64
import json
from typing import Any

SSE = b'data: {"id":"chatcmpl-1","choices":[]}\n\ndata: [DONE]\n\n'


def line(**changes: Any) -> dict[str, Any]:
    """An exchange as the contract documents it, with top-level fields replaced."""
    return {
        "time": "2026-11-23T12:00:00Z",
        "duration_ms": 812,
        "client": {"address": "10.0.0.7", "user": "alice"},
        "request": {
            "method": "POST",
            "url": "https://api.openai.com/v1/chat/completions",
            "headers": [["content-type", "application/json"], ["x-trace", "1"], ["x-trace", "2"]],
            "body": '{"model": "gpt-4o", "messages": [{"role": "user", "content": "Guten Tag, Zoë"}]}',
        },
        "response": {
            "status": 200,
            "headers": [["content-type", "text/event-stream"]],
            "body_b64": base64.b64encode(SSE).decode(),
        },
    } | changes


def entry(**changes: Any) -> dict[str, Any]:
    """A HAR entry as a browser writes it, with top-level fields replaced."""
    return {
        "startedDateTime": "2026-11-23T13:00:00.250+01:00",
        "time": 812.5,
        "request": {
            "method": "POST",
            "url": "https://api.anthropic.com/v1/messages",
            "httpVersion": "h2",
            "headers": [{"name": "content-type", "value": "application/json"}],
            "queryString": [],
            "cookies": [],
            "headersSize": -1,
            "bodySize": -1,
            "postData": {"mimeType": "application/json", "text": '{"model": "claude-sonnet-5"}'},
        },
        "response": {
            "status": 200,
            "statusText": "OK",
            "httpVersion": "h2",
            "headers": [{"name": "content-type", "value": "application/json"}],
            "cookies": [],
            "content": {"size": 15, "mimeType": "application/json", "text": '{"type": "msg"}'},
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": -1,
        },
        "cache": {},
        "timings": {"blocked": 2.5, "dns": -1, "connect": -1, "send": 0.5, "wait": 117, "receive": 690},
        "serverIPAddress": "192.0.2.7",
    } | changes


def har(*entries: Any) -> bytes:
    """A HAR document of these entries."""
    return json.dumps({"log": {"version": "1.2", "creator": {"name": "test"}, "entries": list(entries)}}).encode()


def ndjson(*lines: Any) -> bytes:
    """NDJSON of these values; bytes stand for themselves."""
    return b"".join((x if isinstance(x, bytes) else json.dumps(x).encode()) + b"\n" for x in lines)
