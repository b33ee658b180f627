# SPDX-License-Identifier: Apache-2.0
"""Cohere's client (v2): a chat, a tool call, a stream."""

from typing import Any

import cohere
from held import FUNCTION, KEY, arguments, asked, say

MODEL = "command-r-plus-08-2024"


def usage(stated: Any) -> dict[str, Any]:
    return {"input_tokens": int(stated.tokens.input_tokens), "output_tokens": int(stated.tokens.output_tokens)}


def whole(case: str, answer: Any) -> None:
    say(
        case,
        requested=MODEL,
        stream=False,
        id=answer.id,
        text="".join(part.text for part in answer.message.content or ()),
        tools=[[one.function.name, arguments(one)] for one in answer.message.tool_calls or ()],
        finish=[answer.finish_reason],
        **usage(answer.usage),
    )


def streamed(case: str, events: list[Any]) -> None:
    end = events[-1].delta
    pieces = (one.delta.message.content.text for one in events if one.type == "content-delta")
    say(
        case,
        requested=MODEL,
        stream=True,
        id=events[0].id,
        text="".join(pieces),
        tools=[],
        finish=[end.finish_reason],
        **usage(end.usage),
    )


client = cohere.ClientV2(api_key=KEY)
whole("cohere text", client.chat(model=MODEL, messages=asked("cohere text")))
whole("cohere tools", client.chat(model=MODEL, messages=asked("cohere tools"), tools=[FUNCTION]))
streamed("cohere stream", list(client.chat_stream(model=MODEL, messages=asked("cohere stream"))))
