# SPDX-License-Identifier: Apache-2.0
"""Hosts that look like AI endpoints are proposed once; others are never named."""

import logging

import pytest

from addons.discovery import Discovery


class Proposed(Discovery):
    def __init__(self, wanted: bool = True) -> None:
        self.count = 0
        super().__init__(self._add, wanted)

    def _add(self) -> None:
        self.count += 1


@pytest.mark.parametrize("name", ["vllm.corp.example", "llm-proxy.corp", "my-ollama.local", "openai2.corp", "GPT.corp"])
def test_names_that_speak_of_models(name: str, caplog: pytest.LogCaptureFixture) -> None:
    one = Proposed()
    for _ in range(2):
        one.named(name, 443)
    assert one.count == 1
    assert f"--provider-host {name}:443=DIALECT" in caplog.text


@pytest.mark.parametrize("name", ["shop.example", "llmn.example", "anthropical.example", "10.0.0.1"])
def test_other_names(name: str) -> None:
    one = Proposed()
    one.named(name, 443)
    assert one.count == 0


@pytest.mark.parametrize(
    ("method", "path", "family"),
    [
        ("POST", "/v1/chat/completions?x=1", "openai"),
        ("POST", "/anything/v1/messages", "anthropic"),
        ("POST", "/v1beta/models/m:generateContent", "gemini"),
        ("POST", "/api/generate", "ollama"),
        ("GET", "/v1/chat/completions", None),
        ("POST", "/cart/messages", None),
    ],
)
def test_paths(method: str, path: str, family: str | None, caplog: pytest.LogCaptureFixture) -> None:
    one = Proposed()
    one.asked("host.example", 8000, method, path)
    assert one.count == (1 if family else 0)
    assert (f"host.example:8000={family}" in caplog.text) is (family is not None)


def test_a_client_cannot_write_lines_into_the_log(caplog: pytest.LogCaptureFixture) -> None:
    Proposed().asked("llm\nroot ERROR: hacked" + "x" * 1000, 1, "POST", "/api/chat")
    assert len(caplog.messages) == 1
    assert "\n" not in caplog.messages[0]
    assert len(caplog.messages[0]) < 400


def test_not_wanted(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        Proposed(wanted=False).named("vllm.corp", 443)
    assert not caplog.text
