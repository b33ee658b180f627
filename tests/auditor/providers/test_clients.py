# SPDX-License-Identifier: Apache-2.0
import pytest

from auditor.providers import client_name


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        ("OpenAI/Python 2.8.1", "openai-python"),
        ("AsyncOpenAI/Python 2.8.1", "openai-python"),
        ("AsyncAzureOpenAI/Python 2.8.1", "openai-python"),
        ("OpenAI/JS 6.1.0", "openai-node"),
        ("Anthropic/Python 1.17.0", "anthropic-python"),
        ("claude-cli/2.1.197 (external, cli)", "claude-code"),
        ("codex_exec/0.169.0 (Debian 13.0.0; x86_64) unknown", "codex-cli"),
        ("GeminiCLI/0.61.0/gemini-3-pro (linux; x64)", "gemini-cli"),
        ("google-genai-sdk/3.4.0 gl-python/3.13.1", "google-genai-python"),
        ("Boto3/1.44.0 md/Botocore#1.44.0 ua/2.1 os/linux", "boto3"),
        ("curl/8.9.1", "curl"),
        ("python-requests/2.34.2", "requests"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36", "browser"),
        ("Acme-Internal/1.0", None),
        ("", None),
    ],
)  # fmt: skip
def test_client_name(user_agent: str, name: str | None) -> None:
    assert client_name(user_agent) == name
