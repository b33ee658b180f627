# SPDX-License-Identifier: Apache-2.0
"""Bytes that a reading describes are found again by their hash, wherever a format puts them."""

import base64
import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from auditor.calls import Blob, Exchange, Request
from auditor.dialects import carried, parse
from auditor.privacy.texts import documents
from auditor.providers import Providers

DATA = b"\x89PNG\r\n\x1a\n made here " + bytes(range(40))
ENCODED = base64.b64encode(DATA).decode()
PROVIDERS = Providers.load()


def exchange(url: str, parts: list[dict[str, Any]]) -> Exchange:
    body = {"model": "m", "messages": [{"role": "user", "content": parts}], "max_tokens": 9}
    headers = (("content-type", "application/json"),)
    request = Request(method="POST", url=url, headers=headers, body=json.dumps(body).encode())
    return Exchange(id="x", time=datetime(2026, 11, 23, tzinfo=UTC), request=request)


@pytest.mark.parametrize(
    ("url", "part"),
    [
        (
            "https://api.openai.com/v1/chat/completions",
            {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{ENCODED}"}},
        ),
        (
            "https://api.anthropic.com/v1/messages",
            {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": ENCODED}},
        ),
    ],
    ids=["openai", "anthropic"],
)
def test_a_picture_is_found_by_its_hash(url: str, part: dict[str, Any]) -> None:
    captured = exchange(url, [{"type": "text", "text": "What is it?"}, part])
    (reading,) = parse(captured, PROVIDERS)
    (described,) = documents(reading.content)
    assert described == Blob(
        modality="image", mime_type="image/png", size=len(DATA), sha256=hashlib.sha256(DATA).hexdigest()
    )
    assert carried(captured, PROVIDERS, described.sha256 or "") == DATA
    assert carried(captured, PROVIDERS, "0" * 64) is None
