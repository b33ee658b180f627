# SPDX-License-Identifier: Apache-2.0
"""Gemini's generateContent and streamGenerateContent, written from https://ai.google.dev/api/generate-content.

Pure: a request's JSON in, the response or the chunks of a stream out; every chunk is a whole response with the new
part and the counts so far. Requests may spell fields in camel or in snake case, as protobuf's JSON mapping allows
(https://protobuf.dev/programming-guides/json/) and Google's SDK does.
"""

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from auditor.demo.mock.model import Answer, Prompt, Tool, grouped, identifier, tokens

type Json = dict[str, Any]

STOPS = {"end": "STOP", "length": "MAX_TOKENS", "tools": "STOP"}
CHOICES = {"ANY": "required", "NONE": "none"}
CHUNK = 24


def prompt(model: str, request: Json) -> Prompt:
    """Reads what a request asks; the model's name stands in the path."""
    turns = request["contents"]
    said = [text_of(turn) for turn in turns]
    users = [text for turn, text in zip(turns, said, strict=True) if turn.get("role", "user") == "user" and text]
    system = text_of(field(request, "systemInstruction") or {})
    config = field(request, "generationConfig") or {}
    calling = field(field(request, "toolConfig") or {}, "functionCallingConfig") or {}
    return Prompt(
        model=model,
        user=users[-1] if users else "",
        everything="\n".join((system, *said, *results(turns[-1]))),
        system=system,
        tools=tuple(
            Tool(offer["name"], offer.get("parameters") or field(offer, "parametersJsonSchema") or {})
            for tool in request.get("tools") or ()
            for offer in field(tool, "functionDeclarations") or ()
        ),
        results=results(turns[-1]),
        choice=CHOICES.get(calling.get("mode", "AUTO"), "auto"),
        reasoning=bool(field(field(config, "thinkingConfig") or {}, "includeThoughts")),
        limit=field(config, "maxOutputTokens"),
    )


def field(values: Json, name: str) -> Any:
    """A field by its camel-case name, or spelled in snake case."""
    return values.get(name, values.get(re.sub(r"[A-Z]", lambda letter: "_" + letter[0].lower(), name)))


def text_of(turn: Json) -> str:
    """The text of a turn's parts."""
    return "".join(part.get("text", "") for part in turn.get("parts") or ())


def results(turn: Json) -> tuple[str, ...]:
    """What functions returned, as the last turn states it."""
    found = (field(part, "functionResponse") for part in turn.get("parts") or ())
    return tuple(_told(result["response"]) for result in found if result)


def _told(response: Json) -> str:
    said = response.get("result", response)
    return said if isinstance(said, str) else msgspec.json.encode(said).decode()


def parts(answer: Answer, response_id: str) -> Iterator[Json]:
    """The answer's parts, cut as a stream sends them: thoughts, then text or function calls."""
    for text in grouped(answer.reasoning, CHUNK):
        yield {"text": text, "thought": True}
    for text in grouped(answer.text, CHUNK):
        yield {"text": text}
    for place, use in enumerate(answer.uses):
        call_id = identifier("", f"{response_id}/{place}", 8)
        yield {"functionCall": {"id": call_id, "name": use.name, "args": use.arguments}}


def whole(answer: Answer, response_id: str) -> list[Json]:
    """The answer's parts uncut, as a response without streaming holds them."""
    texts: list[Json] = []
    if answer.reasoning:
        texts.append({"text": answer.reasoning, "thought": True})
    if answer.text:
        texts.append({"text": answer.text})
    return texts + [part for part in parts(answer, response_id) if "functionCall" in part]


def response(model: str, answer: Answer, response_id: str) -> Json:
    """The response of generateContent."""
    spoken = answer.output_tokens - answer.reasoning_tokens
    return _framed(model, response_id, whole(answer, response_id), answer, spoken)


def chunks(model: str, answer: Answer, response_id: str) -> Iterator[Json]:
    """The responses of streamGenerateContent; only the last one states why it ended and the final counts."""
    spoken = answer.output_tokens - answer.reasoning_tokens
    sent = list(parts(answer, response_id)) or [{"text": ""}]
    for number, part in enumerate(sent, 1):
        last = number == len(sent)
        so_far = spoken if last else sum(tokens(one.get("text", "")) for one in sent[:number] if "thought" not in one)
        yield _framed(model, response_id, [part], answer, so_far, ended=last)


def _framed(
    model: str, response_id: str, content: list[Json], answer: Answer, spoken: int, *, ended: bool = True
) -> Json:
    candidate: Json = {"content": {"parts": content, "role": "model"}, "index": 0}
    if ended:
        candidate["finishReason"] = STOPS[answer.stop]
    return {
        "candidates": [candidate],
        "usageMetadata": usage(answer, spoken),
        "modelVersion": model,
        "responseId": response_id,
    }


def usage(answer: Answer, spoken: int) -> Json:
    """Token counts; `candidatesTokenCount` leaves thoughts out."""
    counted: Json = {
        "promptTokenCount": answer.input_tokens,
        "candidatesTokenCount": spoken,
        "totalTokenCount": answer.input_tokens + spoken + answer.reasoning_tokens,
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": answer.input_tokens}],
    }
    if answer.cached_tokens:
        counted["cachedContentTokenCount"] = answer.cached_tokens
    if answer.reasoning_tokens:
        counted["thoughtsTokenCount"] = answer.reasoning_tokens
    return counted
