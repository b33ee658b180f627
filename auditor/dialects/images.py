# SPDX-License-Identifier: Apache-2.0
"""Images and videos made from texts: OpenAI, xAI and compatible, Imagen and Veo, and Bedrock's image models.

Prompts and input images are read; what comes back is described by size and hash, or kept as a reference.
Sources: https://platform.openai.com/docs/api-reference/images, https://docs.x.ai/docs/guides/image-generations,
https://cloud.google.com/vertex-ai/generative-ai/docs/model-reference/imagen-api,
https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-image.html
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from auditor.calls import AnyPart, Message, Text
from auditor.dialects.errors import stated_error
from auditor.dialects.facts import Answered, Asked, Assembled, Dialect
from auditor.dialects.framing import Event
from auditor.dialects.media import base64_blob, blob, file_reference, located
from auditor.dialects.openai_common import openai_usage
from auditor.dialects.paths import path_model
from auditor.dialects.values import arr, first_text, flag, obj, objs, text
from auditor.dialects.wire import Wire

type Fields = Mapping[str, Any]


def ask(wire: Wire) -> Asked:
    """Read a request; Bedrock's asynchronous calls hold the model's own one level deeper."""
    body = {**wire.asked, **obj(wire.asked.get("modelInput"))}
    texts = [text(one) for one in _prompts(body)]
    parts: list[AnyPart | None] = [Text(content=one) for one in texts if one]
    parts += [blob(one.data, one.content_type, "image", one.filename) for one in wire.files]
    parts += [_reference(one) for one in (*arr(body.get("images")), body.get("image"))]
    said = tuple(part for part in parts if part is not None)
    return Asked(
        model=first_text(body.get("model"), body.get("modelId"), path_model(wire.path)),
        stream=flag(body.get("stream")),
        input_messages=(Message(role="user", parts=said),) if said else (),
    )


def _prompts(body: Fields) -> Iterator[Any]:
    yield body.get("prompt")
    for one in objs(body.get("instances")):
        yield one.get("prompt")
    for one in objs(body.get("text_prompts")):
        yield one.get("text")
    for name, value in body.items():
        if name.endswith("Params"):  # textToImageParams, inPaintingParams … of Amazon's models
            yield obj(value).get("text")


def _reference(image: Any) -> AnyPart | None:
    if isinstance(image, str):
        return located(image, "image") if image.startswith(("http", "data:")) else base64_blob(image, None, "image")
    fields = obj(image)
    return located(first_text(fields.get("image_url"), fields.get("url")), "image") or file_reference(
        fields.get("file_id"), "image"
    )


def answer(body: Any, _wire: Wire) -> Answered:
    """Read an answer, plain or assembled."""
    fields = obj(obj(body).get("result")) or obj(body)  # Cloudflare wraps it
    made = objs(fields.get("data")) or objs(fields.get("predictions")) or objs(fields.get("artifacts"))
    parts = [part for one in made for part in _made(one)]
    parts += [found for one in (*arr(fields.get("images")), fields.get("image")) if (found := _reference(one))]
    return Answered(
        id=first_text(fields.get("id"), fields.get("name"), fields.get("request_id")),
        model=text(fields.get("model")),
        usage=openai_usage(fields.get("usage")),
        output_messages=(Message(role="assistant", parts=tuple(parts)),) if parts else (),
        error=stated_error(fields),
    )


def _made(fields: Fields) -> Iterator[AnyPart]:
    revised = first_text(fields.get("revised_prompt"), fields.get("prompt"))
    encoded = first_text(fields.get("b64_json"), fields.get("bytesBase64Encoded"), fields.get("base64"))
    mime_type = text(fields.get("mimeType")) or "image/png"
    found = base64_blob(encoded, mime_type) or located(fields.get("url"), "image")
    yield from (found,) if found else ()
    yield from (Text(content=revised),) if revised else ()


def assemble(events: Sequence[Event]) -> Assembled:
    """Put a stream together: the images that were completed, not their previews."""
    done = [obj(data) for _, data in events if str(obj(data).get("type", "")).endswith(".completed")]
    usage = next((one["usage"] for one in reversed(done) if one.get("usage")), None)
    return Assembled({"data": done, "usage": usage}, bool(done))


def recognises(body: Any) -> bool:
    """Whether a request body may be of this format; its path must say so too."""
    return text(obj(body).get("prompt")) is not None


DIALECT = Dialect(
    name="images",
    source="https://platform.openai.com/docs/api-reference/images",
    ask=ask,
    answer=answer,
    assemble=assemble,
    recognises=recognises,
    extracts=("models", "prompt", "images", "tokens"),
    binary=True,
)
