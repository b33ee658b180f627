# SPDX-License-Identifier: Apache-2.0
import json
from pathlib import Path

import pytest

from auditor.detectors.own.organisation import FINGERPRINTS
from auditor.policy import POLICY
from tests.auditor.cli.house import House
from tests.auditor.detectors.own.test_known_documents import prose


@pytest.fixture
def folder(house: House) -> Path:
    """A gateway's folder and documents beside it."""
    house.gateway.mkdir(exist_ok=True)
    documents = house.folder / "contracts"
    (documents / "old").mkdir(parents=True)
    (documents / "plan.txt").write_text(prose(1, 300), encoding="utf-8")
    (documents / "old" / "plan.html").write_text(f"<p>{prose(2, 300)}</p>", encoding="utf-8")
    (documents / ".hidden.txt").write_text(prose(3, 300), encoding="utf-8")
    (documents / "note.txt").write_text("Lunch?", encoding="utf-8")
    return documents


def names(house: House) -> list[str]:
    return [row["name"] for row in house.ok("fingerprint", "list", "--json").rows]


def test_documents_are_taken_listed_found_and_forgotten(house: House, folder: Path) -> None:
    ran = house.ok("fingerprint", "add", folder)
    assert "contracts/note.txt: too little text" in ran.err
    assert names(house) == ["contracts/old/plan.html", "contracts/plan.txt"]
    assert (house.gateway / FINGERPRINTS).stat().st_mode & 0o777 == 0o600
    letter = house.folder / "letter.txt"
    letter.write_text(f"Summarise: {prose(2, 300)[200:900]}", encoding="utf-8")
    found = house.ok("scan", "--json", letter, "--config", house.gateway).rows
    assert [(m["type"], m["subtype"]) for m in found] == [("DOCUMENT_FINGERPRINT", "contracts/old/plan.html")]
    house.ok("fingerprint", "remove", "contracts/old/plan.html")
    assert names(house) == ["contracts/plan.txt"]
    assert "contracts/plan.txt" in house.ok("fingerprint", "list").out


def test_adding_again_replaces(house: House, folder: Path) -> None:
    house.ok("fingerprint", "add", folder / "plan.txt")
    first = house.ok("fingerprint", "list", "--json").rows
    (folder / "plan.txt").write_text(prose(4, 600), encoding="utf-8")
    house.ok("fingerprint", "add", folder / "plan.txt")
    (second,) = house.ok("fingerprint", "list", "--json").rows
    assert second["fingerprints"] > first[0]["fingerprints"]


@pytest.mark.parametrize(
    "words", [("add", "nowhere"), ("remove", "nowhere"), ("add", "nowhere", "--config", "nowhere")]
)
def test_what_is_not_there_is_one_sentence_and_2(house: House, folder: Path, words: tuple[str, ...]) -> None:
    ran = house.run("fingerprint", *words)
    assert ran.code == 2
    assert "nowhere" in ran.sentence
    assert not (house.gateway / FINGERPRINTS).exists()


def test_scan_knows_the_policys_dictionary(house: House, folder: Path) -> None:
    policy = '[[data.dictionary]]\nname = "projects"\nterms = ["Blue Heron"]\n'
    (house.gateway / POLICY).write_text(policy, encoding="utf-8")
    (house.folder / "letter").write_text("About blue heron.", encoding="utf-8")
    (row,) = house.ok("scan", "--json", house.folder / "letter", "--config", house.gateway).rows
    assert json.dumps(row) == json.dumps(
        {"start": 6, "end": 16, "type": "DICTIONARY", "subtype": "projects", "score": 0.95, "masked": "…"}
    )
