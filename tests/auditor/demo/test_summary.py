# SPDX-License-Identifier: Apache-2.0
"""The summary counts what the calls state, and nothing else."""

import io
from typing import Any

from rich.console import Console

from auditor.demo.summary import show, summarise


def call(provider: str | None, outcome: str = "complete", tokens: int | None = 3, **data: int) -> dict[str, Any]:
    return {
        "gen_ai.provider.name": provider,
        "gen_ai.usage.input_tokens": tokens,
        "gen_ai.usage.output_tokens": tokens,
        "actor": "a-one",
        "outcome": outcome,
        "data": [{"type": kind, "direction": "sent", "count": count} for kind, count in data.items()],
    }


CALLS = [call("openai", EMAIL=2), call("openai", "error", None), call("anthropic", EMAIL=1, PHONE=1), call(None)]


def test_figures_add_up() -> None:
    summary = summarise(CALLS, made=5)
    assert (summary.made, summary.recorded) == (5, 4)
    assert summary.providers == (("anthropic", 1, 3, 3), ("openai", 2, 3, 3), ("unknown", 1, 3, 3))
    assert summary.outcomes == (("complete", 3), ("error", 1))
    assert summary.data == (("EMAIL", "sent", 3), ("PHONE", "sent", 1))
    assert summary.actors == (("a-one", 4),)


def test_it_reads_as_sentences_and_tables() -> None:
    out = io.StringIO()
    show(summarise(CALLS, made=5), Console(file=out, width=100))
    text = out.getvalue()
    assert "5 calls made, 4 recorded: 3 complete, 1 error." in text
    assert "EMAIL" in text
    assert "anthropic" in text


def test_findings_come_gravest_first_with_their_clause() -> None:
    findings = [
        {"rule": {"level": "low", "title": "A key in a prompt"}, "clause": None},
        {"rule": {"level": "high", "title": "Outputs came back"}, "clause": {"id": "acme.training.1"}},
    ]
    summary = summarise(CALLS, 4, findings)
    assert summary.findings == (
        ("high", "Outputs came back", "acme.training.1"),
        ("low", "A key in a prompt", ""),
    )
    out = io.StringIO()
    show(summary, Console(file=out, width=100))
    assert "never a verdict" in out.getvalue()
    assert "acme.training.1" in out.getvalue()
