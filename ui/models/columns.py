# SPDX-License-Identifier: Apache-2.0
"""The columns of a list of calls, as data: title, meaning, text, and the filter field behind it.

Texts are made once a row, off the main thread; the table only looks them up.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from auditor.archive import SORTS
from auditor.calls import Call, DataCount
from ui.models import formats


class Look(StrEnum):
    """How a cell is painted."""

    TEXT = "text"
    MONO = "mono"
    NUMBER = "number"
    TIME = "time"
    OUTCOME = "outcome"
    DATA = "data"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `field` is its name in the filter language; `width` is in units of the design."""

    key: str
    title: str
    meaning: str
    text: Callable[[Call], str]
    field: str | None
    width: int = 110
    look: Look = Look.TEXT
    shown: bool = False


class Row(NamedTuple):
    """A call and its texts, one for each of `COLUMNS` in that order."""

    call: Call
    texts: tuple[str, ...]


def model_name(call: Call) -> str | None:
    """The model that answered, else the one asked for."""
    return call.response_model or call.request_model


def data_text(data: Sequence[DataCount]) -> str:
    """Data found, in words: "EMAIL 2 sent, SECRET 1 received"."""
    return ", ".join(f"{item.type} {item.count} {item.direction}" for item in data) or ""


def _model(call: Call) -> str:
    return formats.one_line(model_name(call))


def _data(call: Call) -> str:
    return data_text(call.data)


def _names(values: Sequence[str] | None) -> str:
    return formats.one_line(", ".join(values)) if values else formats.ABSENT


def _yes_no(value: bool | None) -> str:
    return formats.ABSENT if value is None else "yes" if value else "no"


def _plain(value: int | None) -> str:
    return formats.ABSENT if value is None else str(value)


def _line(name: str) -> Callable[[Call], str]:
    return lambda call: formats.one_line(getattr(call, name))


def _by(write: Callable[[Any], str], name: str) -> Callable[[Call], str]:
    return lambda call: write(getattr(call, name))


def _count(name: str) -> Callable[[Call], str]:
    return _by(formats.number, name)


def _bytes(name: str) -> Callable[[Call], str]:
    return _by(formats.size, name)


NUMBER, MONO = Look.NUMBER, Look.MONO

COLUMNS: tuple[Column, ...] = (
    Column("time", "Time (UTC)", "When it was sent", _by(formats.timestamp, "time"), "time", 166, Look.TIME, True),
    Column("actor", "Actor", "Who sent it, as a pseudonym", _line("actor"), "actor", 100, MONO, True),
    Column("client", "Client", "The calling program", _line("client"), "client", 112, shown=True),
    Column("provider", "Provider", "Who answered", _line("provider"), "provider", 92, shown=True),
    Column("model", "Model", "Which model answered, else was asked for", _model, "model", 148, shown=True),
    Column("outcome", "Outcome", "How the exchange ended", _line("outcome"), "outcome", 112, Look.OUTCOME, True),
    Column("data", "Data found", "Data types found, sent and received", _data, "data", 142, Look.DATA, True),
    Column("input", "Tokens in", "Input tokens stated", _count("input_tokens"), "input", 84, NUMBER, True),
    Column("output", "Tokens out", "Output tokens stated", _count("output_tokens"), "output", 90, NUMBER, True),
    Column("cost", "Cost", "US dollars, list price", _by(formats.money, "cost_usd"), "cost", 84, NUMBER, True),
    Column("duration", "Duration", "To the answer's end", _by(formats.duration, "duration_ms"), "duration", 84, NUMBER),
    Column("ttft", "First token", "To the answer's first token", _by(formats.duration, "ttft_ms"), "ttft", 90, NUMBER),
    Column("status", "Status", "HTTP status of the answer", _by(_plain, "status"), "status", 66, NUMBER),
    Column("operation", "Operation", "What was asked of the provider", _line("operation"), "operation", 120),
    Column("requested", "Model asked for", "The model the request names", _line("request_model"), "request_model", 168),
    Column("tools", "Tool calls", "Tools the model asked for", _by(_names, "tool_calls"), "tool", 160),
    Column("finish", "Finish reason", "Why the model stopped", _by(_names, "finish_reasons"), "finish", 110),
    Column("stream", "Streamed", "Whether the answer came as a stream", _by(_yes_no, "stream"), "stream", 80),
    Column("sent", "Bytes sent", "Size of the request body", _bytes("request_bytes"), "sent_bytes", 90, NUMBER),
    Column("received", "Bytes received", "Size of the answer", _bytes("response_bytes"), "received_bytes", 110, NUMBER),
    Column("credential", "Credential", "Fingerprint of the API key", _line("credential"), "credential", 116, MONO),
    Column("host", "Host", "Name of the provider's server", _line("server_address"), "server", 168),
    Column("path", "Path", "Path of the request", _line("path"), "path", 200),
    Column("agent", "User agent", "What the client called itself", _line("user_agent"), "agent", 180),
    Column("labels", "Labels", "Notes of the recorder and of rules", _by(_names, "labels"), "label", 130),
    Column("gateway", "Gateway", "Which gateway recorded it", _line("gateway"), "gateway", 110),
    Column("id", "Call id", "The call's own id", _line("id"), "id", 180, MONO),
)  # fmt: skip

SORTABLE = frozenset(column.key for column in COLUMNS if column.field in SORTS)
"""Columns a list can be ordered by."""

BY_KEY = {column.key: column for column in COLUMNS}
PLACE = {column.key: place for place, column in enumerate(COLUMNS)}
SHOWN_AT_FIRST = tuple(column.key for column in COLUMNS if column.shown)


def row_of(call: Call) -> Row:
    """The call with the texts of its cells."""
    return Row(call, tuple(column.text(call) for column in COLUMNS))


def address(call: Call) -> str:
    """The call's address, without query."""
    return f"https://{call.server_address or ''}{call.path or ''}"
