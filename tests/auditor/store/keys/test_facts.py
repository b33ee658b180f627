# SPDX-License-Identifier: Apache-2.0
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from auditor.errors import AuditorError, CheckFailed, InputError
from auditor.store import Enrolment
from auditor.store.format import layout, signing
from auditor.store.format.layout import Purpose
from auditor.store.keys import early, facts
from tests.auditor.store.material import Home


def test_altered_facts_are_refused(home: Home) -> None:
    raw = (home.made.store / "store.json").read_bytes()
    value = msgspec.json.decode(raw)
    for path in (("id",), ("created",), ("ledgers", 0, "name"), ("epochs", 1, "not_after"), ("founder", "name")):
        altered = msgspec.json.decode(raw)
        place = altered
        for step in path[:-1]:
            place = place[step]
        old = place[path[-1]]
        place[path[-1]] = old + 1 if isinstance(old, int) else f"{old}x"
        with pytest.raises(CheckFailed):
            facts.decode(msgspec.json.encode(altered), home.made.store)
    assert facts.decode(msgspec.json.encode(value), home.made.store).id == home.made.store_id


class Bridge(facts.Signed, frozen=True, kw_only=True):
    """A fact as an earlier version knew it."""

    store: str


def test_a_field_added_later_leaves_signatures_whole() -> None:
    key = Ed25519PrivateKey.generate()
    raw = msgspec.json.encode(Bridge(store="s").signed(key))
    later = msgspec.defstruct("Bridge", [("toll", int, 0)], bases=(Bridge,), frozen=True, kw_only=True)
    public = signing.public_of(key)
    msgspec.json.decode(raw, type=later).check(public)
    with pytest.raises(CheckFailed):
        msgspec.json.decode(raw.replace(b"{", b'{"toll":1,', 1), type=later).check(public)


def _signed_in_full(fact: facts.StoreFacts, key: Ed25519PrivateKey, *unknown: str) -> facts.StoreFacts:
    """The fact as the first versions signed it, without fields they did not know."""
    bare = msgspec.structs.replace(fact, signature=b"")
    fields = {name: value for name, value in early._in_full(bare).items() if name not in unknown}
    message = layout.statement("StoreFacts", msgspec.msgpack.encode(fields))
    return msgspec.structs.replace(bare, signature=key.sign(message))


@pytest.mark.parametrize("unknown", [(), ("retired",)])
def test_what_was_signed_in_full_holds_for_nothing_else(home: Home, unknown: tuple[str, ...]) -> None:
    fact = _signed_in_full(home.location.facts(), home.identity.signing_key, *unknown)
    public = home.identity.auditor.signing_key
    fact.check(public)
    ended = facts.Retired(store=fact.id, ledger=home.gateway, size=1, at=1).signed(home.identity.signing_key)
    for altered in ({"retired": (ended,)}, {"two_to_reveal": True}, {"ledgers": fact.ledgers[:1]}):
        with pytest.raises(CheckFailed):
            msgspec.structs.replace(fact, **altered).check(public)


def test_a_retired_ledger_cannot_be_made_to_go_on(home: Home) -> None:
    ended = facts.Retired(store="s", ledger=home.gateway, size=1, at=1).signed(home.identity.signing_key)
    fact = msgspec.structs.replace(home.location.facts(), retired=(ended,))
    signed = _signed_in_full(fact, home.identity.signing_key)
    public = home.identity.auditor.signing_key
    signed.check(public)
    with pytest.raises(CheckFailed):
        msgspec.structs.replace(signed, retired=()).check(public)


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\xff"])
def test_no_facts_are_named(home: Home, content: bytes) -> None:
    (home.made.store / "store.json").write_bytes(content)
    with pytest.raises(InputError, match="is no store description"):
        home.location.facts()


def test_a_description_of_the_first_days_is_told_as_such(home: Home) -> None:
    """One auditor, and one key a month: nothing was lost, this version just does not read it."""
    path = home.made.store / "store.json"
    early = msgspec.json.decode(path.read_bytes())
    early["auditors"] = [early.pop("founder")]
    for key in early["epochs"]:
        del key["purpose"]
    path.write_bytes(msgspec.json.encode(early))
    with pytest.raises(InputError, match="does not read it"):
        home.location.facts()


def test_facts_without_auditors_or_epochs_are_refused(home: Home) -> None:
    store = home.location.facts()
    for hollow in (msgspec.structs.replace(store, epochs=store.epochs[:2]), msgspec.structs.replace(store, epochs=())):
        with pytest.raises(InputError):
            facts.decode(facts.encode(hollow), home.made.store)


def test_a_later_format_asks_for_an_update(home: Home) -> None:
    later = msgspec.structs.replace(home.location.facts(), format=2)
    with pytest.raises(InputError, match="format 2"):
        facts.decode(facts.encode(later), home.made.store)


def test_the_epoch_of_a_moment_and_the_nearest_outside(home: Home) -> None:
    store = home.location.facts()
    first, second = (key for key in store.epochs if key.purpose == Purpose.METADATA)
    assert store.epoch_at(first.not_before) == first
    assert store.epoch_at(first.not_after) == second
    assert store.epoch_at(first.not_before - 10**8) == first
    assert store.epoch_at(second.not_after + 10**8) == second
    assert store.epochs_end == second.not_after


def test_an_unknown_ledger_is_named(home: Home) -> None:
    with pytest.raises(InputError, match="not enrolled"):
        home.location.facts().enrolment("gateway-x")


@pytest.mark.parametrize("name", ["enrolment.json", "pseudonym.key"])
@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\x00"])
def test_a_damaged_gateway_folder_is_named(home: Home, name: str, content: bytes) -> None:
    (home.made.gateway / name).write_bytes(content)
    with pytest.raises(AuditorError):
        Enrolment.load(home.made.gateway)
