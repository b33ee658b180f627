# SPDX-License-Identifier: Apache-2.0
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor.cli import output


@pytest.mark.parametrize("text", ["Grüße 🦊", "a\tb\nc", "שלום", "日本語", "\u00a0"])
def test_ordinary_text_stays(text: str) -> None:
    assert output.plain(text) == text


@pytest.mark.parametrize("text", ["\x1b[2J", "\x07", "\x9b31m", "\u202e", "a\rb", "\x00", "\u2066"])
def test_what_commands_a_terminal_is_made_visible(text: str) -> None:
    shown = output.plain(text)
    assert "\N{REPLACEMENT CHARACTER}" in shown
    assert text not in shown


@given(st.text())
def test_no_control_character_gets_through(text: str) -> None:
    shown = output.plain(text)
    assert len(shown) == len(text)
    assert not [c for c in shown if c < " " and c not in "\t\n"]
    assert not [c for c in shown if "\x7f" <= c <= "\x9f"]


def test_moments_are_shown_in_utc() -> None:
    assert output.moment(datetime(2026, 11, 23, 12, 0, 0, 999_999, tzinfo=UTC)) == "2026-11-23 12:00:00"
    assert output.moment(datetime(2026, 11, 23, 1, tzinfo=timezone(timedelta(hours=2)))) == "2026-11-22 23:00:00"


def test_tables_show_text_as_it_is_and_not_as_markup(capsys: pytest.CaptureFixture[str]) -> None:
    output.table(("a", "b"), [("[red]x[/red]", "1"), ("y\x1b[0m", "22")], right=("b",))
    shown = capsys.readouterr().out
    assert "[red]x[/red]" in shown
    assert "\x1b" not in shown
    assert " 1 " in shown


@pytest.mark.parametrize(
    ("columns", "shown"),
    [("21", "ledger       g-1\nunaccounted  0\n\nledger       g-2\nunaccounted  7\n"), ("22", None)],
)
def test_a_table_too_wide_for_its_terminal_is_told_row_by_row(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: str, shown: str | None
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", columns)
    output.table(("ledger", "unaccounted"), [("g-1", "0"), ("g-2", "7")])
    told = capsys.readouterr().out
    if shown:
        assert told == shown
    else:
        assert "unaccounted" in told.splitlines()[1]


def test_json_lines_are_one_object_a_line(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    output.json_lines([{"a": "ü\n"}, {"b": None}])
    assert capsysbinary.readouterr().out == '{"a":"ü\\n"}\n{"b":null}\n'.encode()


def test_progress_is_silent_without_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with output.byte_progress("Importing", 10) as advance:
        advance(10)
    with output.count_progress("Reading") as count:
        count(1, 2)
    assert capsys.readouterr() == ("", "")
