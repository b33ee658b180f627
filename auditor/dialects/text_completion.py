# SPDX-License-Identifier: Apache-2.0
"""Text in, text out: the older formats that complete a prompt, of many makers, read by the names of their fields.

OpenAI and compatible completions, Anthropic complete, Cohere generate, Aleph Alpha, watsonx generation, Hugging Face
inference and TGI, SageMaker endpoints, and the native bodies of Titan, Llama, Mistral, Cohere and AI21 in Bedrock's
InvokeModel all state a prompt, a text, a reason and counts; they differ in where. Streams repeat the form with the
next piece of text.
Sources: https://platform.openai.com/docs/api-reference/completions,
https://docs.anthropic.com/en/api/complete, https://docs.cohere.com/v1/reference/generate,
https://docs.aleph-alpha.com/docs/tasks/complete, https://cloud.ibm.com/apidocs/watsonx-ai,
https://huggingface.co/docs/text-generation-inference,
https://dev.writer.com/api-reference/completion-api/text-generation (its stream's pieces are a `value`),
https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from auditor.calls import AnyPart, Message, Text, Usage
from auditor.dialects.errors import stated_error
from auditor.dialects.facts import Answered, Asked, Assembled, Dialect
from auditor.dialects.framing import Event
from auditor.dialects.media import located
from auditor.dialects.openai_common import openai_usage
from auditor.dialects.paths import path_model
from auditor.dialects.values import count, first_text, flag, obj, objs, text
from auditor.dialects.wire import Wire

type Fields = Mapping[str, Any]

_PROMPTS = ("prompt", "input_data", "inputText", "inputPrompt", "inputs", "input", "input_prefix", "suffix", "query",
            "question", "text", "text_input", "message", "instruction", "input_text")  # fmt: skip
_TEXTS = (
    "text", "completion", "generated_text", "generation", "outputText", "translation_text", "summary_text", "answer",
    "response", "output", "text_output", "message", "content",
    "result", "value",
)  # fmt: skip
_REASONS = ("finish_reason", "stop_reason", "completionReason", "finishReason", "done_reason")
_NESTED = ("choices", "generations", "results", "outputs", "completions")
_INPUT_COUNTS = ("prompt_token_count", "inputTextTokenCount", "input_token_count", "num_tokens_prompt_total",
                 "prompt_eval_count", "num_input_tokens", "tokens_evaluated")  # fmt: skip
_OUTPUT_COUNTS = ("generation_token_count", "tokenCount", "totalOutputTextTokenCount", "generated_token_count",
                  "num_tokens_generated", "generated_tokens",
    "tokens_predicted", "eval_count", "num_tokens")  # fmt: skip
_LABELS = frozenset({"type", "role", "user_id", "session_id", "parameters"})
"""Fields of a nested prompt that say what it is, and nothing of it."""
_APART = frozenset((*_NESTED, *_TEXTS, *_REASONS, *_INPUT_COUNTS, *_OUTPUT_COUNTS))


def ask(wire: Wire) -> Asked:
    """Read a request."""
    body = wire.request.json
    if isinstance(body, list):
        body = body[0] if body else None
    asked = asked_of(obj(body))
    return asked if asked.model else msgspec.structs.replace(asked, model=path_model(wire.path))


def asked_of(body: Fields) -> Asked:
    """Read a request's fields."""
    parts = tuple(part for name in _PROMPTS for part in _prompt(body.get(name)))
    return Asked(
        model=first_text(body.get("model"), body.get("model_id"), body.get("model_name")),
        stream=flag(body.get("stream")),
        system_instructions=tuple(Text(content=one) for one in (text(body.get("system")),) if one),
        input_messages=(Message(role="user", parts=parts),) if parts else (),
    )


def _prompt(value: Any) -> Iterator[AnyPart]:
    """A prompt: a text, several, parts with `data`, or named texts; numbers are tokens and say nothing."""
    if isinstance(value, str):
        yield from (Text(content=value),) if value else ()
    elif isinstance(value, list):
        for one in value:
            yield from _prompt(one)
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from _named(name, one)


def _named(name: str, value: Any) -> Iterator[AnyPart]:
    """A field of a prompt that has several: a text, a picture, or more of them."""
    if not isinstance(value, str):
        yield from _prompt(value) if name not in _LABELS else ()
    elif name in ("image", "data") and value.startswith(("data:", "http")):
        media = located(value, "image")
        yield from (media,) if media else ()
    elif value and name not in _LABELS:
        yield Text(content=value)


def answer(body: Any, _wire: Wire) -> Answered:
    """Read an answer, plain or assembled."""
    return answered_of(body)


def answered_of(body: Any) -> Answered:
    """Read an answer's fields."""
    fields = obj(body[0]) if isinstance(body, list) and body else obj(body)
    candidates = _pieces(fields)
    messages = tuple(message for one in candidates if (message := _candidate(one)))
    reasons = tuple(one.finish_reason for one in messages if one.finish_reason)
    return Answered(
        model=first_text(fields.get("model"), fields.get("model_id"), fields.get("model_version")),
        id=first_text(fields.get("id"), fields.get("log_id")),
        finish_reasons=reasons or None,
        usage=_usage(fields, candidates),
        output_messages=messages,
        error=stated_error(fields),
    )


def _candidate(fields: Fields) -> Message | None:
    inner = obj(fields.get("data")) or fields  # AI21 nests the text
    plain = first_text(*(inner.get(name) for name in _TEXTS)) or _of_parts(inner)
    stated = [*(fields.get(name) for name in _REASONS), obj(fields.get("details")).get("finish_reason")]
    reason = first_text(*(obj(one).get("reason") if isinstance(one, dict) else one for one in stated))
    if plain is None and reason is None:
        return None
    return Message(role="assistant", parts=(Text(content=plain),) if plain else (), finish_reason=reason)


def _usage(fields: Fields, candidates: Sequence[Fields]) -> Usage:
    stated = openai_usage(obj(fields.get("usage")) or _billed(fields))
    if stated != Usage():
        return stated
    holders = (*candidates, fields, *(obj(one.get("details")) for one in (fields, *candidates)))
    return Usage(input_tokens=_find(holders, _INPUT_COUNTS), output_tokens=_find(holders, _OUTPUT_COUNTS))


def _billed(fields: Fields) -> Fields:
    meta = obj(fields.get("meta"))
    return obj(meta.get("tokens")) or obj(meta.get("billed_units"))


def _find(holders: Sequence[Fields], names: Sequence[str]) -> int | None:
    found = (count(holder.get(name)) for holder in holders for name in names)
    return next((one for one in found if one is not None), None)


def assemble(events: Sequence[Event]) -> Assembled:
    """Put a stream together: texts of a candidate are joined, of everything else the last statement holds."""
    whole: dict[str, Any] = {}
    texts: dict[int, list[str]] = {}
    reasons: dict[int, str] = {}
    for name, data in events:
        if not isinstance(data, dict):
            continue
        if name in ("error", "exception") or data.get("error"):
            whole["error"] = data.get("error") or data
        whole |= {key: value for key, value in data.items() if value is not None and key not in _APART}
        for position, one in enumerate(_pieces(data)):
            # TGI numbers its tokens where others number candidates.
            index = position if "token" in one else count(one.get("index")) or position
            texts.setdefault(index, []).append(_piece(one))
            reason = first_text(*(one.get(key) for key in _REASONS), obj(one.get("details")).get("finish_reason"))
            reasons |= {index: reason} if reason else {}
            for key in (*_INPUT_COUNTS, *_OUTPUT_COUNTS):  # stated once, or growing: the largest holds
                stated = count(one.get(key))
                whole |= {key: max(stated, count(whole.get(key)) or 0)} if stated is not None else {}
    choices = [{"text": "".join(texts[index]), "finish_reason": reasons.get(index)} for index in sorted(texts)]
    return Assembled({**whole, "choices": choices}, bool(reasons) or _ended(events))


def _ended(events: Sequence[Event]) -> bool:
    """Whether a stream said its end; Writer's, of pieces named `value` and nothing else, never does."""
    unmarked = bool(events) and isinstance(events[-1].data, dict) and events[-1].data.keys() == {"value"}
    return unmarked or any(data == "[DONE]" for _, data in events)


def _pieces(data: Fields) -> list[Fields]:
    """The candidates of a body or of an event; older ones nest them once more in `output`."""
    holders = (data, obj(data.get("output")))
    return next((found for holder in holders for name in _NESTED if (found := objs(holder.get(name)))), [data])


def _piece(fields: Fields) -> str:
    token = obj(fields.get("token"))
    if token:
        return "" if token.get("special") else text(token.get("text")) or ""
    return first_text(*(fields.get(name) for name in _TEXTS)) or _of_parts(fields) or ""


def _of_parts(fields: Fields) -> str | None:
    """The text of an agent's event, whose content is one of Gemini's."""
    return "".join(text(one.get("text")) or "" for one in objs(obj(fields.get("content")).get("parts"))) or None


def recognises(body: Any) -> bool:
    """Whether a request body may be of this format; its path must say so too."""
    fields = obj(body)
    named = ("prompt", "inputs", "text_input", *(("text",) if "sampling_params" in fields else ()))
    return any(isinstance(fields.get(name), (str, list)) for name in named)


def completion(name: str, source: str, *, binary: bool = False) -> Dialect:
    """The dialect of one maker's completions; `binary` where models also answer with images or sound."""
    return Dialect(
        name=name,
        source=source,
        ask=ask,
        answer=answer,
        assemble=assemble,
        recognises=recognises,
        extracts=("models", "prompt", "completion", "finish reasons", "tokens"),
        binary=binary,
    )
