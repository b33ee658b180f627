# SPDX-License-Identifier: Apache-2.0
"""Records leave the gateway: to a PostgreSQL server that comes and goes, and to a desk on another host."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from auditor.store import Enrolment, Identity, LedgerReader, Location
from auditor.store.format.records import Completion
from auditor.store.server import engine as server
from auditor.store.server.shipping import Shipping
from auditor.store.verification.verify import verify
from tests.e2e.gateway import HOST, PASSPHRASE, Gateway, children, eventually
from tests.e2e.test_gateway_load import arrived, load
from tests.e2e.test_gateway_modes import lacking
from tests.e2e.upstream import Upstream
from tests.postgres import Postgres

pytestmark = pytest.mark.e2e
COURIER = "auditor.gateway.courier"


class Shared:
    """A gateway that ships to a server."""

    def __init__(self, folder: Path, upstream: Upstream, postgres: Postgres) -> None:
        desk = folder / "desk"
        self.location = msgspec.structs.replace(Location.parse(postgres.database()), folder=desk)
        self.gateway = Gateway(folder / "audit", upstream, self.location)
        self.identity = Identity.open(self.gateway.folder / "auditor.identity", PASSPHRASE)
        self.ledger = Enrolment.load(self.gateway.config_folder).ledger

    def seqs(self, location: Location) -> list[int]:
        return [one.seq for one in LedgerReader.open(location, self.identity).records(self.ledger)]

    def completions(self, location: Location) -> set[str]:
        """The URLs of the exchanges recorded there."""
        reader = LedgerReader.open(location, self.identity)
        if self.ledger not in reader.ledgers():
            return set()
        found = [one.seq for one in reader.records(self.ledger) if isinstance(one.meta, Completion) and one.has_body]
        return {reader.body(self.ledger, seq).exchange.request.url for seq in found}


def test_a_server_killed_under_load_costs_no_call_and_no_record(
    tmp_path: Path, upstream: Upstream, postgres: Postgres
) -> None:
    shared = Shared(tmp_path, upstream, postgres)
    local = Location(folder=shared.gateway.folder / "store")
    with shared.gateway.running() as gateway:
        with load(gateway, "outage", clients=4) as answered:
            eventually(lambda: len(answered) > 5)
            postgres.kill()
            before = len(answered)
            eventually(lambda: len(answered) > before + 20)
            eventually(lambda: (state := Shipping.load(gateway.config_folder)) is not None and bool(state.failure))
            postgres.start()
            eventually(lambda: (state := Shipping.load(gateway.config_folder)) is not None and not state.failure)
        calls = len(answered)
    assert calls > 25
    assert shared.seqs(shared.location) == shared.seqs(local)
    assert set(answered) <= shared.completions(shared.location)
    assert len(arrived(upstream, "outage")) == len(shared.completions(shared.location))
    assert verify(shared.location, shared.identity).holds
    status = shared.gateway.status()
    assert (status.seen, status.lost, status.unknown, status.unaccounted) == (status.recorded, 0, 0, 0), status
    state = Shipping.load(shared.gateway.config_folder)
    assert state is not None
    assert (state.behind, state.failure) == (0, None)
    server.dispose()


def test_a_courier_that_dies_is_started_again_and_goes_on(
    tmp_path: Path, upstream: Upstream, postgres: Postgres
) -> None:
    shared = Shared(tmp_path, upstream, postgres)
    process = shared.gateway.start()
    try:
        first = children(process)[COURIER]
        os.kill(first, signal.SIGKILL)
        url = f"https://{HOST}/v1/chat/completions?courier"
        with shared.gateway.client() as client:
            assert client.post(url, json={"model": "gpt-4o", "messages": []}).status_code == 200
        eventually(lambda: url in shared.completions(shared.location))
        assert children(process)[COURIER] != first
    finally:
        assert shared.gateway.stop(process) == 0
    server.dispose()


def test_a_desk_on_another_host_has_the_record_soon(tmp_path: Path) -> None:
    """Needs namespaces: root and iproute2. How soon exactly is for the benchmarks to say."""
    if reason := lacking("two hosts"):
        pytest.skip(reason)
    command = ["unshare", "-n", sys.executable, "-m", "tests.e2e.two_hosts", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, cwd=Path(__file__).parents[2], timeout=150)
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    told = json.loads(done.stdout)
    assert told["wrong"] == {"guessed": 3, "other scope": 3, "other key": 1}
    assert told["nothing came of them"]
    assert told["records"] == len(told["seconds"])
    assert told["verify"] == 0
    assert sorted(told["seconds"])[len(told["seconds"]) // 2] <= 10, told
