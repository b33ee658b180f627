# SPDX-License-Identifier: Apache-2.0
"""Stores that earlier versions made, each named by its commit (see `earlier/make.py`), are read and carried on.

9c6bd08 and 66467f0 signed facts in full, the first without a field that came later; 202e8dd left out defaults, and kept
what conversations repeat once. Gateways of the same versions recorded a conversation (`earlier/make_gateway.py`).
"""

import shutil
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from auditor.store import Enrolment, LedgerWriter, Location
from auditor.store.format.records import Draft, Started
from tests.auditor.cli.earlier.make import exchanges
from tests.auditor.cli.house import House

SAMPLES = Path(__file__).parent / "earlier"


VERSIONS = ("9c6bd08", "66467f0", "202e8dd")


@pytest.fixture(params=VERSIONS)
def earlier(request: pytest.FixtureRequest, house: House) -> House:
    """A house whose store an earlier version made."""
    return unpacked(house, request.param)


@pytest.fixture(params=VERSIONS)
def recorded(request: pytest.FixtureRequest, house: House) -> House:
    """A house where a gateway of an earlier version recorded a conversation of three turns."""
    return unpacked(house, f"gateway-{request.param}")


def unpacked(house: House, sample: str) -> House:
    """The house, with a sample in the place of its store."""
    shutil.rmtree(house.folder)
    with tarfile.open(SAMPLES / f"{sample}.tar.xz") as archive:
        archive.extractall(house.folder, filter="data")
    return house


def test_it_verifies_and_reads(earlier: House) -> None:
    assert earlier.ok("verify", "--json").rows[0]["faults"] == []
    calls = earlier.ok("calls", "--content", "--reason", "test", "--json").out
    assert [f"tomato {number} planted" in calls for number in range(3)] == [True, True, False]
    assert len(earlier.ok("findings", "--json").rows) == 1
    assert {row["action"] for row in earlier.ok("access-log", "--json").rows} == {"analyze", "list"}


def test_it_is_carried_on(earlier: House, tmp_path: Path) -> None:
    (tmp_path / "more.ndjson").write_text(exchanges(begin=2, end=5))
    earlier.ok("import", tmp_path / "more.ndjson")
    newest = earlier.ok("calls", "--json").rows[0]["id"]
    earlier.ok("erase", "--call", newest, "--reason", "test", "--yes")
    earlier.ok("identity", "epochs", "--months", "1")  # signs the store's description anew, over what was signed before
    (report,) = earlier.ok("verify", "--json").rows
    assert (report["holds"], report["faults"]) == (True, [])
    assert len(earlier.ok("calls", "--json").rows) == 4


def test_a_description_altered_since_is_refused(earlier: House) -> None:
    path = earlier.store / "store.json"
    path.write_text(path.read_text().replace('"span": "forever"', '"span": "month"').replace('"gateway"', '"desk"'))
    ran = earlier.run("verify")
    assert (ran.code, "does not hold" in ran.sentence) == (1, True)


def test_what_a_gateway_recorded_verifies_and_reads(recorded: House) -> None:
    assert recorded.ok("verify", "--json").rows[0]["faults"] == []
    calls = [str(row) for row in recorded.ok("calls", "--content", "--reason", "test", "--json").rows]
    told = [[f"tomato {number} planted" in call for number in range(3)] for call in calls]
    assert told == [[True, True, True], [True, True, False], [True, False, False]]
    (gateway,) = (row for row in recorded.ok("status", "--json").rows if row["ledger"].startswith("gateway-"))
    assert (gateway["seen"], gateway["recorded"], gateway["unaccounted"], gateway["open"]) == (3, 3, 0, 0)


def test_a_gateway_carries_on_with_its_ledger(recorded: House) -> None:
    enrolment, now = Enrolment.load(recorded.gateway), datetime.now(UTC)
    with LedgerWriter.for_gateway(enrolment, Location.parse(recorded.store)) as writer:
        writer.append([Draft(Started(time=now, version="next"))])
    (report,) = recorded.ok("verify", "--json").rows
    assert (report["holds"], report["faults"]) == (True, [])
    (gateway,) = (row for row in recorded.ok("status", "--json").rows if row["ledger"].startswith("gateway-"))
    assert (gateway["seen"], gateway["version"]) == (3, "next")
