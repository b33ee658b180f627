# SPDX-License-Identifier: Apache-2.0
from hypothesis import given
from hypothesis import strategies as st

from auditor.batching import by_weight


@given(st.lists(st.text(max_size=8), max_size=40), st.integers(1, 20), st.integers(1, 10))
def test_batches_are_the_items_again_and_no_longer_than_they_may_be(texts: list[str], most: int, count: int) -> None:
    batches = list(by_weight(texts, len, most, count))
    assert [text for batch in batches for text in batch] == texts
    for batch in batches:
        assert 0 < len(batch) <= count
        assert sum(map(len, batch[:-1])) < most
    for batch in batches[:-1]:
        assert len(batch) == count or sum(map(len, batch)) >= most
