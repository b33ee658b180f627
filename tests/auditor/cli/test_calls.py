# SPDX-License-Identifier: Apache-2.0
import json
from pathlib import Path

import pytest

from tests.auditor.cli.house import House, Ran
from tests.auditor.cli.material import ADDRESS, KEY, SECRET_WORD, day


@pytest.fixture
def full(house: House) -> House:
    """A house with a day of calls in it."""
    return house.filled(day())


def id_of(house: House, filter_: str) -> str:
    (call,) = house.ok("calls", "--json", "--filter", filter_).rows
    return str(call["id"])


def test_calls_as_json_are_all_of_them_newest_first_and_without_content(full: House) -> None:
    ran = full.ok("calls", "--json")
    assert [call["time"] for call in ran.rows] == [f"2026-11-23T12:0{n}:00Z" for n in (2, 1, 0)]
    assert [call["outcome"] for call in ran.rows] == ["error", "complete", "complete"]
    assert ran.rows[2]["gen_ai.usage.input_tokens"] == 10
    assert ran.rows[1]["data"] == [{"type": "EMAIL", "direction": "sent", "count": 1}]
    assert SECRET_WORD not in ran.out
    assert ran.err == ""


@pytest.mark.parametrize(
    ("options", "minutes"),
    [
        (["--filter", "outcome:error"], [2]),
        (["--filter", "sent:EMAIL or outcome:error"], [2, 1]),
        (["--since", "2026-11-23T12:01:00Z"], [2, 1]),
        (["--until", "2026-11-23T12:01:00Z"], [1, 0]),
        (["--since", "0001-01-01"], [2, 1, 0]),
        (["--until", "2026-11-23T12:01:00.000000Z"], [1, 0]),
        (["--until", "2026-11-23T12:00:59.999999Z"], [0]),
        (["--until", "9999-12-31T23:59:59.999999Z"], [2, 1, 0]),
        (["--until", "2026-11-23"], [2, 1, 0]),
        (["--since", "2026-11-24"], []),
        (["--limit", "2"], [2, 1]),
        (["--since", "2026-11-23T12:01:00Z", "--filter", "provider:openai", "--limit", "1"], [2]),
    ],
)
def test_calls_can_be_narrowed(full: House, options: list[str], minutes: list[int]) -> None:
    assert [int(call["time"][14:16]) for call in full.ok("calls", "--json", *options).rows] == minutes


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--filter", "nonsense:1"], "nonsense"),
        (["--filter", "tokens>"], ""),
        (["--since", "canary"], "--since"),
        (["--until", "x or model:y"], "--until"),
        (["--since", "2026-11-24", "--until", "2026-11-22"], "ends before it begins"),
        (["--limit", "0"], "it should be greater than or equal to 1. See"),
        (["--limit", "many"], "it should be a valid integer. See"),
        (["--content"], "--json"),
    ],
)
def test_wrong_wishes_end_with_2(full: House, options: list[str], named: str) -> None:
    ran = full.run("calls", *options)
    assert ran.code == 2
    assert named in ran.sentence
    assert ran.out == ""


def test_the_table_is_for_people(full: House) -> None:
    ran = full.ok("calls", "--limit", "2")
    assert "gpt-4o-2024-08-06" in ran.out
    assert "EMAIL×1 sent" in ran.out
    assert ran.err == "2 of 3 calls; --limit N shows more, --filter EXPR fewer.\n"


def test_a_filter_that_matches_nothing_says_so_beside_the_results(full: House) -> None:
    ran = full.ok("calls", "--filter", "provider:nobody")
    assert (ran.out, ran.err) == ("", "There is no such call.\n")


def test_an_empty_store_says_so_beside_the_results(house: House) -> None:
    ran = house.ok("calls")
    assert (ran.out, ran.err) == ("", "There are no calls yet.\n")
    assert house.ok("calls", "--json").out == ""


def accesses(house: House) -> list[dict[str, object]]:
    return house.ok("access-log", "--json").rows


def test_content_takes_a_reason_that_is_recorded_first(full: House) -> None:
    assert accesses(full) == []
    ran = full.run("calls", "--json", "--content")
    assert (ran.code, ran.out) == (2, "")
    assert accesses(full) == []
    told = full.ok("calls", "--json", "--content", "--reason", "ticket 4711", "--filter", "not outcome:error")
    newest, oldest = told.rows
    assert oldest["input_messages"][0]["parts"][0]["content"] == f"A recipe for {SECRET_WORD}, please."
    assert oldest["output_messages"] == [
        {"role": "assistant", "parts": [{"type": "text", "content": "Take rhubarb."}], "finish_reason": "stop"}
    ]
    assert {"system_instructions", "tool_definitions"} <= newest.keys()
    (access,) = accesses(full)
    assert access["reason"] == "ticket 4711"
    assert access["calls"] == [newest["id"], oldest["id"]]


def test_show_tells_facts_and_data_without_a_reason(full: House) -> None:
    ran = full.ok("show", id_of(full, "sent:EMAIL"))
    assert "gpt-4o-2024-08-06" in ran.out
    assert "EMAIL" in ran.out
    assert ADDRESS not in ran.out
    assert ["gen_ai.response.finish_reasons", "stop"] in [line.split() for line in ran.out.splitlines()]
    assert "labels" not in ran.out
    assert "--reason" in ran.err
    assert accesses(full) == []


def test_show_tells_the_conversation_with_a_reason(full: House) -> None:
    id_ = id_of(full, "sent:EMAIL")
    ran = full.ok("show", id_, "--reason", "ticket 4711")
    assert "── user ──" in ran.out
    assert "Write to z….org." in ran.out, "what was found in it is masked"
    assert ADDRESS not in ran.out
    assert "Done." in ran.out
    assert [access["calls"] for access in accesses(full)] == [[id_]]


def test_show_takes_the_beginning_of_an_id(full: House) -> None:
    id_ = id_of(full, "sent:EMAIL")
    assert id_ in full.ok("show", id_[:12]).out
    assert full.run("show", "z" * 12).code == 2


def test_the_raw_exchange_is_content_and_holds_no_key(full: House) -> None:
    id_ = id_of(full, "outcome:error")
    assert full.run("show", id_, "--raw").code == 2
    ran = full.ok("show", id_, "--raw", "--reason", "ticket 4711")
    assert "POST https://api.openai.com/v1/chat/completions" in ran.out
    assert "rate_limit_exceeded" in ran.out
    assert KEY.removeprefix("Bearer ") not in ran.out


def test_control_characters_of_the_traffic_never_reach_the_terminal(house: House, tmp_path: Path) -> None:
    line = json.loads(day().splitlines()[0])
    line["request"]["body"] = line["request"]["body"].replace("recipe", "\\u001b]0;owned\\u0007\\u202erecipe")
    (tmp_path / "evil").write_text(json.dumps(line))
    house.ok("import", tmp_path / "evil")
    ran = house.ok("show", id_of(house, ""), "--reason", "test")
    assert "recipe" in ran.out
    assert not {"\x1b", "\x07", "\u202e"} & set(ran.out)


def test_an_unknown_call_ends_with_2(full: House) -> None:
    ran = full.run("show", "0" * 32)
    assert ran.code == 2
    assert ran.sentence.startswith("There is no call 0000")


def test_status_accounts_for_every_exchange(full: House) -> None:
    (ledger,) = full.ok("status", "--json").rows
    assert (ledger["seen"], ledger["recorded"], ledger["sealed"], ledger["lost"]) == (3, 3, 3, 0)
    assert ledger["last_checkpoint"]
    assert ledger["ledger"] in full.ok("status").out


def test_the_access_log_is_for_people_too(full: House) -> None:
    full.ok("show", id_of(full, "outcome:error"), "--reason", "ticket 4711")
    ran = full.ok("access-log")
    assert "ticket 4711" in ran.out
    assert "show" in ran.out


def fail_without_a_store(house: House, command: list[str]) -> Ran:
    house.store.rename(house.folder / "moved")
    return house.run(*command)


@pytest.mark.parametrize("command", [["calls"], ["show", "x"], ["status"], ["access-log"], ["verify"], ["desktop"]])
def test_without_a_store_every_command_says_so(house: House, command: list[str]) -> None:
    ran = fail_without_a_store(house, command)
    assert ran.code == 2
    assert str(house.store) in ran.sentence
