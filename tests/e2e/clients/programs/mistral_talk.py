# SPDX-License-Identifier: Apache-2.0
"""Mistral's client: a chat, a tool call, a stream."""

from held import FUNCTION, KEY, asked, say_chat, say_chunks
from mistralai.client import Mistral

MODEL = "mistral-small-latest"

with Mistral(api_key=KEY) as client:
    say_chat("mistral text", MODEL, client.chat.complete(model=MODEL, messages=asked("mistral text")))
    called = client.chat.complete(model=MODEL, messages=asked("mistral tools"), tools=[FUNCTION])
    say_chat("mistral tools", MODEL, called)
    with client.chat.stream(model=MODEL, messages=asked("mistral stream")) as events:
        say_chunks("mistral stream", MODEL, [event.data for event in events])
