# SPDX-License-Identifier: Apache-2.0
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.imports.entries import Unreadable, checked_url


@pytest.mark.parametrize(
    "url",
    ["https://api.openai.com/v1/models", "http://127.0.0.1:11434/api/chat", "wss://h/x", "WS://h", "https://[::1]/x"],
)
def test_web_addresses_pass_unchanged(url: str) -> None:
    assert checked_url(url) == url


@pytest.mark.parametrize(
    "url",
    ["", "/v1/models", "api.openai.com/v1", "file:///etc/passwd", "https://", "https://[::1", "https://h:x/", "data:,"],
)
def test_anything_else_is_refused(url: str) -> None:
    with pytest.raises(Unreadable):
        checked_url(url)


@given(st.text())
def test_any_text_is_an_address_or_refused(url: str) -> None:
    with contextlib.suppress(Unreadable):
        assert checked_url(url) == url
