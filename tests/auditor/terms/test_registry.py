# SPDX-License-Identifier: Apache-2.0
"""The built-in registry is whole and sound, and a wrong data file is refused with a sentence."""

from datetime import date
from pathlib import Path

import pytest

from auditor.errors import InputError
from auditor.terms import Clause, Registry, Role, Status
from auditor.terms.registry import may_alarm, serving

COMMON = 'compiled_on = "2026-01-01"\n[kinds]\nreselling = "resale"\n[signals]\nhost = "server name"\n'
FACTS = "".join(
    f'[facts.{name}]\nstatus = "unverified"\n'
    for name in (
        "legal_entity",
        "hq_country",
        "api_hosts",
        "default_input_retention_days",
        "api_inputs_train_by_default",
        "zero_retention_option",
        "baa_option",
        "eu_region_option",
    )
)
ACME = f"""id = "acme"
name = "Acme"
serves = ["acme_ai"]
{FACTS}
[[document]]
id = "tos"
title = "Terms"
url = "https://acme.example/terms"
effective_date = "2025-05-01"
seen_via = "full_text"
[[clause]]
id = "acme.reselling.1"
document = "tos"
section = "2.1"
kind = "reselling"
role = "prohibition"
paraphrase = "Access may not be sold on."
signals = ["host"]
detectability = "direct"
status = "verified"
confidence = "high"
[[marker]]
id = "acme-host"
where = "host"
match = "^api[.]acme[.]example$"
meaning = "the API"
status = "verified"
clauses = ["acme.reselling.1"]
"""


def write(folder: Path, acme: str = ACME, common: str = COMMON) -> Path:
    (folder / "registry.toml").write_text(common)
    (folder / "acme.toml").write_text(acme)
    return folder


def test_the_built_in_registry_is_whole() -> None:
    registry = Registry.load()
    assert len(registry.providers) == 24
    assert len(registry.clauses) == 362
    assert sum(len(terms.document) for terms in registry.providers.values()) == 90
    assert len(registry.markers) == 33


def test_every_clause_says_where_to_read_it() -> None:
    registry = Registry.load()
    for clause in registry.clauses.values():
        assert clause.paraphrase.endswith(".")
        assert clause.document_title
        assert clause.provider in registry.providers
        assert registry.document(clause).id == clause.document


def test_only_what_was_seen_and_binds_may_alarm() -> None:
    for clause in Registry.load().clauses.values():
        expected = clause.status is Status.VERIFIED and clause.role in (Role.PROHIBITION, Role.OBLIGATION)
        assert may_alarm(clause) is expected


@pytest.mark.parametrize(
    ("clause", "alarms"),
    [
        ("openai.competing_model_training.1", True),
        ("openai.permission.1", False),
        ("deepseek.permission.2", False),
        ("xai.output_training_any_model.1", True),
    ],
)
def test_who_forbids_what(clause: str, alarms: bool) -> None:
    assert may_alarm(Registry.load().clause(clause)) is alarms


def test_lookups(tmp_path: Path) -> None:
    registry = Registry.read(write(tmp_path))
    clause = registry.clause("acme.reselling.1")
    assert (clause.url, clause.effective_or_updated) == ("https://acme.example/terms", "2025-05-01")
    assert registry.serving("acme_ai") == registry.providers["acme"]
    assert registry.serving("unheard_of") is None
    assert registry.of("acme", kind="reselling", role=Role.PROHIBITION) == (clause,)
    assert registry.of("acme", kind="retention") == ()
    assert [marker.provider for marker in registry.markers] == ["acme"]
    with pytest.raises(InputError, match=r"no clause acme\.reselling\.2"):
        registry.clause("acme.reselling.2")


def test_it_grows_stale() -> None:
    registry = Registry.load()
    assert not registry.is_stale(registry.compiled_on)
    assert registry.is_stale(date(2027, 6, 1))


@pytest.mark.parametrize(
    ("wrong", "right", "sentence"),
    [
        ('id = "other.reselling.1"', 'id = "acme.reselling.1"', "stands in the file of acme"),
        ('document = "tou"', 'document = "tos"', "unknown document tou"),
        ('kind = "resale"', 'kind = "reselling"', "unknown kind resale"),
        ('signals = ["smell"]', 'signals = ["host"]', "unknown signal smell"),
        ('match = "("', 'match = "^api[.]acme[.]example$"', "no regular expression"),
        ('clauses = ["acme.reselling.9"]', 'clauses = ["acme.reselling.1"]', "unknown clause acme.reselling.9"),
        ('status = "certain"\nconfidence', 'status = "verified"\nconfidence', "malformed"),
        ("paraphrased = 1\nparaphrase", "paraphrase", "malformed"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, wrong: str, right: str, sentence: str) -> None:
    assert right in ACME
    with pytest.raises(InputError, match=sentence):
        Registry.read(write(tmp_path, ACME.replace(right, wrong)))


def test_clauses_are_values() -> None:
    clause = Registry.load().clause("openai.competing_model_training.1")
    assert isinstance(clause, Clause)
    with pytest.raises(AttributeError, match="immutable"):
        clause.paraphrase = "Anything goes."  # type: ignore[misc]


def test_the_heads_of_the_files_say_whom_the_whole_files_say_are_served() -> None:
    assert serving() == {id_: terms.serves for id_, terms in Registry.load().providers.items()}
