# SPDX-License-Identifier: Apache-2.0
"""`auditor analyze --fingerprints URL`: outputs and uploads are compared by SQL on a server of the auditors'."""

from pathlib import Path

import pytest

from tests.auditor.cli.house import House
from tests.auditor.cli.test_permitted import copied, line
from tests.auditor.distillation.material import OPENAI, TOGETHER
from tests.postgres import Postgres


def test_outputs_that_come_back_are_found_on_the_server(
    house: House, tmp_path: Path, postgres: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = postgres.database()
    monkeypatch.setenv("AUDITOR_FINGERPRINTS", database)
    file = tmp_path / "traffic.ndjson"
    file.write_bytes(b"".join(line(exchange) for _, exchange in copied("gpt-4o", OPENAI, TOGETHER).entries))
    house.ok("import", file)
    house.ok("analyze")
    assert "evidenced" in {row["grade"] for row in house.ok("findings", "--json").rows}
    name = database.rpartition("/")[2]
    ((schema,),) = postgres.sql("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'analysis%'", name)
    ((count,),) = postgres.sql(f'SELECT count(*) FROM "{schema}".fingerprint', name)
    assert count > 14


def test_another_kind_of_database_is_refused(house: House) -> None:
    ran = house.run("analyze", "--fingerprints", "mysql://somewhere/else")
    assert ran.code == 2
    assert "mysql stores are not supported" in ran.err
