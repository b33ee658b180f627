# SPDX-License-Identifier: Apache-2.0
"""Bedrock agents and knowledge bases: a text goes in, a text and the passages it rests on come out.

Source: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent-runtime_InvokeAgent.html,
…_RetrieveAndGenerate.html, …_Retrieve.html, …_InvokeFlow.html
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from auditor.calls import AnyPart, Message, Text, ToolResponse
from auditor.dialects import bedrock_converse
from auditor.dialects.facts import Answered, Asked, Assembled, Dialect, said
from auditor.dialects.framing import Event
from auditor.dialects.values import first_text, obj, objs, text
from auditor.dialects.wire import Wire

type Fields = Mapping[str, Any]


def ask(wire: Wire) -> Asked:
    """Read a request."""
    body = wire.asked
    knowledge = obj(body.get("retrieveAndGenerateConfiguration"))
    model = first_text(
        obj(knowledge.get("knowledgeBaseConfiguration")).get("modelArn"),
        obj(knowledge.get("externalSourcesConfiguration")).get("modelArn"),
        body.get("foundationModel"),
    )
    asked = (body.get("inputText"), obj(body.get("input")).get("text"), obj(body.get("retrievalQuery")).get("text"))
    contents = [obj(obj(one).get("content")).get("document") for one in objs(body.get("inputs"))]
    instruction = text(body.get("instruction"))
    state = obj(body.get("sessionState"))
    earlier = obj(state.get("conversationHistory")).get("messages")
    return Asked(
        model=model,
        system_instructions=(Text(content=instruction),) if instruction else (),
        input_messages=(
            *bedrock_converse.asked_of({"messages": earlier}, None, stream=False).input_messages,
            *said("tool", *_returned(state)),
            *said("user", *(text(one) for one in (*asked, *contents))),
        ),
    )


def _returned(state: Fields) -> Iterator[str]:
    """What the client's functions and APIs returned to the agent that asked for them."""
    for one in objs(state.get("returnControlInvocationResults")):
        for result in (obj(one.get("functionResult")), obj(one.get("apiResult"))):
            yield from filter(None, (text(obj(body).get("body")) for body in obj(result.get("responseBody")).values()))


def answer(body: Any, _wire: Wire) -> Answered:
    """Read an answer, plain or assembled."""
    fields = obj(body)
    plain = text(obj(fields.get("output")).get("text"))
    passages = [text(obj(one.get("content")).get("text")) for one in objs(fields.get("retrievalResults"))]
    parts: list[AnyPart] = [Text(content=plain)] if plain else []
    parts += [ToolResponse(response=one) for one in passages if one]
    return Answered(output_messages=(Message(role="assistant", parts=tuple(parts)),) if parts else ())


def assemble(events: Sequence[Event]) -> Assembled:
    """Put a stream together: chunks of text, under the name each service gives them."""
    pieces: list[str] = []
    for name, data in events:
        if name == "chunk" and isinstance(data, str):
            pieces.append(data)
        elif name == "output":
            pieces.append(text(obj(data).get("text")) or "")
        elif name == "flowOutputEvent":
            pieces.append(text(obj(obj(data).get("content")).get("document")) or "")
    failed = next((data for name, data in events if name == "exception"), None)
    return Assembled({"output": {"text": "".join(pieces)}, "error": failed}, failed is None)


DIALECT = Dialect(
    name="bedrock.agents",
    source="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent-runtime_InvokeAgent.html",
    ask=ask,
    answer=answer,
    assemble=assemble,
    extracts=("models", "prompt", "completion", "passages"),
)
