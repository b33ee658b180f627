# SPDX-License-Identifier: Apache-2.0
"""An identity that two of several people open together, and nobody alone."""

import itertools
from pathlib import Path

import msgspec
import pytest
from shamir_mnemonic import combine_mnemonics

from auditor.errors import InputError, UnlockError
from auditor.store import Identity, LedgerReader
from auditor.store.keys import sharing
from tests.auditor.store.material import CHEAP, PASSPHRASE, Home

PEOPLE = tuple(Identity.create(name, PASSPHRASE, CHEAP) for name in ("alice", "bob", "carol"))
HOLDERS = tuple(one.auditor for one in PEOPLE)

VECTOR = (  # number 4 of https://github.com/satoshilabs/slips/blob/master/slip-0039/vectors.json: two shares of three
    "shadow pistol academic always adequate wildlife fancy gross oasis cylinder mustang wrist rescue view short owner"
    " flip making coding armed",
    "shadow pistol academic acid actress prayer class unknown daughter sweater depict flip twice unkind craft early"
    " superior advocate guest smoking",
)


def test_the_library_gives_the_secret_of_slip_39s_own_vector() -> None:
    assert combine_mnemonics(list(VECTOR), b"TREZOR").hex() == "b43ceb7e57a0ea8766221624d01b0864"


def test_any_two_give_the_key_back() -> None:
    key = bytes(range(32))
    shares = sharing.split(key, HOLDERS)
    for two in itertools.combinations(PEOPLE, 2):
        assert sharing.join(shares, two) == key
    assert sharing.join(shares, PEOPLE) == key


def test_one_alone_a_stranger_and_one_twice_get_nothing() -> None:
    shares = sharing.split(bytes(32), HOLDERS[:2])
    for people in ((), PEOPLE[:1], (PEOPLE[0], PEOPLE[0]), (PEOPLE[0], PEOPLE[2])):
        with pytest.raises(UnlockError) as raised:
            sharing.join(shares, people)
        assert "alice, bob" in raised.value.advice


def test_shares_of_different_keys_are_noticed() -> None:
    one, other = sharing.split(bytes(32), HOLDERS[:2]), sharing.split(bytes(32), HOLDERS[:2])
    with pytest.raises(UnlockError, match="belong together"):
        sharing.join((one[0], other[1]), PEOPLE[:2])


def test_a_share_opens_for_its_holder_only() -> None:
    shares = sharing.split(bytes(32), HOLDERS[:2])
    swapped = [msgspec.structs.replace(share, holder=PEOPLE[1].auditor) for share in shares[:1]] + [
        msgspec.structs.replace(shares[1], holder=PEOPLE[0].auditor)
    ]
    with pytest.raises(UnlockError):
        sharing.join(swapped, PEOPLE[:2])


@pytest.mark.parametrize("holders", [HOLDERS[:1], (HOLDERS[0], HOLDERS[0]), HOLDERS * 6])
def test_too_few_or_the_same_people_are_refused(holders: tuple) -> None:
    with pytest.raises(InputError):
        sharing.split(bytes(32), holders)


def test_an_identity_opens_by_two_and_by_its_passphrase_no_more(home: Home) -> None:
    home.write(1)
    path: Path = home.made.identity
    home.identity.shared_among(HOLDERS).save(path)
    with pytest.raises(UnlockError, match="two people"):
        Identity.open(path, PASSPHRASE)
    with pytest.raises(UnlockError, match="two people"):
        Identity.open_together(path, PEOPLE[:1])
    opened = Identity.open_together(path, PEOPLE[1:])
    assert opened.holders == HOLDERS
    assert len(list(LedgerReader.open(home.location, opened).records(home.gateway))) == 1
    opened.with_passphrase(b"alone again").save(path)
    assert Identity.open(path, b"alone again").holders == ()
    with pytest.raises(UnlockError, match="opens with a passphrase"):
        Identity.open_together(path, PEOPLE)
