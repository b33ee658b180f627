# SPDX-License-Identifier: Apache-2.0
"""LangChain's chat models of two providers, whole, with a tool, and streamed."""

from functools import reduce
from operator import add

from held import FUNCTION, KEY, asked, say
from langchain_anthropic import ChatAnthropic
from langchain_core.messages import AIMessage
from langchain_openai import ChatOpenAI

OPENAI, ANTHROPIC = "gpt-4o-mini", "claude-3-5-sonnet-20241022"


def tell(case: str, model: str, answer: AIMessage, *, stream: bool = False) -> None:
    usage = answer.usage_metadata or {}
    say(
        case,
        requested=model,
        stream=stream,
        text=answer.text,
        tools=[[one["name"], one["args"]] for one in answer.tool_calls],
        **({} if stream else {"input_tokens": usage["input_tokens"], "output_tokens": usage["output_tokens"]}),
    )


for provider, model, chat in (
    ("openai", OPENAI, ChatOpenAI(model=OPENAI, api_key=KEY)),
    ("anthropic", ANTHROPIC, ChatAnthropic(model=ANTHROPIC, api_key=KEY)),
):
    case = f"langchain {provider}"
    tell(f"{case} text", model, chat.invoke(asked(f"{case} text")))
    tell(f"{case} tools", model, chat.bind_tools([FUNCTION]).invoke(asked(f"{case} tools")))
    tell(f"{case} stream", model, reduce(add, chat.stream(asked(f"{case} stream"))), stream=True)
