# SPDX-License-Identifier: Apache-2.0
"""Flows and actors count every call once, and by what it sent; the account of a ledger reads no calls."""

from datetime import timedelta

from auditor.archive.actors import actors
from auditor.archive.crossing import cross
from auditor.archive.flows import ANY_DATA, flows
from auditor.archive.status import unknown
from auditor.calls import DataCount
from tests.auditor.archive.conftest import T0, Store, call, completion

EMAIL = DataCount(type="EMAIL", direction="sent", count=3)
SECRET = DataCount(type="SECRET", direction="sent", count=1)
BACK = DataCount(type="PHONE", direction="received", count=1)


def written(store: Store) -> None:
    store.write(
        completion(call(1, client="curl", server_address="a.example", cost_usd=0.25, data=(EMAIL,))),
        completion(call(2, client="curl", server_address="a.example", cost_usd=0.5, data=(EMAIL, SECRET, BACK))),
        completion(call(3, client="curl", server_address="a.example", actor="a-two")),
        completion(call(4, provider=None, actor=None, data=(BACK,))),
    )


def test_flows_are_summed_by_all_four_and_limited_by_data_time_and_actor(store: Store) -> None:
    written(store)
    with store.archive() as archive:
        archive.refresh()
        found = flows(archive.index)
        assert [(one.actor, one.client, one.provider, one.server, one.calls) for one in found] == [
            ("a-one", "curl", "openai", "a.example", 2),
            (None, None, None, None, 1),
            ("a-two", "curl", "openai", "a.example", 1),
        ]
        assert found[0].cost_usd == 0.75
        assert [one.calls for one in flows(archive.index, data="SECRET")] == [1]
        assert [one.calls for one in flows(archive.index, data=ANY_DATA)] == [2]
        later = T0 + timedelta(minutes=2)
        assert sum(one.calls for one in flows(archive.index, later, later + timedelta(minutes=2))) == 2
        assert [one.calls for one in flows(archive.index, actor="a-two")] == [1]


def test_actors_are_listed_with_what_they_sent(store: Store) -> None:
    written(store)
    with store.archive() as archive:
        archive.refresh()
        one, two = actors(archive.index)
        assert (one.actor, one.calls, one.providers, one.clients) == ("a-one", 2, 1, 1)
        assert one.sent == (("EMAIL", 2), ("SECRET", 1))
        assert (one.first, one.last) == (T0 + timedelta(minutes=1), T0 + timedelta(minutes=2))
        assert (two.actor, two.sent) == ("a-two", ())
        assert [found.actor for found in actors(archive.index, T0 + timedelta(days=1))] == []
        day = T0.replace(hour=0)
        assert flows(archive.index, day, day + timedelta(days=1)) == flows(archive.index)
        assert {(one.data, one.provider): one.calls for one in cross(archive.index, "sent", day)} == {
            ("EMAIL", "openai"): 2,
            ("SECRET", "openai"): 1,
        }
        assert archive.summary(day).with_data == 2
        assert archive.count() == 4


def test_what_has_no_outcome_is_counted_without_reading_every_call(store: Store) -> None:
    written(store)
    with store.archive() as archive:
        archive.refresh()
        with archive.index.reading() as connection:
            query = str(unknown("gateway").compile(connection.engine, compile_kwargs={"literal_binds": True}))
            plan = [row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}")]
    assert any("calls_unknown" in line for line in plan), plan
