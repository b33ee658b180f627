# SPDX-License-Identifier: Apache-2.0
"""The demo's day at the office: who asks what, of which provider, over which SDK, streaming or not.

Pure data; `auditor.demo.traffic` plays it.
"""

from typing import Literal

import msgspec

from auditor.demo import people, prompts
from auditor.demo.people import Person
from auditor.demo.sdk.anthropic_messages import AnthropicMessages
from auditor.demo.sdk.asking import Ask, Surface
from auditor.demo.sdk.google_genai import GoogleGenAI
from auditor.demo.sdk.openai_chat import OpenAIChat
from auditor.demo.sdk.openai_responses import OpenAIResponses

CHAT, RESPONSES, MESSAGES, GENERATE = OpenAIChat(), OpenAIResponses(), AnthropicMessages(), GoogleGenAI()
GPT, GPT_SMALL, GPT_THINKING = "gpt-4.1", "gpt-4.1-mini", "gpt-5.4-mini"
CLAUDE, CLAUDE_SMALL = "claude-sonnet-5-5", "claude-haiku-5-5"
GEMINI, GEMINI_LARGE = "gemini-3.8-flash", "gemini-3.1-pro-preview"
RETIRED = "gpt-4-32k"


class Scene(msgspec.Struct, frozen=True):
    """One thing somebody does: a talk over the synchronous or asynchronous client, or a stream broken off."""

    surface: Surface
    ask: Ask
    way: Literal["sync", "async", "break off"] = "sync"


class Day(msgspec.Struct, frozen=True):
    """What one person does, in order."""

    person: Person
    scenes: tuple[Scene, ...]


def office() -> tuple[Day, ...]:
    """Everyone's day, but for the distillation run."""
    return (
        Day(people.FINANCE, _finance()),
        Day(people.ENGINEER, _engineer()),
        Day(people.MARKETING, _marketing()),
        Day(people.CARE, _care()),
        Day(people.CLAIMS, _claims()),
    )


def generators() -> tuple[Ask, ...]:
    """The distillation run: one skeleton over many topics, whose answers become training data."""
    texts = (prompts.GENERATOR.format(topic=topic) for topic in prompts.TOPICS)
    return tuple(Ask(model=CLAUDE, prompt=text, max_tokens=1024) for text in texts)


def _finance() -> tuple[Scene, ...]:
    summary = Ask(model=GPT, prompt=prompts.QUARTER, system="You are a precise financial editor.")
    short = Ask(model=GPT, prompt=prompts.QUARTER_SHORT, history=(("user", prompts.QUARTER),), stream=True)
    return (
        Scene(CHAT, summary),
        Scene(CHAT, short),
        Scene(RESPONSES, Ask(model=GPT_THINKING, prompt=prompts.FORKLIFT, reasoning=True, stream=True)),
        Scene(RESPONSES, Ask(model=GPT_THINKING, prompt=prompts.REMINDER), "async"),
        Scene(CHAT, Ask(model=RETIRED, prompt=prompts.REMINDER)),
        Scene(CHAT, Ask(model=GPT, prompt=prompts.ANNUAL, stream=True), "break off"),
    )


def _engineer() -> tuple[Scene, ...]:
    return (
        Scene(MESSAGES, Ask(model=CLAUDE, prompt=prompts.RACE)),
        Scene(MESSAGES, Ask(model=CLAUDE, prompt=prompts.RETRY, reasoning=True, stream=True), "async"),
        Scene(MESSAGES, Ask(model=CLAUDE, prompt=prompts.deployment(), stream=True)),
        Scene(CHAT, Ask(model=GPT_SMALL, prompt=prompts.LATE, stream=True), "async"),
    )


def _marketing() -> tuple[Scene, ...]:
    return (
        Scene(GENERATE, Ask(model=GEMINI, prompt=prompts.TAGLINE)),
        Scene(GENERATE, Ask(model=GEMINI_LARGE, prompt=prompts.NEWSLETTER, reasoning=True, stream=True)),
        Scene(GENERATE, Ask(model=GEMINI, prompt=prompts.SWEDISH), "async"),
        Scene(GENERATE, Ask(model=GEMINI, prompt=prompts.FAIRS, max_tokens=40, stream=True), "async"),
    )


def _care() -> tuple[Scene, ...]:
    rules, look_up = prompts.CARE_RULES, (prompts.SHIPMENT_STATUS, prompts.DELIVERY_SLOT)
    again = Ask(model=GPT_THINKING, prompt=prompts.STATUS_AGAIN, system=rules, tools=look_up, stream=True)
    return (
        Scene(CHAT, Ask(model=GPT_SMALL, prompt=prompts.STATUS, system=rules, tools=look_up)),
        Scene(CHAT, Ask(model=GPT_SMALL, prompt=prompts.SLOT, system=rules, tools=look_up, stream=True), "async"),
        Scene(RESPONSES, again),
        Scene(MESSAGES, Ask(model=CLAUDE_SMALL, prompt=prompts.COMPLAINT, system=rules, cache=True)),
        Scene(GENERATE, Ask(model=GEMINI, prompt=prompts.TICKET, system=rules), "async"),
    )


def _claims() -> tuple[Scene, ...]:
    claim, cost, weather = (prompts.DAMAGE_CLAIM,), (prompts.REPAIR_COST,), (prompts.WEATHER,)
    return (
        Scene(MESSAGES, Ask(model=CLAUDE_SMALL, prompt=prompts.CLAIM, tools=claim, stream=True)),
        Scene(MESSAGES, Ask(model=CLAUDE_SMALL, prompt=prompts.ESTIMATE, tools=cost), "async"),
        Scene(RESPONSES, Ask(model=GPT_THINKING, prompt=prompts.ESTIMATE, tools=cost), "async"),
        Scene(GENERATE, Ask(model=GEMINI, prompt=prompts.CARGO, tools=weather)),
        Scene(GENERATE, Ask(model=GEMINI, prompt=prompts.ESTIMATE, tools=cost, stream=True), "async"),
    )
