# SPDX-License-Identifier: Apache-2.0
"""Ollama's client over plain HTTP: a chat, a stream, a completion."""

import ollama
from held import prompt, say

MODEL = "llama3.2"

client = ollama.Client(host="http://models.example:11434")


def chat(case: str, stream: bool) -> None:
    said = [{"role": "user", "content": prompt(case)}]
    answer = client.chat(model=MODEL, messages=said, stream=stream)
    chunks = list(answer) if stream else [answer]
    last = chunks[-1]
    say(
        case,
        requested=MODEL,
        model=last.model,
        stream=stream,
        text="".join(one.message.content or "" for one in chunks),
        tools=[],
        finish=[last.done_reason],
        input_tokens=last.prompt_eval_count,
        output_tokens=last.eval_count,
    )


chat("ollama text", False)
chat("ollama stream", True)
