# SPDX-License-Identifier: Apache-2.0
import pytest

from auditor.providers import FAMILIES, ProviderHost, Providers
from auditor.providers.tables import entries, tables
from auditor.terms.registry import Registry


@pytest.fixture(scope="module")
def providers() -> Providers:
    return Providers.load()


@pytest.mark.parametrize(
    ("host", "path", "name", "region"),
    [
        ("api.openai.com", "/v1/responses", "openai", None),
        ("EU.api.openai.com.", "/v1/responses", "openai", "eu"),
        ("api.anthropic.com", "/v1/messages", "anthropic", None),
        ("generativelanguage.googleapis.com", "/v1beta/models/m:generateContent", "gcp.gemini", None),
        ("europe-west4-aiplatform.googleapis.com", "/v1/x", "gcp.vertex_ai", "europe-west4"),
        ("aiplatform.googleapis.com", "/v1/projects/p/locations/us-central1/models", "gcp.vertex_ai", "us-central1"),
        ("bedrock-runtime.eu-central-1.amazonaws.com", "/model/m/converse", "aws.bedrock", "eu-central-1"),
        ("vpce-0a1.bedrock-runtime.us-east-1.vpce.amazonaws.com", "/", "aws.bedrock", "us-east-1"),
        ("acme.openai.azure.com", "/openai/v1/responses", "azure.ai.openai", None),
        ("acme.services.ai.azure.com", "/models/chat/completions", "azure.ai.inference", None),
        ("acme.cloud.databricks.com", "/serving-endpoints/chat/completions", "databricks", None),
        ("chatgpt.com", "/backend-api/codex/responses", "openai", None),
        ("api.novita.ai", "/openai/chat/completions", "novita_ai", None),
        ("api.quicksilverpro.io", "/v1/chat/completions", "quicksilverpro", None),
        ("us-south.ml.cloud.ibm.com", "/ml/v1/text/chat", "ibm.watsonx.ai", "us-south"),
    ],
)
def test_match_names_provider_and_region(
    providers: Providers, host: str, path: str, name: str, region: str | None
) -> None:
    found = providers.match(host, 443, path)
    assert found is not None
    assert (found.name, found.region) == (name, region)
    assert providers.is_ai_host(host)


@pytest.mark.parametrize(
    "host",
    [
        "storage.googleapis.com", "www.google.com", "github.com", "example.modal.run", "openai.com.evil.example",
        "api.anthropic.com.evil.example", "foo.openai.azure.com.evil.example", "s3.us-east-1.amazonaws.com",
        "xapi.openai.com.example", "localhost", "",
    ],
)  # fmt: skip
def test_other_hosts_stay_closed(providers: Providers, host: str) -> None:
    assert not providers.is_ai_host(host)
    assert providers.match(host) is None


def test_shared_host_serves_models_on_some_paths_only(providers: Providers) -> None:
    assert providers.is_ai_host("acme.snowflakecomputing.com")
    assert providers.match("acme.snowflakecomputing.com", 443, "/queries/v1/query-request") is None
    assert providers.match("acme.snowflakecomputing.com", 443, "/api/v2/cortex/inference:complete") is not None


def test_ollama_is_known_by_its_port(providers: Providers) -> None:
    found = providers.match("127.0.0.1", 11434, "/api/chat")
    assert found is not None
    assert (found.name, found.surface) == ("ollama", "self_hosted")
    assert providers.match("127.0.0.1", 8080, "/api/chat") is None


def test_operators_hosts_come_first() -> None:
    providers = Providers.load(
        [ProviderHost.parse("llm.corp.example:8443=openai"), ProviderHost.parse("api.openai.com=anthropic")]
    )
    assert providers.is_ai_host("llm.corp.example")
    assert providers.match("llm.corp.example", 443) is None
    own = providers.match("LLM.corp.example", 8443)
    assert own is not None
    assert (own.name, own.surface, own.family) == ("self_hosted", "self_hosted", "openai")
    overridden = providers.match("api.openai.com", 443)
    assert overridden is not None
    assert overridden.family == "anthropic"


def test_data_files_are_sound() -> None:
    for entry in entries():
        assert entry.family in FAMILIES, entry.name
        assert entry.surface, entry.name
        assert all(host == host.lower() for surface in entry.surface for host in surface.hosts), entry.name
        assert entry.country is None or (len(entry.country) == 2 and entry.country.isupper()), entry.name
    listed = [host for entry in entries() for surface in entry.surface for host in surface.hosts]
    assert len(listed) == len(set(listed))
    assert len(tables().literal) > 200


def test_a_legal_entity_is_said_with_where_it_was_read() -> None:
    """What the terms registry was the source of must stand in it, read in the provider's own text."""
    registry = Registry.load()
    for entry in entries():
        assert (entry.entity is None) == (entry.entity_source is None), entry.name
        assert entry.country is None or entry.entity, entry.name
        source, _, terms = (entry.entity_source or "").partition("terms registry: ")
        if not terms:
            assert not source or source.startswith("https://"), entry.name
            continue
        facts = registry.providers[terms].facts
        assert facts.legal_entity.status == "verified", entry.name
        assert str(entry.entity) in str(facts.legal_entity.value), entry.name
        assert str(entry.country) in str(facts.hq_country.value), entry.name
