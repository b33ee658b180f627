# SPDX-License-Identifier: Apache-2.0
"""The carrier: ships what there is, says how far it came, and waits out what is away."""

from pathlib import Path

import pytest

from auditor.gateway import courier
from auditor.gateway.config import GatewayConfig
from auditor.gateway.courier import Carrier
from auditor.store import Enrolment, erasing
from auditor.store.erasing import Scope
from auditor.store.ledger import erasure
from auditor.store.server.shipping import Shipping
from tests.auditor.store.shared import SharedHome
from tests.postgres import Postgres


@pytest.fixture
def shared(tmp_path: Path, postgres: Postgres) -> SharedHome:
    return SharedHome(tmp_path / "audit", postgres)


def carrier(shared: SharedHome) -> Carrier:
    """As the gateway's folder configures it."""
    config = GatewayConfig.load(shared.made.gateway)
    return Carrier(config, shared.local, Enrolment.load(shared.made.gateway))


def state(shared: SharedHome) -> Shipping:
    found = Shipping.load(shared.made.gateway)
    assert found is not None
    return found


def test_it_says_how_far_it_came_and_why_it_stands_still(shared: SharedHome, postgres: Postgres) -> None:
    shared.write(5)
    one = carrier(shared)
    one.turn()
    assert (state(shared).behind, state(shared).failure) == (0, None)
    shipped = state(shared).shipped
    postgres.stop()
    try:
        shared.write(3)
        one.turn()
        assert state(shared).behind == shared.shipper().size() - shipped
        assert "cannot be reached" in (state(shared).failure or "")
        assert shared.url.partition(":")[0] not in (state(shared).failure or "").partition("postgresql")[0]
    finally:
        postgres.start()
    one.turn()
    assert (state(shared).behind, state(shared).failure) == (0, None)
    assert shared.seqs() == shared.seqs(shared.local)


def test_it_ships_the_rest_when_it_is_told_to_stop(shared: SharedHome) -> None:
    shared.write(1)
    one = carrier(shared)
    one.start()
    shared.write(300)
    one.stop(30)
    assert shared.seqs() == shared.seqs(shared.local)


def test_it_fetches_orders_to_erase_once(shared: SharedHome, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courier, "LOOK_SECONDS", 0.0)
    shared.write(3)
    one = carrier(shared)
    one.turn()
    targets = erasing.find(shared.reader(), Scope(call="call-1"))
    erasing.erase(shared.location, shared.identity, Scope(call="call-1"), targets, "asked for")
    one.turn()
    one.turn()
    assert len(erasure.waiting(shared.local, shared.gateway)) == 1
    shared.write(1)
    one.turn()
    assert erasure.waiting(shared.local, shared.gateway) == []
