# SPDX-License-Identifier: Apache-2.0
"""Bedrock Converse and ConverseStream: one format for all of Bedrock's conversing models.

The path names the model (an id, or an ARN). Cached tokens are stated beside the input, so they are added to it.
Nova speaks the same format inside InvokeModel; `answer` and `assemble` are used there too.
Source: https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html, …_ConverseStream.html
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from auditor.calls import AnyPart, Message, Reasoning, Text, ToolCall, ToolDefinition, ToolResponse, Uri, Usage
from auditor.dialects.errors import stated_error
from auditor.dialects.facts import CONVERSATION, Answered, Asked, Assembled, Dialect, joined, role_of, texts
from auditor.dialects.framing import Event
from auditor.dialects.media import base64_blob
from auditor.dialects.paths import path_model
from auditor.dialects.values import arguments, count, first_text, obj, objs, text, total
from auditor.dialects.wire import Wire

type Fields = Mapping[str, Any]


def ask(wire: Wire) -> Asked:
    """Read a request."""
    return asked_of(wire.asked, path_model(wire.path), stream=wire.path.endswith("-stream"))


def asked_of(body: Fields, model: str | None, *, stream: bool) -> Asked:
    """Read a request's fields."""
    return Asked(
        model=model,
        stream=stream,
        system_instructions=blocks(body.get("system")),
        input_messages=(*(_message(one) for one in objs(body.get("messages"))), *_filled_in(body)),
        tool_definitions=_tools(obj(body.get("toolConfig")).get("tools")),
    )


def answer(body: Any, _wire: Wire) -> Answered:
    """Read an answer, plain or assembled."""
    fields = obj(body)
    reason = text(fields.get("stopReason"))
    parts = joined(blocks(obj(obj(fields.get("output")).get("message")).get("content")))
    return Answered(
        finish_reasons=(reason,) if reason else None,
        usage=usage_of(fields.get("usage")),
        output_messages=(Message(role="assistant", parts=parts, finish_reason=reason),) if parts or reason else (),
        error=stated_error(fields),
    )


def usage_of(usage: Any) -> Usage:
    """Token counts, under either of the names Bedrock uses."""
    fields = obj(usage)
    read = _either_count(fields, "cacheReadInputTokens", "cacheReadInputTokenCount")
    written = _either_count(fields, "cacheWriteInputTokens", "cacheWriteInputTokenCount")
    return Usage(
        input_tokens=total(_either_count(fields, "inputTokens", "inputTokenCount"), read, written),
        output_tokens=_either_count(fields, "outputTokens", "outputTokenCount"),
        cache_read_input_tokens=read,
        cache_creation_input_tokens=written,
    )


def blocks(content: Any) -> tuple[AnyPart, ...]:
    """The parts of a content: each block is an object with one key that says what it is."""
    if isinstance(content, str):
        return (Text(content=content),) if content else ()
    return tuple(part for one in objs(content) for part in _block(one))


def assemble(events: Sequence[Event]) -> Assembled:
    """Put a stream together. Events are named by their header, or (Nova in InvokeModel) by their one key."""
    whole: dict[str, Any] = {}
    content: dict[int, dict[str, Any]] = {}
    for name, data in events:
        fields = obj(data)
        if name == "exception":
            whole["error"] = fields
        elif name is not None and name in _STREAMED:
            _STREAMED[name](whole, content, fields)
        else:
            for kind in _STREAMED.keys() & fields.keys():
                _STREAMED[kind](whole, content, obj(fields[kind]))
    whole["output"] = {"message": {"content": [content[index] for index in sorted(content)]}}
    return Assembled(whole, "stopReason" in whole)


def _message(fields: Fields) -> Message:
    parts = blocks(fields.get("content"))
    role = role_of(fields.get("role"))
    if role == "user" and parts and all(isinstance(part, ToolResponse) for part in parts):
        role = "tool"
    return Message(role=role, parts=parts)


def _filled_in(body: Fields) -> tuple[Message, ...]:
    """What is filled into a stored prompt."""
    parts = tuple(part for one in obj(body.get("promptVariables")).values() for part in blocks([one]))
    return (Message(role="user", parts=parts),) if parts else ()


def _tools(tools: Any) -> tuple[ToolDefinition, ...]:
    specs = [obj(one.get("toolSpec")) or obj(one.get("systemTool")) for one in objs(tools)]
    return tuple(
        ToolDefinition(
            name=name, description=text(spec.get("description")), parameters=obj(spec.get("inputSchema")).get("json")
        )
        for spec in specs
        if (name := text(spec.get("name")))
    )


def _either_count(fields: Fields, *names: str) -> int | None:
    return next((found for name in names if (found := count(fields.get(name))) is not None), None)


def _block(block: Fields) -> Iterable[AnyPart]:
    plain = text(block.get("text"))
    if plain:
        return (Text(content=plain),)
    return (part for kind, value in block.items() if kind in _BLOCKS for part in _BLOCKS[kind](value))


def _media(modality: str) -> Callable[[Any], Iterable[AnyPart]]:
    def read(value: Any) -> Iterable[AnyPart]:
        fields = obj(value)
        source, name = obj(fields.get("source")), text(fields.get("name"))
        kind = f"{'application' if modality == 'document' else modality}/{fields.get('format') or 'octet-stream'}"
        uri, plain = text(obj(source.get("s3Location")).get("uri")), text(source.get("text"))
        found = Uri(uri=uri, modality=modality) if uri else base64_blob(source.get("bytes"), kind, modality, name)
        return (*((found,) if found else ()), *((Text(content=plain),) if plain else ()))

    return read


def _document(value: Any) -> Iterable[AnyPart]:
    """A document; one that is plain text, or cut in pieces, has no file that could carry its name."""
    fields = obj(value)
    source = obj(fields.get("source"))
    named = fields.get("name") if source.keys() & {"text", "content"} else None
    yield from texts([fields.get("context"), named])
    yield from _media("document")(fields)
    yield from blocks(source.get("content"))


def _tool_use(value: Any) -> Iterable[AnyPart]:
    fields = obj(value)
    name = text(fields.get("name"))
    if name:
        ran_there = fields.get("type") == "server_tool_use"
        yield ToolCall(
            name=name, id=text(fields.get("toolUseId")), arguments=arguments(fields.get("input")), server=ran_there
        )


def _tool_result(value: Any) -> Iterable[AnyPart]:
    fields = obj(value)
    content = objs(fields.get("content"))
    parts = [part for one in content for part in _block(one)]
    if content and all("json" in one for one in content):
        response: Any = content[0]["json"] if len(content) == 1 else [one["json"] for one in content]
    elif all(isinstance(part, Text) for part in parts):
        response = "\n".join(part.content for part in parts if isinstance(part, Text))
    else:
        response = msgspec.to_builtins(parts)
    yield ToolResponse(response=response, id=text(fields.get("toolUseId")))


def _reasoning(value: Any) -> Iterable[AnyPart]:
    fields = obj(value)
    plain = first_text(obj(fields.get("reasoningText")).get("text"), fields.get("text"))
    return (Reasoning(content=plain),) if plain else ()


def _guarded(value: Any) -> Iterable[AnyPart]:
    plain = text(obj(obj(value).get("text")).get("text"))
    return (Text(content=plain),) if plain else ()


def _search_result(value: Any) -> Iterable[AnyPart]:
    fields = obj(value)
    return (*texts([fields.get("title")]), *blocks(fields.get("content")))


_BLOCKS: Mapping[str, Callable[[Any], Iterable[AnyPart]]] = {
    "image": _media("image"),
    "document": _document,
    "video": _media("video"),
    "audio": _media("audio"),
    "toolUse": _tool_use,
    "toolResult": _tool_result,
    "reasoningContent": _reasoning,
    "guardContent": _guarded,
    "citationsContent": lambda value: blocks(obj(value).get("content")),
    "searchResult": _search_result,
}


def _index(event: Fields) -> int:
    return count(event.get("contentBlockIndex")) or 0


def _block_start(_whole: dict[str, Any], content: dict[int, dict[str, Any]], event: Fields) -> None:
    for kind, start in obj(event.get("start")).items():
        if kind in ("toolUse", "toolResult", "image"):
            content[_index(event)] = {kind: dict(obj(start))}


def _block_delta(_whole: dict[str, Any], content: dict[int, dict[str, Any]], event: Fields) -> None:
    delta = obj(event.get("delta"))
    block = content.setdefault(_index(event), {})
    for kind, path in (("text", ()), ("input", ("toolUse",)), ("text", ("reasoningContent", "reasoningText"))):
        source = delta if not path else obj(delta.get(path[0]))
        piece = text(source.get(kind))
        if piece:
            into = block
            for key in path:
                into = into.setdefault(key, {})
            into[kind] = (text(into.get(kind)) or "") + piece
    drawn = obj(obj(delta.get("image")).get("source"))
    if drawn:
        block.setdefault("image", {})["source"] = drawn
    for one in objs(delta.get("toolResult")):
        block.setdefault("toolResult", {}).setdefault("content", []).append(one)


def _message_stop(whole: dict[str, Any], _content: dict[int, dict[str, Any]], event: Fields) -> None:
    whole["stopReason"] = event.get("stopReason")


def _metadata(whole: dict[str, Any], _content: dict[int, dict[str, Any]], event: Fields) -> None:
    whole["usage"] = event.get("usage")


def _nothing(_whole: dict[str, Any], _content: dict[int, dict[str, Any]], _event: Fields) -> None:
    """Events that say nothing of their own."""


_STREAMED: Mapping[str, Callable[[dict[str, Any], dict[int, dict[str, Any]], Fields], None]] = {
    "messageStart": _nothing,
    "contentBlockStart": _block_start,
    "contentBlockDelta": _block_delta,
    "contentBlockStop": _nothing,
    "messageStop": _message_stop,
    "metadata": _metadata,
}


def recognises(body: Any) -> bool:
    """Whether a request is of this format: its blocks have no `type`."""
    said = [block for one in objs(obj(body).get("messages")) for block in objs(one.get("content"))]
    return bool(said) and all("type" not in block and block.keys() & {"text", *_BLOCKS} for block in said)


DIALECT = Dialect(
    name="bedrock.converse",
    source="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html",
    ask=ask,
    answer=answer,
    assemble=assemble,
    recognises=recognises,
    extracts=CONVERSATION,
)


def ask_guardrail(wire: Wire) -> Asked:
    """Read the texts a guardrail is asked to judge."""
    parts = blocks(wire.asked.get("content"))
    return Asked(input_messages=(Message(role="user", parts=parts),) if parts else ())


GUARDRAIL = Dialect(
    name="bedrock.guardrail",
    source="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ApplyGuardrail.html",
    ask=ask_guardrail,
    answer=answer,
    extracts=("texts",),
)
