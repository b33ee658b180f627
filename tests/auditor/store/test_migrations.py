# SPDX-License-Identifier: Apache-2.0
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, inspect

from auditor.errors import InputError
from auditor.store import migrations
from auditor.store.format import schema
from auditor.store.ledger import engine
from auditor.store.server import engine as server
from auditor.store.server import tables
from auditor.store.verification.verify import verify
from tests.auditor.store.material import Home, as_before_row_numbers, tampering
from tests.postgres import Postgres


def _differences(connection: Connection, metadata: object) -> list[object]:
    """What a database lacks or has beyond the tables as they are declared; partitions are rows' places, no tables."""
    names = {f"{name}_{part}" for name in tables.PARTED for part in ("other", "2026-11")}

    def wanted(_: object, name: str | None, kind: str, reflected: bool, other: object) -> bool:
        return not (kind == "table" and reflected and (name in names or name == "alembic_version"))

    context = MigrationContext.configure(connection, opts={"include_object": wanted, "compare_type": False})
    return list(compare_metadata(context, metadata))  # type: ignore[arg-type]


def _as_before_versions(home: Home) -> None:
    """Take a ledger's file back to the format of the first release."""
    with tampering(home.file) as connection:
        connection.execute("DROP TABLE alembic_version")
        connection.execute("DROP INDEX segment_by_leaf")
        connection.execute("DROP INDEX segment_footer_by_leaf")


def test_a_ledger_of_the_first_release_is_upgraded_with_all_it_holds(home: Home) -> None:
    home.write(3, 2)
    before = home.records()
    _as_before_versions(home)
    assert home.records() == before  # readers need no upgrade
    home.write(1)
    assert home.records()[: len(before)] == before
    assert verify(home.location, home.identity).holds
    with engine.reading_engine(home.file).begin() as connection:
        assert migrations.version(connection) == migrations.HEAD
        assert "segment_by_leaf" in {index["name"] for index in inspect(connection).get_indexes("segment")}


def test_a_file_with_an_index_of_its_records_is_read_and_written_on(home: Home) -> None:
    home.write(3, 2)
    before = home.records()
    as_before_row_numbers(home.file)
    assert home.records() == before
    home.write(4)
    assert home.records()[: len(before)] == before
    assert verify(home.location).holds
    report = verify(home.location, home.identity)
    assert report.holds
    assert [one.opened for one in report.ledgers if one.ledger == home.gateway] == [len(home.records())]


def test_an_upgraded_file_and_a_new_one_have_the_same_tables(home: Home) -> None:
    home.write(1)
    _as_before_versions(home)
    home.write(1)
    with engine.reading_engine(home.file).begin() as connection:
        assert _differences(connection, schema.metadata) == []


def test_all_migrations_from_nothing_give_the_declared_tables() -> None:
    memory = create_engine("sqlite://")
    with memory.begin() as connection:
        migrations._upgrade(connection, stamp=False)
        assert _differences(connection, schema.metadata) == []
    memory.dispose()


def test_all_migrations_on_a_server_give_the_declared_tables(postgres: Postgres) -> None:
    writing = server.writing_engine(server.parse(postgres.database()))
    with writing.begin() as connection:
        migrations.bring_up(connection)
        tables.make_partitions(connection, ["2026-11"])
        migrations.bring_up(connection)
    with writing.begin() as connection:
        assert _differences(connection, tables.metadata) == []
        assert migrations.version(connection) == migrations.HEAD


def _there_and_back(connection: Connection) -> None:
    """One version down and up again, by Alembic alone."""
    command.downgrade(migrations._config(connection), migrations.BASELINE)
    assert "segment_by_leaf" not in {index["name"] for index in inspect(connection).get_indexes("segment")}
    migrations.bring_up(connection)
    assert migrations.version(connection) == migrations.HEAD


def test_a_file_taken_down_a_version_and_up_again_keeps_everything(home: Home) -> None:
    home.write(3, 2)
    before = home.records()
    writing = engine.writing_engine(home.file)
    with writing.begin() as connection:
        _there_and_back(connection)
        assert _differences(connection, schema.metadata) == []
    writing.dispose()
    assert home.records() == before
    assert verify(home.location, home.identity).holds


def test_a_server_taken_down_a_version_and_up_again_has_the_declared_tables(postgres: Postgres) -> None:
    with server.writing_engine(server.parse(postgres.database())).begin() as connection:
        migrations.bring_up(connection)
        tables.make_partitions(connection, ["2026-11"])
        _there_and_back(connection)
        assert _differences(connection, tables.metadata) == []


def test_a_later_version_is_refused_and_left_alone(home: Home) -> None:
    home.write(1)
    with tampering(home.file) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    before = home.file.read_bytes()
    with pytest.raises(InputError, match="9999"):
        home.write(1)
    with pytest.raises(InputError, match="9999"):
        home.records()
    assert home.file.read_bytes() == before
