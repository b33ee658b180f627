# SPDX-License-Identifier: Apache-2.0
"""How long a call took and what it cost, in facts: stages of the answer, tokens by kind, rates."""

from dataclasses import dataclass

from auditor.calls import Call
from ui.models import formats

type Facts = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the call's time in milliseconds, and the colour it is drawn in."""

    name: str
    milliseconds: float
    color: str


def stages(call: Call) -> tuple[Stage, ...]:
    """Waiting for the first token, then the answer; the whole where the first token's time is not known."""
    if call.duration_ms is None:
        return ()
    if call.ttft_ms is None or call.ttft_ms > call.duration_ms:
        return (Stage("Answered in", call.duration_ms, "bar"),)
    rest = call.duration_ms - call.ttft_ms
    said = "Streaming" if call.stream else "Answer"
    return (Stage("Waiting for the first token", call.ttft_ms, "bar_none"), Stage(said, rest, "bar"))


def time_facts(call: Call) -> Facts:
    """Times and rates; what is not known is left out."""
    facts = [(stage.name, formats.duration(stage.milliseconds)) for stage in stages(call)]
    if len(facts) > 1:
        facts.append(("In all", formats.duration(call.duration_ms)))
    if (rate := tokens_per_second(call)) is not None:
        facts.append(("Rate", f"{rate:,.1f} tokens a second"))
    return facts


def tokens_per_second(call: Call) -> float | None:
    """Output tokens a second, of a stream from the first token on; None where that is not known."""
    if not call.output_tokens or call.duration_ms is None:
        return None
    span = call.duration_ms - ((call.ttft_ms or 0) if call.stream else 0)
    return call.output_tokens / span * 1000 if span > 0 else None


def token_facts(call: Call) -> Facts:
    """Tokens as the provider stated them, by kind."""
    named = (
        ("Input", call.input_tokens),
        ("  of them read from a cache", call.cache_read_input_tokens),
        ("  of them written to a cache", call.cache_creation_input_tokens),
        ("Output", call.output_tokens),
        ("  of them reasoning", call.reasoning_output_tokens),
    )
    return [(name, f"{count:,}") for name, count in named if count is not None] or [("Tokens", "not stated")]


def cost_facts(call: Call) -> Facts:
    """The price, and what a thousand tokens came to."""
    if call.cost_usd is None:
        return [("Cost", "not known: no price, or no token counts")]
    facts = [("List price", formats.money(call.cost_usd))]
    total = (call.input_tokens or 0) + (call.output_tokens or 0)
    if total:
        facts.append(("For a thousand tokens", formats.money(call.cost_usd / total * 1000)))
    return facts
