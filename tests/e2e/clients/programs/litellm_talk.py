# SPDX-License-Identifier: Apache-2.0
"""LiteLLM as a library: the same question to three providers, whole and streamed."""

import litellm
from held import KEY, asked, say

MODELS = {"openai": "gpt-4o-mini", "anthropic": "claude-3-5-sonnet-20241022", "mistral": "mistral-small-latest"}

litellm.telemetry = False
for provider, model in MODELS.items():
    for stream in (False, True):
        case = f"litellm {provider} {'stream' if stream else 'text'}"
        answer = litellm.completion(
            model=f"{provider}/{model}", messages=asked(case), api_key=KEY, stream=stream, max_tokens=100
        )
        if stream:
            answer = litellm.stream_chunk_builder(list(answer))
        say(
            case,
            requested=model,
            stream=stream,
            text=answer.choices[0].message.content,
            tools=[],
            **({} if stream else {"input_tokens": answer.usage.prompt_tokens}),
        )
