# SPDX-License-Identifier: Apache-2.0
"""Marks: what headers, parameters and bodies of an exchange say about the terms it runs under, kept as labels.

A label states a fact of the wire ("the answer said that zero retention was off"), never a judgement. What host, path
and model tell is in a call's own fields and needs no mark. Each stands for a marker of the registry of terms, whose
sources it shares.
"""

import re
from collections.abc import Callable, Set
from typing import Any, Final, NamedTuple

from auditor.dialects.values import obj, objs
from auditor.dialects.wire import Wire


class Mark(NamedTuple):
    """One mark: its label, the registry's marker it stands for (where it has one), and what it says.

    `fields` are the request's fields it rests on: where none of them is there, it is not looked for.
    """

    label: str
    marker: str | None
    says: str
    is_seen: Callable[[Wire], bool]
    fields: tuple[str, ...] = ()


_FREE_TIER: Final = re.compile(rb"-FreeTier|free_tier_requests")
_TRIAL_KEY: Final = b"You are using a Trial key"
_ZERO_RETENTION: Final = "x-zero-data-retention"


def _is(wire: Wire, provider: str) -> bool:
    return wire.provider is not None and wire.provider.name == provider


def _free_tier(wire: Wire) -> bool:
    """Gemini's quota ids name the tier (https://ai.google.dev/gemini-api/docs/rate-limits)."""
    if wire.status != 429 or wire.response is None or not _is(wire, "gcp.gemini"):
        return False
    return _FREE_TIER.search(wire.response.body) is not None


def _trial_key(wire: Wire) -> bool:
    """Cohere's refusals name trial keys (https://docs.cohere.com/docs/rate-limits)."""
    if (wire.status or 0) < 400 or wire.response is None or not _is(wire, "cohere"):
        return False
    return _TRIAL_KEY in wire.response.body


def _header_says(wire: Wire, name: str, value: str) -> bool:
    return (wire.header(name) or "").strip().lower() == value


def _store(wire: Wire) -> bool:
    """Whether an answer is kept for later: OpenAI's Responses keep unless told not to, chats only where asked."""
    if wire.method != "POST":
        return False
    if wire.path.endswith("/responses"):
        return bool(wire.asked) and wire.asked.get("store") is not False
    return wire.asked.get("store") is True


def _logprobs(wire: Wire) -> bool:
    generation = obj(wire.asked.get("generationConfig"))
    return bool(wire.asked.get("logprobs") or wire.asked.get("top_logprobs") or generation.get("responseLogprobs"))


def _grounded(wire: Wire) -> bool:
    tools = objs(wire.asked.get("tools"))
    return any(name in tool for tool in tools for name in ("google_search", "googleSearch", "google_search_retrieval"))


def _safety_off(wire: Wire) -> bool:
    settings = objs(wire.asked.get("safetySettings") or wire.asked.get("safety_settings"))
    return any(setting.get("threshold") in ("BLOCK_NONE", "OFF") for setting in settings)


def _router(wire: Wire, name: str, value: Any) -> bool:
    """A preference of OpenRouter's routing (https://openrouter.ai/docs/features/provider-routing)."""
    return bool(obj(wire.asked.get("provider")).get(name) == value)


MARKS: Final[tuple[Mark, ...]] = (
    Mark("free-tier", "gemini-free-quota", "The provider refused under the quota of its unpaid tier.", _free_tier),
    Mark("trial-key", "cohere-trial-429", "The provider named the key a trial key.", _trial_key),
    Mark(
        "zero-retention-off",
        "xai-zdr-header",
        "The answer said that zero retention was not active.",
        lambda wire: _header_says(wire, _ZERO_RETENTION, "false"),
    ),
    Mark(
        "zero-retention-on",
        "xai-zdr-header",
        "The answer said that zero retention was active.",
        lambda wire: _header_says(wire, _ZERO_RETENTION, "true"),
    ),
    Mark(
        "logging-off",
        "elevenlabs-logging",
        "The request asked not to be logged.",
        lambda wire: wire.query.get("enable_logging") == "false",
    ),
    Mark("stored", "openai-store", "The provider keeps the answer for later calls.", _store),
    Mark(
        "logprobs",
        "logprobs",
        "The request asked for the probabilities of tokens.",
        _logprobs,
        ("logprobs", "top_logprobs", "generationConfig"),
    ),
    Mark(
        "logit-bias",
        None,
        "The request pushed tokens up or down.",
        lambda wire: bool(obj(wire.asked.get("logit_bias"))),
        ("logit_bias",),
    ),
    Mark(
        "web-grounding",
        "gemini-search-grounding",
        "The answer may rest on a web search of Google's.",
        _grounded,
        ("tools",),
    ),
    Mark(
        "safety-off",
        "gemini-safety-off",
        "The request switched safety filters off.",
        _safety_off,
        ("safetySettings", "safety_settings"),
    ),
    Mark(
        "collection-denied",
        "openrouter-deny",
        "The request barred upstream providers that keep or train.",
        lambda wire: _router(wire, "data_collection", "deny") or _router(wire, "zdr", True),
        ("provider",),
    ),
    Mark(
        "geography-chosen",
        "anthropic-inference-geo",
        "The request named the geography of inference.",
        lambda wire: bool(wire.asked.get("inference_geo")),
        ("inference_geo",),
    ),
    Mark(
        "request-metadata",
        None,
        "The request carried metadata or tags of the customer's own.",
        lambda wire: bool(obj(wire.asked.get("requestMetadata")) or obj(wire.asked.get("metadata"))),
        ("requestMetadata", "metadata"),
    ),
)


def labels(wire: Wire) -> tuple[str, ...]:
    """The labels of an exchange, in the order of the table. What cannot be read bears none."""
    asked = _asked(wire)
    return tuple([mark.label for mark in MARKS if _is_seen(mark, wire, asked)])


def _asked(wire: Wire) -> Set[str]:
    try:
        return wire.asked.keys()
    except (ValueError, TypeError):
        return frozenset()


def _is_seen(mark: Mark, wire: Wire, asked: Set[str]) -> bool:
    if mark.fields and asked.isdisjoint(mark.fields):
        return False
    try:
        return mark.is_seen(wire)
    except (ValueError, TypeError):  # a body nobody foresaw costs the mark only
        return False
