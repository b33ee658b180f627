# SPDX-License-Identifier: Apache-2.0
"""Wherever the calls of a filter are read from, they are the same."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from auditor.archive import Archive, Filter
from auditor.archive.schema import calls
from auditor.archive.sources import narrowest
from auditor.calls import DataCount, Outcome
from tests.auditor.archive.conftest import T0, Store, call, completion

TYPES = ("SECRET", "EMAIL", "secret")
NARROW = (
    *("sent:SECRET", "data:SECRET", "sent:*", "data:E*", "tool:search", "finish:*"),
    *("sent:SECRET and provider:openai", "sent:secret and received:EMAIL", "sent:SECRET and not data:EMAIL"),
    "data:EMAIL and (actor:a-one or client:curl) and outcome:error and time<2026-11-20T09:00",
    "sent:EMAIL and actor!=a-one and not provider:openai",
    *("sent:SECRET and tokens>4", "sent:SECRET and model:gpt-4o* and server:*.a.example and cost>0.2"),
)
WIDE = ("provider:openai", "not sent:SECRET", "sent!=SECRET", "sent:SECRET and input>4", "sent:EMAIL or outcome:error")


@pytest.fixture(scope="module")
def archive(shared_store: Store) -> Iterator[Archive]:
    """Calls with every mixture of data sent and received, several at one moment."""
    some = (
        call(
            n,
            time=T0 + timedelta(minutes=(n * 37) % 90),
            provider=("openai", "anthropic", None)[n % 3],
            actor=("a-one", "a-two")[n % 2],
            client=("curl", "VS Code", None)[n % 5 % 3],
            outcome=(Outcome.COMPLETE, Outcome.ERROR)[n % 4 // 3],
            input_tokens=n % 9,
            request_model=("gpt-4o-mini", "o3")[n % 7 // 4],
            response_model="gpt-4o-2024" if n % 5 else None,
            server_address=("eu.a.example", "b.example")[n % 2],
            cost_usd=n / 300 if n % 8 else None,
            tool_calls=("search", "search") if n % 6 == 0 else None,
            finish_reasons=("stop", "length")[: n % 3] or None,
            data=tuple(
                DataCount(type=TYPES[(n + at) % 3], direction=("sent", "received")[(n // 2 + at) % 2], count=1)
                for at in range(n % 4)
            ),
        )
        for n in range(180)
    )
    shared_store.write(*(completion(one) for one in some))
    with shared_store.archive() as opened:
        opened.refresh()
        yield opened


@pytest.mark.parametrize("text", [*NARROW, *WIDE])
def test_count_pages_and_chart_agree_with_the_whole_table(archive: Archive, text: str) -> None:
    filter_ = Filter.parse(text)
    with archive.index.reading() as connection:
        order = (calls.c.time.desc(), calls.c.n.desc())
        wanted = list(
            connection.scalars(calls.select().with_only_columns(calls.c.id).where(filter_.where()).order_by(*order))
        )
    assert 0 < len(wanted) < 180
    listing = archive.listing(filter_)
    assert listing.count == len(wanted)
    assert [one.id for one in listing] == wanted
    assert [one.id for one in archive.listing(filter_).page(len(wanted) // 2, 7)] == wanted[len(wanted) // 2 :][:7]
    assert archive.histogram(filter_).total == len(wanted)
    assert listing.arrived() == 0


@pytest.mark.parametrize("text", [*NARROW, *WIDE])
def test_what_tags_know_is_read_from_them_alone(text: str) -> None:
    now = datetime.now(UTC)
    assert (narrowest(Filter.parse(text).node, now).rows is calls) == (text in WIDE)
