# SPDX-License-Identifier: Apache-2.0
"""No client at all: a script with requests, as many begin."""

import requests
from held import KEY, asked, say

MODEL = "mistral-small-latest"

question = {"model": MODEL, "messages": asked("requests text")}
answer = requests.post(
    "https://api.mistral.ai/v1/chat/completions",
    json=question,
    headers={"authorization": f"Bearer {KEY}"},
    timeout=60,
)
answer.raise_for_status()
told = answer.json()
say(
    "requests text",
    requested=MODEL,
    stream=False,
    id=told["id"],
    model=told["model"],
    text=told["choices"][0]["message"]["content"],
    tools=[],
    input_tokens=told["usage"]["prompt_tokens"],
    output_tokens=told["usage"]["completion_tokens"],
)
