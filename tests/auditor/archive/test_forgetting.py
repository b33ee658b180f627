# SPDX-License-Identifier: Apache-2.0
"""The index forgets what was erased, and one made anew equals one that grew; also while a gateway has yet to do it."""

from collections.abc import Callable
from typing import Any

import pytest

from auditor.archive import Archive, Filter
from auditor.archive.index import remove
from auditor.errors import InputError
from auditor.store import LedgerReader, LedgerWriter, erasing
from auditor.store.erasing import Scope
from auditor.store.format.records import Draft, Started
from auditor.store.ledger import erasure
from tests.auditor.archive.conftest import T0, Store, call, completion, intent
from tests.auditor.archive.test_projection import content, history

Fill = Callable[..., Archive]


def erase(store: Store, **scope: Any) -> erasing.Done:
    wanted = Scope(**scope)
    targets = erasing.find(LedgerReader.open(store.location, store.identity), wanted)
    return erasing.erase(store.location, store.identity, wanted, targets, "asked to")


def held(archive: Archive) -> dict[str, list[tuple[Any, ...]]]:
    """What the index holds, but for how far it read: an emptied record at the end is no news to a new one."""
    everything = content(archive)
    everything["ledgers"] = [row[:1] + row[2:] for row in everything["ledgers"]]
    return everything


@pytest.mark.parametrize("seed", [1, 2])
def test_an_index_that_grew_equals_one_made_anew(store: Store, filled: Fill, seed: int) -> None:
    archive = filled(*history(seed))
    before = archive.status()[-1]
    assert archive.count(Filter.parse("actor:a-two"))
    done = erase(store, actors=frozenset({"a-two"}))
    archive.refresh()
    assert archive.count(Filter.parse("actor:a-two")) == 0
    assert archive.known({"call-0000", "call-0001"}) == {
        one.id for one in archive.calls() if one.id in {"call-0000", "call-0001"}
    }
    after = archive.status()[-1]
    assert (after.erased, after.sealed, after.seen) == (done.exchanges, before.sealed, before.seen)
    with store.archive("anew") as anew:
        anew.refresh()
        assert held(anew) == held(archive)


def test_sums_and_suggestions_forget(store: Store, filled: Fill) -> None:
    archive = filled(completion(call(1, actor="a-gone", provider="rare")), completion(call(2)))
    erase(store, actors=frozenset({"a-gone"}))
    archive.refresh()
    assert [share.value for share in archive.top("actor")] == ["a-one"]
    assert archive.summary().calls == 1
    assert not any("rare" in one.text for one in archive.suggest("provider:r"))
    with pytest.raises(InputError, match="no call"):
        archive.call("call-0001")


def test_records_that_a_live_gateway_has_yet_to_empty_are_passed_over(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasure, "_LOCK_SECONDS", 0.01)
    with LedgerWriter.for_gateway(store.gateway, store.location) as live, store.archive() as archive:
        live.append([intent(1), completion(call(1)), intent(2), completion(call(2))])
        assert erase(store, call="call-0001").waiting
        archive.refresh()
        live.append([completion(call(3))])
        archive.refresh()
        assert {one.id for one in archive.calls()} == {"call-0002", "call-0003"}
        live.erase()
        live.append([Draft(Started(time=T0, version="1"))])
        archive.refresh()
        with store.archive("anew") as anew:
            anew.refresh()
            assert held(anew) == held(archive)
    remove(archive.index_path)


def test_an_open_intent_is_forgotten(store: Store, filled: Fill) -> None:
    archive = filled(intent(1), intent(2))
    erase(store, until=call(2).time)
    archive.refresh()
    assert archive.status()[-1].open == 1
    archive = filled(Draft(Started(time=T0, version="2")))
    assert [one.id for one in archive.calls()] == ["call-0002"]
