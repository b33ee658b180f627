# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from auditor.terms import Registry
from tests.auditor.cli.house import House


def test_the_clauses_are_listed_by_provider_and_kind(house: House) -> None:
    registry = Registry.load()
    rows = house.ok("terms", "list", "--json", bare=True).rows
    assert [row["id"] for row in rows] == list(registry.clauses)
    some = house.ok("terms", "list", "--json", "--provider", "openai", "--kind", "retention", bare=True).rows
    assert [row["id"] for row in some] == [c.id for c in registry.of("openai", "retention")]
    table = house.ok("terms", "list", "--provider", "openai", bare=True)
    assert some[0]["id"] in table.out
    assert f"compiled {registry.compiled_on}" in table.err


def test_a_clause_is_shown_with_its_source(house: House) -> None:
    clause = Registry.load().clause("openai.competing_model_training.1")
    shown = house.ok("terms", "show", clause.id, bare=True).out
    assert shown.startswith(clause.paraphrase)
    assert all(part in shown for part in (clause.document_title, str(clause.url), clause.status))
    (row,) = house.ok("terms", "show", clause.id, "--json", bare=True).rows
    assert row["id"] == clause.id


def test_an_unknown_clause_is_2(house: House) -> None:
    ran = house.run("terms", "show", "nobody.nothing.1", bare=True)
    assert (ran.code, "There is no clause nobody.nothing.1" in ran.sentence) == (2, True)


def test_a_folder_without_a_checkout_is_2(house: House, tmp_path: Path) -> None:
    ran = house.run("terms", "check", "--archive", tmp_path, bare=True)
    assert (ran.code, "no checkout" in ran.sentence) == (2, True)


def test_an_old_registry_is_said(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Registry, "is_stale", lambda _self, _today: True)
    assert "more than 90 days ago" in house.ok("terms", "list", "--provider", "groq", bare=True).err
