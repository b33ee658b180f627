# SPDX-License-Identifier: Apache-2.0
"""What a call cost, from the public price list of genai-prices; None where no price is known.

Prices are looked up for the time of the call. The list works offline; it is as new as the installed package.
"""

from datetime import datetime
from functools import lru_cache

from genai_prices import Usage as PricedUsage
from genai_prices.data_snapshot import get_snapshot
from genai_prices.types import ModelInfo, Provider

from auditor.calls import Usage

_LISTED_AS = {
    "azure.ai.openai": "azure",
    "azure.ai.inference": "azure",
    "aws.bedrock": "aws",
    "gcp.gemini": "google",
    "gcp.vertex_ai": "google",
    "mistral_ai": "mistral",
    "moonshot_ai": "moonshotai",
    "together_ai": "together",
    "fireworks_ai": "fireworks",
    "x_ai": "x-ai",
    "z_ai": "zai",
    "zhipu_ai": "zhipuai",
    "github_copilot": "github-copilot",
}
"""Our provider names and the list's, where they differ by more than nothing."""


def cost_usd(provider: str | None, model: str | None, usage: Usage, at: datetime) -> float | None:
    """The price in US dollars of a call's tokens, cached ones at their own price; None where it is not known."""
    if provider is None or model is None or (usage.input_tokens is None and usage.output_tokens is None):
        return None
    found = _priced(provider, model)
    if found is None:
        return None
    try:
        price = found[1].calc_price(_counted(usage), found[0], genai_request_timestamp=at)
    except (LookupError, ValueError):
        return None
    return float(price.total_price)


def _counted(usage: Usage) -> PricedUsage:
    return PricedUsage(
        input_tokens=usage.input_tokens or 0,
        cache_read_tokens=usage.cache_read_input_tokens or 0,
        cache_write_tokens=usage.cache_creation_input_tokens or 0,
        output_tokens=usage.output_tokens or 0,
    )


@lru_cache(maxsize=2048)
def _priced(provider: str, model: str) -> tuple[Provider, ModelInfo] | None:
    try:
        return get_snapshot().find_provider_model(
            model.removeprefix("models/"), None, _LISTED_AS.get(provider, provider), None
        )
    except LookupError:
        return None
