# SPDX-License-Identifier: Apache-2.0
"""What the OpenAI formats share: content parts, tools and usage, with the deviations of compatible providers.

Content parts of chat completions, responses, assistants and realtime differ by names only; one table reads all.
Sources: https://platform.openai.com/docs/api-reference/chat, …/responses, https://docs.mistral.ai/api (thinking and
document parts), https://api-docs.deepseek.com (cache hits, reasoning_content), https://docs.x.ai (reasoning apart).
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from auditor.calls import AnyPart, Reasoning, Refusal, Text, ToolDefinition, Usage
from auditor.dialects.media import base64_blob, file_reference, located
from auditor.dialects.values import count, first_text, obj, objs, text, total

type Fields = Mapping[str, Any]


def content_parts(content: Any) -> tuple[AnyPart, ...]:
    """The parts of a message's content: a string, or an array of strings and typed parts."""
    if isinstance(content, str):
        return (Text(content=content),) if content else ()
    if isinstance(content, dict):
        content = [content]
    if not isinstance(content, list):
        return ()
    return tuple(part for one in content if (part := _part(one)) is not None)


def tool_content(content: Any) -> Any:
    """What a tool returned: plain text where it is only text, media described, anything else as it is."""
    if not isinstance(content, list):
        return content
    parts = content_parts(content)
    if len(parts) < len(content):
        return content
    if all(isinstance(part, Text) for part in parts):
        return "\n".join(part.content for part in parts if isinstance(part, Text))
    return msgspec.to_builtins(parts)


def tool_definitions(*lists: Any) -> tuple[ToolDefinition, ...]:
    """The tools offered: functions (nested or flat), custom tools, and provider tools by their type."""
    return tuple(found for tools in lists for tool in objs(tools) if (found := _tool(tool)) is not None)


def openai_usage(usage: Any) -> Usage:
    """Token counts. xAI and Perplexity leave reasoning out of the completion; their totals tell, and it is added."""
    fields = obj(usage)
    details_in = _first_object(fields, "prompt_tokens_details", "input_tokens_details", "input_token_details")
    details_out = _first_object(fields, "completion_tokens_details", "output_tokens_details", "output_token_details")
    sent = _first_count(fields, "prompt_tokens", "input_tokens", "prompt_eval_count")
    received = _first_count(fields, "completion_tokens", "output_tokens", "eval_count")
    reasoning = _first_count(details_out, "reasoning_tokens")
    if reasoning is None:
        reasoning = count(fields.get("reasoning_tokens"))
    if reasoning and received is not None and count(fields.get("total_tokens")) == total(sent, received, reasoning):
        received += reasoning
    return Usage(
        input_tokens=sent,
        output_tokens=received,
        cache_read_input_tokens=_cached(fields, details_in),
        cache_creation_input_tokens=_first_count(details_in, "cache_write_tokens", "cache_creation_tokens"),
        reasoning_output_tokens=reasoning,
    )


def _cached(fields: Fields, details: Fields) -> int | None:
    found = _first_count(details, "cached_tokens")
    return (
        found
        if found is not None
        else _first_count(fields, "prompt_cache_hit_tokens", "cached_tokens", "num_cached_tokens")
    )


def _first_count(fields: Fields, *names: str) -> int | None:
    return next((found for name in names if (found := count(fields.get(name))) is not None), None)


def _first_object(fields: Fields, *names: str) -> Fields:
    return next((found for name in names if (found := obj(fields.get(name)))), {})


def _tool(tool: Fields) -> ToolDefinition | None:
    function = obj(tool.get("function") or tool.get("custom")) or tool
    name = first_text(function.get("name"), tool.get("server_label"), tool.get("name"), tool.get("type"))
    if name is None:
        return None
    parameters = function.get("parameters")
    return ToolDefinition(
        name=name,
        description=text(function.get("description")),
        parameters=parameters if parameters is not None else function.get("input_schema"),
    )


def _part(part: Any) -> AnyPart | None:
    if isinstance(part, str):
        return Text(content=part) if part else None
    fields = obj(part)
    read = _PARTS.get(text(fields.get("type")) or "")
    return read(fields) if read else _untyped(fields)


def _untyped(fields: Fields) -> AnyPart | None:
    if "image_url" in fields:
        return _image_url(fields)
    plain = text(fields.get("text"))
    return Text(content=plain) if plain else None


def _text(fields: Fields) -> AnyPart | None:
    value = fields.get("text")
    plain = text(obj(value).get("value")) if isinstance(value, dict) else text(value)  # assistants nest it
    return Text(content=plain) if plain else None


def _refusal(fields: Fields) -> AnyPart | None:
    plain = text(fields.get("refusal"))
    return Refusal(content=plain) if plain else None


def _thinking(fields: Fields) -> AnyPart | None:
    value = fields.get("thinking") or fields.get("text")
    plain = "".join(part.content for part in content_parts(value) if isinstance(part, Text))
    return Reasoning(content=plain) if plain else None


def _image_url(fields: Fields) -> AnyPart | None:
    value = fields.get("image_url")
    url = obj(value).get("url") if isinstance(value, dict) else value
    return located(url, "image") or file_reference(fields.get("file_id"), "image")


def _image_file(fields: Fields) -> AnyPart | None:
    return file_reference(obj(fields.get("image_file")).get("file_id"), "image")


def _audio(fields: Fields) -> AnyPart | None:
    value = fields.get("input_audio", fields.get("audio"))
    inner = obj(value) or fields
    data = value if isinstance(value, str) else inner.get("data")
    if isinstance(data, str) and data.startswith(("http:", "https:", "data:")):
        return located(data, "audio")
    transcript = text(inner.get("transcript"))
    if transcript:
        return Text(content=transcript)
    return base64_blob(data or inner.get("audio"), f"audio/{inner.get('format') or 'wav'}", "audio")


def _file(fields: Fields) -> AnyPart | None:
    inner = obj(fields.get("file")) or fields
    name = text(inner.get("filename"))
    data = text(inner.get("file_data"))
    if data and not data.startswith("data:"):
        return base64_blob(data, None, "document", name)
    return located(data or inner.get("file_url"), "document", None, name) or file_reference(inner.get("file_id"))


def _url(kind: str, modality: str) -> Callable[[Fields], AnyPart | None]:
    def read(fields: Fields) -> AnyPart | None:
        value = fields.get(kind)
        return located(obj(value).get("url") if isinstance(value, dict) else value, modality)

    return read


_PARTS: Mapping[str, Callable[[Fields], AnyPart | None]] = {
    "text": _text,
    "input_text": _text,
    "output_text": _text,
    "refusal": _refusal,
    "thinking": _thinking,
    "reasoning": _thinking,
    "reasoning_text": _thinking,
    "summary_text": _thinking,
    "image_url": _image_url,
    "input_image": _image_url,
    "image_file": _image_file,
    "input_audio": _audio,
    "output_audio": _audio,
    "audio": _audio,
    "file": _file,
    "input_file": _file,
    "document_url": _url("document_url", "document"),
    "video_url": _url("video_url", "video"),
    "audio_url": _url("audio_url", "audio"),
}
