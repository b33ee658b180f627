# SPDX-License-Identifier: Apache-2.0
"""The tables of the index: what lists, filters and charts need, projected from the ledgers.

One narrow row a call with a column for everything that can be filtered, so that a filter no index serves still scans
little; the encoded call lies beside it in `call_values`. `n` counts rows in the order of their arrival, so `n <= high`
is a stable view of the table while calls arrive. `exchange` is set where it is not the call's id (a socket carries
several calls), and `part` is the call's number in it, or -1 for a call known by its intent only. Texts compare without
case (NOCASE). Times are microseconds since 1970 UTC; costs are billionths of a dollar, so that sums do not depend on
their order.
"""

from collections.abc import Sequence
from typing import Any, Final
from zlib import crc32

import msgspec
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    func,
    select,
    text,
)

from auditor.calls import Call

_PROJECTION: Final = 12
"""Raised with any change here or in the projection."""

VERSION: Final = crc32(repr((_PROJECTION, Call.__struct_fields__)).encode()) >> 1
"""An index of another version is thrown away and rebuilt; a call with other fields makes another version."""

NANO_USD: Final = 1_000_000_000

metadata = MetaData()


def _text(name: str) -> Column[str]:
    return Column(name, String(collation="NOCASE"))


def _number(name: str) -> Column[int]:
    return Column(name, BigInteger)


calls = Table(
    "calls",
    metadata,
    Column("n", Integer, primary_key=True),
    Column("id", String, nullable=False),
    Column("exchange", String),
    Column("part", Integer, nullable=False),
    _text("ledger"),
    _number("seq"),
    Column("time", BigInteger, nullable=False),
    Column("outcome", String(collation="NOCASE"), nullable=False),
    _text("provider"),
    _text("operation"),
    _text("dialect"),
    _text("model"),
    _text("request_model"),
    _text("response_model"),
    _text("response_id"),
    _text("actor"),
    _text("credential"),
    _text("client"),
    _text("user_agent"),
    _text("maker"),
    _text("region"),
    _text("server_address"),
    _text("path"),
    _text("method"),
    _text("gateway"),
    _text("error"),
    _number("status"),
    Column("stream", Boolean),
    Column("duration_ms", Float),
    Column("ttft_ms", Float),
    _number("input_tokens"),
    _number("output_tokens"),
    _number("tokens"),
    _number("cache_read_input_tokens"),
    _number("cache_creation_input_tokens"),
    _number("reasoning_output_tokens"),
    _number("request_bytes"),
    _number("response_bytes"),
    _number("cost_nano"),
    Index("calls_id", "id"),
    Index("calls_exchange", "exchange", sqlite_where=text("exchange IS NOT NULL")),
    Index("calls_time", "time"),
    Index("calls_outcome", "outcome", "time"),
    Index("calls_provider", "provider", "time", "outcome"),
    Index("calls_model", "model", "time", "outcome"),
    Index("calls_request_model", "request_model", "time", "outcome"),
    Index("calls_actor", "actor", "time", "outcome"),
    Index("calls_client", "client", "time", "outcome"),
    Index("calls_credential", "credential", "time", "outcome"),
    Index("calls_unknown", "ledger", sqlite_where=text("part = -1")),
)

call_values = Table(
    "call_values",
    metadata,
    Column("n", Integer, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

tags = Table(
    "tags",
    metadata,
    Column("kind", String, nullable=False),
    Column("value", String(collation="NOCASE"), nullable=False),
    Column("time", BigInteger, nullable=False),
    Column("n", Integer, nullable=False),
    Column("count", Integer, nullable=False),
    Column("outcome", String(collation="NOCASE"), nullable=False),
    _text("provider"),
    _text("actor"),
    _text("client"),
    _text("model"),
    _text("request_model"),
    _text("server_address"),
    _number("tokens"),
    _number("cost_nano"),
    PrimaryKeyConstraint("kind", "value", "time", "n"),
    sqlite_with_rowid=False,
)
"""What a call has several of: data types ("sent", "received"), "label", "tool", "finish". Beside each stand facts of
the call that lists are ordered and most often narrowed by: what was sent to whom is read here, in the order of time."""

TAG_FACTS: Final = tuple(column.name for column in tags.columns if column.name in calls.columns and column.name != "n")
"""What a row of `tags` repeats of its call."""

fingerprints = Table(
    "fingerprints",
    metadata,
    Column("first", Integer, primary_key=True),
    Column("last", Integer, nullable=False),
    Column("size", Integer, nullable=False),
    Column("prints", LargeBinary, nullable=False),
    Column("places", LargeBinary, nullable=False),
)
"""Which calls showed a word run first to their actor: sent it, or received it. A row is a sorted piece over the calls
from `first` to `last`; see `auditor.archive.sharing`."""

fingerprinted = Table(
    "fingerprinted",
    metadata,
    Column("n", Integer, primary_key=True),
)
"""The calls whose fingerprints are known, also where they have none."""

copied = Table(
    "copied",
    metadata,
    Column("secret", LargeBinary, primary_key=True),
    Column("newest", BigInteger, nullable=False),
)
"""What the key of the fingerprints' copy on a server is made of, and the newest call in it; at most one row, which goes
with the first call that is forgotten. See `auditor.archive.comparison`."""

word_pieces = Table(
    "word_pieces",
    metadata,
    Column("first", Integer, primary_key=True),
    Column("last", Integer, nullable=False),
    Column("size", Integer, nullable=False),
    Column("words", LargeBinary, nullable=False),
    Column("counts", LargeBinary, nullable=False),
    Column("gaps", LargeBinary, nullable=False),
    Column("wide", LargeBinary, nullable=False),
)
"""Which calls hold which words, where contents were searched: a row is a piece over the calls from `first` to `last`;
see `auditor.archive.search`."""

worded = Table(
    "worded",
    metadata,
    Column("basis", String, primary_key=True),
    Column("newest", Integer, nullable=False),
)
"""Up to which call `word_pieces` holds the words, and what made them; at most one row."""

analysed = Table(
    "analysed",
    metadata,
    Column("part", String, primary_key=True),
    Column("newest", Integer, nullable=False),
    Column("basis", String, nullable=False),
)
"""Up to which call each part of an analysis came, and on which basis."""

set_aside = Table(
    "set_aside",
    metadata,
    Column("week", BigInteger, nullable=False),
    Column("part", String, nullable=False),
    Column("call", String, nullable=False),
    PrimaryKeyConstraint("week", "part", "call"),
    sqlite_with_rowid=False,
)
"""Calls that an analysis keeps for the comparison over all actors."""

rollups = Table(
    "rollups",
    metadata,
    Column("grain", String, nullable=False),
    Column("dimension", String, nullable=False),
    Column("bucket", BigInteger, nullable=False),
    Column("value", String, nullable=False),
    Column("calls", BigInteger, nullable=False),
    Column("input_tokens", BigInteger, nullable=False),
    Column("output_tokens", BigInteger, nullable=False),
    Column("cost_nano", BigInteger, nullable=False),
    PrimaryKeyConstraint("grain", "dimension", "bucket", "value"),
    sqlite_with_rowid=False,
)
"""Sums of each dimension alone: by "hour", by "day", and over "all" time (bucket 0). Buckets are their start."""

intents = Table(
    "intents",
    metadata,
    Column("exchange", String, primary_key=True),
    Column("ledger", String, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("meta", LargeBinary, nullable=False),
    Index("intents_ledger", "ledger", "seq"),
)
"""Requests that left and have no completion yet."""

ledgers = Table(
    "ledgers",
    metadata,
    Column("name", String, primary_key=True),
    Column("cursor", BigInteger, nullable=False),
    Column("exchanges", BigInteger, nullable=False),
    Column("erased", BigInteger, nullable=False),
    Column("version", String),
    Column("started", BigInteger),
    Column("stopped", BigInteger),
    Column("reported", BigInteger),
    Column("before", LargeBinary),
    Column("counters", LargeBinary),
)
"""How far each ledger is projected, and what its gateway last said: `before` sums the runs before the current one."""

gaps = Table(
    "gaps",
    metadata,
    Column("ledger", String, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("time", BigInteger, nullable=False),
    Column("meta", LargeBinary, nullable=False),
    PrimaryKeyConstraint("ledger", "seq"),
)

accesses = Table(
    "accesses",
    metadata,
    Column("ledger", String, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("time", BigInteger, nullable=False),
    Column("meta", LargeBinary, nullable=False),
    PrimaryKeyConstraint("ledger", "seq"),
    Index("accesses_time", "time"),
)

named = Table(
    "named",
    metadata,
    Column("ledger", String, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("time", BigInteger, nullable=False),
    Column("actor", String, nullable=False),
    PrimaryKeyConstraint("ledger", "seq"),
    Index("named_actor", "actor", "time"),
)
"""Where the records lie that name an actor. The names themselves stay sealed in the ledger."""

withheld = Table(
    "withheld",
    metadata,
    Column("ledger", String, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("exchange", String, nullable=False),
    PrimaryKeyConstraint("ledger", "seq"),
    Index("withheld_exchange", "exchange"),
)
"""Where the records lie that keep what was taken out of an exchange. The values stay sealed in the ledger."""

erased = Table(
    "erased",
    metadata,
    Column("ledger", String, nullable=False),
    Column("first", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
    Index("erased_ledger", "ledger", "first"),
)
"""Records (inclusive ranges) that auditors had erased, whether their gateway carried it out already or not."""

repeats = Table(
    "repeats",
    metadata,
    Column("ledger", String, nullable=False),
    Column("seq", BigInteger, nullable=False),
    PrimaryKeyConstraint("ledger", "seq"),
    sqlite_with_rowid=False,
)
"""Completions of exchanges that had one already, after a recorder's death: counted as records, and no calls."""

casework = Table(
    "casework",
    metadata,
    Column("ledger", String, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("time", BigInteger, nullable=False),
    Column("finding", String, nullable=False),
    Column("meta", LargeBinary, nullable=False),
    PrimaryKeyConstraint("ledger", "seq"),
    Index("casework_finding", "finding", "time"),
)
"""Every report of a finding and every step of its triage, of all auditors."""

findings = Table(
    "findings",
    metadata,
    Column("id", String, primary_key=True),
    Column("level", String, nullable=False),
    Column("clause", String),
    Column("last_seen", BigInteger, nullable=False),
    Column("value", LargeBinary, nullable=False),
)
"""The findings as their casework leaves them: `value` is an encoded `auditor.findings.Case`."""

finding_calls = Table(
    "finding_calls",
    metadata,
    Column("call", String, nullable=False),
    Column("finding", String, nullable=False),
    PrimaryKeyConstraint("call", "finding"),
    sqlite_with_rowid=False,
)
"""Which findings rest on a call."""

evaluated = Table(
    "evaluated",
    metadata,
    Column("rule", String, primary_key=True),
    Column("state", String, nullable=False),
    Column("last", BigInteger, nullable=False),
)
"""Up to which call (by `n`) each rule was evaluated, and what it was then; see `auditor.rules.marks`."""


def among(column: ColumnElement[Any], values: Sequence[str | int]) -> ColumnElement[bool]:
    """Whether a column has one of many values, in one parameter: a list of thousands costs no time to compile."""
    listed = func.json_each(msgspec.json.encode(values).decode()).table_valued("value")
    return column.in_(select(listed.c.value))
