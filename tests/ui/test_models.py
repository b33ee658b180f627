# SPDX-License-Identifier: Apache-2.0
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.archive import FIELDS, Filter
from auditor.calls import (
    Blob,
    Call,
    Content,
    DataCount,
    Exchange,
    Match,
    Message,
    Outcome,
    PlacedMatch,
    Reasoning,
    Request,
    Response,
    Text,
    ToolCall,
    ToolDefinition,
    ToolResponse,
)
from auditor.privacy import mask
from auditor.privacy.masking import WITHHELD
from tests.ui.material import MOMENT
from ui.models import formats, raw
from ui.models.columns import BY_KEY, COLUMNS, PLACE, SHOWN_AT_FIRST, SORTABLE, row_of
from ui.models.conversation import Kind, conversation, masked
from ui.models.filtering import read_filter
from ui.models.health import Health
from ui.models.outcomes import OUTCOMES
from ui.models.pages import AT_ONCE, KEPT, PAGE_ROWS, Pages
from ui.models.timeline import STACK, Timeline
from ui.pages.call_actions import as_csv, cell_values, conditions

CALL = Call(id="c-1", time=MOMENT)


# --- texts ---


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (183_422, "183.4 kB"), (2_160_000, "2.2 MB"), (None, "–")],
)
def test_sizes(value: int | None, text: str) -> None:
    assert formats.size(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.0, "0 ms"), (812.4, "812 ms"), (2240.0, "2.2 s"), (125_000.0, "2 min 5 s"), (None, "–")]
)
def test_durations(value: float | None, text: str) -> None:
    assert formats.duration(value) == text


def test_money_and_counts() -> None:
    assert formats.money(0.00042) == "$0.0004"
    assert formats.money(1234.5) == "$1,234.50"
    assert formats.count(1, "call") == "1 call"
    assert formats.count(12_403, "call") == "12,403 calls"


def test_spans_and_ages() -> None:
    assert formats.span(timedelta(minutes=15)) == "15 min"
    assert formats.span(timedelta(days=2)) == "2 days"
    assert formats.ago(MOMENT - timedelta(hours=3), MOMENT) == "3 h ago"
    assert formats.ago(MOMENT + timedelta(hours=3), MOMENT) == "0 s ago", "clocks differ"


@given(st.text())
def test_one_line_is_one_safe_line(text: str) -> None:
    line = formats.one_line(text)
    assert line
    assert not formats.UNSAFE.search(line)
    assert len(line) <= 401


@given(st.text())
def test_safe_text_keeps_places(text: str) -> None:
    assert len(formats.safe_text(text)) == len(text)


# --- columns ---


def test_columns_are_named_once_and_filter_by_real_fields() -> None:
    assert len(BY_KEY) == len(COLUMNS)
    fields = {field.name for field in FIELDS}
    assert {column.field for column in COLUMNS if column.field} <= fields
    assert set(SHOWN_AT_FIRST) <= set(BY_KEY)
    assert {"time", "cost", "model"} <= SORTABLE
    assert "data" not in SORTABLE


def test_a_call_without_facts_has_a_text_in_every_column() -> None:
    row = row_of(CALL)
    assert len(row.texts) == len(COLUMNS)
    assert row.texts[PLACE["time"]] == "2026-11-23 12:00:00"
    assert row.texts[PLACE["cost"]] == "–"


def test_cells_offer_filters_that_are_valid() -> None:
    call = Call(
        id='c "1"',
        time=MOMENT,
        provider="openai",
        response_model="gpt*4 (new)",
        actor="a-1",
        client='VS "Code"',
        stream=True,
        status=200,
        tool_calls=("a b", "a b"),
        data=(DataCount(type="EMAIL", direction="sent", count=2),),
    )
    for column in COLUMNS:
        for said, condition in conditions(column.key, call):
            assert said.startswith(("Only", "Exclude"))
            assert Filter.parse(str(condition)) == condition
    assert cell_values("data", call) == (("sent", "EMAIL"),)
    assert cell_values("tools", call) == (("tool", "a b"),)
    assert conditions("time", call) == []


def test_csv_runs_no_formulas() -> None:
    row = row_of(Call(id="c", time=MOMENT, client="=HYPERLINK(1)", provider='a,"b"'))
    text = as_csv(["client", "provider"], [row])
    assert text.splitlines() == ["Client,Provider", '\'=HYPERLINK(1),"a,""b"""']


def test_every_outcome_has_a_shape_a_word_and_a_layer() -> None:
    assert set(OUTCOMES) == set(Outcome)
    assert len({shown.icon for shown in OUTCOMES.values()}) == len(OUTCOMES)
    assert {shown.bar for shown in OUTCOMES.values()} == set(STACK)


# --- filters ---


def test_a_filter_is_read_with_its_meaning_or_its_problem() -> None:
    good, bad, empty = read_filter("provider:openai"), read_filter("provider:"), read_filter("")
    assert good.filter is not None
    assert good.meaning
    assert not good.problem
    assert bad.filter is None
    assert bad.problem
    assert empty.meaning == "All calls"


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read(text: str) -> None:
    reading = read_filter(text)
    assert (reading.filter is None) == bool(reading.problem)


# --- pages ---


def rows(page: int) -> list[object]:
    return [row_of(Call(id=f"{page}-{number}", time=MOMENT)) for number in range(PAGE_ROWS)]


def test_a_page_is_wanted_once_and_served_from_memory() -> None:
    pages = Pages()
    generation = pages.clear()
    assert pages.row(300) is None
    assert pages.row(301) is None
    assert pages.take_wanted() == [1]
    assert pages.row(300) is None
    assert pages.take_wanted() == [], "it is on its way"
    assert pages.put(generation, 1, rows(1))  # type: ignore[arg-type]
    row = pages.row(300)
    assert row is not None
    assert row.call.id == "1-44"


def test_the_newest_wishes_come_first_and_few_at_once() -> None:
    pages = Pages()
    pages.clear()
    for page in range(10):
        pages.row(page * PAGE_ROWS)
    assert pages.take_wanted() == [9, 8]
    assert len(pages.take_wanted()) == 0 == AT_ONCE - 2


def test_answers_of_another_generation_are_refused() -> None:
    pages = Pages()
    stale = pages.clear()
    pages.clear()
    assert not pages.put(stale, 0, rows(0))  # type: ignore[arg-type]
    assert pages.loaded(0) is None


def test_memory_is_bounded_and_forgets_the_longest_unused() -> None:
    pages = Pages()
    generation = pages.clear()
    for page in range(KEPT):
        pages.put(generation, page, rows(page))  # type: ignore[arg-type]
    assert pages.row(0) is not None
    pages.put(generation, KEPT, rows(KEPT))  # type: ignore[arg-type]
    assert len(pages) == KEPT
    assert pages.loaded(0) is not None
    assert pages.loaded(PAGE_ROWS) is None


def test_a_failed_page_can_be_asked_again() -> None:
    pages = Pages()
    generation = pages.clear()
    pages.row(0)
    pages.take_wanted()
    pages.give_up(generation, 0)
    pages.row(0)
    assert pages.take_wanted() == [0]


# --- conversations ---


def spot(text: str, part: str, kind: str = "EMAIL") -> Match:
    start = text.index(part)
    return Match(start=start, end=start + len(part), type=kind, masked="j….com")


def test_a_document_shows_its_text_and_what_was_not_read() -> None:
    whole = Blob(modality="document", mime_type="application/pdf", size=2000, name="a.pdf", text="[page 1]\nhello")
    locked = Blob(modality="document", mime_type="application/pdf", size=9, unread="encrypted")
    content = Content(input_messages=(Message(role="user", parts=(whole, locked)),))
    (turn,) = conversation(content, ()).turns
    assert [(piece.title, piece.text) for piece in turn.pieces] == [("a.pdf", "[page 1]\nhello"), ("", "")]
    told = [piece.attachment.facts for piece in turn.pieces if piece.attachment]
    assert told == [
        ("application/pdf", "2.0 kB"),
        ("application/pdf", "9 B", "text not read to its end: encrypted"),
    ]


def test_what_was_found_in_a_files_name_and_text_is_masked_in_each() -> None:
    name, read = "jane@example.com.pdf", "from jane@example.com to all"
    part = Blob(modality="document", name=name, text=read)
    whole = f"{name}\n{read}"
    places = [spot(whole, "jane@example.com"), Match(start=26, end=42, type="EMAIL", masked="j….com")]
    across = Match(start=17, end=25, type="ADDRESS", masked="…")

    def shown(*found: Match) -> tuple[str, str]:
        placed = [PlacedMatch(match=one, direction="sent", role="user", place="input/0/0") for one in found]
        content = Content(input_messages=(Message(role="user", parts=(part,)),))
        (piece,) = conversation(content, placed).turns[0].pieces
        return piece.title, piece.text

    assert shown(*places) == ("j….com.pdf", "from j….com to all")
    assert shown(across) == (WITHHELD, "… jane@example.com to all")
    assert shown(Match(start=30, end=99, type="EMAIL")) == (name, WITHHELD)


def test_a_conversation_is_masked_in_its_places() -> None:
    asked = "Write to jane@example.com, please."
    arguments = {"email": "jane@example.com"}
    content = Content(
        system_instructions=(Text(content="Be brief."),),
        input_messages=(
            Message(
                role="user", name="Jane", parts=(Text(content=asked), Blob(modality="image", size=2000, name="a.png"))
            ),
            Message(role="assistant", parts=(Reasoning(content="hm"), ToolCall(name="find", arguments=arguments))),
            Message(role="tool", parts=(ToolResponse(response={"balance": 1}),)),
        ),
        output_messages=(Message(role="assistant", parts=(Text(content="Done."),), finish_reason="stop"),),
        tool_definitions=(ToolDefinition(name="find", description="Finds."),),
    )
    found = (
        PlacedMatch(match=spot(asked, "jane@example.com"), direction="sent", role="user", place="input/0/0"),
        PlacedMatch(
            match=Match(start=7, end=23, type="EMAIL", masked="j….com"),
            direction="sent",
            role="assistant",
            place="input/1/1",
        ),
    )
    seen = conversation(content, found)
    assert [turn.role for turn in seen.turns] == ["system", "user", "assistant", "tool", "assistant"]
    assert seen.turns[1].pieces[0].text == "Write to j….com, please."
    assert [segment.match is not None for segment in seen.turns[1].pieces[0].segments] == [False, True, False]
    assert seen.turns[1].pieces[1].title == "a.png"
    assert seen.turns[1].pieces[1].attachment is not None
    assert seen.turns[1].pieces[1].attachment.facts == ("image", "2.0 kB")
    assert seen.turns[2].pieces[1].text == "email: j….com"
    assert [piece.kind for piece in seen.turns[2].pieces] == [Kind.REASONING, Kind.TOOL_CALL]
    assert seen.turns[-1].finish == "stop"
    assert not seen.turns[-1].sent
    assert [tool.title for tool in seen.tools] == ["find"]
    assert "jane@" not in repr(seen.turns[1]) + repr(seen.turns[2])


def test_matches_that_do_not_fit_withhold_the_text() -> None:
    assert masked("short", [Match(start=3, end=99, type="IBAN", masked="…")])[0].text == WITHHELD


spans = st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=6)


@given(st.text(alphabet="abc \n", max_size=60), spans)
def test_segments_are_what_the_mask_says(text: str, found: list[tuple[int, int]]) -> None:
    matches = [Match(start=at, end=at + size, type="T", masked="#") for at, size in found if at + size <= len(text)]
    assert "".join(segment.text for segment in masked(text, matches)) == mask(text, matches)


# --- raw ---


def test_a_raw_exchange_is_readable() -> None:
    exchange = Exchange(
        id="x",
        time=MOMENT,
        request=Request(
            method="POST", url="https://h/v1", headers=(("content-type", "application/json"),), body=b'{"a":[1,2]}'
        ),
        response=Response(status=200, body=bytes(range(40))),
    )
    assert raw.request_text(exchange).splitlines()[:4] == [
        "POST https://h/v1",
        "content-type: application/json",
        "",
        "{",
    ]
    assert raw.response_text(exchange).splitlines()[2].startswith("00000000  00 01 02")
    nothing = Exchange(id="x", time=MOMENT, request=exchange.request, interrupted="client")
    assert "the client broke off" in raw.response_text(nothing)


@given(st.binary(max_size=200))
def test_any_body_has_a_text(body: bytes) -> None:
    assert isinstance(raw.body_text(body, (("content-encoding", "gzip, br"),)), str)


# --- time and health ---


def test_a_timeline_finds_its_buckets() -> None:
    layers = {name: [0, 0, 0] for name in STACK} | {"bar": [1, 0, 5]}
    line = Timeline(MOMENT, timedelta(minutes=5), layers)
    assert line.total == 6
    assert line.end == MOMENT + timedelta(minutes=15)
    assert line.bucket(MOMENT.timestamp() + 601) == 2
    assert line.bucket(0) == 0
    assert line.bucket(9e9) == 2
    assert "5 complete" in line.describe(2)
    assert "no calls" in line.describe(1)
    assert line.summary().startswith("6 calls from 2026-11-23 12:00:00")


def test_health_without_gateways_says_so() -> None:
    health = Health(datetime.now(UTC))
    assert health.gateways_line()[2] == "No gateway has reported"
    assert health.completeness_line()[2] == "No traffic counted yet"
