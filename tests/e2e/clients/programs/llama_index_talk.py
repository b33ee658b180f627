# SPDX-License-Identifier: Apache-2.0
"""LlamaIndex's model of OpenAI, whole and streamed."""

from held import KEY, asked, say
from llama_index.core.llms import ChatMessage
from llama_index.llms.openai import OpenAI

MODEL = "gpt-4o-mini"
model = OpenAI(model=MODEL, api_key=KEY)


def messages(case: str) -> list[ChatMessage]:
    return [ChatMessage(**one) for one in asked(case)]


answer = model.chat(messages("llama-index text"))
say("llama-index text", requested=MODEL, stream=False, id=answer.raw.id, text=answer.message.content, tools=[])
*_, last = model.stream_chat(messages("llama-index stream"))
say("llama-index stream", requested=MODEL, stream=True, id=last.raw.id, text=last.message.content, tools=[])
