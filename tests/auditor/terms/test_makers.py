# SPDX-License-Identifier: Apache-2.0
import pytest

from auditor.terms.makers import maker_beside, maker_of


@pytest.mark.parametrize(
    ("provider", "model", "maker"),
    [
        ("openrouter", "anthropic/claude-sonnet-4", "anthropic"),
        ("aws.bedrock", "eu.anthropic.claude-sonnet-4-20250514-v1:0", "anthropic"),
        ("together_ai", "meta-llama/Llama-3.3-70B-Instruct-Turbo", "meta_llama_licence"),
        ("openrouter", "OpenAI/GPT-4o", "openai"),
        ("openrouter", "somebody/unheard-of", None),
        ("together_ai", "openai/gpt-oss-120b", None),
        ("azure.ai.openai", "gpt-4o", None),
        ("azure.ai.inference", "claude-sonnet-4", "anthropic"),
        ("github_copilot", "claude-sonnet-4", None),
        ("openai", "gpt-4o", None),
        ("anthropic", "claude-sonnet-4", None),
        (None, "gpt-4o", None),
        ("openrouter", None, None),
    ],
)
def test_routers_and_clouds_bring_the_makers_terms(provider: str | None, model: str | None, maker: str | None) -> None:
    assert maker_beside(provider, model) == maker


def test_open_weights_have_no_terms_of_a_service() -> None:
    assert maker_of("gpt-oss-20b") == "open"
    assert maker_of("nothing") is None
