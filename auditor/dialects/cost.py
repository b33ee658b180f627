# SPDX-License-Identifier: Apache-2.0
"""What a call cost, from the public price list of genai-prices; None where no price is known.

Prices are looked up for the time of the call. The list works offline; it is as new as the installed package.
Prices are so much a token, so the list is asked once what each kind of token costs: asking it for every call would
take longer than reading the call. Where a price changes with the length of the input, that holds up to its first
tier; longer calls are asked for each time. The list is imported when the first call is priced: it takes longer to
load than all the rest of this room.
"""

import sys
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from auditor.calls import Usage

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo, ModelPrice

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
"""Our provider names and the list's, where they differ."""

_SAMPLE = 1_000_000


class _Rates(NamedTuple):
    """US dollars: for a call as such, and for a token of each kind; cached ones beyond the price of plain input.

    They hold for calls of up to `longest` input tokens.
    """

    longest: int
    call: float
    input: float
    cache_read: float
    cache_write: float
    output: float


def cost_usd(provider: str | None, model: str | None, usage: Usage, at: datetime) -> float | None:
    """The price in US dollars of a call's tokens, cached ones at their own price; None where it is not known."""
    if provider is None or model is None or (usage.input_tokens is None and usage.output_tokens is None):
        return None
    found = _listed(provider, model)
    if found is None:
        return None
    price = found.get_prices(at)
    rates = _rates(_ById(price))
    try:
        return _at_rates(rates, usage) if rates and (usage.input_tokens or 0) <= rates.longest else _asked(price, usage)
    except (LookupError, ValueError):
        return None


def _at_rates(rates: _Rates, usage: Usage) -> float | None:
    sent, received = usage.input_tokens or 0, usage.output_tokens or 0
    read, written = usage.cache_read_input_tokens or 0, usage.cache_creation_input_tokens or 0
    if read + written > sent:
        return None  # counts that contradict each other have no price
    cached = read * rates.cache_read + written * rates.cache_write
    return round(rates.call + sent * rates.input + cached + received * rates.output, 12)


class _ById:
    """A price as a key: the list's prices are compared by identity, which is cheap, and kept alive by the cache."""

    def __init__(self, price: "ModelPrice") -> None:
        self.price = price

    def __hash__(self) -> int:
        return id(self.price)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ById) and other.price is self.price


@lru_cache(maxsize=4096)
def _rates(key: _ById) -> _Rates | None:
    """What each kind of token costs, or None where the list does not say for some kind."""
    price, longest = key.price, _first_tier(key.price)
    sample = min(longest, _SAMPLE)
    try:
        call = _asked(price, Usage(input_tokens=0, output_tokens=0))
        plain = _asked(price, Usage(input_tokens=sample))
        read = _asked(price, Usage(input_tokens=sample, cache_read_input_tokens=sample))
        written = _asked(price, Usage(input_tokens=sample, cache_creation_input_tokens=sample))
        received = _asked(price, Usage(output_tokens=sample))
    except (LookupError, ValueError):
        return None
    beyond = (one / sample for one in (plain - call, read - plain, written - plain, received - call))
    return _Rates(longest, call, *beyond)


def _first_tier(price: "ModelPrice") -> int:
    """The longest input, in tokens, that costs the base price."""
    from genai_prices.types import TieredPrices

    tiered = (value for value in vars(price).values() if isinstance(value, TieredPrices))
    return min((tier.start for value in tiered for tier in value.tiers), default=sys.maxsize)


def _asked(price: "ModelPrice", usage: Usage) -> float:
    from genai_prices import Usage as PricedUsage

    counted = PricedUsage(
        input_tokens=usage.input_tokens or 0,
        cache_read_tokens=usage.cache_read_input_tokens or 0,
        cache_write_tokens=usage.cache_creation_input_tokens or 0,
        output_tokens=usage.output_tokens or 0,
    )
    return float(price.calc_price(counted)["total_price"])


@lru_cache(maxsize=2048)
def _listed(provider: str, model: str) -> "ModelInfo | None":
    from genai_prices.data_snapshot import get_snapshot

    listed = _LISTED_AS.get(provider, provider)
    try:
        return get_snapshot().find_provider_model(model.removeprefix("models/"), None, listed, None)[1]
    except LookupError:
        return None
