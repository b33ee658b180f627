# SPDX-License-Identifier: Apache-2.0
"""Break-glass from the command line: recorded first, with a reason, and by two where the store says so."""

from pathlib import Path

import msgspec
import pytest

from auditor.archive import Archive, reveal
from auditor.errors import CheckFailed
from auditor.privacy import texts
from auditor.store import Identity, LedgerReader, Location
from auditor.store.format.records import Access, Completion, Withheld, encode
from tests.auditor.cli.conftest import CHEAP
from tests.auditor.cli.house import PASSPHRASE, House
from tests.auditor.cli.material import ADDRESS, day


@pytest.fixture
def full(house: House) -> House:
    """A house with a day of calls in it."""
    return house.filled(day())


@pytest.fixture
def bob(full: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Another auditor's identity."""
    create = Identity.create
    monkeypatch.setattr(Identity, "create", lambda name, passphrase, *_: create(name, passphrase, CHEAP))
    file = tmp_path / "bob.identity"
    full.ok("identity", "new", "--name", "bob", "--out", file)
    full.ok("identity", "add", tmp_path / "bob.auditor", "--out", tmp_path / "g")
    full.ok("identity", "accept", tmp_path / "g", "--identity", file)
    return file


def actor_of(house: House, call: str) -> str:
    return str({row["id"]: row["actor"] for row in house.ok("calls", "--json").rows}[call])


def mails(house: House) -> str:
    (call,) = house.ok("calls", "--json", "--filter", "sent:EMAIL").rows
    return str(call["id"])


def test_who_an_actor_is(full: House) -> None:
    actor = actor_of(full, mails(full))
    (known,) = full.ok("reveal", "--actor", actor, "--reason", "ticket 4711", "--json").rows
    assert (known["actor"], known["user"], known["address"]) == (actor, "bob", "10.0.0.7")
    (access,) = full.ok("access-log", "--json").rows
    assert (access["action"], access["actor"], access["reason"]) == ("reveal", actor, "ticket 4711")
    assert "bob" in full.ok("reveal", "--actor", actor[:8], "--reason", "ticket 4712").out


def test_a_call_unmasked(full: House) -> None:
    call = mails(full)
    assert f"Write to {ADDRESS}." in full.ok("reveal", "--call", call, "--reason", "ticket 4711").out
    (said,) = full.ok("reveal", "--call", call[:12], "--reason", "ticket 4712", "--json").rows
    assert ADDRESS in str(said)
    assert [row["calls"] for row in full.ok("access-log", "--json").rows] == [[call], [call]]


def test_without_a_reason_or_a_target_nothing_is_opened(full: House) -> None:
    call = mails(full)
    for arguments in (
        ("--call", call),
        ("--call", call, "--reason", " "),
        ("--reason", "x"),
        ("--call", call, "--actor", "a-", "--reason", "x"),
        ("--actor", "a-", "--reason", "several begin so"),
        ("--actor", "a-nobody", "--reason", "x"),
        ("--call", "0000", "--reason", "x"),
    ):
        assert full.run("reveal", *arguments).code == 2
    assert full.ok("access-log", "--json").rows == []


def test_two_people_where_the_store_says_so(full: House, bob: Path) -> None:
    full.ok("identity", "reveals", "--people", "2")
    call = mails(full)
    alone = (
        ("reveal", "--call", call, "--reason", "x"),
        ("reveal", "--actor", actor_of(full, call), "--reason", "x"),
        ("show", call, "--raw", "--reason", "x"),
        ("calls", "--json", "--content", "--reason", "x"),
    )
    for arguments in alone:
        ran = full.run(*arguments)
        assert (ran.code, "two people" in ran.err) == (3, True)
        assert ADDRESS not in ran.out
        assert "bob" not in ran.out
    assert "z….org" in full.ok("show", call, "--reason", "masked is for one").out
    second = ("--second", bob, "--second-passphrase-file", full.passphrase)
    assert ADDRESS in full.ok("reveal", "--call", call, "--reason", "ticket", *second).out
    assert full.run("reveal", "--call", call, "--reason", "x", "--identity", bob, *second).code == 2
    newest, *_ = full.ok("access-log", "--json").rows
    assert (newest["action"], newest["second"]) == ("reveal", "bob")


def test_the_second_persons_signature_can_be_checked_later(full: House, bob: Path) -> None:
    second = ("--second", bob, "--second-passphrase-file", full.passphrase)
    full.ok("reveal", "--call", mails(full), "--reason", "ticket", *second)
    location = Location.parse(str(full.store))
    reader = LedgerReader.open(location, Identity.open(full.folder / "auditor.identity", PASSPHRASE))
    found = [record.meta for name in reader.ledgers() for record in reader.records(name)]
    (access,) = [meta for meta in found if isinstance(meta, Access)]
    reveal.check(access, location.facts())
    for name, value in (("reason", "another"), ("approval", None), ("second_id", access.auditor)):
        with pytest.raises(CheckFailed):
            reveal.check(msgspec.structs.replace(access, **{name: value}), location.facts())


def test_names_can_be_closed_apart_and_are_erased_with_their_actor(full: House, tmp_path: Path) -> None:
    actor = actor_of(full, mails(full))
    full.ok("erase", "--actor", "bob", "--reason", "request", "--yes")
    assert full.run("reveal", "--actor", actor, "--reason", "x").code == 2
    assert full.ok("verify").code == 0


@pytest.fixture
def withheld(house: House, tmp_path: Path) -> House:
    """A house whose policy has addresses sealed apart, with a day of calls in it."""
    (house.gateway / "policy.toml").write_text('[capture]\nwithhold = ["EMAIL"]\n')
    (tmp_path / "day.ndjson").write_bytes(day())
    house.ok("import", tmp_path / "day.ndjson")
    return house


def test_what_was_withheld_comes_back_by_a_reveal_only(withheld: House) -> None:
    call = mails(withheld)
    shown = withheld.ok("show", call, "--reason", "ticket 4711").out
    assert "Write to " in shown
    assert ADDRESS not in shown
    assert "[EMAIL#1]" in withheld.ok("show", call, "--reason", "ticket 4711", "--raw").out
    assert f"Write to {ADDRESS}." in withheld.ok("reveal", "--call", call, "--reason", "ticket 4711").out
    captured = withheld.ok("reveal", "--call", call, "--reason", "ticket 4711", "--raw").out
    assert ADDRESS in captured
    assert "[EMAIL#1]" not in captured
    assert withheld.ok("verify").code == 0


def test_what_was_withheld_is_sealed_with_the_keys_of_names(withheld: House) -> None:
    identity = Identity.open(withheld.folder / "auditor.identity", PASSPHRASE)
    reader = LedgerReader.open(Location.parse(str(withheld.store)), identity)
    records = [(name, record) for name in reader.ledgers() for record in reader.records(name)]
    ((ledger, kept),) = [(name, record) for name, record in records if isinstance(record.meta, Withheld)]
    assert reader.kept_apart(ledger, kept.seq).values == {"[EMAIL#1]": ADDRESS}
    bodies = [encode(reader.body(name, record.seq)) for name, record in records if isinstance(record.meta, Completion)]
    assert not any(ADDRESS.encode() in body for body in bodies)


def test_what_was_withheld_is_erased_with_its_call(withheld: House) -> None:
    done = withheld.ok("erase", "--call", mails(withheld), "--reason", "by mistake").out
    assert done == "1 exchanges (2 records) were erased.\n"
    assert "holds" in withheld.ok("verify").out


def test_a_single_value_is_shown_where_it_lies_with_what_was_withheld(withheld: House) -> None:
    location, identity = Location.parse(str(withheld.store)), withheld.folder / "auditor.identity"
    with Archive.open(location, Identity.open(identity, PASSPHRASE)) as archive:
        call = mails(withheld)
        archive.refresh()
        (masked,) = archive.content([call], "ticket 4711")
        (unmasked,) = archive.content([call], "ticket 4712", unmasked=True)
        assert masked.sealed is not None
        (placed,) = masked.sealed.matches
        whole = {text.place: text.text for text in texts(unmasked.content)}[placed.place]
        match = unmasked.now(placed).match
        assert whole[match.start : match.end] == ADDRESS
        assert masked.now(placed) == placed
