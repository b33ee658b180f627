# SPDX-License-Identifier: Apache-2.0
"""The ground floor: exchanges, calls, messages and matches as frozen values, without IO.

An `Exchange` is what passed on the wire; a `Reading` is what a dialect makes of it: a `Call` (facts, no content)
and its `Content` (messages). Field names on the outside are OpenTelemetry's GenAI semantic conventions
(https://opentelemetry.io/docs/specs/semconv/gen-ai/); `msgspec` renames them, so encoding a value gives the
documented JSON. Absent facts are `None`, never invented.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Literal

import msgspec

type Headers = tuple[tuple[str, str], ...]
"""Header lines in their order, repeats kept; names as they were sent."""


class Value(msgspec.Struct, frozen=True, kw_only=True):
    """Base of all values: immutable, compared by content, encodable."""


class Compact(Value, frozen=True, kw_only=True, omit_defaults=True):
    """A value whose absent facts are left out when it is encoded."""


type Span = Literal["forever", "year", "quarter", "month"]
"""How long an actor keeps a pseudonym."""


# --- the wire ---------------------------------------------------------------------------------------------------


class Origin(Compact, frozen=True, kw_only=True):
    """Who opened the connection: network address, and the name the proxy authenticated (or the import states)."""

    address: str | None = None
    user: str | None = None


class Request(Compact, frozen=True, kw_only=True):
    """An HTTP request; `body` is as it was on the wire, with its content encoding still applied."""

    method: str
    url: str
    headers: Headers = ()
    body: bytes = b""


class Response(Compact, frozen=True, kw_only=True):
    """An HTTP response; `body` is as it was on the wire, with its content encoding still applied."""

    status: int
    headers: Headers = ()
    body: bytes = b""


class Frame(Compact, frozen=True, kw_only=True):
    """One WebSocket message; text stays text, `at_ms` counts from the exchange's start."""

    direction: Literal["sent", "received"]
    text: str | None = None
    data: bytes | None = None
    at_ms: float | None = None


class Connection(Compact, frozen=True, kw_only=True):
    """Facts of the connection to the provider."""

    server_address: str | None = None
    http_version: str | None = None
    tls_version: str | None = None
    alpn: str | None = None


class Exchange(Compact, frozen=True, kw_only=True):
    """One captured request with its response, or one WebSocket conversation.

    `interrupted` names the side that broke off ("client", "provider", "gateway"); `response` is `None` where none
    came. `truncated` counts the body bytes that passed but were not captured. `opaque` marks a connection to an AI
    host that could not be decrypted: its request holds only the host.
    """

    id: str
    time: datetime
    request: Request
    response: Response | None = None
    duration_ms: float | None = None
    first_byte_ms: float | None = None
    origin: Origin = Origin()
    connection: Connection = Connection()
    frames: tuple[Frame, ...] = ()
    interrupted: Literal["client", "provider", "gateway"] | None = None
    blocked: str | None = None
    opaque: str | None = None
    truncated: int = 0
    dialect: str | None = None
    """The dialect an operator configured for this host, where one is."""

    arrivals: tuple[int, ...] = ()
    """When the answer came, where it came in pieces and that was noted: by turns the milliseconds since the piece
    before (since the exchange's start, for the first) and its bytes."""

    @property
    def weight(self) -> int:
        """About how many bytes it holds in memory."""
        response = len(self.response.body) if self.response else 0
        return BARE + len(self.request.body) + response + size_of(self.frames)


BARE: Final = 2048
"""Bytes that an exchange is thought to hold without its content."""


def size_of(frames: Iterable[Frame]) -> int:
    """The bytes or characters of frames."""
    return sum(len(one.text or "") + len(one.data or b"") for one in frames)


# --- content ----------------------------------------------------------------------------------------------------


class Part(Compact, frozen=True, kw_only=True, tag_field="type"):
    """Base of the parts of a message (OpenTelemetry's gen_ai input and output messages schema)."""


class Text(Part, frozen=True, kw_only=True, tag="text"):
    """Written text."""

    content: str


class Reasoning(Part, frozen=True, kw_only=True, tag="reasoning"):
    """A model's reasoning, or its summary."""

    content: str


class Refusal(Part, frozen=True, kw_only=True, tag="refusal"):
    """A model's refusal, where the dialect tells it from text."""

    content: str


class ToolCall(Part, frozen=True, kw_only=True, tag="tool_call"):
    """A model's request to run a tool; `arguments` is the parsed JSON, or the raw text where it is broken.

    `server` marks tools the provider ran itself (web search, code interpreter).
    """

    name: str
    id: str | None = None
    arguments: Any = None
    server: bool = False


class ToolResponse(Part, frozen=True, kw_only=True, tag="tool_call_response"):
    """What a tool returned."""

    response: Any
    id: str | None = None


class Blob(Part, frozen=True, kw_only=True, tag="blob"):
    """Inline bytes (image, audio, document): described, not copied. `sha256` is of the decoded bytes, in hex.

    `text` is the text of a document as far as it was read, `unread` why it was not read to its end
    (`auditor.documents.Unread`).
    """

    modality: str
    mime_type: str | None = None
    size: int | None = None
    sha256: str | None = None
    name: str | None = None
    text: str | None = None
    unread: str | None = None


class Uri(Part, frozen=True, kw_only=True, tag="uri"):
    """A reference to media elsewhere."""

    uri: str
    modality: str
    mime_type: str | None = None


class FileRef(Part, frozen=True, kw_only=True, tag="file"):
    """A reference to a file uploaded before."""

    file_id: str
    modality: str = "document"
    mime_type: str | None = None


type AnyPart = Text | Reasoning | Refusal | ToolCall | ToolResponse | Blob | Uri | FileRef


class Message(Compact, frozen=True, kw_only=True):
    """One message: `role` is system, user, assistant or tool (developer counts as system)."""

    role: str
    parts: tuple[AnyPart, ...] = ()
    name: str | None = None
    finish_reason: str | None = None


class ToolDefinition(Compact, frozen=True, kw_only=True):
    """A tool offered to the model."""

    name: str
    description: str | None = None
    parameters: Any = None


class Content(Value, frozen=True, kw_only=True):
    """What was said in a call. Every answer candidate is an output message, the first one first."""

    system_instructions: tuple[AnyPart, ...] = ()
    input_messages: tuple[Message, ...] = ()
    output_messages: tuple[Message, ...] = ()
    tool_definitions: tuple[ToolDefinition, ...] = ()


# --- data -------------------------------------------------------------------------------------------------------


class Match(Compact, frozen=True, kw_only=True):
    """One occurrence of a data type in a text: character offsets, never the value. `score` is 0 to 1."""

    start: int
    end: int
    type: str
    subtype: str | None = None
    score: float = 1.0
    masked: str = ""


class PlacedMatch(Compact, frozen=True, kw_only=True):
    """A match and where it lies: call number within the exchange, direction, role, and the place in the content.

    `place` is "system/P", "input/M/P", "output/M/P" (message and part numbers from 0) or "tool/N"; offsets count in
    `auditor.privacy.text_of(part)` and `text_of_tool(definition)`. `same` is a keyed digest of the normalised value,
    equal for equal values, so that it can be found elsewhere without being known. `carrier` says what held it where
    that was no plain text: "tool_call", "tool_result", "tool_definition", "file", "image", "link", "reasoning".
    `repeated` tells that the text was sent or received before: the first call that had it is another one.
    """

    match: Match
    direction: Literal["sent", "received"]
    role: str
    place: str
    call: int = 0
    same: str | None = None
    carrier: str | None = None
    repeated: bool = False


class DataCount(Compact, frozen=True, kw_only=True):
    """How often a data type occurs in a call, by direction; `repeated` of these in texts known from an earlier call."""

    type: str
    direction: Literal["sent", "received"]
    count: int
    repeated: int = 0


# --- the call ---------------------------------------------------------------------------------------------------


class Outcome(StrEnum):
    """How an exchange ended, as far as the gateway saw."""

    COMPLETE = "complete"
    INTERRUPTED = "interrupted"
    ERROR = "error"
    BLOCKED = "blocked"
    UNPARSED = "unparsed"
    OPAQUE = "opaque"


class Usage(Value, frozen=True, kw_only=True):
    """Token counts the provider stated; input includes cached tokens, output includes reasoning."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    cache_read_input_tokens: int | None = None
    cache_creation_input_tokens: int | None = None
    reasoning_output_tokens: int | None = None


OTEL: Mapping[str, str] = {
    "provider": "gen_ai.provider.name",
    "operation": "gen_ai.operation.name",
    "request_model": "gen_ai.request.model",
    "response_model": "gen_ai.response.model",
    "response_id": "gen_ai.response.id",
    "finish_reasons": "gen_ai.response.finish_reasons",
    "input_tokens": "gen_ai.usage.input_tokens",
    "output_tokens": "gen_ai.usage.output_tokens",
    "cache_read_input_tokens": "gen_ai.usage.cache_read.input_tokens",
    "cache_creation_input_tokens": "gen_ai.usage.cache_creation.input_tokens",
    "reasoning_output_tokens": "gen_ai.usage.reasoning.output_tokens",
    "region": "cloud.region",
    "server_address": "server.address",
    "path": "url.path",
    "method": "http.request.method",
    "status": "http.response.status_code",
    "user_agent": "user_agent.original",
}
"""Our attribute names and the published ones where they differ."""


class Call(Value, frozen=True, kw_only=True, rename=OTEL):
    """The normalised record of an exchange: facts only, no content. Encodes to the contract's JSON.

    `seq` is the record's number in its ledger, known once it is stored. `tool_calls` are the names of the tools the
    model asked for, in order, over all candidates. `finish_reasons` are raw, one per candidate. `region` is the place
    of processing that host or path name, in the provider's spelling.
    """

    id: str
    seq: int | None = None
    time: datetime
    duration_ms: float | None = None
    ttft_ms: float | None = None
    provider: str | None = None
    operation: str | None = None
    dialect: str | None = None
    request_model: str | None = None
    response_model: str | None = None
    response_id: str | None = None
    finish_reasons: tuple[str, ...] | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    cache_read_input_tokens: int | None = None
    cache_creation_input_tokens: int | None = None
    reasoning_output_tokens: int | None = None
    tool_calls: tuple[str, ...] | None = None
    region: str | None = None
    server_address: str | None = None
    path: str | None = None
    method: str | None = None
    status: int | None = None
    stream: bool | None = None
    actor: str | None = None
    credential: str | None = None
    user_agent: str | None = None
    client: str | None = None
    request_bytes: int | None = None
    response_bytes: int | None = None
    cost_usd: float | None = None
    data: tuple[DataCount, ...] = ()
    labels: tuple[str, ...] = ()
    outcome: Outcome = Outcome.COMPLETE
    error: str | None = None
    gateway: str | None = None


class Reading(Value, frozen=True, kw_only=True):
    """What a dialect read in an exchange: one call and what was said in it."""

    call: Call
    content: Content = Content()
