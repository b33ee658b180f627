# SPDX-License-Identifier: Apache-2.0
"""Groq's client: a chat, a tool call, a stream."""

from groq import Groq
from held import FUNCTION, KEY, asked, say_chat, say_chunks

MODEL = "llama-3.3-70b-versatile"

ask = Groq(api_key=KEY).chat.completions.create
say_chat("groq text", MODEL, ask(model=MODEL, messages=asked("groq text")))
say_chat("groq tools", MODEL, ask(model=MODEL, messages=asked("groq tools"), tools=[FUNCTION]))
say_chunks("groq stream", MODEL, ask(model=MODEL, messages=asked("groq stream"), stream=True))
