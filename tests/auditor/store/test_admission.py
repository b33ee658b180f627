# SPDX-License-Identifier: Apache-2.0
"""Several auditors: who is let in reads what was granted; who left reads nothing new, and what they sign is void."""

import time
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import msgspec
import pytest

from auditor.errors import AuditorError, CheckFailed, InputError, UnlockError
from auditor.store import Enrolment, Identity, LedgerReader, LedgerWriter, admission, erasing, renewal
from auditor.store.admission import Grant
from auditor.store.format.layout import Purpose
from auditor.store.format.records import Access, Draft
from auditor.store.keys import facts
from auditor.store.verification import pins
from auditor.store.verification.verify import verify
from tests.auditor.store.material import CHEAP, MOMENT, PASSPHRASE, Home, completion

ALL = tuple(Purpose)


class Newcomer:
    """Somebody with an identity of their own, who wants to read."""

    def __init__(self, folder: Path, name: str) -> None:
        self.file = folder / f"{name}.identity"
        fresh = Identity.create(name, PASSPHRASE, CHEAP)
        self.asked = admission.apply(fresh, self.file)
        fresh.save(self.file)

    @property
    def identity(self) -> Identity:
        return Identity.open(self.file, PASSPHRASE)

    def join(self, home: Home, purposes: tuple[Purpose, ...] = ALL, manages: bool = False) -> "Newcomer":
        admission.add(home.location, home.identity, self.asked, manages, purposes)
        self.take(home, admission.grant(home.location, home.identity, self.asked.who))
        return self

    def take(self, home: Home, given: Grant) -> None:
        admission.accept(home.location, self.file, self.identity, given, PASSPHRASE)

    def records(self, home: Home) -> int:
        return len(list(LedgerReader.open(home.location, self.identity).records(home.gateway)))


@pytest.fixture
def bob(home: Home, tmp_path: Path) -> Newcomer:
    home.write(2)
    return Newcomer(tmp_path, "bob").join(home)


def access(by: str) -> Draft:
    return Draft(Access(time=MOMENT, auditor=by, action="show", reason="ticket"))


def test_who_is_added_reads_what_is_there_and_writes_a_ledger_of_their_own(home: Home, bob: Newcomer) -> None:
    assert bob.records(home) == 2
    assert bob.identity.pseudonym_key == home.identity.pseudonym_key
    assert LedgerReader.open(home.location, bob.identity).body(home.gateway, 1)
    with LedgerWriter.for_desk(home.location, bob.identity) as desk:
        desk.append([access("bob")])
    for identity in (home.identity, bob.identity, None):
        report = verify(home.location, identity)
        assert report.holds, report.faults
    assert not list(bob.file.parent.glob("*.desk")), "the first key of the ledger moved to where its writer looks"


def test_no_data_is_touched(home: Home, tmp_path: Path) -> None:
    home.write(2)
    before = home.file.read_bytes()
    Newcomer(tmp_path, "bob").join(home)
    assert home.file.read_bytes() == before


def test_what_is_not_granted_stays_closed(home: Home, tmp_path: Path) -> None:
    home.write(2)
    bob = Newcomer(tmp_path, "bob").join(home, (Purpose.METADATA,))
    assert bob.records(home) == 2
    with pytest.raises(UnlockError, match="content"):
        LedgerReader.open(home.location, bob.identity).body(home.gateway, 1)
    assert verify(home.location, bob.identity).holds


def test_who_left_reads_what_they_could_and_nothing_new(home: Home, bob: Newcomer) -> None:
    admission.remove(home.location, home.made.identity, home.identity, bob.asked.who, datetime.now(UTC))
    admission.hand_out(home.location.facts(), [home.made.gateway])
    home.write(3)
    assert len(home.records()) == 5
    reader = LedgerReader.open(home.location, bob.identity)
    assert len(list(islice(reader.records(home.gateway), 2))) == 2
    with pytest.raises(UnlockError, match="does not hold"):
        list(reader.records(home.gateway))
    assert verify(home.location, home.identity).holds
    with pytest.raises(InputError, match="no auditor"):
        admission.grant(home.location, home.identity, bob.asked.who)


def test_keys_after_a_removal_are_new_for_every_month_and_purpose(home: Home, bob: Newcomer) -> None:
    now = datetime.now(UTC)
    before = home.location.facts()
    admission.remove(home.location, home.made.identity, home.identity, bob.asked.who, now)
    after = home.location.facts()
    theirs = {one.key.recipient for one in bob.identity.epochs}
    for at in (now.timestamp() + 1, *(key.not_before + 1 for key in before.epochs if key.not_before > now.timestamp())):
        assert theirs.isdisjoint(key.recipient for key in after.keys_at(at))
    renewal.extend(home.location, home.made.identity, home.identity, 1, (), now)
    assert theirs.isdisjoint(key.recipient for key in home.location.facts().keys_at(now.timestamp() + 1))


def test_an_erasure_signed_after_leaving_does_not_count(home: Home, bob: Newcomer) -> None:
    scope = erasing.Scope(call="call-0")
    reader = LedgerReader.open(home.location, bob.identity)
    targets = erasing.find(reader, scope)
    admission.remove(home.location, home.made.identity, home.identity, bob.asked.who, datetime.now(UTC))
    done = erasing.erase(home.location, bob.identity, scope, targets, "out of spite")
    assert done.waiting == (home.gateway,)
    assert len(home.records()) == 2


def test_one_signed_before_does(home: Home, bob: Newcomer) -> None:
    scope = erasing.Scope(call="call-0")
    targets = erasing.find(LedgerReader.open(home.location, bob.identity), scope)
    assert erasing.erase(home.location, bob.identity, scope, targets, "a request").waiting == ()
    admission.remove(home.location, home.made.identity, home.identity, bob.asked.who, datetime.now(UTC))
    report = verify(home.location, home.identity)
    assert report.holds, report.faults
    assert sum(one.erased for one in report.ledgers) == 1


def test_a_manager_from_the_safe_goes_on_without_the_founder(home: Home, tmp_path: Path) -> None:
    """The offline recovery: an identity that manages, made once and kept away with its grant."""
    home.write(1)
    safe = Newcomer(tmp_path, "recovery").join(home, manages=True)
    founder = home.identity.auditor
    home.made.identity.unlink()
    assert safe.records(home) == 1
    admission.remove(home.location, safe.file, safe.identity, founder, datetime.now(UTC))
    renewal.extend(home.location, safe.file, safe.identity, 2, [home.made.gateway], datetime.now(UTC))
    home.write(2)
    assert safe.records(home) == 3
    eve = Newcomer(tmp_path, "eve")
    admission.add(home.location, safe.identity, eve.asked, False, ALL)
    eve.take(home, admission.grant(home.location, safe.identity, eve.asked.who))
    assert verify(home.location, eve.identity).holds


def test_only_managers_manage(home: Home, bob: Newcomer, tmp_path: Path) -> None:
    before = home.location.facts()
    eve = Newcomer(tmp_path, "eve")
    for attempt in (
        lambda: admission.add(home.location, bob.identity, eve.asked, True, ALL),
        lambda: admission.grant(home.location, bob.identity, eve.asked.who),
        lambda: admission.remove(home.location, bob.file, bob.identity, home.identity.auditor, datetime.now(UTC)),
        lambda: admission.decide(home.location, bob.identity, True),
        lambda: admission.remove(home.location, bob.file, home.identity, home.identity.auditor, datetime.now(UTC)),
        lambda: admission.add(home.location, home.identity, bob.asked, True, ALL),
    ):
        with pytest.raises(InputError):
            attempt()
    assert home.location.facts() == before


def test_facts_that_no_manager_signed_are_refused(home: Home, bob: Newcomer, tmp_path: Path) -> None:
    """An auditor who does not manage, with write access to the store."""
    store, key = home.location.facts(), bob.identity.signing_key
    eve = Newcomer(tmp_path, "eve").asked.who
    member = facts.Member(store=store.id, who=eve, manages=True, purposes=ALL).signed(key)
    gone = facts.Removed(store=store.id, who=store.founder.id, ledger=home.desk, size=0, at=0).signed(key)
    for forged in (
        msgspec.structs.replace(store, two_to_reveal=True).signed(key),
        msgspec.structs.replace(store, members=(*store.members, member)).signed(key),
        msgspec.structs.replace(store, removed=(gone,)).signed(key),
        msgspec.structs.replace(store, founder=bob.identity.auditor, members=()).signed(key),
    ):
        with pytest.raises(CheckFailed):
            facts.decode(facts.encode(forged), home.made.store)


def test_a_store_founded_anew_around_an_auditor_is_noticed(home: Home, bob: Newcomer, tmp_path: Path) -> None:
    other = Home(tmp_path / "other")
    admission.add(other.location, other.identity, bob.asked, False, ALL)
    report = verify(other.location, bob.identity)
    assert [fault.what for fault in report.faults] == ["the store is founded by another key than when it was joined"]


def test_a_founder_who_left_cannot_sign_an_older_description_unnoticed(home: Home, tmp_path: Path) -> None:
    """Their signature is good on a description that does not know they left; who saw the newer one knows better."""
    before, founder = home.location.facts(), home.identity
    boss = Newcomer(tmp_path, "boss").join(home, manages=True)
    admission.remove(home.location, boss.file, boss.identity, founder.auditor, datetime.now(UTC))
    seen = pins.stated(verify(home.location, boss.identity))
    forged = msgspec.structs.replace(before, two_to_reveal=True).signed(founder.signing_key)
    (home.made.store / facts.STORE_FILE).write_bytes(facts.encode(forged))
    (fault, *_) = verify(home.location, pins=seen.roots(), known=seen.facts).faults
    assert "lacks facts that were seen before" in fault.what


def test_a_gateway_takes_no_older_description(home: Home, bob: Newcomer) -> None:
    old = home.location.facts()
    admission.remove(home.location, home.made.identity, home.identity, bob.asked.who, datetime.now(UTC))
    admission.hand_out(home.location.facts(), [home.made.gateway])
    with pytest.raises(InputError, match="newer"):
        admission.hand_out(old, [home.made.gateway])
    assert Enrolment.load(home.made.gateway).store == home.location.facts()


def test_two_who_change_the_store_at_once_do_not_undo_each_other(home: Home, bob: Newcomer, tmp_path: Path) -> None:
    stale = home.location.facts()
    admission.add(home.location, home.identity, Newcomer(tmp_path, "carol").asked, False, ALL)
    with pytest.raises(InputError, match="newer"):
        home.location.save_facts(msgspec.structs.replace(stale, two_to_reveal=True).signed(home.identity.signing_key))
    assert {one.name for one in home.location.facts().auditors} == {"auditor", "bob", "carol"}


def test_a_grant_serves_one_auditor_of_one_store_and_cannot_be_altered(home: Home, tmp_path: Path) -> None:
    home.write(1)
    bob, eve = Newcomer(tmp_path, "bob"), Newcomer(tmp_path, "eve")
    for one in (bob, eve):
        admission.add(home.location, home.identity, one.asked, False, ALL)
    given = admission.grant(home.location, home.identity, bob.asked.who)
    swapped = [msgspec.structs.replace(given.epochs[0], private=given.epochs[1].private), *given.epochs[1:]]
    before = bob.file.read_bytes()
    for wrong in (
        msgspec.structs.replace(given, to=eve.asked.who.id),
        msgspec.structs.replace(given, epochs=()),
        msgspec.structs.replace(given, epochs=tuple(swapped)).signed(home.identity.signing_key),
        msgspec.structs.replace(given, founder=eve.asked.who.signing_key).signed(home.identity.signing_key),
        given.signed(eve.identity.signing_key),
    ):
        with pytest.raises(AuditorError):
            bob.take(home, wrong)
    with pytest.raises(InputError, match="another auditor"):
        eve.take(home, given)
    assert bob.file.read_bytes() == before
    bob.take(home, given)
    assert bob.records(home) == 1


def test_new_keys_reach_other_auditors_by_another_grant(
    home: Home, bob: Newcomer, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = renewal.extend(home.location, home.made.identity, home.identity, 1, [home.made.gateway], datetime.now(UTC))
    monkeypatch.setattr(time, "time", lambda: keys[0].not_before + 5.0)
    with LedgerWriter.for_gateway(Enrolment.load(home.made.gateway), home.location) as writer:
        writer.append([completion(9)])
    with pytest.raises(UnlockError, match="does not hold"):
        bob.records(home)
    bob.take(home, admission.grant(home.location, home.identity, bob.asked.who))
    assert bob.records(home) == 3
