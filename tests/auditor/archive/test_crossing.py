# SPDX-License-Identifier: Apache-2.0
from datetime import timedelta

from auditor.archive.crossing import Crossing, cross
from auditor.calls import DataCount
from tests.auditor.archive.conftest import T0, Store, call, completion

EMAIL = DataCount(type="EMAIL", direction="sent", count=3)
SECRET = DataCount(type="SECRET", direction="sent", count=1)
BACK = DataCount(type="EMAIL", direction="received", count=1)


def test_data_is_counted_by_type_and_provider_at_once(store: Store) -> None:
    store.write(
        completion(call(0, data=(EMAIL, SECRET))),
        completion(call(1, data=(EMAIL, BACK))),
        completion(call(2, data=(EMAIL,), provider="anthropic")),
        completion(call(3, data=(SECRET,), provider=None)),
        completion(call(4)),
    )
    with store.archive() as archive:
        archive.refresh()
        assert cross(archive.index, "sent") == (
            Crossing("EMAIL", "openai", 2),
            Crossing("EMAIL", "anthropic", 1),
            Crossing("SECRET", None, 1),
            Crossing("SECRET", "openai", 1),
        )
        assert cross(archive.index, "received") == (Crossing("EMAIL", "openai", 1),)
        later, then = T0 + timedelta(minutes=1), T0 + timedelta(minutes=3)
        counted = cross(archive.index, "sent", later, then)
        assert {(one.data, one.provider): one.calls for one in counted} == {
            ("EMAIL", "openai"): 1,
            ("EMAIL", "anthropic"): 1,
        }
