# SPDX-License-Identifier: Apache-2.0
"""Anthropic's client: a message, a tool call, a stream."""

from typing import Any

from anthropic import Anthropic
from held import KEY, PARAMETERS, TOOL, prompt, say

MODEL = "claude-3-5-sonnet-20241022"


def held(case: str, message: Any, stream: bool) -> None:
    say(
        case,
        requested=MODEL,
        stream=stream,
        id=message.id,
        model=message.model,
        text="".join(block.text for block in message.content if block.type == "text"),
        tools=[[block.name, block.input] for block in message.content if block.type == "tool_use"],
        finish=[message.stop_reason],
        input_tokens=message.usage.input_tokens,
        output_tokens=message.usage.output_tokens,
    )


client = Anthropic(api_key=KEY)


def ask(case: str) -> dict[str, Any]:
    said = [{"role": "user", "content": prompt(case)}]
    return {"model": MODEL, "max_tokens": 200, "system": "You know ports.", "messages": said}


tools = [{"name": TOOL["name"], "description": TOOL["description"], "input_schema": PARAMETERS}]
held("anthropic text", client.messages.create(**ask("anthropic text")), False)
held("anthropic tools", client.messages.create(**ask("anthropic tools"), tools=tools), False)
for case, more in (("anthropic stream", {}), ("anthropic stream tools", {"tools": tools})):
    with client.messages.stream(**ask(case), **more) as stream:
        held(case, stream.get_final_message(), True)
