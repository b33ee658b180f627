# SPDX-License-Identifier: Apache-2.0
"""What is asked (`Ask`), what the SDK's object held afterwards (`Held`), and the talk between, for every SDK alike.

A `Surface` is one API of one SDK, in four small steps: build the request, send it, read the answer, append the tools'
results. `talk` and `atalk` are the same conversation over a synchronous and an asynchronous client.
"""

from collections.abc import Mapping
from typing import Any, Protocol

import msgspec


class Tool(msgspec.Struct, frozen=True, kw_only=True):
    """A tool offered to the model, and what it returns when it is called."""

    name: str
    description: str
    parameters: Mapping[str, Any]
    returns: str


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to ask a model. `history` is what was said before: pairs of role (user, assistant) and text.

    `reasoning` asks for visible thinking where the API has it; `cache` asks to cache the system prompt.
    """

    model: str
    prompt: str
    system: str | None = None
    history: tuple[tuple[str, str], ...] = ()
    tools: tuple[Tool, ...] = ()
    max_tokens: int | None = None
    reasoning: bool = False
    cache: bool = False
    stream: bool = False


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """What an SDK's object held, in the words of OpenTelemetry: input includes cached tokens, output reasoning.

    Facts the SDK did not state are `None`. `tools` are names and arguments. `status` is the HTTP status of an error.
    """

    provider: str
    requested: str
    stream: bool
    model: str | None = None
    id: str | None = None
    text: str = ""
    reasoning: str = ""
    tools: tuple[tuple[str, Any], ...] = ()
    finish: tuple[str, ...] = ()
    input_tokens: int | None = None
    output_tokens: int | None = None
    cached_tokens: int | None = None
    reasoning_tokens: int | None = None
    outcome: str = "complete"
    status: int = 200


type Request = dict[str, Any]


class Surface(Protocol):
    """One API of one SDK."""

    provider: str
    """OpenTelemetry's name of the provider."""

    def request(self, ask: Ask) -> Request:
        """The keyword arguments of the SDK's method."""

    def send(self, client: Any, request: Request, *, stream: bool) -> Any:
        """Calls the SDK; for streams, lets the SDK put the pieces together."""

    async def asend(self, client: Any, request: Request, *, stream: bool) -> Any:
        """The same over the SDK's asynchronous client."""

    def held(self, ask: Ask, answer: Any) -> Held:
        """What the SDK's object holds."""

    def follow(self, request: Request, answer: Any, tools: Mapping[str, Tool]) -> Request:
        """The next request: the answer's tool calls, and what the tools returned."""

    def abort(self, client: Any, request: Request, *, after: int) -> None:
        """Reads `after` pieces of a stream and breaks off."""

    def failure(self, error: Exception) -> int | None:
        """The HTTP status of the SDK's own exception; `None` if it is no answer of the provider."""


def talk(surface: Surface, client: Any, ask: Ask) -> list[Held]:
    """Asks; where the model calls tools, sends their results and takes the second answer too."""
    request = surface.request(ask)
    held: list[Held] = []
    try:
        answer = surface.send(client, request, stream=ask.stream)
        held.append(surface.held(ask, answer))
        if held[0].tools:
            request = surface.follow(request, answer, {tool.name: tool for tool in ask.tools})
            held.append(surface.held(ask, surface.send(client, request, stream=ask.stream)))
    except Exception as error:  # each SDK has failures of its own; what is held so far counts
        held.append(_failed(surface, ask, error))
    return held


async def atalk(surface: Surface, client: Any, ask: Ask) -> list[Held]:
    """The same as `talk` over the SDK's asynchronous client."""
    request = surface.request(ask)
    held: list[Held] = []
    try:
        answer = await surface.asend(client, request, stream=ask.stream)
        held.append(surface.held(ask, answer))
        if held[0].tools:
            request = surface.follow(request, answer, {tool.name: tool for tool in ask.tools})
            held.append(surface.held(ask, await surface.asend(client, request, stream=ask.stream)))
    except Exception as error:  # each SDK has failures of its own; what is held so far counts
        held.append(_failed(surface, ask, error))
    return held


def break_off(surface: Surface, client: Any, ask: Ask, *, after: int) -> list[Held]:
    """Starts a streamed talk and closes it after some pieces."""
    surface.abort(client, surface.request(ask), after=after)
    return [Held(provider=surface.provider, requested=ask.model, stream=True, outcome="interrupted")]


def _failed(surface: Surface, ask: Ask, error: Exception) -> Held:
    status = surface.failure(error)
    if status is None:
        raise error
    return Held(provider=surface.provider, requested=ask.model, stream=ask.stream, outcome="error", status=status)
