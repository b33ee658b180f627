# SPDX-License-Identifier: Apache-2.0
"""What a client's objects held, printed as one JSON line a call, for the test to compare with the record.

Programs here are clients as anyone writes them: they know the gateway by their environment alone, and import nothing
of this project. `prompt` names the call, for some providers answer without an id.
"""

import json
import sys
from typing import Any

KEY = "test-key-0123456789abcdef"
ASK = "Which ferry ports lie on the North Sea? Asked by "
PARAMETERS = {"type": "object", "properties": {"port": {"type": "string"}}, "required": ["port"]}
TOOL = {"name": "look_up_port", "description": "Looks up a ferry port.", "parameters": PARAMETERS}
FUNCTION = {"type": "function", "function": TOOL}


def prompt(case: str) -> str:
    return ASK + case


def asked(case: str) -> list[dict[str, str]]:
    return [{"role": "system", "content": "You know ports."}, {"role": "user", "content": prompt(case)}]


def say(case: str, **held: Any) -> None:
    sys.stdout.write(json.dumps({"prompt": prompt(case), **held}) + "\n")
    sys.stdout.flush()


def say_chat(case: str, model: str, answer: Any) -> None:
    """A chat completion, as the clients of OpenAI, Groq, Mistral and LiteLLM hold it."""
    choice = answer.choices[0]
    say(
        case,
        requested=model,
        stream=False,
        id=answer.id,
        model=answer.model,
        text=choice.message.content or "",
        tools=[[one.function.name, arguments(one)] for one in choice.message.tool_calls or ()],
        finish=[str(choice.finish_reason)],
        input_tokens=answer.usage.prompt_tokens,
        output_tokens=answer.usage.completion_tokens,
    )


def say_chunks(case: str, model: str, chunks: Any) -> None:
    """The chunks of a streamed chat completion, joined."""
    chunks = list(chunks)
    choices = [choice for chunk in chunks for choice in chunk.choices]
    usage = next((chunk.usage for chunk in reversed(chunks) if getattr(chunk, "usage", None)), None)
    say(
        case,
        requested=model,
        stream=True,
        id=chunks[0].id,
        model=chunks[0].model,
        text="".join(choice.delta.content or "" for choice in choices),
        tools=[],
        finish=[str(choice.finish_reason) for choice in choices if choice.finish_reason],
        input_tokens=usage.prompt_tokens if usage else None,
        output_tokens=usage.completion_tokens if usage else None,
    )


def arguments(call: Any) -> Any:
    given = call.function.arguments
    return json.loads(given) if isinstance(given, str) else given
