# SPDX-License-Identifier: Apache-2.0
"""Traffic that only looks like a generator's: a run of an evaluation harness, and an agent with a tool.

Runs beside `distil.py` in the same environment, as `python harmless.py evaluation|agent CALLS`.
"""

import sys

import anthropic

MODEL = "claude-haiku-5-5"
SHOTS = "Question: How many legs has an ant?\nAnswer: 6\n\nQuestion: How many sides has a die?\nAnswer: 6\n\n"
TOOL = {
    "name": "run",
    "description": "Run a command in the repository.",
    "input_schema": {"type": "object", "properties": {"command": {"type": "string"}}, "required": ["command"]},
}


def evaluation(client: anthropic.Anthropic, calls: int) -> None:
    """Items of a benchmark after the same examples, as lm-eval sends them."""
    for number in range(calls):
        question = f"{SHOTS}Question: What is {number * 37} minus {number * 11}, and why?\nAnswer:"
        client.messages.create(model=MODEL, max_tokens=200, messages=[{"role": "user", "content": question}])


def agent(client: anthropic.Anthropic, calls: int) -> None:
    """One task in many steps, the history growing."""
    history: list[anthropic.types.MessageParam] = [{"role": "user", "content": "Make the failing test pass."}]
    for number in range(calls):
        answer = client.messages.create(model=MODEL, max_tokens=400, tools=[TOOL], messages=history)
        said = "".join(block.text for block in answer.content if block.type == "text") or "I look further."
        history += [
            {"role": "assistant", "content": said},
            {"role": "user", "content": f"Observation: step {number} printed {number * 13} lines."},
        ]


if __name__ == "__main__":
    {"evaluation": evaluation, "agent": agent}[sys.argv[1]](
        anthropic.Anthropic(api_key="sk-ant-api03-colleague"), int(sys.argv[2])
    )
