# SPDX-License-Identifier: Apache-2.0
"""The columns of a list of calls, as data: title, meaning, text, and the filter field behind it.

Texts are made once a row, off the main thread; the table only looks them up.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from auditor.calls import Call, DataCount
from ui.models import formats


class Look(StrEnum):
    """How a cell is painted."""

    TEXT = "text"
    MONO = "mono"
    NUMBER = "number"
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


def _names(values: Sequence[str] | None) -> str:
    return formats.one_line(", ".join(values)) if values else formats.ABSENT


def _streamed(call: Call) -> str:
    return formats.ABSENT if call.stream is None else "yes" if call.stream else "no"


one_line, number = formats.one_line, formats.number

COLUMNS: tuple[Column, ...] = (
    Column("time", "Time (UTC)", "When the request was sent", lambda c: formats.timestamp(c.time), "time", 150, Look.MONO, True),
    Column("actor", "Actor", "Who sent it, as a pseudonym", lambda c: one_line(c.actor), "actor", 116, Look.MONO, True),
    Column("client", "Client", "The calling program", lambda c: one_line(c.client), "client", 124, shown=True),
    Column("provider", "Provider", "Who answered", lambda c: one_line(c.provider), "provider", 104, shown=True),
    Column("model", "Model", "The model that answered, else the one asked for", lambda c: one_line(model_name(c)), "model", 168, shown=True),
    Column("outcome", "Outcome", "How the exchange ended", lambda c: str(c.outcome), "outcome", 112, Look.OUTCOME, True),
    Column("data", "Data found", "Data types found, sent and received", lambda c: data_text(c.data), "data", 190, Look.DATA, True),
    Column("input", "Tokens in", "Input tokens as the provider stated them", lambda c: number(c.input_tokens), "input", 84, Look.NUMBER, True),
    Column("output", "Tokens out", "Output tokens as the provider stated them", lambda c: number(c.output_tokens), "output", 90, Look.NUMBER, True),
    Column("cost", "Cost", "Cost in US dollars by list price", lambda c: formats.money(c.cost_usd), "cost", 84, Look.NUMBER, True),
    Column("duration", "Duration", "From the request to the end of the answer", lambda c: formats.duration(c.duration_ms), "duration", 84, Look.NUMBER),
    Column("ttft", "First token", "Until the first token of the answer", lambda c: formats.duration(c.ttft_ms), "ttft", 90, Look.NUMBER),
    Column("status", "Status", "HTTP status of the answer", lambda c: formats.ABSENT if c.status is None else str(c.status), "status", 66, Look.NUMBER),
    Column("operation", "Operation", "What was asked of the provider", lambda c: one_line(c.operation), "operation", 120),
    Column("requested", "Model asked for", "The model named in the request", lambda c: one_line(c.request_model), "request_model", 168),
    Column("tools", "Tool calls", "Tools the model asked for, in order", lambda c: _names(c.tool_calls), "tool", 160),
    Column("finish", "Finish reason", "Why the model stopped", lambda c: _names(c.finish_reasons), "finish", 110),
    Column("stream", "Streamed", "Whether the answer came as a stream", _streamed, "stream", 80),
    Column("sent", "Bytes sent", "Size of the request body", lambda c: formats.size(c.request_bytes), "sent_bytes", 90, Look.NUMBER),
    Column("received", "Bytes received", "Size of the response body", lambda c: formats.size(c.response_bytes), "received_bytes", 110, Look.NUMBER),
    Column("credential", "Credential", "Fingerprint of the API key", lambda c: one_line(c.credential), "credential", 116, Look.MONO),
    Column("host", "Host", "Name of the provider's server", lambda c: one_line(c.server_address), "server", 168),
    Column("path", "Path", "Path of the request", lambda c: one_line(c.path), "path", 200),
    Column("agent", "User agent", "What the client called itself", lambda c: one_line(c.user_agent), "agent", 180),
    Column("labels", "Labels", "Notes of the recorder and of rules", lambda c: _names(c.labels), "label", 130),
    Column("gateway", "Gateway", "Which gateway recorded it", lambda c: one_line(c.gateway), "gateway", 110),
    Column("id", "Call id", "The call's own id", lambda c: one_line(c.id), "id", 180, Look.MONO),
)  # fmt: skip

BY_KEY = {column.key: column for column in COLUMNS}
PLACE = {column.key: place for place, column in enumerate(COLUMNS)}
SHOWN_AT_FIRST = tuple(column.key for column in COLUMNS if column.shown)


def row_of(call: Call) -> Row:
    """The call with the texts of its cells."""
    return Row(call, tuple(column.text(call) for column in COLUMNS))


def address(call: Call) -> str:
    """The call's address, without query."""
    return f"https://{call.server_address or ''}{call.path or ''}"
