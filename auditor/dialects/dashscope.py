# SPDX-License-Identifier: Apache-2.0
"""Alibaba's DashScope, its own format: a chat completion whose request lies in `input` and whose answer in `output`.

Media stand in parts under their kind (`{"image": "https://…"}`). A stream repeats the answer as it grows, or with
`incremental_output` says what is new; while it lasts its finish reason is the text "null". The model is not repeated.
Source: https://help.aliyun.com/en/model-studio/qwen-api-via-dashscope
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import msgspec

from auditor.dialects import embeddings, openai_chat, text_completion
from auditor.dialects.errors import error_code
from auditor.dialects.facts import CONVERSATION, Answered, Asked, Assembled, Dialect
from auditor.dialects.framing import Event
from auditor.dialects.openai_common import openai_usage
from auditor.dialects.values import first_text, flag, obj, objs, text
from auditor.dialects.wire import Wire

type Fields = Mapping[str, Any]

_GROWING = ("content", "reasoning_content")
_MEDIA = ("image", "audio", "video")


def ask(wire: Wire) -> Asked:
    """Read a request: its messages, or a prompt."""
    body = wire.asked
    given, parameters = obj(body.get("input")), obj(body.get("parameters"))
    messages = [{**one, "content": _typed(one.get("content"))} for one in objs(given.get("messages"))]
    fields = {**given, "messages": messages, "model": body.get("model"), "tools": parameters.get("tools")}
    asked = openai_chat.asked_of(fields) if messages else text_completion.asked_of(fields)
    streams = wire.request.headers.get("x-dashscope-sse") == "enable" or flag(body.get("stream"))
    return msgspec.structs.replace(asked, stream=streams)


def _typed(content: Any) -> Any:
    """A content with its media in the form the OpenAI formats share."""
    if not isinstance(content, list):
        return content
    return [
        next(({"type": f"{kind}_url", f"{kind}_url": one[kind]} for kind in _MEDIA if kind in one), one)
        for one in objs(content)
    ]


def answer(body: Any, wire: Wire) -> Answered:
    """Read an answer, plain or streamed."""
    said = objs(obj(body).get("events")) or [obj(body)]
    output = _whole(said, flag(obj(wire.asked.get("parameters")).get("incremental_output")))
    last = said[-1]
    refused = text(last.get("code"))
    choices = objs(output.get("choices")) or [{"message": {"content": output.get("text")}, **_reason(output)}]
    answered = openai_chat.answer({"choices": choices, "id": last.get("request_id")}, wire)
    return msgspec.structs.replace(
        answered, usage=openai_usage(last.get("usage")), error=(error_code(last) or refused) if refused else None
    )


def _reason(fields: Fields) -> dict[str, Any]:
    reason = text(fields.get("finish_reason"))
    return {"finish_reason": None if reason == "null" else reason}


def _whole(said: Sequence[Fields], incremental: bool | None) -> dict[str, Any]:
    """The output that the events of a stream amount to."""
    outputs = [obj(one.get("output")) for one in said]
    rows = [objs(one.get("choices")) or [{"message": {"content": one.get("text")}, **_reason(one)}] for one in outputs]
    messages = [obj(row[0].get("message")) for row in rows]
    message: dict[str, Any] = {key: value for one in messages for key, value in one.items() if value}
    for name in _GROWING:
        pieces = [_plain(one.get(name)) for one in messages]
        message[name] = _joined([one for one in pieces if one], incremental) or None
    reasons = [reason for row in rows if (reason := _reason(row[0])["finish_reason"])]
    return {"choices": [{"message": message, "finish_reason": reasons[-1] if reasons else None}]}


def _plain(content: Any) -> str:
    return first_text(content) or "".join(text(one.get("text")) or "" for one in objs(content))


def _joined(pieces: Sequence[str], incremental: bool | None) -> str:
    grows = all(later.startswith(earlier) for earlier, later in pairwise(pieces))
    return pieces[-1] if pieces and grows and not incremental else "".join(pieces)


def assemble(events: Sequence[Event]) -> Assembled:
    """Put a stream together; whether it repeats itself the request tells."""
    said = [one.data for one in events if isinstance(one.data, dict)]
    rows = [obj(one.get("output")) for one in said]
    reasons = [_reason(choice) for row in rows for choice in (row, *objs(row.get("choices")))]
    failed = any(text(one.get("code")) for one in said)
    return Assembled({"events": said}, failed or any(one["finish_reason"] for one in reasons))


def ask_embedding(wire: Wire) -> Asked:
    """Read a request for embeddings or ranks."""
    return embeddings.asked_of({**wire.asked, **obj(wire.asked.get("input")), "input": None}, wire)


DIALECT = Dialect(
    name="dashscope",
    source="https://help.aliyun.com/en/model-studio/qwen-api-via-dashscope",
    ask=ask,
    answer=answer,
    assemble=assemble,
    extracts=CONVERSATION,
)
EMBEDDINGS = embeddings.TEXTS._replace(
    name="dashscope.embeddings",
    source="https://help.aliyun.com/en/model-studio/text-embedding-synchronous-api",
    ask=ask_embedding,
)
