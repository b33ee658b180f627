# SPDX-License-Identifier: Apache-2.0
"""What the wire says about the terms a call runs under."""

from pathlib import Path
from typing import Any

import pytest

from auditor.dialects.marks import MARKS
from auditor.terms import Registry
from tests.auditor.dialects.exchanges import exchange, read

OPENAI = "https://api.openai.com/v1/chat/completions"
RESPONSES = "https://api.openai.com/v1/responses"
GEMINI = "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent"
COHERE = "https://api.cohere.com/v2/chat"
ROUTER = "https://openrouter.ai/api/v1/chat/completions"
SAID = [{"role": "user", "content": "Ebb?"}]
CONTENTS: dict[str, Any] = {"contents": [{"role": "user", "parts": [{"text": "Ebb?"}]}]}
QUOTA = {"error": {"code": 429, "details": [{"violations": [{"quotaId": "GenerateRequestsPerDay-FreeTier"}]}]}}
TRIAL = "You are using a Trial key, which is limited"
PAID = {"error": {"code": 429, "details": [{"violations": [{"quotaId": "GenerateRequestsPerDay-PaidTier1"}]}]}}


@pytest.mark.parametrize(
    ("url", "asked", "label", "more"),
    [
        (GEMINI, CONTENTS, "free-tier", {"response": QUOTA, "status": 429}),
        (
            COHERE,
            {"messages": SAID},
            "trial-key",
            {"response": {"message": "You are using a Trial key"}, "status": 429},
        ),
        (
            "https://api.x.ai/v1/chat/completions",
            {"messages": SAID},
            "zero-retention-off",
            {"response": {}, "returns": {"X-Zero-Data-Retention": "false"}},
        ),
        (
            "https://api.x.ai/v1/chat/completions",
            {"messages": SAID},
            "zero-retention-on",
            {"response": {}, "returns": {"x-zero-data-retention": "true"}},
        ),
        (RESPONSES, {"input": "Ebb?"}, "stored", {}),
        (OPENAI, {"messages": SAID, "store": True}, "stored", {}),
        (OPENAI, {"messages": SAID, "logprobs": True}, "logprobs", {}),
        (GEMINI, CONTENTS | {"generationConfig": {"responseLogprobs": True}}, "logprobs", {}),
        (OPENAI, {"messages": SAID, "logit_bias": {"50256": -100}}, "logit-bias", {}),
        (GEMINI, CONTENTS | {"tools": [{"google_search": {}}]}, "web-grounding", {}),
        (
            GEMINI,
            CONTENTS | {"safetySettings": [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "BLOCK_NONE"}]},
            "safety-off",
            {},
        ),
        (ROUTER, {"messages": SAID, "provider": {"zdr": True}}, "collection-denied", {}),
        (ROUTER, {"messages": SAID, "provider": {"data_collection": "deny"}}, "collection-denied", {}),
        (
            "https://api.anthropic.com/v1/messages",
            {"messages": SAID, "inference_geo": "us"},
            "geography-chosen",
            {},
        ),
        (OPENAI, {"messages": SAID, "metadata": {"ticket": "7"}}, "request-metadata", {}),
    ],
)
def test_a_mark_is_read(url: str, asked: Any, label: str, more: dict[str, Any]) -> None:
    assert read(_exchange(url, asked, **more)).call.labels == (label,)


@pytest.mark.parametrize(
    ("url", "asked", "more"),
    [
        (GEMINI, CONTENTS, {"response": PAID, "status": 429}),
        (OPENAI, {"messages": SAID}, {"response": QUOTA, "status": 429}),
        (RESPONSES, {"input": "Ebb?", "store": False}, {}),
        (OPENAI, {"messages": SAID, "logprobs": False, "logit_bias": {}}, {}),
        (GEMINI, CONTENTS | {"tools": [{"function_declarations": []}], "safetySettings": 3}, {}),
        (ROUTER, {"messages": SAID, "provider": {"zdr": False, "data_collection": "allow"}}, {}),
        (ROUTER, {"messages": SAID, "provider": "openai"}, {}),
    ],
)
def test_what_is_near_a_mark_is_none(url: str, asked: Any, more: dict[str, Any]) -> None:
    assert read(_exchange(url, asked, **more)).call.labels == ()


def test_the_region_of_a_host_is_told() -> None:
    assert read(exchange("https://eu.api.openai.com/v1/chat/completions", {"messages": SAID}, {})).call.region == "eu"
    assert read(exchange(OPENAI, {"messages": SAID}, {})).call.region is None


def test_marks_stand_for_markers_of_the_registry() -> None:
    known = {marker.id for marker in Registry.load().markers}
    assert {mark.marker for mark in MARKS if mark.marker} <= known
    assert len({mark.label for mark in MARKS}) == len(MARKS)


def test_the_documentation_lists_every_mark() -> None:
    text = (Path(__file__).parents[3] / "docs" / "rules.md").read_text()
    for mark in MARKS:
        assert f"| `{mark.label}` | {mark.says} |\n" in text


def _exchange(url: str, asked: Any, **more: Any) -> Any:
    return exchange(url, asked, **({"response": {}} | more))
