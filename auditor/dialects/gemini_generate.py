# SPDX-License-Identifier: Apache-2.0
"""Gemini generateContent and streamGenerateContent, of the Gemini API, Vertex AI and Code Assist.

A stream (server-sent events, or one growing JSON array) repeats the answer's form with the next pieces. Code Assist
wraps request and answer. Finish reasons may come as the numbers of their enum; they are given by name, as JSON of
protocol buffers means them.
Source: https://ai.google.dev/api/generate-content
"""

from collections.abc import Mapping, Sequence
from typing import Any

from auditor.calls import Message
from auditor.dialects.errors import stated_error
from auditor.dialects.facts import CONVERSATION, Answered, Asked, Assembled, Dialect, joined
from auditor.dialects.framing import Event
from auditor.dialects.gemini_common import content_message, contents_of, either, parts_of, tools_of, usage_of
from auditor.dialects.paths import path_model
from auditor.dialects.values import arr, obj, objs, text
from auditor.dialects.wire import Wire

type Fields = Mapping[str, Any]

_FINISH_REASONS = (
    "FINISH_REASON_UNSPECIFIED", "STOP", "MAX_TOKENS", "SAFETY", "RECITATION", "OTHER", "BLOCKLIST",
    "PROHIBITED_CONTENT", "SPII", "MALFORMED_FUNCTION_CALL",
)  # fmt: skip
"""Numbers of google.cloud.aiplatform.v1.Candidate.FinishReason, in their order."""


def ask(wire: Wire) -> Asked:
    """Read a request."""
    outer = wire.asked
    body = obj(outer.get("request")) or outer
    system = either(body, "systemInstruction", "system_instruction")
    return Asked(
        model=text(outer.get("model")) or path_model(wire.path),
        stream="streamGenerateContent" in wire.path,
        system_instructions=parts_of(system if isinstance(system, str) else obj(system).get("parts")),
        input_messages=contents_of(body.get("contents")),
        tool_definitions=tools_of(body.get("tools")),
    )


def answer(body: Any, _wire: Wire) -> Answered:
    """Read an answer, plain or assembled."""
    if isinstance(body, list):
        body = assemble([Event(None, one) for one in body]).body
    fields = obj(obj(body).get("response")) or obj(body)
    candidates = objs(fields.get("candidates"))
    reasons = tuple(reason for one in candidates if (reason := _finish_reason(one)))
    blocked = text(obj(either(fields, "promptFeedback", "prompt_feedback")).get("blockReason"))
    return Answered(
        model=text(either(fields, "modelVersion", "model_version")),
        id=text(either(fields, "responseId", "response_id")),
        finish_reasons=reasons or ((blocked,) if blocked else None),
        usage=usage_of(either(fields, "usageMetadata", "usage_metadata")),
        output_messages=tuple(_candidate(one) for one in candidates),
        error=stated_error(fields),
    )


def _candidate(candidate: Fields) -> Message:
    message = content_message(obj(candidate.get("content")), "assistant")
    return Message(role="assistant", parts=joined(message.parts), finish_reason=_finish_reason(candidate))


def _finish_reason(candidate: Fields) -> str | None:
    reason = either(candidate, "finishReason", "finish_reason")
    if isinstance(reason, int) and not isinstance(reason, bool) and 0 < reason < len(_FINISH_REASONS):
        return _FINISH_REASONS[reason]
    return text(reason)


def assemble(events: Sequence[Event]) -> Assembled:
    """Put a stream together: pieces of one candidate are joined, the last usage holds."""
    whole: dict[str, Any] = {}
    candidates: dict[int, dict[str, Any]] = {}
    for _, data in events:
        for chunk in objs(data) if isinstance(data, list) else (obj(data),):
            fields = obj(chunk.get("response")) or chunk
            whole.update({key: value for key, value in fields.items() if key != "candidates" and value is not None})
            for position, candidate in enumerate(objs(fields.get("candidates"))):
                index = candidate.get("index")
                _join(candidates.setdefault(index if isinstance(index, int) else position, {}), candidate)
    whole["candidates"] = [candidates[index] for index in sorted(candidates)]
    finished = all(_finish_reason(one) for one in candidates.values())
    return Assembled(whole, finished and bool(candidates or whole.get("promptFeedback")))


def _join(into: dict[str, Any], candidate: Fields) -> None:
    content = obj(candidate.get("content"))
    parts = into.setdefault("content", {"role": "model", "parts": []})["parts"]
    for part in arr(content.get("parts")):
        if parts and _continues(obj(parts[-1]), obj(part)):
            parts[-1] = {**parts[-1], "text": parts[-1]["text"] + part["text"]}
        else:
            parts.append(part)
    reason = either(candidate, "finishReason", "finish_reason")
    if reason is not None:
        into["finishReason"] = reason


def _continues(last: Fields, part: Fields) -> bool:
    same_kind = (last.get("thought") is True) == (part.get("thought") is True)
    return same_kind and isinstance(last.get("text"), str) and isinstance(part.get("text"), str)


def recognises(body: Any) -> bool:
    """Whether a request body is of this format."""
    contents = obj(body).get("contents")
    return any("parts" in one for one in objs([contents] if isinstance(contents, dict) else contents)[:1])


DIALECT = Dialect(
    name="gemini.generate_content",
    source="https://ai.google.dev/api/generate-content",
    ask=ask,
    answer=answer,
    assemble=assemble,
    recognises=recognises,
    extracts=CONVERSATION,
)
