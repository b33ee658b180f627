# SPDX-License-Identifier: Apache-2.0
"""Several auditors of one store on a server: each from a machine of their own, with a role of their own."""

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from auditor.errors import InputError, UnlockError
from auditor.store import LedgerReader, LedgerWriter, Location, admission, erasing
from auditor.store.erasing import Scope
from auditor.store.format.layout import Purpose
from auditor.store.verification.verify import verify
from tests.auditor.store.material import PASSPHRASE
from tests.auditor.store.shared import SharedHome
from tests.auditor.store.test_admission import Newcomer, access
from tests.postgres import ADMIN, Postgres


class Colleague:
    """Another auditor: a machine, an identity, and a role that was granted the owner's."""

    def __init__(self, folder: Path, shared: SharedHome, postgres: Postgres, name: str) -> None:
        folder.mkdir()
        self._role = f"{name}_{shared.database}"
        postgres.sql(f"CREATE ROLE {self._role} LOGIN PASSWORD 'pw' IN ROLE {ADMIN}", shared.database)
        url = postgres.url(shared.database, self._role, "pw")
        self.location = msgspec.structs.replace(Location.parse(url), folder=folder / "desk")
        self.who = Newcomer(folder, name)

    def join(self, shared: SharedHome, purposes: tuple[Purpose, ...] = tuple(Purpose)) -> "Colleague":
        admission.add(shared.location, shared.identity, self.who.asked, False, purposes)
        self.take(shared)
        return self

    def take(self, shared: SharedHome) -> None:
        """Accept what the founder grants, on the own machine."""
        given = admission.grant(shared.location, shared.identity, self.who.asked.who)
        admission.accept(self.location, self.who.file, self.who.identity, given, PASSPHRASE)

    def reader(self) -> LedgerReader:
        return LedgerReader.open(self.location, self.who.identity)

    def note(self) -> None:
        with LedgerWriter.for_desk(self.location, self.who.identity) as desk:
            desk.append([access("someone")])


@pytest.fixture
def shared(tmp_path: Path, postgres: Postgres) -> SharedHome:
    made = SharedHome(tmp_path / "audit", postgres)
    made.write(3)
    made.shipper().ship_all()
    return made


def test_each_reads_what_was_granted_and_writes_a_ledger_all_can_prove(
    shared: SharedHome, postgres: Postgres, tmp_path: Path
) -> None:
    bob = Colleague(tmp_path / "bob", shared, postgres, "bob").join(shared)
    eve = Colleague(tmp_path / "eve", shared, postgres, "eve").join(shared, (Purpose.METADATA,))
    for one in (bob, eve):
        one.note()
        assert len(list(one.reader().records(shared.gateway))) == 3
    shared.note(access("founder"))
    assert bob.reader().body(shared.gateway, 1)
    with pytest.raises(UnlockError, match="content"):
        eve.reader().body(shared.gateway, 1)
    parties = [(shared.location, shared.identity), (bob.location, bob.who.identity), (eve.location, eve.who.identity)]
    for location, identity in parties:
        report = verify(location, identity)
        assert report.holds, report.faults
        assert {one.ledger for one in report.ledgers if one.records} == {shared.gateway, *desks(shared)}


def test_one_erases_and_the_others_see_it(shared: SharedHome, postgres: Postgres, tmp_path: Path) -> None:
    bob = Colleague(tmp_path / "bob", shared, postgres, "bob").join(shared)
    scope = Scope(call="call-1")
    erasing.erase(bob.location, bob.who.identity, scope, erasing.find(bob.reader(), scope), "asked for")
    report = verify(shared.location, shared.identity)
    assert report.holds, report.faults
    assert sum(one.erased for one in report.ledgers) == 1


def test_who_left_reads_nothing_new(shared: SharedHome, postgres: Postgres, tmp_path: Path) -> None:
    bob = Colleague(tmp_path / "bob", shared, postgres, "bob").join(shared)
    bob.note()
    admission.remove(shared.location, shared.made.identity, shared.identity, bob.who.asked.who, datetime.now(UTC))
    admission.hand_out(shared.location.facts(), [shared.made.gateway])
    shared.write(2)
    shared.shipper().ship_all()
    assert len(shared.seqs()) == 5
    with pytest.raises(UnlockError):
        list(bob.reader().records(shared.gateway))
    assert verify(shared.location, shared.identity).holds


def test_two_who_change_the_store_at_once_do_not_undo_each_other(
    shared: SharedHome, postgres: Postgres, tmp_path: Path
) -> None:
    stale = shared.location.facts()
    Colleague(tmp_path / "bob", shared, postgres, "bob").join(shared)
    with pytest.raises(InputError, match="newer"):
        shared.location.save_facts(
            msgspec.structs.replace(stale, two_to_reveal=True).signed(shared.identity.signing_key)
        )
    assert [one.name for one in shared.location.facts().auditors] == ["auditor", "bob"]


def desks(shared: SharedHome) -> set[str]:
    """The ledgers that auditors write."""
    return {one.ledger for one in shared.location.facts().ledgers if one.kind == "desk"}
