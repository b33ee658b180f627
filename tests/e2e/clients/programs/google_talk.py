# SPDX-License-Identifier: Apache-2.0
"""Google's client: content, a function call, a stream."""

from typing import Any

from google import genai
from google.genai import types
from held import KEY, TOOL, prompt, say

MODEL = "gemini-2.0-flash"


def held(case: str, answers: list[Any], stream: bool) -> None:
    parts = [part for one in answers for part in one.candidates[0].content.parts or ()]
    usage = answers[-1].usage_metadata
    say(
        case,
        operation="generate_content",
        requested=MODEL,
        stream=stream,
        text="".join(part.text or "" for part in parts),
        tools=[[part.function_call.name, part.function_call.args] for part in parts if part.function_call],
        finish=[one.candidates[0].finish_reason.value for one in answers if one.candidates[0].finish_reason],
        input_tokens=usage.prompt_token_count,
        output_tokens=usage.candidates_token_count,
    )


client = genai.Client(api_key=KEY, http_options=types.HttpOptions(api_version="v1beta"))
plain = types.GenerateContentConfig(system_instruction="You know ports.")
declared = types.FunctionDeclaration(
    name=TOOL["name"], description=TOOL["description"], parameters_json_schema=TOOL["parameters"]
)
calling = types.GenerateContentConfig(tools=[types.Tool(function_declarations=[declared])])
for case, config in (("google text", plain), ("google tools", calling)):
    answer = client.models.generate_content(model=MODEL, contents=prompt(case), config=config)
    held(case, [answer], False)
    streamed = client.models.generate_content_stream(model=MODEL, contents=prompt(f"{case} stream"), config=config)
    held(f"{case} stream", list(streamed), True)
