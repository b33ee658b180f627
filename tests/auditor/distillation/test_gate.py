# SPDX-License-Identifier: Apache-2.0
"""What the terms say, by teacher, provider and destination."""

import pytest

from auditor.calls import Call
from auditor.distillation.gate import judge, teacher_of
from auditor.distillation.sinks import Sink
from auditor.terms import Registry
from tests.auditor.distillation.material import T0

REGISTRY = Registry.load()
OLD_LLAMA = "meta_llama_licence.competing_model_training.1"
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
    assert ruling != "person" or verdict.ceiling.value in ("probable", "watch")


def test_a_small_classifier_is_permitted_at_openai_only() -> None:
    for provider, model, ruling in (("openai", "gpt-4o", "permitted"), ("anthropic", "claude-haiku", "prohibited")):
        teacher = teacher_of(call(provider, model), REGISTRY)
        assert teacher is not None
        assert judge(teacher, upload(None), REGISTRY, classifier=True).ruling == ruling


def test_a_call_without_provider_and_model_has_no_teacher() -> None:
    assert teacher_of(call(None, None), REGISTRY) is None
