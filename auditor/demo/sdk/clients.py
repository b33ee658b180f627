# SPDX-License-Identifier: Apache-2.0
"""The clients of the three SDKs, of one person, on a route.

With no `Route` given, a client looks at `HTTPS_PROXY` and `SSL_CERT_FILE` as any unmodified program does. Retries are
off, so that every call is one exchange.
"""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import anthropic
import msgspec
import openai
from google import genai
from google.genai import types

from auditor.demo.sdk.anthropic_messages import AnthropicMessages
from auditor.demo.sdk.asking import Surface
from auditor.demo.sdk.google_genai import GoogleGenAI
from auditor.demo.sdk.openai_chat import OpenAIChat
from auditor.demo.sdk.openai_responses import OpenAIResponses
from auditor.demo.sdk.routes import Keys, Route


class Clients(msgspec.Struct, frozen=True):
    """The clients of the three SDKs, of one person. The asynchronous ones live in the event loop that made them."""

    openai: Any
    anthropic: Any
    gemini: genai.Client

    def of(self, surface: Surface) -> Any:
        """The client a surface is called on."""
        return CHOSEN[type(surface)](self)


CHOSEN: dict[type, Callable[[Clients], Any]] = {
    OpenAIChat: lambda clients: clients.openai,
    OpenAIResponses: lambda clients: clients.openai,
    AnthropicMessages: lambda clients: clients.anthropic,
    GoogleGenAI: lambda clients: clients.gemini,
}


@contextmanager
def clients(keys: Keys, route: Route | None = None) -> Iterator[Clients]:
    """Synchronous clients, closed at the end."""
    way = route.arguments() if route else {}
    with (
        openai.OpenAI(api_key=keys.openai, max_retries=0, http_client=openai.DefaultHttpxClient(**way)) as for_openai,
        anthropic.Anthropic(
            api_key=keys.anthropic, max_retries=0, http_client=anthropic.DefaultHttpxClient(**way)
        ) as for_anthropic,
        genai.Client(api_key=keys.gemini, http_options=types.HttpOptions(client_args=dict(way))) as for_gemini,
    ):
        yield Clients(for_openai, for_anthropic, for_gemini)


@asynccontextmanager
async def async_clients(keys: Keys, route: Route | None = None) -> AsyncIterator[Clients]:
    """Asynchronous clients, closed at the end."""
    way = route.arguments() if route else {}
    options = types.HttpOptions(client_args=dict(way), async_client_args=dict(way))
    gemini = genai.Client(api_key=keys.gemini, http_options=options)
    try:
        async with (
            openai.AsyncOpenAI(
                api_key=keys.openai, max_retries=0, http_client=openai.DefaultAsyncHttpxClient(**way)
            ) as for_openai,
            anthropic.AsyncAnthropic(
                api_key=keys.anthropic, max_retries=0, http_client=anthropic.DefaultAsyncHttpxClient(**way)
            ) as for_anthropic,
        ):
            yield Clients(for_openai, for_anthropic, gemini)
    finally:
        await gemini.aio.aclose()
        gemini.close()
