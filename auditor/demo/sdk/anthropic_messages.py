# SPDX-License-Identifier: Apache-2.0
"""The `anthropic` SDK's messages."""

from collections.abc import Mapping

import anthropic
from anthropic.types import Message

from auditor.demo.sdk.asking import Ask, Held, Request, Tool

DEFAULT_LIMIT = 2048
THINKING_BUDGET = 1024


class AnthropicMessages:
    """`client.messages`; streams are put together by the SDK's `messages.stream`."""

    provider = "anthropic"

    def request(self, ask: Ask) -> Request:
        """Messages, and tools, thinking and caching where asked for."""
        turns = [*ask.history, ("user", ask.prompt)]
        request: Request = {
            "model": ask.model,
            "max_tokens": ask.max_tokens or DEFAULT_LIMIT,
            "messages": [{"role": role, "content": text} for role, text in turns],
        }
        if ask.system:
            marked = {"cache_control": {"type": "ephemeral"}} if ask.cache else {}
            request["system"] = [{"type": "text", "text": ask.system, **marked}]
        if ask.reasoning:
            request["thinking"] = {"type": "enabled", "budget_tokens": THINKING_BUDGET}
        if ask.tools:
            request["tools"] = [
                {"name": tool.name, "description": tool.description, "input_schema": dict(tool.parameters)}
                for tool in ask.tools
            ]
        return request

    def send(self, client: anthropic.Anthropic, request: Request, *, stream: bool) -> Message:
        """One message."""
        if not stream:
            return client.messages.create(**request)
        with client.messages.stream(**request) as events:
            return events.get_final_message()

    async def asend(self, client: anthropic.AsyncAnthropic, request: Request, *, stream: bool) -> Message:
        """One message."""
        if not stream:
            return await client.messages.create(**request)
        async with client.messages.stream(**request) as events:
            return await events.get_final_message()

    def held(self, ask: Ask, answer: Message) -> Held:
        """The message's facts; the three input counts add up."""
        usage = answer.usage
        read, written = usage.cache_read_input_tokens or 0, usage.cache_creation_input_tokens or 0
        return Held(
            provider=self.provider,
            requested=ask.model,
            stream=ask.stream,
            model=answer.model,
            id=answer.id,
            text="".join(block.text for block in answer.content if block.type == "text"),
            reasoning="".join(block.thinking for block in answer.content if block.type == "thinking"),
            tools=tuple((block.name, block.input) for block in answer.content if block.type == "tool_use"),
            finish=(answer.stop_reason,) if answer.stop_reason else (),
            input_tokens=usage.input_tokens + read + written,
            output_tokens=usage.output_tokens,
            cached_tokens=usage.cache_read_input_tokens,
        )

    def follow(self, request: Request, answer: Message, tools: Mapping[str, Tool]) -> Request:
        """The assistant's turn as it came, and a user turn with the results."""
        said = {"role": "assistant", "content": answer.model_dump(mode="json", exclude_none=True)["content"]}
        results = [
            {"type": "tool_result", "tool_use_id": block.id, "content": tools[block.name].returns}
            for block in answer.content
            if block.type == "tool_use"
        ]
        return request | {"messages": [*request["messages"], said, {"role": "user", "content": results}]}

    def abort(self, client: anthropic.Anthropic, request: Request, *, after: int) -> None:
        """Reads a few events, then closes the stream."""
        with client.messages.stream(**request) as events:
            for number, _ in enumerate(events, 1):
                if number >= after:
                    return

    def failure(self, error: Exception) -> int | None:
        """The status of an `APIStatusError`."""
        return error.status_code if isinstance(error, anthropic.APIStatusError) else None
