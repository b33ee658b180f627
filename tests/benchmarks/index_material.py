# SPDX-License-Identifier: Apache-2.0
"""An index of very many calls, made directly: rows as the projection would write them, without ledger or records.

Two kinds of organisation. `ordinary`: 2,000 people with keys of their own over thirteen weeks; of them twenty use a
dozen keys, ten keys are used by forty people each, five keys serve twenty programs, and ten people collect answers by
the thousand. `crowded`: a thousand people who share fifty keys in three weeks, so that nearly every call is part of
what a correlation looks for.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import batched
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import Connection, insert
from sqlalchemy.schema import CreateIndex, DropIndex

from auditor.archive import rows, schema
from auditor.archive.index import Index
from auditor.archive.times import microseconds
from auditor.calls import Call

FIRST: Final = datetime(2026, 8, 31, tzinfo=UTC)
AT_ONCE: Final = 20_000
_PROVIDERS: Final = ("openai", "anthropic", "gcp.gemini", "mistral_ai")
_FIELDS: Final = {name: place for place, name in enumerate(Call.__struct_fields__)}
_encode = msgspec.msgpack.Encoder().encode


class Facts(NamedTuple):
    """What differs from call to call."""

    time: datetime
    actor: str
    credential: str
    provider: str
    user_agent: str
    status: int = 200
    finish: str = "stop"


def ordinary(count: int, seed: int = 1) -> Iterator[Facts]:
    """See the module."""
    rng = random.Random(seed)
    step = timedelta(weeks=13) / count
    for number in range(count):
        time, who = FIRST + number * step, rng.randrange(2000)
        key, program = f"k-{who}", f"client/{who % 7}"
        match who:
            case _ if who < 20:
                key = f"k-{who}-{rng.randrange(12)}"
            case _ if who < 420:
                key = f"k-shared-{who % 10}"
            case _ if who < 425:
                program = f"program/{rng.randrange(20)}"
            case _ if rng.random() < 0.02:  # an evening of collecting
                who = 500 + number // 20_000 % 10
                key, time = f"k-{who}", FIRST + number // 20_000 * 20_000 * step
        chance = rng.random()
        status = 429 if chance < 0.005 else 403 if chance < 0.006 else 200
        finish = "content_filter" if rng.random() < 0.001 else "stop"
        yield Facts(time, f"a-{who}", key, _PROVIDERS[who % 4], program, status, finish)


def crowded(count: int, seed: int = 1) -> Iterator[Facts]:
    """See the module."""
    rng = random.Random(seed)
    step = timedelta(weeks=3) / count
    for number in range(count):
        who, provider = rng.randrange(1000), rng.randrange(4)
        key, program = f"k-{rng.randrange(50)}", f"client/{provider}"
        yield Facts(FIRST + number * step, f"a-{who}", key, _PROVIDERS[provider], program)


def fill(index: Index, facts: Iterator[Facts], start: int = 1, bare: bool = True) -> int:
    """Insert calls numbered from `start`; `bare` makes the lists of the database once at the end. How many."""
    taken = 0
    indexes = sorted(schema.calls.indexes, key=lambda one: str(one.name)) if bare else []
    with index.writing() as connection:
        for one in indexes:
            connection.execute(DropIndex(one))
    for some in batched(facts, AT_ONCE):
        with index.writing() as connection:
            _insert(connection, some, start + taken)
        taken += len(some)
    with index.writing() as connection:
        for one in indexes:
            connection.execute(CreateIndex(one))
    index.analyze()
    return taken


_CALL: Final = Call(
    id="",
    time=FIRST,
    operation="chat",
    dialect="openai.chat",
    request_model="gpt-4o",
    response_model="gpt-4o-2026",
    finish_reasons=("stop",),
    input_tokens=900,
    output_tokens=120,
    server_address="api.example.com",
    path="/v1/chat/completions",
    method="POST",
    stream=True,
    request_bytes=4_000,
    response_bytes=900,
    cost_usd=0.004,
    duration_ms=1_200.0,
)
_COLUMNS: Final = rows.columns(_CALL)
_PLACES: Final = tuple(rows.COLUMNS.index(name) for name in ("id", "seq", "time", *Facts._fields[1:6]))


def _insert(connection: Connection, some: tuple[Facts, ...], start: int) -> None:
    template = [_COLUMNS[name] for name in rows.COLUMNS]
    made, values, tags = list[list[Any]](), list[tuple[int, bytes]](), list[dict[str, Any]]()
    for n, facts in enumerate(some, start):
        row, id_ = template.copy(), f"{n * 0x9E3779B97F4A7C15 & (1 << 64) - 1:032x}"
        for place, value in zip(_PLACES, (id_, n, microseconds(facts.time), *facts[1:6]), strict=True):
            row[place] = value
        made.append(row)
        values.append((n, _value(id_, n, facts)))
        tag = {"kind": "finish", "value": facts.finish, "n": n, "count": 1, "outcome": _COLUMNS["outcome"]}
        tags.append(tag | {"time": row[_PLACES[2]], "provider": facts.provider, "actor": facts.actor})
    names = ", ".join(rows.COLUMNS)
    marks = ", ".join("?" * len(rows.COLUMNS))
    connection.exec_driver_sql(f"INSERT INTO calls ({names}) VALUES ({marks})", [tuple(row) for row in made])
    connection.exec_driver_sql("INSERT INTO call_values (n, value) VALUES (?, ?)", values)
    connection.execute(insert(schema.tags), tags)


def _value(id_: str, n: int, facts: Facts) -> bytes:
    """The call itself, as `call_values` keeps it."""
    call = list(msgspec.structs.astuple(_CALL))
    told = {"id": id_, "seq": n, **facts._asdict(), "finish_reasons": (facts.finish,)}
    for name, value in told.items():
        if name in _FIELDS:
            call[_FIELDS[name]] = value
    return _encode(call)
