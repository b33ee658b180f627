# SPDX-License-Identifier: Apache-2.0
"""Costs are those of the public list, for every model it has, however they are worked out."""

from datetime import UTC, datetime

import pytest
from genai_prices import Usage as PricedUsage
from genai_prices.data_snapshot import get_snapshot

from auditor.calls import Usage
from auditor.dialects.cost import cost_usd

AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
COUNTS = [(1200, 0, 0, 340), (90_000, 60_000, 1_000, 2_000), (300_000, 0, 0, 1), (0, 0, 0, 0)]


def listed() -> list[tuple[str, str]]:
    """A spread of the list: every provider's first models."""
    return [(provider.id, model.id) for provider in get_snapshot().providers for model in provider.models[:4]]


@pytest.mark.parametrize("counts", COUNTS)
def test_costs_are_those_of_the_list(counts: tuple[int, int, int, int]) -> None:
    sent, read, written, received = counts
    usage = Usage(
        input_tokens=sent, cache_read_input_tokens=read, cache_creation_input_tokens=written, output_tokens=received
    )
    priced = PricedUsage(input_tokens=sent, cache_read_tokens=read, cache_write_tokens=written, output_tokens=received)
    compared = 0
    for provider, model in listed():
        try:
            calculated = get_snapshot().calc(priced, model, provider, None, AT, None)
        except (LookupError, ValueError):
            continue
        assert cost_usd(provider, model, usage, AT) == pytest.approx(float(calculated.total_price)), (provider, model)
        compared += 1
    assert compared > 100


@pytest.mark.parametrize(
    ("provider", "model", "usage"),
    [
        (None, "gpt-4o", Usage(input_tokens=1)),
        ("openai", None, Usage(input_tokens=1)),
        ("openai", "gpt-4o", Usage()),
        ("openai", "unheard-of", Usage(input_tokens=1)),
        ("self_hosted", "gpt-4o", Usage(input_tokens=1)),
        ("openai", "gpt-4o", Usage(input_tokens=1, cache_read_input_tokens=5)),
    ],
)
def test_unknown_costs_are_null(provider: str | None, model: str | None, usage: Usage) -> None:
    assert cost_usd(provider, model, usage, AT) is None
