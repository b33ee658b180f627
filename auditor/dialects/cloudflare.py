# SPDX-License-Identifier: Apache-2.0
"""Cloudflare Workers AI `run`: the path names the model, the answer stands in `result`; and Baidu's ERNIE alike.

Source: https://developers.cloudflare.com/api/resources/ai/methods/run,
https://developers.cloudflare.com/ai-gateway/usage/providers/workersai/,
https://cloud.baidu.com/doc/WENXINWORKSHOP/s/clntwmv7t
"""

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from auditor.calls import Message
from auditor.dialects import embeddings, openai_chat, text_completion
from auditor.dialects.facts import CONVERSATION, Answered, Asked, Assembled, Dialect
from auditor.dialects.framing import Event
from auditor.dialects.values import obj, objs
from auditor.dialects.wire import Wire

_MODEL = re.compile(r"/(?:run|workers-ai)/(@?.+)$")


def ask(wire: Wire) -> Asked:
    """Read a request: messages, a prompt, or texts."""
    body = wire.asked
    if objs(body.get("messages")):
        asked = openai_chat.ask(wire)
    else:
        asked = text_completion.ask(wire) if "prompt" in body else embeddings.ask(wire)
    found = _MODEL.search(wire.path)
    model = found[1] if found else None
    return msgspec.structs.replace(asked, model=model or asked.model)


def answer(body: Any, wire: Wire) -> Answered:
    """Read an answer, plain or assembled."""
    fields = obj(obj(body).get("result")) or obj(body)
    answered = text_completion.answered_of(fields)
    calls = openai_chat.tool_calls(fields)
    if not calls:
        return answered
    said = tuple(part for one in answered.output_messages for part in one.parts)
    return msgspec.structs.replace(answered, output_messages=(Message(role="assistant", parts=(*said, *calls)),))


def assemble(events: Sequence[Event]) -> Assembled:
    """Put a stream together."""
    return text_completion.assemble(events)


DIALECT = Dialect(
    name="cloudflare.run",
    source="https://developers.cloudflare.com/api/resources/ai/methods/run",
    ask=ask,
    answer=answer,
    assemble=assemble,
    extracts=CONVERSATION,
    binary=True,
)
ERNIE = DIALECT._replace(name="baidu.ernie", source="https://cloud.baidu.com/doc/WENXINWORKSHOP/s/clntwmv7t")
