# SPDX-License-Identifier: Apache-2.0
"""OpenAI's client on a realtime WebSocket: two responses in one conversation."""

from held import KEY, prompt, say
from openai import OpenAI

MODEL = "gpt-realtime"

client = OpenAI(api_key=KEY, base_url="https://eu.api.openai.com/v1")
with client.realtime.connect(model=MODEL) as connection:
    connection.session.update(session={"type": "realtime", "output_modalities": ["text"]})
    for case in ("realtime first", "realtime second"):
        connection.conversation.item.create(
            item={"type": "message", "role": "user", "content": [{"type": "input_text", "text": prompt(case)}]}
        )
        connection.response.create()
        text = ""
        for event in connection:
            if event.type == "response.output_text.delta":
                text += event.delta
            elif event.type == "response.done":
                break
        answer = event.response
        say(
            case,
            operation="realtime",
            id=answer.id,
            stream=True,
            text=text,
            tools=[],
            input_tokens=answer.usage.input_tokens if answer.usage else None,
            output_tokens=answer.usage.output_tokens if answer.usage else None,
        )
