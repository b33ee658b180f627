# SPDX-License-Identifier: Apache-2.0
"""The `google-genai` SDK's models."""

from collections.abc import Mapping

from google import genai
from google.genai import errors, types

from auditor.demo.sdk.asking import Ask, Held, Request, Tool

ROLES = {"user": "user", "assistant": "model"}


class GoogleGenAI:
    """`client.models` and `client.aio.models`; this SDK leaves putting a stream together to its user."""

    provider = "gcp.gemini"

    def request(self, ask: Ask) -> Request:
        """Contents, and a configuration."""
        turns = [*ask.history, ("user", ask.prompt)]
        contents = [types.Content(role=ROLES[role], parts=[types.Part(text=text)]) for role, text in turns]
        declared = [
            types.FunctionDeclaration(name=t.name, description=t.description, parameters_json_schema=dict(t.parameters))
            for t in ask.tools
        ]
        config = types.GenerateContentConfig(
            system_instruction=ask.system,
            max_output_tokens=ask.max_tokens,
            thinking_config=types.ThinkingConfig(include_thoughts=True) if ask.reasoning else None,
            tools=[types.Tool(function_declarations=declared)] if declared else None,
        )
        return {"model": ask.model, "contents": contents, "config": config}

    def send(self, client: genai.Client, request: Request, *, stream: bool) -> list[types.GenerateContentResponse]:
        """The responses: one, or a stream's."""
        if not stream:
            return [client.models.generate_content(**request)]
        return list(client.models.generate_content_stream(**request))

    async def asend(
        self, client: genai.Client, request: Request, *, stream: bool
    ) -> list[types.GenerateContentResponse]:
        """The responses: one, or a stream's."""
        if not stream:
            return [await client.aio.models.generate_content(**request)]
        return [chunk async for chunk in await client.aio.models.generate_content_stream(**request)]

    def held(self, ask: Ask, answer: list[types.GenerateContentResponse]) -> Held:
        """The responses' facts: parts joined, the last counts and finish reason."""
        last = answer[-1]
        usage = last.usage_metadata or types.GenerateContentResponseUsageMetadata()
        thoughts = usage.thoughts_token_count
        ended = last.candidates[0].finish_reason if last.candidates else None
        calls = [call for response in answer for call in response.function_calls or ()]
        return Held(
            provider=self.provider,
            requested=ask.model,
            stream=ask.stream,
            model=last.model_version,
            id=last.response_id,
            text="".join(part.text or "" for part in _parts(answer) if not part.thought),
            reasoning="".join(part.text or "" for part in _parts(answer) if part.thought),
            tools=tuple((call.name or "", call.args) for call in calls),
            finish=(ended.value,) if ended else (),
            input_tokens=usage.prompt_token_count,
            output_tokens=(usage.candidates_token_count or 0) + (thoughts or 0),
            cached_tokens=usage.cached_content_token_count,
            reasoning_tokens=thoughts,
        )

    def follow(
        self, request: Request, answer: list[types.GenerateContentResponse], tools: Mapping[str, Tool]
    ) -> Request:
        """The model's turn as it came, and a user turn with the results."""
        said = types.Content(role="model", parts=_parts(answer))
        calls = [part.function_call for part in _parts(answer) if part.function_call]
        results = [
            types.Part.from_function_response(name=call.name or "", response={"result": tools[call.name or ""].returns})
            for call in calls
        ]
        return request | {"contents": [*request["contents"], said, types.Content(role="user", parts=results)]}

    def abort(self, client: genai.Client, request: Request, *, after: int) -> None:
        """Reads a few chunks, then closes the stream."""
        chunks = client.models.generate_content_stream(**request)
        for number, _ in enumerate(chunks, 1):
            if number >= after:
                chunks.close()  # type: ignore[attr-defined]  # it is a generator, typed as an iterator
                return

    def failure(self, error: Exception) -> int | None:
        """The status of an `APIError`."""
        return error.code if isinstance(error, errors.APIError) else None


def _parts(answer: list[types.GenerateContentResponse]) -> list[types.Part]:
    contents = (response.candidates[0].content for response in answer if response.candidates)
    return [part for content in contents if content for part in content.parts or ()]
