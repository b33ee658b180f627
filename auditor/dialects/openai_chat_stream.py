# SPDX-License-Identifier: Apache-2.0
"""Puts the chunks of a streamed chat completion together into the completion a plain answer would have been.

Source: https://platform.openai.com/docs/api-reference/chat-streaming
"""

from collections.abc import Sequence
from typing import Any

from auditor.dialects.facts import Assembled
from auditor.dialects.framing import Event
from auditor.dialects.openai_common import Fields
from auditor.dialects.values import arr, obj, objs, text

_JOINED = ("content", "reasoning_content", "reasoning", "reasoning_text", "refusal")


def assemble(events: Sequence[Event]) -> Assembled:
    """Put chunks together. A stream is complete with `[DONE]` or a finish reason for each choice."""
    whole: dict[str, Any] = {}
    choices: dict[int, dict[str, Any]] = {}
    done = False
    for name, chunk in events:
        if isinstance(chunk, dict):
            _take_chunk(whole, choices, chunk, name)
        elif isinstance(chunk, str) and chunk.strip() == "[DONE]":
            done = True
    whole["choices"] = [_closed(choices[index]) for index in sorted(choices)]
    finished = bool(choices) and all(one.get("finish_reason") for one in choices.values())
    return Assembled(whole, done or finished)


def finish_reason(choice: Fields) -> str | None:
    """Why a choice ended."""
    return text(choice.get("finish_reason")) or text(choice.get("stop_reason"))


class _Run(list[str]):
    """The pieces of one text, which are joined once at the end: a stream may have many thousands."""


def _take_chunk(whole: dict[str, Any], choices: dict[int, dict[str, Any]], chunk: Fields, name: str | None) -> None:
    for key in ("id", "model"):
        if key not in whole and chunk.get(key):
            whole[key] = chunk[key]
    usage = chunk.get("usage") or ("x_groq" in chunk and obj(chunk["x_groq"]).get("usage"))
    if usage:
        whole["usage"] = usage
    if name == "error" or chunk.get("error"):
        whole["error"] = chunk.get("error") or chunk
    for position, choice in enumerate(objs(chunk.get("choices"))):
        index = choice.get("index")
        place = index if isinstance(index, int) else position
        if place not in choices:
            choices[place] = {"message": {}, "calls": []}
        _take_choice(choices[place], choice)


def _take_choice(into: dict[str, Any], choice: Fields) -> None:
    reason = finish_reason(choice)
    if reason:
        into["finish_reason"] = reason
    if choice.get("error"):
        into["error"] = choice["error"]
    delta = choice.get("delta") or choice.get("message") or {"content": choice.get("text")}
    if not isinstance(delta, dict):
        return
    _take_delta(into["message"], delta)
    if "tool_calls" in delta:
        for call in objs(delta["tool_calls"]):
            _take_tool_call(into["calls"], call)


def _take_delta(message: dict[str, Any], delta: Fields) -> None:
    for key, value in delta.items():
        if key in _JOINED and isinstance(value, str):
            _take_text(message, key, value)
        elif key == "content" and isinstance(value, list):
            _join_parts(message, value)
        elif key in ("reasoning_details", "images") and isinstance(value, list):
            message.setdefault(key, []).extend(value)
        elif key == "executed_tools" and isinstance(value, list):
            message[key] = _latest(message.get(key), value)
        elif key in ("function_call", "audio") and isinstance(value, dict):
            into = message.setdefault(key, {})
            for field, piece in value.items():
                into[field] = _longer(into.get(field), piece, joins=field in ("arguments", "transcript", "data"))


def _latest(held: Any, stated: list[Any]) -> list[Any]:
    """Tools the provider ran: each is stated as it starts and once more, whole, when it is done."""
    by_place = {(one.get("index"), one.get("type")): one for one in (*objs(held), *objs(stated))}
    return list(by_place.values())


def _take_text(message: dict[str, Any], key: str, piece: str) -> None:
    held = message.get(key)
    if isinstance(held, _Run):
        held.append(piece)
    elif isinstance(held, list):
        _join_parts(message, [{"type": "text", "text": piece}])
    else:
        message[key] = _Run([piece])


def _join_parts(message: dict[str, Any], pieces: list[Any]) -> None:
    """Mistral streams content as lists of parts; neighbours of one kind belong together."""
    held = message.get("content")
    parts: list[Any] = [{"type": "text", "text": "".join(held)}] if isinstance(held, _Run) else held or []
    for piece in objs(pieces):
        last = parts[-1] if parts else None
        if last is None or last.get("type") != piece.get("type"):
            parts.append(dict(piece))
        elif isinstance(piece.get("thinking"), list):
            last["thinking"] = [*arr(last.get("thinking")), *piece["thinking"]]
        elif isinstance(piece.get("text"), str) and isinstance(last.get("text"), str):
            last["text"] += piece["text"]
        else:
            parts.append(dict(piece))
    message["content"] = parts


def _take_tool_call(calls: list[dict[str, Any]], piece: Fields) -> None:
    into = _tool_call_for(calls, piece)
    if text(piece.get("id")):
        into["id"] = into.get("id") or piece["id"]
    for kind in ("function", "custom"):
        value = obj(piece.get(kind))
        inner = into.setdefault(kind, {}) if value else {}
        for field, part in value.items():
            inner[field] = _longer(inner.get(field), part, joins=field in ("arguments", "input"))


def _tool_call_for(calls: list[dict[str, Any]], piece: Fields) -> dict[str, Any]:
    """The call a piece belongs to: by index, else by id, else the last one. A new id at an old index is a new call."""
    index, call_id = piece.get("index"), text(piece.get("id"))
    call: dict[str, Any]
    for call in reversed(calls):
        same_index = index is not None and call["index"] == index
        if same_index and (call_id is None or call.get("id") in (None, call_id)):
            return call
        if index is None and (call_id is None or call.get("id") == call_id):
            return call
        if same_index and not text(obj(piece.get("function")).get("name")):
            return call
    calls.append({"index": index})
    return calls[-1]


def _longer(held: Any, piece: Any, *, joins: bool) -> Any:
    """A field after one more piece: arguments grow, names are repeated by some providers and stay."""
    if joins and isinstance(piece, str):
        return (held or "") + piece if isinstance(held, str) or held is None else held
    return held or piece


def _closed(choice: dict[str, Any]) -> dict[str, Any]:
    calls, message = choice.pop("calls"), choice["message"]
    message |= {key: "".join(value) for key, value in message.items() if isinstance(value, _Run)}
    if calls:
        message["tool_calls"] = calls
    return choice
