# SPDX-License-Identifier: Apache-2.0
"""The `openai` SDK's chat completions."""

import json
from collections.abc import Mapping
from typing import Any

import openai
from openai.lib.streaming.chat import ChatCompletionStreamState
from openai.types.chat import ChatCompletion

from auditor.demo.sdk.asking import Ask, Held, Request, Tool


class OpenAIChat:
    """`client.chat.completions`; streams are put together by the SDK's `ChatCompletionStreamState`."""

    provider = "openai"

    def request(self, ask: Ask) -> Request:
        """Messages, and tools where there are any."""
        turns = [*ask.history, ("user", ask.prompt)]
        messages = [{"role": "system", "content": ask.system}] if ask.system else []
        messages += [{"role": role, "content": text} for role, text in turns]
        request: Request = {"model": ask.model, "messages": messages}
        if ask.max_tokens:
            request["max_completion_tokens"] = ask.max_tokens
        if ask.tools:
            request["tools"] = [{"type": "function", "function": function(tool)} for tool in ask.tools]
        return request

    def send(self, client: openai.OpenAI, request: Request, *, stream: bool) -> ChatCompletion:
        """One completion."""
        if not stream:
            return client.chat.completions.create(**request)
        state: ChatCompletionStreamState[None] = ChatCompletionStreamState()
        with client.chat.completions.create(**request, **COUNTED) as chunks:
            for chunk in chunks:
                state.handle_chunk(chunk)
        return state.current_completion_snapshot

    async def asend(self, client: openai.AsyncOpenAI, request: Request, *, stream: bool) -> ChatCompletion:
        """One completion."""
        if not stream:
            return await client.chat.completions.create(**request)
        state: ChatCompletionStreamState[None] = ChatCompletionStreamState()
        async with await client.chat.completions.create(**request, **COUNTED) as chunks:
            async for chunk in chunks:
                state.handle_chunk(chunk)
        return state.current_completion_snapshot

    def held(self, ask: Ask, answer: ChatCompletion) -> Held:
        """The completion's facts."""
        message, usage = answer.choices[0].message, answer.usage
        calls = [call for call in message.tool_calls or () if call.type == "function"]
        inputs = usage.prompt_tokens_details if usage else None
        outputs = usage.completion_tokens_details if usage else None
        return Held(
            provider=self.provider,
            requested=ask.model,
            stream=ask.stream,
            model=answer.model,
            id=answer.id,
            text=message.content or "",
            tools=tuple((call.function.name, json.loads(call.function.arguments)) for call in calls),
            finish=tuple(choice.finish_reason for choice in answer.choices),
            input_tokens=usage.prompt_tokens if usage else None,
            output_tokens=usage.completion_tokens if usage else None,
            cached_tokens=inputs.cached_tokens if inputs else None,
            reasoning_tokens=outputs.reasoning_tokens if outputs else None,
        )

    def follow(self, request: Request, answer: ChatCompletion, tools: Mapping[str, Tool]) -> Request:
        """The assistant's message, and one tool message a call."""
        message = answer.choices[0].message
        calls = [call for call in message.tool_calls or () if call.type == "function"]
        said = {
            "role": "assistant",
            "content": message.content,
            "tool_calls": [
                {"id": call.id, "type": "function", "function": call.function.model_dump(include={"name", "arguments"})}
                for call in calls
            ],
        }
        results = [
            {"role": "tool", "tool_call_id": call.id, "content": tools[call.function.name].returns} for call in calls
        ]
        return request | {"messages": [*request["messages"], said, *results]}

    def abort(self, client: openai.OpenAI, request: Request, *, after: int) -> None:
        """Reads a few chunks, then closes the stream."""
        with client.chat.completions.create(**request, **COUNTED) as chunks:
            for number, _ in enumerate(chunks, 1):
                if number >= after:
                    return

    def failure(self, error: Exception) -> int | None:
        """The status of an `APIStatusError`."""
        return error.status_code if isinstance(error, openai.APIStatusError) else None


COUNTED: dict[str, Any] = {"stream": True, "stream_options": {"include_usage": True}}
"""A stream that states its usage at the end."""


def function(tool: Tool) -> dict[str, Any]:
    """A tool as OpenAI's APIs want it described."""
    return {"name": tool.name, "description": tool.description, "parameters": dict(tool.parameters)}
