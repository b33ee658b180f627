# SPDX-License-Identifier: Apache-2.0
"""Who made a model that somebody else serves: a router or a cloud passes on the maker's terms, beside its own."""

import re
from functools import cache, lru_cache
from typing import Final

from auditor.terms.registry import serving

PLATFORMS: Final = frozenset(
    {"together", "fireworks", "groq", "openrouter", "huggingface", "github_copilot"}
    | {"microsoft_azure_openai", "aws_bedrock", "google_vertex_ai"}
)
"""Whose terms cover a service that runs others' models, so that the model tells the maker."""

MAKERS: Final = tuple(
    (re.compile(pattern), maker)
    for pattern, maker in (
        (r"qwen-?(max|plus|turbo|long)", "alibaba_qwen"),
        (r"gpt-oss|deepseek|qwen|qwq|phi-?\d|granite|olmo|smollm|glm-[45]|falcon|yi-\d|starcoder|zephyr", "open"),
        (r"kimi-k2|minimax-m\d", "open"),
        (r"llama", "meta_llama_licence"),
        (r"mistral|mixtral|ministral|codestral|magistral|devstral|pixtral", "mistral"),
        (r"claude", "anthropic"),
        (r"gemini|learnlm", "google_gemini_api"),
        (r"gemma", "gemma"),
        (r"gpt-|chatgpt|\bo[134](-|$)|davinci|codex", "openai"),
        (r"grok", "xai"),
        (r"command|cohere", "cohere"),
        (r"sonar", "perplexity"),
        (r"kimi|moonshot", "moonshot"),
        (r"\bglm", "zai"),
        (r"minimax|abab", "minimax"),
    )
)
"""Who made a model, by its name; `open` are weights whose licence sets no limit on outputs (Apache-2.0, MIT)."""

_OWN: Final = frozenset({("microsoft_azure_openai", "openai"), ("google_vertex_ai", "google_gemini_api")})
"""Clouds that sell a maker's models wholly under their own contract."""
_WHOLLY: Final = frozenset({"github_copilot"})
"""Platforms whose own terms cover all models they offer."""


def maker_of(model: str) -> str | None:
    """Who made a model, by its name in lower case: an id of the registry, `open`, or None."""
    return next((maker for pattern, maker in MAKERS if pattern.search(model)), None)


@lru_cache(maxsize=4096)
def maker_beside(provider: str | None, model: str | None) -> str | None:
    """Whose terms hold beside those of the provider that serves a model, by their id in the registry; None where it
    serves its own models, or the maker is not in the registry."""
    platform = _platforms().get(provider or "")
    maker = maker_of(model.lower()) if platform and model else None
    if platform is None or platform in _WHOLLY or (platform, maker) in _OWN:
        return None
    return maker if maker in serving() else None


@cache
def _platforms() -> dict[str, str]:
    """The registry's ids of platforms by the names of providers they serve."""
    return {name: id_ for id_ in PLATFORMS for name in serving()[id_]}
