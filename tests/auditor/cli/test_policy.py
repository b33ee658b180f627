# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

from tests.auditor.cli.house import House

SOUND = """
[organisation]
name = "Contoso"
regions = ["eu*"]
other_providers = "tolerated"
[[provider]]
name = "openai"
data = ["EMAIL"]
[[team]]
name = "ml"
actors = ["a-aaaaaaaaaaaaaaaa"]
"""


def test_a_policy_is_read_and_told(house: House, tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    file.write_text(SOUND)
    ran = house.ok("policy", "check", file, bare=True)
    assert "1 sanctioned; others tolerated" in ran.out
    assert ran.err.endswith("is sound.\n")
    (row,) = house.ok("policy", "check", file, "--json", bare=True).rows
    assert row["provider"][0]["data"] == ["EMAIL"]


def test_the_gateways_policy_is_the_one_meant(house: House) -> None:
    house.gateway.mkdir(exist_ok=True)
    (house.gateway / "policy.toml").write_text(SOUND)
    assert "Contoso" in house.ok("policy", "check").out
    assert "Contoso" in house.ok("policy", "check", "--config", house.gateway, bare=True).out


def test_what_cannot_be_used_is_2_and_names_the_line(house: House, tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    file.write_text(SOUND + 'colour = "red"\n')
    ran = house.run("policy", "check", file, bare=True)
    assert ran.code == 2
    assert "ours.toml, line 12: " in ran.sentence
    assert "colour" in ran.sentence


def test_names_nobody_knows_are_1(house: House, tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    file.write_text(SOUND.replace("openai", "opanai").replace("EMAIL", "E-MAIL"))
    ran = house.run("policy", "check", file, bare=True)
    assert ran.code == 1
    assert "there is no provider opanai (is openai meant?)" in ran.err
    assert "there is no data type E-MAIL (is EMAIL meant?)" in ran.err


def test_own_data_that_cannot_be_compiled_is_2(house: House, tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    file.write_text("[[data.pattern]]\nname = \"x\"\nexpression = '('\n")
    ran = house.run("policy", "check", file, bare=True)
    assert (ran.code, "no expression of RE2" in ran.sentence) == (2, True)


def test_a_policy_that_is_nowhere_is_2(house: House) -> None:
    ran = house.run("policy", "check", house.folder / "none.toml", bare=True)
    assert (ran.code, "cannot be read" in ran.sentence) == (2, True)


def test_what_is_taken_out_is_told_and_a_type_nobody_detects_is_said(house: House, tmp_path: Path) -> None:
    file = tmp_path / "ours.toml"
    file.write_text('[capture]\nremove = ["SECRET", "EMAIL"]\nwithhold = ["NATIONAL_IDS"]\n')
    ran = house.run("policy", "check", file, bare=True)
    assert ran.code == 1
    assert "2 types for good, 1 to be had back" in ran.out
    assert "there is no data type NATIONAL_IDS (is NATIONAL_ID meant?)" in ran.err
