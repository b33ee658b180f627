# SPDX-License-Identifier: Apache-2.0
"""The terms gate: whether training on a teacher's outputs is prohibited, permitted, or a person must say.

The teacher is resolved from the model: a router or a cloud passes on the terms of the model's maker, and adds its own;
weights run by anyone bring their licence. A clause whose present text was not seen never proves a breach: with the
text of an earlier version a finding keeps its grade, which speaks of the evidence, and is informational until a person
has read the present text; with less it is context only.
"""

import re
from typing import Final, Literal

from auditor.calls import Call, Value
from auditor.distillation.sinks import Sink
from auditor.findings import Grade
from auditor.terms import Clause, Registry, Status
from auditor.terms.makers import PLATFORMS, maker_of
from auditor.terms.registry import may_alarm

type Ruling = Literal["prohibited", "permitted", "person"]

CLOUDS: Final = {
    "azure.ai.openai": "microsoft_azure_openai",
    "azure.ai.inference": "microsoft_azure_openai",
    "aws.bedrock": "aws_bedrock",
    "gcp.vertex_ai": "google_vertex_ai",
}
"""Clouds that sell others' models under a contract of their own."""

_HOMES: Final = {
    "openai": ("openai",),
    "google_gemini_api": ("gcp.gemini", "gcp.vertex_ai"),
    "mistral": ("mistral_ai",),
    "cohere": ("cohere",),
}
"""Where a maker tunes its own models."""

_FORBIDDING: Final = ("output_training_any_model", "competing_model_training")
_PERMITTING: Final = {
    "deepseek": "deepseek.permission.2",
    "mistral": "mistral.permission.1",
    "openai": "openai.permission.1",
    "meta_llama_licence": "meta_llama_licence.permission.1",
}
_LICENCES: Final = {
    "groq": "groq.third_party_terms.1",
    "huggingface": "huggingface.third_party_terms.1",
    "fireworks": "fireworks.ai_disclosure.1",
    "perplexity": "perplexity.third_party_terms.1",
}
"""Where the terms of a host say that the licences of the weights it runs are what holds."""

_OUT_OF_SCOPE: Final = re.compile(r"consumer|plans?\)?$|Qwen Chat|Kimi app", re.I)


class Teacher(Value, frozen=True, kw_only=True):
    """Whose output it is: the maker's id in the registry (or `open`), the provider it came through, the model."""

    maker: str
    provider: str
    model: str


class Verdict(Value, frozen=True, kw_only=True):
    """What the terms say of a case, the clause they say it in, and the highest grade a finding may have."""

    ruling: Ruling
    reason: str
    ceiling: Grade
    clause: Clause | None = None


def teacher_of(call: Call, registry: Registry) -> Teacher | None:
    """The teacher of a call; None where neither provider nor model tells one."""
    provider = call.provider or "unknown"
    model = (call.request_model or call.response_model or "").lower()
    terms = registry.serving(provider)
    if terms and terms.id not in PLATFORMS:
        return Teacher(maker=terms.id, provider=provider, model=model)
    named = maker_of(model) or maker_of((call.response_model or "").lower())
    if named is None and provider == "azure.ai.openai":
        named = "openai"
    return Teacher(maker=named or "unknown", provider=provider, model=model) if model or named else None


def judge(teacher: Teacher, sink: Sink | None, registry: Registry, *, classifier: bool = False) -> Verdict:
    """What the terms say of training on this teacher's outputs, into this sink where one was seen."""
    inside = _inside(teacher, sink)
    if inside and teacher.maker != "xai":
        return _permitted("The model is tuned inside the teacher's own service.", _permission(teacher, registry))
    if classifier and teacher.maker == "openai":
        return _permitted("A small classifier may be trained on these outputs.", _permission(teacher, registry))
    return _licensed(teacher, registry) or _forbidden(teacher, registry)


def _inside(teacher: Teacher, sink: Sink | None) -> bool:
    """Whether the data stays with the provider who sold the outputs, or with their maker for what a router sold."""
    if sink is None:
        return False
    if teacher.provider in CLOUDS:
        return sink.call.provider == teacher.provider
    return sink.call.provider in _HOMES.get(teacher.maker, ())


def _licensed(teacher: Teacher, registry: Registry) -> Verdict | None:
    """What the makers say who allow it: by their terms, or by the licence of the weights."""
    if not _allows(teacher) or teacher.provider == "aws.bedrock":
        return None  # Bedrock's own terms hold beside any licence
    if teacher.maker == "meta_llama_licence":
        reason = "Llama's licence allows it on conditions: the new model's name begins with Llama, and a notice."
        return _permitted(reason, _permission(teacher, registry))
    if teacher.maker == "open":
        return _permitted("The licence of the open weights sets no limit on outputs.", _of_weights(teacher, registry))
    return _permitted("The provider's terms allow training on its text outputs.", _permission(teacher, registry))


def _of_weights(teacher: Teacher, registry: Registry) -> Clause | None:
    """The clause that leaves it to the licence of open weights: their maker's own, or their host's; None where nobody's
    terms speak, as for weights one runs oneself."""
    if "deepseek" in teacher.model:
        return registry.clauses.get("deepseek.permission.2")
    host = registry.serving(teacher.provider)
    return registry.clauses.get(_LICENCES.get(host.id, "")) if host else None


def _allows(teacher: Teacher) -> bool:
    """Whether the maker itself allows training on the outputs."""
    if teacher.maker == "meta_llama_licence":
        return not _is_early_llama(teacher.model)
    return teacher.maker in ("deepseek", "mistral", "open")


def _is_early_llama(model: str) -> bool:
    """Whether the weights are Llama 2 or 3 (3.1 and later carry other terms)."""
    found = re.search(r"llama[-_ ]?v?(\d)(?:[._p-](\d)(?![\db]))?", model)
    return found is not None and (int(found[1]), int(found[2] or 0)) < (3, 1)


def _forbidden(teacher: Teacher, registry: Registry) -> Verdict:
    maker = "" if _allows(teacher) else teacher.maker
    clauses = [*_clauses(maker, registry), *_clauses(CLOUDS.get(teacher.provider, ""), registry)]
    verified = next((one for one in clauses if may_alarm(one)), None)
    if verified:
        reason = "The teacher's terms forbid training on its outputs, or training a competing model."
        return Verdict(ruling="prohibited", reason=reason, ceiling=Grade.EVIDENCED, clause=verified)
    older = next((one for one in clauses if one.status is Status.OLDER_VERSION), None)
    if older:
        reason = "An earlier version of the teacher's terms forbids it; the present text must be read."
        return Verdict(ruling="person", reason=reason, ceiling=Grade.EVIDENCED, clause=older)
    reason = "What the teacher's terms say was not verified; a person must read them."
    return Verdict(ruling="person", reason=reason, ceiling=Grade.WATCH, clause=clauses[0] if clauses else None)


def _clauses(terms: str, registry: Registry) -> list[Clause]:
    """The clauses on training with outputs of a business's calls, strictest kind first."""
    if terms not in registry.providers:
        return []
    found = [clause for kind in _FORBIDDING for clause in registry.of(terms, kind)]
    return [clause for clause in found if _is_for_business(clause.applies_to or "")]


def _is_for_business(scope: str) -> bool:
    return "API" in scope or not _OUT_OF_SCOPE.search(scope)


def _permission(teacher: Teacher, registry: Registry) -> Clause | None:
    return registry.clauses.get(_PERMITTING.get(teacher.maker, ""))


def _permitted(reason: str, clause: Clause | None) -> Verdict:
    return Verdict(ruling="permitted", reason=reason, ceiling=Grade.INFORMATIONAL, clause=clause)
