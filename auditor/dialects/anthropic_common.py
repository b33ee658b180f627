# SPDX-License-Identifier: Apache-2.0
"""What the Anthropic formats share: content blocks, tools and usage.

Source: https://docs.anthropic.com/en/api/messages
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from auditor.calls import AnyPart, Message, Reasoning, Text, ToolCall, ToolDefinition, ToolResponse, Usage
from auditor.dialects.facts import role_of, texts
from auditor.dialects.media import base64_blob, blob, file_reference, located
from auditor.dialects.values import arguments, count, first_text, obj, objs, text, total

type Fields = Mapping[str, Any]


def messages_of(messages: Any) -> tuple[Message, ...]:
    """The messages of a request. A user's turn that only returns tools' results is a tool's message."""
    return tuple(_message(one) for one in objs(messages))


def blocks(content: Any) -> tuple[AnyPart, ...]:
    """The parts of a content: a string, or an array of typed blocks."""
    if isinstance(content, str):
        return (Text(content=content),) if content else ()
    if isinstance(content, dict):
        content = [content]
    return tuple(part for one in objs(content) for part in _block(one))


def tools_of(tools: Any) -> tuple[ToolDefinition, ...]:
    """The tools offered; those of the provider by their name or type."""
    found = ((first_text(one.get("name"), one.get("mcp_server_name"), one.get("type")), one) for one in objs(tools))
    return tuple(
        ToolDefinition(name=name, description=text(one.get("description")), parameters=one.get("input_schema"))
        for name, one in found
        if name
    )


def usage_of(usage: Any) -> Usage:
    """Token counts. Cached tokens are stated beside the input, so they are added to it (OpenTelemetry's rule).

    After a compaction the totals are zero and the iterations carry the counts.
    """
    fields = obj(usage)
    iterations = objs(fields.get("iterations"))
    if iterations and not count(fields.get("input_tokens")) and not count(fields.get("output_tokens")):
        return _summed([usage_of(one) for one in iterations])
    read, created = count(fields.get("cache_read_input_tokens")), count(fields.get("cache_creation_input_tokens"))
    plain = count(fields.get("input_tokens"))
    return Usage(
        input_tokens=total(plain, read, created),
        output_tokens=count(fields.get("output_tokens")),
        cache_read_input_tokens=read,
        cache_creation_input_tokens=created,
        reasoning_output_tokens=count(obj(fields.get("output_tokens_details")).get("thinking_tokens")),
    )


def _summed(usages: list[Usage]) -> Usage:
    names = Usage.__struct_fields__
    return Usage(**{name: total(*(getattr(one, name) for one in usages)) for name in names})


def _message(fields: Fields) -> Message:
    parts = blocks(fields.get("content"))
    role = role_of(fields.get("role"))
    if role == "user" and parts and all(isinstance(part, ToolResponse) for part in parts):
        role = "tool"
    return Message(role=role, parts=parts)


def _block(fields: Fields) -> Iterable[AnyPart]:
    kind = text(fields.get("type")) or ""
    read = _BLOCKS.get(kind)
    if read:
        return read(fields)
    if kind.endswith("_tool_result"):
        return _tool_result(fields)
    return _text(fields)


def _text(fields: Fields) -> Iterable[AnyPart]:
    plain = text(fields.get("text"))
    return (Text(content=plain),) if plain else ()


def _thinking(fields: Fields) -> Iterable[AnyPart]:
    plain = text(fields.get("thinking"))
    return (Reasoning(content=plain),) if plain else ()


def _tool_use(fields: Fields) -> Iterable[AnyPart]:
    name = text(fields.get("name"))
    ran_there = fields.get("type") in ("server_tool_use", "mcp_tool_use")
    if name:
        yield ToolCall(name=name, id=text(fields.get("id")), arguments=arguments(fields.get("input")), server=ran_there)


def _tool_result(fields: Fields) -> Iterable[AnyPart]:
    content = fields.get("content")
    parts = blocks(content) if isinstance(content, list) else ()
    if parts and all(isinstance(part, Text) for part in parts):
        value: Any = "\n".join(part.content for part in parts if isinstance(part, Text))
    else:
        value = msgspec.to_builtins(parts) if parts else content
    yield ToolResponse(response=value, id=text(fields.get("tool_use_id")))


def _source(modality: str) -> Callable[[Fields], Iterable[AnyPart]]:
    def read(fields: Fields) -> Iterable[AnyPart]:
        source, name = obj(fields.get("source")), text(fields.get("title"))
        found = _located(source, modality, name)
        return (found,) if found else blocks(source.get("content"))

    return read


def _located(source: Fields, modality: str, name: str | None) -> AnyPart | None:
    mime_type = text(source.get("media_type"))
    kind = source.get("type")
    if kind == "base64":
        return base64_blob(source.get("data"), mime_type, modality, name)
    if kind == "text" and text(source.get("data")):
        return blob(str(source["data"]).encode("utf-8", "replace"), mime_type or "text/plain", modality, name)
    return located(source.get("url"), modality, mime_type, name) or file_reference(source.get("file_id"), modality)


def _document(fields: Fields) -> Iterable[AnyPart]:
    """A document; one that is plain text is said in the open, so its words are a part of their own."""
    source = obj(fields.get("source"))
    plain = source.get("data") if source.get("type") == "text" else None
    named = fields.get("title") if source.get("type") == "content" else None
    return (*texts([fields.get("context"), named]), *_source("document")(fields), *texts([plain]))


def _search_result(fields: Fields) -> Iterable[AnyPart]:
    return (*texts([fields.get("title")]), *blocks(fields.get("content")))


def _compaction(fields: Fields) -> Iterable[AnyPart]:
    """The summary that takes the place of earlier turns: written by the model, but no answer."""
    plain = text(fields.get("content"))
    return (Reasoning(content=plain),) if plain else ()


_BLOCKS: Mapping[str, Callable[[Fields], Iterable[AnyPart]]] = {
    "text": _text,
    "thinking": _thinking,
    "redacted_thinking": lambda _fields: (),
    "tool_use": _tool_use,
    "server_tool_use": _tool_use,
    "mcp_tool_use": _tool_use,
    "tool_result": _tool_result,
    "image": _source("image"),
    "document": _document,
    "search_result": _search_result,
    "compaction": _compaction,
    "container_upload": lambda fields: tuple(filter(None, (file_reference(fields.get("file_id")),))),
}
