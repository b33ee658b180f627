# SPDX-License-Identifier: Apache-2.0
"""Pictures, films and sound made as jobs: fal, Black Forest Labs, Ideogram, Luma, Runway, Leonardo, Kling, Firefly …

A request states what to make and what to make it from; the answer names a job, and those that ask for it later get
addresses of what was made. The services differ in where they put the same things: a prompt under one of a few names,
media anywhere as an address, as a data URL or in base64, a result anywhere as an address. Which model works stands in
the body or, at fal and Black Forest Labs, in the path. Names of fields were compared with those of the clients lumaai
1.21.0 and runwayml 5.24.0, hosts with those of fal-client 1.0.3; of others the documentation alone was known.
Sources: https://docs.fal.ai/model-apis/model-endpoints/queue, https://docs.bfl.ai/quick_start/generating_images,
https://developer.ideogram.ai/api-reference, https://docs.lumalabs.ai/docs/video-generation,
https://docs.dev.runwayml.com/api, https://docs.leonardo.ai/reference/creategeneration,
https://app.klingai.com/global/dev/document-api, https://developer.adobe.com/firefly-services/docs/firefly-api
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from auditor.calls import AnyPart, Message, Text
from auditor.dialects import loose
from auditor.dialects.facts import Answered, Asked, Dialect
from auditor.dialects.media import base64_blob, blob, located
from auditor.dialects.values import first_text, obj, text
from auditor.dialects.wire import Wire

type Fields = Mapping[str, Any]

_PROMPTS = frozenset({
    "prompt", "negative_prompt", "negativePrompt", "promptText", "prompt_text", "text", "text_prompt", "input_text",
    "gen_text", "transcript", "script", "scriptText", "lyrics", "description", "instructions", "user_prompt", "title",
    "magic_prompt_text", "personality", "startScript", "userConcept", "productInfo", "previousText", "nextText",
    "content",
})  # fmt: skip
_ENCODED = re.compile(r"image|mask|audio|video|prompt", re.IGNORECASE)
"""Fields that hold media in base64 (`input_image`, `image_prompt`, `mask`), which nothing marks as such."""
_SHORTEST = 64
"""Below this a text under such a name is a mode or a size (`image_size`), no picture."""
_FILM, _SOUND = re.compile(r"video|film|movie|\.(mp4|webm|mov)\b"), re.compile(r"audio|voice|music|\.(mp3|wav|flac)\b")
_HOUSEKEEPING = re.compile(r"(status|response|polling|cancel|request|callback|webhook|get|stream)_?url", re.IGNORECASE)
"""Addresses that lead to the job, not to what it made."""
_IDS = ("id", "request_id", "task_id", "job_id", "jobId", "video_id", "generationId")
_HOLDERS = ("data", "sdGenerationJob", "generations_by_pk", "result")
_FAILED = frozenset({"error", "failed", "content moderated", "request moderated", "task not found", "cancelled"})
_MODELS = ("model", "model_name", "modelId", "model_id", "modelVersion")
_FAL_HOSTS = frozenset({"fal.run", "queue.fal.run", "ws.fal.run", "falrun.com", "queue.falrun.com"})
_FAL = re.compile(r"^/(.+?)(?:/requests/.*)?$")
_FLUX = re.compile(r"^/(?:black-forest-labs|v1)/(flux[\w.-]*)$")


def ask(wire: Wire) -> Asked:
    """Read a request: its prompts and media; all its texts where none has a known name."""
    body = wire.asked
    parts: list[AnyPart] = [blob(one.data, one.content_type, None, one.filename) for one in wire.files]
    parts += list(_given(body))
    asked = Asked(
        model=first_text(*(body.get(name) for name in _MODELS), _in_path(wire)),
        input_messages=(Message(role="user", parts=tuple(parts)),) if parts else (),
    )
    return loose.or_all(asked, wire)


def _in_path(wire: Wire) -> str | None:
    """The model in the path: an application of fal (Hugging Face's router names fal before it), or a Flux model."""
    path, fal = wire.path, wire.host in _FAL_HOSTS
    if path.startswith("/fal-ai/") and not fal:
        path, fal = path.removeprefix("/fal-ai"), True
    found = (_FAL if fal else _FLUX).search(path)
    return found.group(1) if found else None


def _leaves(value: Any) -> Iterator[tuple[str, str]]:
    """Every text of a body with the name it stands under, in order, however deep it lies."""
    waiting = [("", value)]
    while waiting:
        name, one = waiting.pop()
        if isinstance(one, str):
            yield name, one
        elif isinstance(one, dict):
            waiting += [(key, inner) for key, inner in reversed(one.items())]
        elif isinstance(one, list):
            waiting += [(name, inner) for inner in reversed(one)]


def _given(body: Fields) -> Iterator[AnyPart]:
    for name, value in _leaves(body):
        found = _media(name, value) or (Text(content=value) if name in _PROMPTS and value else None)
        if found is not None:
            yield found


def _media(name: str, value: str) -> AnyPart | None:
    if value.startswith(("http://", "https://", "data:")):
        return None if _HOUSEKEEPING.search(name) else located(value, _modality(name, value))
    if len(value) >= _SHORTEST and _ENCODED.search(name) and not re.search(r"\s", value):
        return base64_blob(value, None, _modality(name, ""))
    return None


def _modality(name: str, address: str) -> str:
    both = f"{name} {address[:1000]}".lower()
    return "video" if _FILM.search(both) else "audio" if _SOUND.search(both) else "image"


def answer(body: Any, wire: Wire) -> Answered:
    """Read an answer: the job's id, what was made, what was heard; or the bytes themselves."""
    fields = obj(body)
    inner = next((found for name in _HOLDERS if (found := obj(fields.get(name)))), fields)
    made = tuple(_made(body)) if body is not None else tuple(_bytes(wire))
    stated = first_text(*(one.get(name) for one in (fields, inner) for name in ("status", "state", "task_status")))
    return Answered(
        id=first_text(*(one.get(name) for one in (fields, inner) for name in _IDS)),
        model=first_text(fields.get("model"), inner.get("model")),
        output_messages=(Message(role="assistant", parts=made),) if made else (),
        error=stated if stated and stated.lower() in _FAILED else None,
    )


def _made(body: Any) -> Iterator[AnyPart]:
    plain = text(obj(body).get("text"))
    yield from (Text(content=plain),) if plain else ()
    for name, value in _leaves({key: one for key, one in obj(body).items() if key not in ("request", "input")}):
        found = _media(name, value) if name not in _PROMPTS else None
        yield from (found,) if found else ()


def _bytes(wire: Wire) -> Iterator[AnyPart]:
    response = wire.response
    if response is not None and response.body:
        yield blob(response.body, response.content_type or None)


DIALECT = Dialect(
    name="media.jobs",
    source="https://docs.fal.ai/model-apis/model-endpoints/queue",
    ask=ask,
    answer=answer,
    extracts=("models", "prompt", "media", "ids"),
    binary=True,
)
