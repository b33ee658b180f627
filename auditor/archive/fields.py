# SPDX-License-Identifier: Apache-2.0
"""The fields a filter can name: what they are called, what they hold, and what a person is told about them.

This table is the only list: the parser, the clauses, completion, the desktop's reference and the documentation's test
all read it.
"""

from enum import Enum
from typing import Final

import msgspec

from auditor.calls import OTEL, Outcome


class Holds(Enum):
    """What a field holds, and so which comparisons it takes."""

    TEXT = "text"
    NUMBER = "number"
    TIME = "time"
    FLAG = "yes or no"
    TAG = "one of several"


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One field. `columns` are tried as alternatives; `kinds` are the tags that hold it instead.

    `scale` turns the unit a person writes into the column's; `units` are suffixes with their factors.
    """

    name: str
    holds: Holds
    help: str
    example: str
    columns: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    dimension: str | None = None
    scale: int = 1
    units: tuple[tuple[str, float], ...] = ()
    noun: str = ""


COUNTS: Final = (("k", 1e3), ("m", 1e6), ("g", 1e9))
BYTES: Final = (
    *(("kb", 1e3), ("mb", 1e6), ("gb", 1e9), ("kib", 1024.0), ("mib", 1024.0**2), ("gib", 1024.0**3)),
    *COUNTS,
    ("b", 1.0),
)
DURATIONS: Final = (("ms", 1.0), ("s", 1e3), ("min", 6e4), ("m", 6e4), ("h", 3.6e6))


def _text(name: str, help_: str, example: str, **more: object) -> Field:
    return msgspec.structs.replace(
        Field(name=name, holds=Holds.TEXT, help=help_, example=example, columns=(name,)), **more
    )


def _number(name: str, column: str, help_: str, example: str, **more: object) -> Field:
    return msgspec.structs.replace(
        Field(name=name, holds=Holds.NUMBER, help=help_, example=example, columns=(column,), units=COUNTS), **more
    )


def _tag(name: str, kinds: tuple[str, ...], help_: str, example: str, **more: object) -> Field:
    return msgspec.structs.replace(
        Field(name=name, holds=Holds.TAG, help=help_, example=example, kinds=kinds, dimension=name), **more
    )


FIELDS: Final[tuple[Field, ...]] = (
    Field(
        name="time",
        holds=Holds.TIME,
        help="When the request was made: a date, a date and time (UTC), today, yesterday, or -2h, -30m, -7d.",
        example="time>-2h",
        columns=("time",),
    ),
    _text("provider", "Who runs the model.", "provider:openai", dimension="provider"),
    _text(
        "model",
        "The model that was asked for or that answered.",
        "model:gpt-4o*",
        columns=("model", "request_model"),
        dimension="model",
    ),
    _text("request_model", "The model the request names.", "request_model:gpt-4o", noun="model asked for"),
    _text("response_model", "The model the answer names.", "response_model:gpt-4o-*", noun="model that answered"),
    _text("operation", "What was asked of the provider.", "operation:embeddings", dimension="operation"),
    _text("dialect", "The wire format.", "dialect:anthropic*", dimension="dialect"),
    _text("actor", "The pseudonym of who called.", "actor:a-7f3k*", dimension="actor"),
    _text(
        "credential", "The fingerprint of the API key.", "credential:k-19ab*", dimension="credential", aliases=("key",)
    ),
    _text("client", "The calling program.", 'client:"VS Code"', dimension="client"),
    _text("agent", "The User-Agent header.", "agent:*python*", columns=("user_agent",), noun="user agent"),
    _text(
        "server",
        "The host that was called.",
        "server:*.azure.com",
        columns=("server_address",),
        dimension="server",
        aliases=("host",),
    ),
    _text(
        "maker",
        "Whose terms hold beside the provider's, where it serves another's model.",
        "maker:anthropic",
        noun="maker of the model",
    ),
    _text("region", "The place of processing that host or path name.", "region:eu*"),
    _text("path", "The path of the URL.", "path:/v1/files*"),
    _text("method", "The HTTP method.", "method:DELETE"),
    _text("id", "The call's id.", "id:01J*", columns=("id", "exchange")),
    _text(
        "response",
        "The provider's id of the answer.",
        "response:chatcmpl-*",
        columns=("response_id",),
        noun="response id",
    ),
    _text(
        "outcome",
        "How the call ended.",
        "outcome:error",
        values=tuple(outcome.value for outcome in Outcome),
        dimension="outcome",
    ),
    _text("error", "What the provider or the reader complained of.", "error:*rate_limit*"),
    _text("gateway", "The gateway that saw the call.", "gateway:berlin", dimension="gateway"),
    _text("ledger", "The ledger that holds the record.", "ledger:desk*", dimension="ledger"),
    _number("seq", "seq", "The record's number in its ledger.", "seq>=100"),
    _number("status", "status", "The HTTP status.", "status>=400", units=(), aliases=("code",)),
    _number("tokens", "tokens", "Input and output tokens together.", "tokens>1000"),
    _number("input", "input_tokens", "Input tokens, cached ones included.", "input>20k", noun="input tokens"),
    _number("output", "output_tokens", "Output tokens, reasoning included.", "output>4k", noun="output tokens"),
    _number("cached", "cache_read_input_tokens", "Input tokens read from a cache.", "cached>0", noun="cached tokens"),
    _number(
        "cache_written",
        "cache_creation_input_tokens",
        "Input tokens written to a cache.",
        "cache_written>0",
        noun="tokens written to a cache",
    ),
    _number(
        "reasoning",
        "reasoning_output_tokens",
        "Output tokens spent on reasoning.",
        "reasoning>1k",
        noun="reasoning tokens",
    ),
    _number(
        "cost", "cost_nano", "The price in US dollars, where it is known.", "cost>0.10", scale=1_000_000_000, units=()
    ),
    _number("duration", "duration_ms", "How long the call took (ms, s, min).", "duration>10s", units=DURATIONS),
    _number(
        "ttft",
        "ttft_ms",
        "How long the first token took (ms, s).",
        "ttft>2s",
        units=DURATIONS,
        noun="time to the first token",
    ),
    _number("sent_bytes", "request_bytes", "Size of the request's body.", "sent_bytes>1MB", units=BYTES),
    _number("received_bytes", "response_bytes", "Size of the answer's body.", "received_bytes>1MB", units=BYTES),
    Field(
        name="stream",
        holds=Holds.FLAG,
        help="Whether the answer was streamed.",
        example="stream:yes",
        columns=("stream",),
    ),
    _tag("data", ("sent", "received"), "A type of data in what was sent or received.", "data:EMAIL"),
    _tag("sent", ("sent",), "A type of data in what was sent.", "sent:SECRET", noun="data sent"),
    _tag("received", ("received",), "A type of data in what came back.", "received:EMAIL", noun="data received"),
    _tag("label", ("label",), "A label of the call.", "label:outcome-unknown"),
    _tag("tool", ("tool",), "A tool the model asked for.", "tool:get_weather"),
    _tag(
        "finish", ("finish",), "Why the answer ended, in the provider's words.", "finish:length", noun="finish reason"
    ),
)

TEXT_WORDS: Final = ("model", "request_model", "path", "client", "provider", "server_address", "operation")
"""The columns a bare word is looked for in."""

_PUBLISHED: Final = {
    "tool_calls": "tool",
    "finish_reasons": "finish",
    "response_id": "response",
    "input_tokens": "input",
    "output_tokens": "output",
    "cache_read_input_tokens": "cached",
    "cache_creation_input_tokens": "cache_written",
    "reasoning_output_tokens": "reasoning",
    "server_address": "server",
    "user_agent": "agent",
    "duration_ms": "duration",
    "ttft_ms": "ttft",
    "request_bytes": "sent_bytes",
    "response_bytes": "received_bytes",
    "cost_usd": "cost",
    "labels": "label",
}


def _named() -> dict[str, Field]:
    """Every name of every field, lower-case: short, alias, our attribute's and OpenTelemetry's."""
    named = {name.lower(): field for field in FIELDS for name in (field.name, *field.aliases)}
    for attribute, short in _PUBLISHED.items():
        named.setdefault(attribute, named[short])
    for attribute, published in OTEL.items():
        named[published] = named[attribute]
    return named


NAMES: Final = _named()


def field_of(name: str) -> Field | None:
    """The field of this name in any spelling, or None."""
    return NAMES.get(name.lower())


def noun(field: Field) -> str:
    """What the field is called in a sentence."""
    return field.noun or field.name.replace("_", " ")
