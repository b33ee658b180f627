# SPDX-License-Identifier: Apache-2.0
"""Fingerprints compared by SQL on a server: the answers of the index, and nothing there that its operator can read."""

import random
import secrets
from collections.abc import Callable, Iterable
from typing import Any
from unittest import mock

import numpy as np
import psycopg
import pytest

from auditor.archive import Archive, sharing
from auditor.archive.comparison import Comparison
from auditor.errors import EnvironmentFailure, InputError
from auditor.hashing import Hashes
from auditor.privacy.fingerprints import FORM, Fingerprinter
from auditor.store.format.records import Completion, Draft, Fingerprints
from tests.auditor.archive.conftest import Store, call
from tests.auditor.distillation.material import edited, prose
from tests.postgres import Postgres

PRINTS = Fingerprinter(b"k" * 32)
type Fill = Callable[..., Archive]
type Compared = Callable[[Archive], Archive]


def draft(number: int, sent: Hashes, received: Hashes) -> Draft:
    one = Fingerprints(form=FORM, sent=sent.astype("<u8").tobytes(), received=received.astype("<u8").tobytes())
    made = call(number)
    return Draft(Completion(time=made.time, exchange=made.id, calls=(made,), fingerprints=(one,)))


def said(number: int, *texts: str) -> Draft:
    kept = np.unique(np.concatenate([PRINTS.kept(text) for text in texts]))
    return draft(number, kept[:0], kept)


def hashes(values: Iterable[int]) -> Hashes:
    return np.array(sorted(values), dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)


def asked(archive: Archive, *texts: str) -> list[set[str]]:
    return [set(one) for one in archive.holders([PRINTS.kept(text) for text in texts])]


def forget(archive: Archive, numbers: Iterable[int]) -> None:
    with archive.index.writing() as connection:
        sharing.remove(connection, numbers)


@pytest.fixture
def database(postgres: Postgres) -> str:
    return postgres.database()


@pytest.fixture(params=["in the index", "on a server"])
def compared(request: pytest.FixtureRequest) -> Compared:
    """Both engines, for the same tests."""

    def prepare(archive: Archive) -> Archive:
        if request.param == "on a server":
            archive.compare_on(request.getfixturevalue("database"))
        return archive

    return prepare


def test_copies_name_their_calls(filled: Fill, compared: Compared) -> None:
    archive = compared(filled(*(said(number, prose(number, 200)) for number in range(20))))
    rows = " ".join(edited(prose(8, 200), 0.2, ("e", number)) for number in range(3))
    assert asked(archive, prose(7, 200), rows, prose("foreign", 200), "") == [
        {"call-0007"},
        {"call-0008"},
        set(),
        set(),
    ]
    assert archive.holders([]) == []
    filled(said(20, prose("late", 200)))
    assert asked(archive, prose("late", 200)) == [{"call-0020"}]


def test_what_many_calls_hold_names_none(filled: Fill, compared: Compared) -> None:
    common = sharing.COMMON + 1
    archive = compared(filled(*(said(n, prose("boilerplate", 80), prose(n, 60)) for n in range(common))))
    assert asked(archive, prose("boilerplate", 80), prose("boilerplate", 80) + "\n" + prose(3, 60)) == [
        set(),
        {"call-0003"},
    ]


def test_what_is_forgotten_is_gone(filled: Fill, compared: Compared) -> None:
    archive = compared(filled(*(said(number, prose(number, 60)) for number in range(3))))
    assert asked(archive, prose(0, 60), prose(1, 60)) == [{"call-0000"}, {"call-0001"}]
    forget(archive, [2])
    assert asked(archive, prose(0, 60), prose(1, 60)) == [{"call-0000"}, set()]


def test_the_server_answers_as_the_index_does(filled: Fill, database: str) -> None:
    rng = random.Random(1)
    archive = filled()
    for step in range(6):
        new = [
            draft(step * 40 + n, *(hashes(rng.sample(range(400), rng.randrange(6))) for _ in range(2)))
            for n in range(40)
        ]
        filled(*new, *(draft(1000 + step * 100 + n, hashes([1]), hashes([1, 2])) for n in range(30)))
        questions = [hashes(rng.sample(range(500), 50)) for _ in range(3)]
        archive._comparison = None
        expected = archive.holders(questions)
        archive.compare_on(database)
        assert archive.holders(questions) == expected
        forget(archive, [rng.randrange(1, 70 * step + 2) for _ in range(step % 3)])
    assert any(expected)


def rows(database: str) -> set[tuple[int, int]]:
    with psycopg.connect(database.replace("+psycopg", "")) as connection:
        ((schema,),) = connection.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'analysis%'").fetchall()
        return set(connection.execute(f'SELECT mark, call FROM "{schema}".fingerprint').fetchall())  # type: ignore[arg-type]


def test_a_copy_is_encrypted_anew_when_a_call_is_forgotten(filled: Fill, database: str) -> None:
    archive = filled(*(said(number, prose(number, 60)) for number in range(3)))
    archive.compare_on(database)
    asked(archive, prose("something", 60))
    before = {mark for mark, _ in rows(database)}
    forget(archive, [2])
    asked(archive, prose("something", 60))
    after = {mark for mark, _ in rows(database)}
    assert 0 < len(after) < len(before)
    assert not before & after


def test_another_index_of_the_same_store_makes_the_copy_anew(filled: Fill, store: Store, database: str) -> None:
    one = filled(*(said(number, prose(number, 60)) for number in range(3)))
    with store.archive("elsewhere") as other:
        other.refresh()
        for archive in (one, other, one):
            archive.compare_on(database)
            assert asked(archive, prose(1, 60)) == [{"call-0001"}]
    assert len({number for _, number in rows(database)}) == 3


def test_a_copy_that_another_index_takes_over_meanwhile_is_not_asked(filled: Fill, database: str) -> None:
    archive = filled(said(1, prose(1, 60)))
    archive.compare_on(database)
    prepared = Comparison._prepared

    def overtaken(self: Comparison, state: Any) -> Any:
        ours = prepared(self, state)
        with psycopg.connect(database.replace("+psycopg", "")) as connection:
            connection.execute(f'UPDATE "{self._schema}".copy SET name = %s', [b"another"])
        return ours

    with (
        mock.patch.object(Comparison, "_prepared", overtaken),
        pytest.raises(EnvironmentFailure, match="another index"),
    ):
        asked(archive, prose(1, 60))
    assert asked(archive, prose(1, 60)) == [{"call-0001"}]


def test_who_runs_the_server_learns_no_fingerprint_and_no_fact_of_a_call(
    filled: Fill, postgres: Postgres, database: str
) -> None:
    archive = filled(*(said(number, prose(number, 60)) for number in range(3)))
    archive.compare_on(database)
    assert asked(archive, prose(1, 60)) == [{"call-0001"}]
    postgres.sql("CHECKPOINT", "postgres")
    known = PRINTS.kept(prose(1, 60))
    held = rows(database)
    assert not {int(one) for one in known.view(np.int64)} & {mark for mark, _ in held}
    assert {number for _, number in held} == {1, 2, 3}
    secret = [*(one.tobytes() for one in known), *(one.byteswap().tobytes() for one in known), b"call-0001"]
    assert not [one for one in secret for data in postgres.files() if one in data]


def test_a_gateway_sees_nothing_of_it(filled: Fill, postgres: Postgres, database: str) -> None:
    archive = filled(said(1, prose(1, 60)))
    archive.compare_on(database)
    asked(archive, prose("something", 60))
    role, password = f"gateway_{secrets.token_hex(4)}", secrets.token_hex(8)
    name = database.rpartition("/")[2]
    postgres.sql(f"CREATE ROLE {role} LOGIN PASSWORD '{password}'", name)
    ((schema,),) = postgres.sql("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'analysis%'", name)
    url = postgres.url(name, role, password).replace("+psycopg", "")
    with psycopg.connect(url) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(f'SELECT * FROM "{schema}".fingerprint')
    archive.compare_on(postgres.url(name, role, password))
    with pytest.raises(EnvironmentFailure, match="does not grant"):
        asked(archive, prose("something", 60))


def test_what_fails_is_said(filled: Fill, postgres: Postgres) -> None:
    archive = filled(said(1, prose(1, 60)))
    with pytest.raises(InputError, match="not supported"):
        archive.compare_on("mysql://somewhere/else")
    archive.compare_on(postgres.url("nowhere"))
    with pytest.raises(EnvironmentFailure, match="nowhere"):
        asked(archive, prose("something", 60))
