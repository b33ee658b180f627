# SPDX-License-Identifier: Apache-2.0
"""What the Gemini formats share: contents and their parts, tools, usage. Names come in camelCase or snake_case.

Source: https://ai.google.dev/api/generate-content, https://ai.google.dev/api/caching#Content
"""

from collections.abc import Mapping
from typing import Any

from auditor.calls import AnyPart, FileRef, Message, Reasoning, Text, ToolCall, ToolDefinition, ToolResponse, Uri, Usage
from auditor.dialects.facts import role_of
from auditor.dialects.media import base64_blob, modality_of
from auditor.dialects.values import count, first_text, obj, objs, text, total

type Fields = Mapping[str, Any]


def either(fields: Fields, camel: str, snake: str) -> Any:
    """A field under its camelCase or snake_case name."""
    value = fields.get(camel)
    return value if value is not None else fields.get(snake)


def contents_of(contents: Any) -> tuple[Message, ...]:
    """The messages of a request: an array of contents, one content, or a string."""
    if isinstance(contents, str):
        return (Message(role="user", parts=(Text(content=contents),)),) if contents else ()
    if isinstance(contents, dict):
        contents = [contents]
    return tuple(content_message(one) for one in objs(contents))


def content_message(content: Fields, default: str = "user") -> Message:
    """One content as a message. One that only returns functions' results is a tool's message."""
    parts = parts_of(content.get("parts"))
    role = role_of(content.get("role"), default)
    if role == "user" and parts and all(isinstance(part, ToolResponse) for part in parts):
        role = "tool"
    return Message(role=role, parts=parts)


def parts_of(parts: Any) -> tuple[AnyPart, ...]:
    """The parts of a content."""
    if isinstance(parts, str):
        return (Text(content=parts),) if parts else ()
    if isinstance(parts, dict):
        parts = [parts]
    return tuple(found for one in objs(parts) if (found := _part(one)) is not None)


def tools_of(tools: Any) -> tuple[ToolDefinition, ...]:
    """The tools offered: declared functions, and Google's own by their names."""
    definitions: list[ToolDefinition] = []
    for tool in objs(tools):
        for kind, value in tool.items():
            if kind in ("functionDeclarations", "function_declarations"):
                definitions += [_declared(one) for one in objs(value) if text(one.get("name"))]
            elif isinstance(value, dict):
                definitions.append(ToolDefinition(name=kind))
    return tuple(definitions)


def usage_of(usage: Any) -> Usage:
    """Token counts: tools' prompts belong to the input, thoughts to the output (OpenTelemetry's rule)."""
    fields = obj(usage)
    thoughts = count(either(fields, "thoughtsTokenCount", "thoughts_token_count"))
    answered = either(fields, "candidatesTokenCount", "candidates_token_count")
    if answered is None:
        answered = either(fields, "responseTokenCount", "response_token_count")
    prompt = count(either(fields, "promptTokenCount", "prompt_token_count"))
    tools = count(either(fields, "toolUsePromptTokenCount", "tool_use_prompt_token_count"))
    return Usage(
        input_tokens=total(prompt, tools),
        output_tokens=total(count(answered), thoughts),
        cache_read_input_tokens=count(either(fields, "cachedContentTokenCount", "cached_content_token_count")),
        reasoning_output_tokens=thoughts,
    )


def _declared(function: Fields) -> ToolDefinition:
    schema = either(function, "parametersJsonSchema", "parameters_json_schema")
    parameters = function.get("parameters", schema)
    return ToolDefinition(
        name=str(function["name"]), description=text(function.get("description")), parameters=parameters
    )


def _part(part: Fields) -> AnyPart | None:
    plain = text(part.get("text"))
    if plain:
        return Reasoning(content=plain) if part.get("thought") is True else Text(content=plain)
    for camel, snake, read in _PARTS:
        value = either(part, camel, snake)
        if isinstance(value, dict):
            return read(value)
    return None


def _inline(data: Fields) -> AnyPart | None:
    mime_type = text(either(data, "mimeType", "mime_type"))
    return base64_blob(data.get("data"), mime_type, name=text(either(data, "displayName", "display_name")))


def _file(data: Fields) -> AnyPart | None:
    uri, mime_type = text(either(data, "fileUri", "file_uri")), text(either(data, "mimeType", "mime_type"))
    if uri is None:
        return None
    if "/files/" in uri:
        return FileRef(file_id=uri, modality=modality_of(mime_type), mime_type=mime_type)
    return Uri(uri=uri, modality=modality_of(mime_type), mime_type=mime_type)


def _call(call: Fields) -> AnyPart | None:
    name = text(call.get("name"))
    return ToolCall(name=name, id=text(call.get("id")), arguments=call.get("args")) if name else None


def _response(response: Fields) -> AnyPart | None:
    call_id = first_text(response.get("id"), response.get("name"))
    return ToolResponse(response=response.get("response"), id=call_id)


def _own_call(call: Fields) -> AnyPart | None:
    """A call of a tool of Google's own, which Google runs."""
    name = text(either(call, "toolType", "tool_type")) or "tool"
    return ToolCall(name=name, id=text(call.get("id")), arguments=call.get("args"), server=True)


def _code(code: Fields) -> AnyPart | None:
    return ToolCall(name="code_execution", arguments=dict(code), server=True)


def _code_result(result: Fields) -> AnyPart | None:
    return ToolResponse(response=result.get("output"), id="code_execution")


_PARTS = (
    ("functionCall", "function_call", _call),
    ("functionResponse", "function_response", _response),
    ("toolCall", "tool_call", _own_call),
    ("toolResponse", "tool_response", _response),
    ("inlineData", "inline_data", _inline),
    ("fileData", "file_data", _file),
    ("executableCode", "executable_code", _code),
    ("codeExecutionResult", "code_execution_result", _code_result),
)
