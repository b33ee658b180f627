# SPDX-License-Identifier: Apache-2.0
import json
from pathlib import Path

import pytest

from tests.auditor.cli.house import House
from tests.auditor.cli.material import ADDRESS, SECRET_WORD, day

CANARY = "canary-7f3k"


def written(folder: Path, data: bytes, name: str = "recording") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def test_an_import_says_what_it_did_beside_the_results(house: House, tmp_path: Path) -> None:
    path = written(tmp_path, day())
    ran = house.ok("import", path)
    assert (ran.out, ran.err) == ("", f"{path}: 3 exchanges added.\n")
    assert house.ok("import", path).err == f"{path}: 0 exchanges added, 3 were here already.\n"
    assert len(house.ok("calls", "--json").rows) == 3
    # Beside the calls, a record for each of the two people who made them.
    assert house.ok("verify", "--json").rows[0]["ledgers"][0]["records"] == 5


def test_broken_entries_are_named_up_to_a_number_and_the_others_kept(house: House, tmp_path: Path) -> None:
    path = written(tmp_path, day() + b'{"time": "' + CANARY.encode() + b'"}\n' * 30)
    ran = house.ok("import", path, written(tmp_path, day(), "again"))
    lines = ran.err.splitlines()
    assert len(lines) == 22
    assert lines[0] == f"auditor: {path}, line 4: time: the value is not valid; it is left out."
    assert lines[20] == "auditor: 10 more broken entries are left out."
    assert lines[21] == "2 files: 3 exchanges added, 3 were here already, 30 broken entries left out."
    assert CANARY not in ran.err


BROKEN_HAR = json.dumps({"log": {"entries": [{"comment": CANARY}] * 50}}).encode()[:-200]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (BROKEN_HAR, "cut off or broken"),
        (bytes(range(256)) * 1000 + CANARY.encode(), "neither HAR nor"),
        (b"{" + bytes(range(256)) * 1000 + CANARY.encode(), "there is no exchange in it"),
        (b"\x89PNG\r\n\x1a\n" + CANARY.encode(), "neither HAR nor"),
        (b"", "it is empty"),
        (CANARY.encode() * 5_000_000, "neither HAR nor"),
        (b'{"' + CANARY.encode() * 4_500_000, "there is no exchange in it"),
    ],
    ids=["truncated HAR", "binary", "binary as JSON", "PNG", "empty", "50 MB line", "50 MB line of JSON"],
)
def test_a_bad_file_is_one_sentence_2_and_nothing_written(house: House, tmp_path: Path, data: bytes, why: str) -> None:
    good, bad = written(tmp_path, day(), "good"), written(tmp_path, data)
    before = house.files()
    ran = house.run("import", good, bad)
    assert ran.code == 2
    assert ran.sentence.startswith(f"{bad} cannot be imported: ")
    assert why in ran.sentence
    assert CANARY not in ran.err
    assert house.files() == before


def test_a_large_exchange_on_one_line_is_imported(house: House, tmp_path: Path) -> None:
    line = json.loads(day().splitlines()[0])
    line["response"]["body"] = "x" * 50_000_000
    house.ok("import", written(tmp_path, json.dumps(line).encode()))
    (call,) = house.ok("calls", "--json").rows
    assert call["response_bytes"] == 50_000_000


def test_a_missing_file_is_one_sentence_and_2(house: House, tmp_path: Path) -> None:
    ran = house.run("import", tmp_path / "nowhere.har")
    assert ran.code == 2
    assert (
        ran.sentence == f"{tmp_path / 'nowhere.har'} cannot be opened: No such file or directory. Nothing was written."
    )


def test_files_are_looked_at_before_the_passphrase_is_asked_for(house: House, tmp_path: Path) -> None:
    house.passphrase.unlink()
    ran = house.run("import", written(tmp_path, b""))
    assert (ran.code, "it is empty" in ran.sentence) == (2, True)


def test_a_wrong_passphrase_writes_nothing(house: House, tmp_path: Path) -> None:
    house.passphrase.write_bytes(b"wrong\n")
    before = house.files()
    ran = house.run("import", written(tmp_path, day()))
    assert ran.code == 3
    assert ran.sentence
    assert house.files() == before


def test_nothing_of_the_traffic_is_readable_in_the_stores_or_the_users_files(house: House, tmp_path: Path) -> None:
    house.ok("import", written(tmp_path, day()))
    house.ok("calls", "--json")
    user = b"".join(path.read_bytes() for path in (tmp_path / "user").rglob("*") if path.is_file())
    everything = b"".join(house.files().values()) + user
    assert len(user) > 10_000, "the index is there"
    for word in (b"Rhabarberkuchen", b"zoe.keller", b"gpt-4o", b"canary7f3k", b"alice", b"api.openai.com"):
        assert word not in everything, word


def test_what_the_policy_names_is_not_stored(house: House, tmp_path: Path) -> None:
    own = f'[[data.dictionary]]\nname = "recipes"\nterms = ["{SECRET_WORD}"]\n'
    (house.gateway / "policy.toml").write_text(f'[capture]\nremove = ["EMAIL", "DICTIONARY"]\n{own}')
    (tmp_path / "day.ndjson").write_bytes(day())
    house.ok("import", tmp_path / "day.ndjson")
    said = house.ok("calls", "--json", "--content", "--reason", "to look").out
    assert "[EMAIL#1]" in said
    assert "[DICTIONARY#1]" in said
    assert ADDRESS not in said
    assert SECRET_WORD not in said


def test_a_type_nobody_detects_is_said_before_anything_is_written(house: House, tmp_path: Path) -> None:
    (house.gateway / "policy.toml").write_text('[capture]\nremove = ["SHOE_SIZE"]\n')
    (tmp_path / "day.ndjson").write_bytes(day())
    ran = house.run("import", tmp_path / "day.ndjson")
    assert ran.code == 2
    assert "SHOE_SIZE" in ran.sentence
    assert house.ok("calls", "--json").rows == []
