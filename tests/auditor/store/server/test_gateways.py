# SPDX-License-Identifier: Apache-2.0
import itertools
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from auditor.errors import EnvironmentFailure, InputError
from auditor.gateway.config import GatewayConfig
from auditor.store import Enrolment, Identity, LedgerReader, LedgerWriter, Location
from auditor.store.ledger.conversations import Conversations
from auditor.store.server import engine as server
from auditor.store.server import gateways
from auditor.store.server.shipping import Shipper
from auditor.store.verification.verify import verify
from auditor.sync.pulling import pull
from auditor.sync.sources import LocatedSource
from tests.auditor.store.material import CHEAP, PASSPHRASE, Home, completion
from tests.auditor.store.shared import SharedHome
from tests.auditor.store.talk import read_back, woven
from tests.postgres import Postgres


def test_a_second_gateway_writes_a_ledger_of_its_own(home: Home, tmp_path: Path) -> None:
    home.write(2)
    made = gateways.enrol(home.location, home.identity, "paris", tmp_path / "far" / "paris")
    enrolment = Enrolment.load(tmp_path / "far" / "paris")
    far = Location.parse(GatewayConfig.load(enrolment.folder).store)
    with LedgerWriter.for_gateway(enrolment, far) as writer:
        writer.append([completion(1)])
    (pulled,) = pull(LocatedSource(far), home.location)
    assert pulled.ledger == made.ledger == enrolment.ledger
    report = verify(home.location, home.identity)
    assert report.holds
    assert {one.ledger: one.records for one in report.ledgers} == {home.gateway: 2, made.ledger: 1}
    assert [path.name for path in (tmp_path / "far").iterdir()] == ["paris"]


def test_two_gateways_ship_to_one_server(tmp_path: Path, postgres: Postgres) -> None:
    shared = SharedHome(tmp_path / "audit", postgres)
    shared.write(3)
    shared.shipper().ship_all()
    made = gateways.enrol(shared.location, shared.identity, "paris", tmp_path / "paris")
    config = GatewayConfig.load(tmp_path / "paris")
    assert config.ship is not None
    local = Location.parse(config.store)
    with LedgerWriter.for_gateway(Enrolment.load(config.path), local) as writer:
        writer.append([completion(number) for number in range(4)])
    Shipper(local.ledger_file(made.ledger), made.ledger, config.ship.url(config.path)).ship_all()
    shared.write(1)
    shared.shipper().ship_all()
    report = verify(shared.location, shared.identity)
    assert report.holds, report.faults
    assert {one.ledger: one.records for one in report.ledgers} == {shared.gateway: 4, made.ledger: 4}
    other = Shipper(local.ledger_file(made.ledger), made.ledger, shared.gateway_url)  # as another gateway
    with pytest.raises(EnvironmentFailure, match="does not grant"):
        _ship_more(local, config, other)
    assert len(list(LedgerReader.open(shared.location, shared.identity).records(made.ledger))) == 4


def test_two_gateways_at_once_keep_the_same_conversations_apart(tmp_path: Path, postgres: Postgres) -> None:
    """The same users behind two gateways, which write and ship at the same time: each call rests on its own ledger."""
    shared = SharedHome(tmp_path / "audit", postgres)
    made = gateways.enrol(shared.location, shared.identity, "paris", tmp_path / "paris")
    config = GatewayConfig.load(tmp_path / "paris")
    assert config.ship is not None
    local = Location.parse(config.store)
    other = LedgerWriter.for_gateway(Enrolment.load(config.path), local)
    ways = (
        (shared.writer(), shared.shipper()),
        (other, Shipper(local.ledger_file(made.ledger), made.ledger, config.ship.url(config.path))),
    )

    def serve(writer: LedgerWriter, shipper: Shipper) -> None:
        memory = Conversations()
        with writer:
            for draft in itertools.islice(woven(), 30):
                writer.append(memory.prepare(draft))
                shipper.ship()
        shipper.ship_all()

    with ThreadPoolExecutor(2) as pool:
        for done in [pool.submit(serve, *way) for way in ways]:
            done.result(60)
    reader = LedgerReader.open(shared.location, shared.identity)
    assert [read_back(reader, ledger) for ledger in (shared.gateway, made.ledger)] == [(30, [])] * 2
    report = verify(shared.location, shared.identity)
    assert report.holds, report.faults


def _ship_more(local: Location, config: GatewayConfig, shipper: Shipper) -> None:
    with LedgerWriter.for_gateway(Enrolment.load(config.path), local) as writer:
        writer.append([completion(9)])
    shipper.ship_all()


def test_one_whose_keys_were_stolen_is_enrolled_anew(home: Home, tmp_path: Path) -> None:
    home.write(2)
    end = gateways.retire(home.location, home.identity, "gateway", datetime.now(UTC))
    assert end.size == verify(home.location).ledgers[0].size
    assert verify(home.location, home.identity).holds, "what it recorded stays"
    made = gateways.enrol(home.location, home.identity, "gateway", tmp_path / "anew")
    with LedgerWriter.for_gateway(Enrolment.load(tmp_path / "anew"), home.location) as writer:
        writer.append([completion(1)])
    assert verify(home.location, home.identity).holds
    home.write(1)  # whoever has the old keys goes on
    (fault,) = verify(home.location).faults
    assert (fault.ledger, fault.seq) == (home.gateway, end.size)
    assert "retired" in fault.what
    assert made.ledger != home.gateway


def test_only_a_manager_ends_a_gateway_and_only_once(home: Home, tmp_path: Path) -> None:
    stranger = Identity.create("eve", PASSPHRASE, CHEAP)
    with pytest.raises(InputError, match="manager"):
        gateways.retire(home.location, stranger, "gateway", datetime.now(UTC))
    assert gateways.retire(home.location, home.identity, home.gateway, datetime.now(UTC)).size == 0
    for name in ("gateway", home.gateway, home.desk, "paris"):
        with pytest.raises(InputError, match="No gateway"):
            gateways.retire(home.location, home.identity, name, datetime.now(UTC))


def test_on_a_server_one_that_ended_is_shut_out(tmp_path: Path, postgres: Postgres) -> None:
    shared = SharedHome(tmp_path / "audit", postgres)
    shared.write(3)
    shared.shipper().ship_all()
    gateways.retire(shared.location, shared.identity, "gateway", datetime.now(UTC))
    server.dispose()
    shared.write(1)
    with pytest.raises(server.ServerAway):
        shared.shipper().ship_all()
    assert verify(shared.location, shared.identity).holds


def test_nothing_is_overwritten_or_named_twice(home: Home, tmp_path: Path) -> None:
    before = home.location.facts()
    with pytest.raises(InputError, match="exists already"):
        gateways.enrol(home.location, home.identity, "paris", tmp_path)
    with pytest.raises(InputError, match="already"):
        gateways.enrol(home.location, home.identity, "gateway", tmp_path / "paris")
    (tmp_path / "file").touch()
    with pytest.raises(EnvironmentFailure):
        gateways.enrol(home.location, home.identity, "paris", tmp_path / "file" / "paris")
    assert home.location.facts() == before
