# SPDX-License-Identifier: Apache-2.0
import pytest

from auditor.errors import InputError
from auditor.providers import ProviderHost


@pytest.mark.parametrize(
    ("text", "host", "port", "family"),
    [
        ("llm.corp.example=openai", "llm.corp.example", None, "openai"),
        ("LLM.corp.example:8000=openai.chat", "llm.corp.example", 8000, "openai"),
        ("[::1]:11434=ollama", "::1", 11434, "ollama"),
        ("::1=ollama", "::1", None, "ollama"),
        (" 10.0.0.5:80=gemini ", "10.0.0.5", 80, "gemini"),
    ],
)
def test_parse(text: str, host: str, port: int | None, family: str) -> None:
    parsed = ProviderHost.parse(text)
    assert (parsed.host, parsed.port, parsed.family) == (host, port, family)


@pytest.mark.parametrize("text", ["", "host", "host=", "=openai", "host=klingon", "host:0=openai", "host:x=openai"])
def test_parse_refuses(text: str) -> None:
    with pytest.raises(InputError) as failure:
        ProviderHost.parse(text)
    assert "HOST[:PORT]=DIALECT" in failure.value.diagnostics()


def test_local_ollama_keeps_its_name() -> None:
    assert ProviderHost.parse("gpu.corp.example=ollama").provider().name == "ollama"
    assert ProviderHost.parse("gpu.corp.example=openai").provider().name == "self_hosted"
