# SPDX-License-Identifier: Apache-2.0
"""Filters are read, written back, explained; arbitrary text gives a filter or a placed error, never more."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import sqlite

from auditor.archive.expressions import AnyNode, Compare, Everything, Not, Word, conjunction, disjunction, escape
from auditor.archive.fields import FIELDS, NAMES, Holds
from auditor.archive.filters import Filter
from auditor.archive.lexer import normal
from auditor.archive.parser import FilterError, parse
from auditor.archive.values import Span, number, span
from auditor.calls import OTEL
from auditor.errors import InputError

NOW = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)

texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
patterns = texts.map(normal).filter(lambda text: text.strip() == text)
numbers = st.from_regex(r"[0-9]{1,6}(\.[0-9]{1,3})?", fullmatch=True)
times = st.sampled_from(["-2h", "-15m", "2026-11-23", "2026-11-23T10:00", "2026-11-23T10:00:01Z", "today", "2026-11"])


def comparisons() -> st.SearchStrategy[AnyNode]:
    by_kind = {
        Holds.TEXT: patterns,
        Holds.TAG: patterns,
        Holds.NUMBER: numbers,
        Holds.TIME: times,
        Holds.FLAG: st.sampled_from(["yes", "no"]),
    }
    free = [field for field in FIELDS if not field.values]

    def of(field_index: int) -> st.SearchStrategy[AnyNode]:
        field = free[field_index]
        signs = [":", "!=", ">", ">=", "<", "<="] if field.holds in {Holds.NUMBER, Holds.TIME} else [":", "!="]
        return st.builds(Compare, st.just(field.name), st.sampled_from(signs), by_kind[field.holds])

    return st.integers(0, len(free) - 1).flatmap(of)


nodes = st.recursive(
    comparisons() | st.builds(Word, patterns),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map(conjunction)
        | st.lists(inner, min_size=1, max_size=3).map(disjunction)
        | st.builds(Not, inner)
    ),
    max_leaves=8,
)


@given(nodes)
def test_what_is_written_is_read_back(node: AnyNode) -> None:
    assert parse(str(node)) == node


@given(nodes)
def test_every_filter_has_a_clause_and_a_sentence(node: AnyNode) -> None:
    assert str(Filter(node).where(NOW).compile(dialect=sqlite.dialect()))
    assert Filter(node).explain().startswith("Calls where ")


@given(st.text(alphabet=st.sampled_from('ab:"\\*()-<>=! andornottime.5hk'), max_size=40) | st.text(max_size=40))
def test_any_text_is_a_filter_or_a_placed_error(text: str) -> None:
    read, error = attempt(text)
    if error:
        assert 0 <= error.start <= error.end <= len(text)
        assert error.message.endswith(".")
    else:
        assert Filter.parse(str(read)) == read
        assert read.explain()


def attempt(text: str) -> tuple[Filter, FilterError | None]:
    try:
        return Filter.parse(text), None
    except FilterError as error:
        return Filter(), error


@pytest.mark.parametrize(
    ("text", "normal_text", "english"),
    [
        ("", "", "All calls"),
        ("gpt", "gpt", "Calls where model, path, client, provider, server or operation contains “gpt”"),
        (
            'provider:openai tokens>1000 -client:"VS Code"',
            'provider:openai and tokens>1000 and not client:"VS Code"',
            "Calls where provider is “openai” and tokens are more than 1000 and it is not so that client is “VS Code”",
        ),
        ("a or b c", "a or (b and c)", None),
        ("(a or b) and c", "(a or b) and c", None),
        ("NOT a AND b", "not a and b", None),
        ("gen_ai.usage.input_tokens>=2k", "input>=2k", "Calls where input tokens are at least 2k"),
        ("Server.Address=h", "server:h", "Calls where server is “h”"),
        ("time>-2h", "time>-2h", "Calls where the time is in the last 2 hours"),
        ("model:llama3:8b", "model:llama3:8b", "Calls where model is “llama3:8b”"),
        ("data:EMAIL", "data:EMAIL", "Calls where “EMAIL” was sent or received"),
        ("-model:*", "not model:*", "Calls where it is not so that model is known"),
        ("stream:no", "stream:no", "Calls where the answer was not streamed"),
    ],
)
def test_reading(text: str, normal_text: str, english: str | None) -> None:
    read = Filter.parse(text)
    assert str(read) == normal_text
    if english:
        assert read.explain() == english


@pytest.mark.parametrize(
    ("text", "start", "end", "part"),
    [
        ("colour:red", 0, 6, "no field “colour”"),
        ("a provder:x", 2, 9, "no field “provder”"),
        ("(a", 0, 1, "never closed"),
        ("a)", 1, 2, "closes nothing"),
        ('x "ab', 2, 5, "never closed"),
        ("a and", 5, 5, "ends too early"),
        ("or a", 0, 2, "missing before “or”"),
        ("()", 1, 2, "missing before this bracket"),
        ("tokens>many", 7, 11, "no number"),
        ("time>soon", 5, 9, "no time"),
        ("provider>a", 8, 9, "holds text"),
        ("provider:", 8, 9, "value is missing"),
        ("outcome:fine", 8, 12, "outcome is one of"),
        ("stream:maybe", 7, 12, "yes or no"),
        ("tokens>*", 6, 7, "whether a value is there"),
        ("not " * 101 + "a", 400, 403, "nested deeper"),
    ],
)
def test_errors_have_a_place_and_a_sentence(text: str, start: int, end: int, part: str) -> None:
    with pytest.raises(FilterError, match=part) as caught:
        Filter.parse(text)
    assert (caught.value.start, caught.value.end) == (start, end)


def test_a_near_name_is_offered() -> None:
    with pytest.raises(FilterError) as caught:
        Filter.parse("provder:x")
    assert "Did you mean “provider”?" in caught.value.advice


def test_filters_are_put_together() -> None:
    both = Filter.parse("a or b") & Filter.field("client", "x*y") & ~Filter.field("status", 200)
    assert str(both) == '(a or b) and client:"x\\*y" and not status:200'
    assert str(Filter.field("model", None)) == "not model:*"
    assert (Filter() & Filter()) == Filter(Everything())
    assert not Filter()
    with pytest.raises(InputError):
        Filter.field("nothing", 1)


def test_a_span_of_time_reads_back() -> None:
    since = datetime(2026, 11, 1, tzinfo=timezone(timedelta(hours=2)))
    bounds = Filter.between(since, NOW)
    assert str(bounds) == "time>=2026-10-31T22:00:00.000000Z and time<2026-11-23T12:30:00.000000Z"
    assert Filter.parse(str(bounds)) == bounds
    assert Filter.between(None, None) == Filter()


@pytest.mark.parametrize(
    ("text", "start", "length"),
    [
        ("2026", None, None),
        ("2026-02", datetime(2026, 2, 1, tzinfo=UTC), timedelta(days=28)),
        ("2026-12", datetime(2026, 12, 1, tzinfo=UTC), timedelta(days=31)),
        ("2026-11-23", datetime(2026, 11, 23, tzinfo=UTC), timedelta(days=1)),
        ("2026-11-23T10:05", datetime(2026, 11, 23, 10, 5, tzinfo=UTC), timedelta(minutes=1)),
        ("2026-11-23 10:05:06", datetime(2026, 11, 23, 10, 5, 6, tzinfo=UTC), timedelta(seconds=1)),
        ("2026-11-23T10:05:06.25+01:00", datetime(2026, 11, 23, 9, 5, 6, 250000, tzinfo=UTC), timedelta(0)),
        ("2026-02-30", None, None),
        ("0001-01-01T00:00+23:00", None, None),
        ("yesterday", datetime(2026, 11, 22, tzinfo=UTC), timedelta(days=1)),
        ("-90m", datetime(2026, 11, 23, 11, 0, tzinfo=UTC), timedelta(0)),
        ("-999999w", None, None),
    ],
)
def test_times(text: str, start: datetime | None, length: timedelta | None) -> None:
    expected = Span(start, start + length) if start and length is not None else None
    assert span(text, NOW) == expected


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("tokens", "20k", 20_000),
        ("duration", "2.5s", 2500),
        ("cost", "$0.10", 100_000_000),
        ("sent_bytes", "1MiB", 2**20),
        ("status", "4k", None),
        ("tokens", "1_000", 1000),
        ("tokens", "nan", None),
        ("tokens", "9" * 30, None),
    ],
)
def test_numbers(field: str, text: str, value: float | None) -> None:
    assert number(NAMES[field], text) == value


def test_every_field_explains_itself() -> None:
    for field in FIELDS:
        assert field.help.endswith(".")
        assert Filter.parse(field.example).node.field == field.name
        assert field.columns or field.kinds
    assert set(OTEL.values()) <= set(NAMES)


def test_escaped_text_matches_itself_only() -> None:
    assert Filter.parse(str(Filter.field("client", 'a*b\\"c'))) == Filter(Compare("client", ":", escape('a*b\\"c')))


def test_the_documentation_lists_every_field() -> None:
    text = (Path(__file__).parents[3] / "docs/filters.md").read_text()
    listed = [line for line in text.splitlines() if line.startswith("| `")]
    assert listed == [f"| `{field.name}` | {field.help} | `{field.example}` |" for field in FIELDS]
