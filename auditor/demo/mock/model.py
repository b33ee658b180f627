# SPDX-License-Identifier: Apache-2.0
"""The mock's "model": what it is asked (`Prompt`) and what it says (`Answer`), whatever the wire format.

The same prompt always gets the same answer. Tokens are counted by splitting the text into pieces, so that the sum of
the streamed pieces, the counted tokens and the whole text always agree.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

import msgspec

from auditor.demo.mock import replies

PIECE = re.compile(r"\s*(?:\w{1,8}|[^\w\s])|\s+")
CACHE_FLOOR = 1024
CACHE_STEP = 128


class Tool(msgspec.Struct, frozen=True):
    """A tool offered to the model; `parameters` is its JSON schema."""

    name: str
    parameters: Mapping[str, Any]


class ToolUse(msgspec.Struct, frozen=True):
    """A tool the model asks for."""

    name: str
    arguments: dict[str, Any]


class Prompt(msgspec.Struct, frozen=True, kw_only=True):
    """What a request asks, in no provider's words.

    `user` is the last thing the user wrote, `everything` all text that counts as input. `choice` is "auto", "none",
    "required" or the name of a tool. `limit` is the largest number of output tokens.
    """

    model: str
    user: str
    everything: str
    system: str = ""
    tools: tuple[Tool, ...] = ()
    results: tuple[str, ...] = ()
    choice: str = "auto"
    reasoning: bool = False
    limit: int | None = None


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What the model says, and how many tokens that takes (`output_tokens` includes reasoning)."""

    text: str
    reasoning: str
    uses: tuple[ToolUse, ...]
    stop: Literal["end", "length", "tools"]
    input_tokens: int
    cached_tokens: int
    output_tokens: int
    reasoning_tokens: int


def pieces(text: str) -> list[str]:
    """Splits a text into token-like pieces; joined they are the text again."""
    return PIECE.findall(text)


def grouped(text: str, size: int) -> Iterator[str]:
    """The text in stream deltas of `size` pieces."""
    parts = pieces(text)
    for start in range(0, len(parts), size):
        yield "".join(parts[start : start + size])


def tokens(text: str) -> int:
    """How many tokens a text counts."""
    return len(pieces(text))


def respond(prompt: Prompt) -> Answer:
    """Answers a prompt: with tool calls where tools fit, else with a text that relates to it."""
    uses = () if prompt.results else chosen_tools(prompt)
    reasoning = replies.reasoning(prompt.user) if prompt.reasoning else ""
    text = "" if uses else replies.reply(prompt.user, prompt.results)
    cut = pieces(text)[: prompt.limit]
    shortened = len(cut) < tokens(text)
    said = "".join(cut) + "".join(msgspec.json.encode(use).decode() for use in uses)
    return Answer(
        text="".join(cut),
        reasoning=reasoning,
        uses=uses,
        stop="tools" if uses else "length" if shortened else "end",
        input_tokens=tokens(prompt.everything),
        cached_tokens=cached(tokens(prompt.everything)),
        output_tokens=tokens(said) + tokens(reasoning),
        reasoning_tokens=tokens(reasoning),
    )


def cached(count: int) -> int:
    """Cached input tokens: prompts of 1,024 tokens and more, in steps of 128, as OpenAI documents its prompt cache."""
    return count // CACHE_STEP * CACHE_STEP if count >= CACHE_FLOOR else 0


def chosen_tools(prompt: Prompt) -> tuple[ToolUse, ...]:
    """The tools the prompt asks for: forced ones, else those whose name shares a longer word with the prompt."""
    if prompt.choice == "none":
        return ()
    words = set(re.findall(r"[a-z]{4,}", prompt.user.lower()))
    wanted = [tool for tool in prompt.tools if tool.name == prompt.choice]
    wanted = wanted or [tool for tool in prompt.tools if words & set(re.findall(r"[a-z]{4,}", tool.name.lower()))]
    if prompt.choice == "required" and not wanted:
        wanted = list(prompt.tools[:1])
    return tuple(ToolUse(tool.name, arguments(tool.parameters, prompt.user)) for tool in wanted)


def arguments(schema: Mapping[str, Any], prompt: str) -> dict[str, Any]:
    """Fills a tool's parameters from the prompt: its enumerated words, names, quoted phrases and numbers, in order."""
    numbers = iter(re.findall(r"(?<![\w-])\d+(?:\.\d+)?", prompt))
    names = iter(_phrases(prompt))
    return {name: _argument(kind, prompt, names, numbers) for name, kind in schema.get("properties", {}).items()}


def identifier(prefix: str, seed: str, length: int = 24) -> str:
    """An identifier in a provider's style, the same for the same seed."""
    return prefix + hashlib.sha256(seed.encode()).hexdigest()[:length]


def _phrases(prompt: str) -> list[str]:
    named = r"\"([^\"]+)\"|((?:[A-Z]{2,}-\d[\w-]*)|(?<![.!?]\s)(?<!^)\b[A-Z][\w-]+(?:\s[A-Z][\w-]+)*)"
    return [quoted or name for quoted, name in re.findall(named, prompt)]


def _argument(kind: Mapping[str, Any], prompt: str, names: Iterator[str], numbers: Iterator[str]) -> Any:
    choices: Sequence[str] = kind.get("enum", ())
    if choices:
        return next((choice for choice in choices if str(choice).lower() in prompt.lower()), choices[0])
    match str(kind.get("type", "string")).lower():
        case "integer":
            return int(float(next(numbers, "1")))
        case "number":
            return float(next(numbers, "1"))
        case "boolean":
            return True
        case "array":
            return [_argument(kind.get("items", {}), prompt, names, numbers)]
        case "object":
            return arguments(kind, prompt)
        case _:
            return next(names, "unspecified")
