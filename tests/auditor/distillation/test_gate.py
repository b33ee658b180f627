# SPDX-License-Identifier: Apache-2.0
"""What the terms say, by teacher, provider and destination."""

import pytest

from auditor.calls import Call
from auditor.distillation.gate import judge, teacher_of
from auditor.distillation.sinks import Sink
from auditor.terms import Registry, Status
from tests.auditor.distillation.material import T0

REGISTRY = Registry.load()
OLD_LLAMA = "meta_llama_licence.competing_model_training.1"
FIREWORKS_LICENCES = "fireworks.ai_disclosure.1"
LLAMA_31 = "meta_llama_licence.permission.1"
GEMINI = "google_gemini_api.competing_model_training.1"
BEDROCK = "aws_bedrock.output_training_any_model.1"


def call(provider: str | None, model: str | None) -> Call:
    return Call(id="c", time=T0, provider=provider, request_model=model)


def upload(provider: str | None) -> Sink:
    return Sink(call=call(provider, None), kind="upload")


@pytest.mark.parametrize(
    ("provider", "model", "sink", "ruling", "clause"),
    [
        ("openai", "gpt-4o", "together_ai", "prohibited", "openai.competing_model_training.1"),
        ("openai", "gpt-4o", None, "prohibited", "openai.competing_model_training.1"),
        ("openai", "gpt-4o", "openai", "permitted", "openai.permission.1"),
        ("openrouter", "openai/gpt-4o", "openai", "permitted", "openai.permission.1"),
        ("azure.ai.openai", "my-deployment", "fireworks_ai", "prohibited", "openai.competing_model_training.1"),
        ("azure.ai.openai", "gpt-4o", "azure.ai.openai", "permitted", "openai.permission.1"),
        ("anthropic", "claude-sonnet-4-5", "openai", "prohibited", "anthropic.output_training_any_model.1"),
        ("openrouter", "anthropic/claude-sonnet-4.5", None, "prohibited", "anthropic.output_training_any_model.1"),
        ("aws.bedrock", "anthropic.claude-3-5-sonnet", "openai", "prohibited", "anthropic.output_training_any_model.1"),
        ("aws.bedrock", "meta.llama3-3-70b-instruct", "openai", "prohibited", BEDROCK),
        ("aws.bedrock", "anthropic.claude-3-haiku", "aws.bedrock", "permitted", None),
        ("x_ai", "grok-4", "openai", "prohibited", "xai.output_training_any_model.1"),
        ("openrouter", "x-ai/grok-4", None, "prohibited", "xai.output_training_any_model.1"),
        ("deepseek", "deepseek-chat", "together_ai", "permitted", "deepseek.permission.2"),
        ("openrouter", "deepseek/deepseek-r1", None, "permitted", "deepseek.permission.2"),
        ("mistral_ai", "mistral-large-latest", "together_ai", "permitted", "mistral.permission.1"),
        ("self_hosted", "Qwen/Qwen2.5-72B-Instruct", "together_ai", "permitted", None),
        ("together_ai", "meta-llama/Meta-Llama-3.1-70B", "openai", "permitted", "meta_llama_licence.permission.1"),
        ("together_ai", "meta-llama/Meta-Llama-3-70B", "openai", "prohibited", OLD_LLAMA),
        ("aws.bedrock", "meta.llama3-70b-instruct-v1:0", "openai", "prohibited", OLD_LLAMA),
        ("openrouter", "meta-llama/llama-3.3-70b-instruct", None, "permitted", "meta_llama_licence.permission.1"),
        ("openai", "gpt-4o", "azure.ai.openai", "prohibited", "openai.competing_model_training.1"),
        ("openai", "gpt-5", "huggingface", "prohibited", "openai.competing_model_training.1"),
        ("azure.ai.openai", "gpt-4o", "openai", "prohibited", "openai.competing_model_training.1"),
        ("aws.bedrock", "openai.gpt-oss-120b-1:0", "openai", "prohibited", BEDROCK),
        ("aws.bedrock", "amazon.nova-pro-v1:0", "together_ai", "prohibited", BEDROCK),
        ("aws.bedrock", "deepseek.r1-v1:0", "together_ai", "prohibited", BEDROCK),
        ("aws.bedrock", "mistral.mistral-large-2402-v1:0", "together_ai", "prohibited", BEDROCK),
        ("anthropic", "claude-opus-4-1", "aws.bedrock", "prohibited", "anthropic.output_training_any_model.1"),
        ("gcp.vertex_ai", "claude-sonnet-4@20250514", "openai", "prohibited", "anthropic.output_training_any_model.1"),
        ("azure.ai.inference", "Llama-3.3-70B-Instruct", "openai", "permitted", "meta_llama_licence.permission.1"),
        ("azure.ai.inference", "grok-3", "openai", "prohibited", "xai.output_training_any_model.1"),
        ("x_ai", "grok-4", "x_ai", "prohibited", "xai.output_training_any_model.1"),
        ("perplexity", "sonar-pro", "together_ai", "prohibited", "perplexity.competing_model_training.1"),
        ("groq", "llama-3.1-8b-instant", "together_ai", "permitted", "meta_llama_licence.permission.1"),
        ("groq", "llama3-70b-8192", "together_ai", "prohibited", OLD_LLAMA),
        ("groq", "openai/gpt-oss-20b", "together_ai", "permitted", "groq.third_party_terms.1"),
        ("fireworks_ai", "accounts/fireworks/models/llama-v3p1-405b-instruct", "openai", "permitted", LLAMA_31),
        ("fireworks_ai", "accounts/fireworks/models/llama-v2-70b-chat", "openai", "prohibited", OLD_LLAMA),
        ("fireworks_ai", "accounts/fireworks/models/deepseek-v3", "openai", "permitted", "deepseek.permission.2"),
        ("fireworks_ai", "accounts/fireworks/models/kimi-k2-instruct", "openai", "permitted", FIREWORKS_LICENCES),
        ("together_ai", "mistralai/Mixtral-8x22B-Instruct-v0.1", "openai", "permitted", "mistral.permission.1"),
        ("together_ai", "zai-org/GLM-4.6", "openai", "permitted", None),
        ("openrouter", "mistralai/mistral-large", "openai", "permitted", "mistral.permission.1"),
        ("openrouter", "google/gemini-2.5-pro", "together_ai", "person", GEMINI),
        ("openrouter", "google/gemma-3-27b-it", "together_ai", "person", None),
        ("mistral_ai", "mistral-small-latest", "mistral_ai", "permitted", "mistral.permission.1"),
        ("gcp.gemini", "gemini-2.5-pro", "gcp.vertex_ai", "permitted", None),
        ("cohere", "command-a-03-2025", "together_ai", "person", "cohere.competing_model_training.1"),
        ("cohere", "command-a-03-2025", "cohere", "permitted", None),
        ("gcp.gemini", "gemini-2.5-pro", None, "person", "google_gemini_api.competing_model_training.1"),
        ("self_hosted", "our-model", "together_ai", "person", None),
        ("alibaba_cloud", "qwen-max", "together_ai", "person", "alibaba_qwen.competing_model_training.1"),
        ("together_ai", "some/unknown", "openai", "person", None),
    ],
)  # fmt: skip
def test_rulings(provider: str, model: str, sink: str | None, ruling: str, clause: str | None) -> None:
    teacher = teacher_of(call(provider, model), REGISTRY)
    assert teacher is not None
    verdict = judge(teacher, upload(sink) if sink else None, REGISTRY)
    assert (verdict.ruling, verdict.clause.id if verdict.clause else None) == (ruling, clause)
    ceilings = {"prohibited": "evidenced", "permitted": "informational"}
    assert verdict.ceiling.value == ceilings.get(ruling, verdict.ceiling.value)
    seen = verdict.clause is not None and verdict.clause.status is Status.OLDER_VERSION
    assert ruling != "person" or verdict.ceiling.value == ("evidenced" if seen else "watch")


def test_a_small_classifier_is_permitted_at_openai_only() -> None:
    for provider, model, ruling in (("openai", "gpt-4o", "permitted"), ("anthropic", "claude-haiku", "prohibited")):
        teacher = teacher_of(call(provider, model), REGISTRY)
        assert teacher is not None
        assert judge(teacher, upload(None), REGISTRY, classifier=True).ruling == ruling


def test_a_call_without_provider_and_model_has_no_teacher() -> None:
    assert teacher_of(call(None, None), REGISTRY) is None
