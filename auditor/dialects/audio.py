# SPDX-License-Identifier: Apache-2.0
"""Speech to text and text to speech: OpenAI and compatible, Deepgram, ElevenLabs, AssemblyAI.

Audio is described by size and hash; texts and transcripts are read, whatever form they were asked for in.
Sources: https://platform.openai.com/docs/api-reference/audio, https://developers.deepgram.com/reference,
https://elevenlabs.io/docs/api-reference, https://www.assemblyai.com/docs/api-reference
"""

from collections.abc import Mapping, Sequence
from typing import Any

from auditor.calls import AnyPart, Message, Text
from auditor.dialects.errors import stated_error
from auditor.dialects.facts import Answered, Asked, Assembled, Dialect, said
from auditor.dialects.framing import Event
from auditor.dialects.media import base64_blob, blob, located
from auditor.dialects.openai_common import openai_usage
from auditor.dialects.paths import path_model
from auditor.dialects.values import first_text, flag, obj, objs, text
from auditor.dialects.wire import Wire

type Fields = Mapping[str, Any]

_JSON_STARTS = (b"{", b"[")


def ask(wire: Wire) -> Asked:
    """Read a request: a form, JSON, or the audio itself."""
    body = wire.asked
    parts: list[AnyPart | None] = [blob(one.data, one.content_type, "audio", one.filename) for one in wire.files]
    inline = obj(body.get("input_audio"))
    parts.append(base64_blob(inline.get("data"), f"audio/{inline.get('format') or 'wav'}", "audio"))
    parts.append(located(first_text(body.get("url"), body.get("audio_url")), "audio"))
    parts.append(_raw(wire) if not body else None)
    texts = (body.get("input"), body.get("text"), body.get("prompt"), body.get("instructions"))
    parts += [Text(content=one) for one in texts if isinstance(one, str) and one]
    stream = flag(body.get("stream"))
    model = first_text(body.get("model"), body.get("model_id"), body.get("speech_model"), wire.query.get("model"))
    known = tuple(part for part in parts if part is not None)
    return Asked(
        model=model or path_model(wire.path),
        stream=body.get("stream") == "true" if stream is None and "stream" in body else stream,
        input_messages=(Message(role="user", parts=known),) if known else (),
    )


def _raw(wire: Wire) -> AnyPart | None:
    data = wire.request.body
    kind = wire.request.content_type or None
    return blob(data, kind, "audio") if data and not data.startswith(_JSON_STARTS) and not wire.request.form else None


def answer(body: Any, wire: Wire) -> Answered:
    """Read an answer: a transcript in JSON or as plain text, or audio."""
    fields = obj(body)
    plain = text(fields.get("text")) or _transcript(fields)
    messages = said("assistant", plain)
    if not fields and wire.response is not None:
        messages = _plain(wire.response.body, wire.response.content_type)
    return Answered(
        id=first_text(fields.get("id"), fields.get("request_id")),
        model=text(fields.get("model")),
        usage=openai_usage(fields.get("usage")),
        output_messages=messages,
        error=stated_error(fields),
    )


def _plain(data: bytes, content_type: str) -> tuple[Message, ...]:
    if not data:
        return ()
    if content_type.startswith("text/"):
        return said("assistant", data.decode("utf-8", "replace").strip())
    return (Message(role="assistant", parts=(blob(data, content_type or None, "audio"),)),)


def _transcript(fields: Fields) -> str | None:
    """Deepgram nests transcripts in channels; the first alternative of each counts."""
    channels = objs(obj(fields.get("results")).get("channels"))
    found = [text(obj(next(iter(objs(one.get("alternatives"))), None)).get("transcript")) for one in channels]
    return "\n".join(one for one in found if one) or None


def assemble(events: Sequence[Event]) -> Assembled:
    """Put a stream together: a transcript that grows or audio in pieces, with the usage at the end."""
    pieces: list[str] = []
    whole: dict[str, Any] = {}
    for _, data in events:
        fields = obj(data)
        kind = str(fields.get("type", ""))
        if kind == "transcript.text.delta":
            pieces.append(text(fields.get("delta")) or "")
        elif kind.endswith(".done"):
            whole = dict(fields)
    return Assembled({"text": "".join(pieces), **whole}, bool(whole))


def recognises(body: Any) -> bool:
    """Whether a request may be of these formats; its path must say so too."""
    return text(obj(body).get("model")) is not None


SPEECH = Dialect(
    name="speech",
    source="https://platform.openai.com/docs/api-reference/audio/createSpeech",
    ask=ask,
    answer=answer,
    assemble=assemble,
    recognises=recognises,
    extracts=("models", "text", "audio"),
    binary=True,
)
TRANSCRIPTION = SPEECH._replace(
    name="transcription",
    source="https://platform.openai.com/docs/api-reference/audio/createTranscription",
    extracts=("models", "audio", "transcript", "tokens"),
)
