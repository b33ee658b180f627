# SPDX-License-Identifier: Apache-2.0
"""The `openai` SDK's responses."""

import json
from collections.abc import Mapping

import openai
from openai.types.responses import (
    Response,
    ResponseCompletedEvent,
    ResponseFailedEvent,
    ResponseFunctionToolCall,
    ResponseIncompleteEvent,
    ResponseReasoningItem,
    ResponseStreamEvent,
)

from auditor.demo.sdk.asking import Ask, Held, Request, Tool
from auditor.demo.sdk.openai_chat import function


class OpenAIResponses:
    """`client.responses`; a stream's last event carries the whole response."""

    provider = "openai"

    def request(self, ask: Ask) -> Request:
        """Input items, and tools where there are any."""
        turns = [*ask.history, ("user", ask.prompt)]
        request: Request = {"model": ask.model, "input": [{"role": role, "content": text} for role, text in turns]}
        if ask.system:
            request["instructions"] = ask.system
        if ask.max_tokens:
            request["max_output_tokens"] = ask.max_tokens
        if ask.reasoning:
            request["reasoning"] = {"effort": "low", "summary": "auto"}
        if ask.tools:
            request["tools"] = [{"type": "function", "strict": False, **function(tool)} for tool in ask.tools]
        return request

    def send(self, client: openai.OpenAI, request: Request, *, stream: bool) -> Response:
        """One response."""
        if not stream:
            return client.responses.create(**request)
        with client.responses.create(**request, stream=True) as events:
            return _final(list(events))

    async def asend(self, client: openai.AsyncOpenAI, request: Request, *, stream: bool) -> Response:
        """One response."""
        if not stream:
            return await client.responses.create(**request)
        async with await client.responses.create(**request, stream=True) as events:
            return _final([event async for event in events])

    def held(self, ask: Ask, answer: Response) -> Held:
        """The response's facts; what this API has for a finish reason is the response's status."""
        calls = [item for item in answer.output if isinstance(item, ResponseFunctionToolCall)]
        thoughts = [item for item in answer.output if isinstance(item, ResponseReasoningItem)]
        usage = answer.usage
        return Held(
            provider=self.provider,
            requested=ask.model,
            stream=ask.stream,
            model=answer.model,
            id=answer.id,
            text=answer.output_text,
            reasoning="".join(part.text for item in thoughts for part in item.summary),
            tools=tuple((call.name, json.loads(call.arguments)) for call in calls),
            finish=(answer.status,) if answer.status else (),
            input_tokens=usage.input_tokens if usage else None,
            output_tokens=usage.output_tokens if usage else None,
            cached_tokens=usage.input_tokens_details.cached_tokens if usage else None,
            reasoning_tokens=usage.output_tokens_details.reasoning_tokens if usage else None,
        )

    def follow(self, request: Request, answer: Response, tools: Mapping[str, Tool]) -> Request:
        """The output items as they came, and one output a call."""
        calls = [item for item in answer.output if isinstance(item, ResponseFunctionToolCall)]
        results = [
            {"type": "function_call_output", "call_id": call.call_id, "output": tools[call.name].returns}
            for call in calls
        ]
        said = [item.model_dump(mode="json", exclude_none=True) for item in answer.output]
        return request | {"input": [*request["input"], *said, *results]}

    def abort(self, client: openai.OpenAI, request: Request, *, after: int) -> None:
        """Reads a few events, then closes the stream."""
        with client.responses.create(**request, stream=True) as events:
            for number, _ in enumerate(events, 1):
                if number >= after:
                    return

    def failure(self, error: Exception) -> int | None:
        """The status of an `APIStatusError`."""
        return error.status_code if isinstance(error, openai.APIStatusError) else None


def _final(events: list[ResponseStreamEvent]) -> Response:
    last = events[-1]
    if isinstance(last, ResponseCompletedEvent | ResponseIncompleteEvent | ResponseFailedEvent):
        return last.response
    raise RuntimeError(f"the stream ended with {last.type}")
