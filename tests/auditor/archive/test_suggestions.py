# SPDX-License-Identifier: Apache-2.0
"""Completion offers what fits the place, with counts, and what it offers can be read."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor.archive import Archive, Filter, Suggestion
from auditor.archive.suggestions import LIMIT
from auditor.calls import DataCount
from tests.auditor.archive.conftest import Store, call, completion


@pytest.fixture(scope="module")
def archive(shared_store: Store) -> Iterator[Archive]:
    """Some calls of three providers."""
    secret = (DataCount(type="SECRET", direction="sent", count=1),)
    shared_store.write(
        *(completion(call(n, client="VS Code")) for n in range(3)),
        *(completion(call(n, provider="anthropic", request_model="claude*", data=secret)) for n in range(3, 5)),
        completion(call(9, provider="open_router", client="openai-python")),
    )
    with shared_store.archive() as opened:
        opened.refresh()
        yield opened


def offered(archive: Archive, text: str, cursor: int | None = None) -> list[tuple[str, int | None]]:
    return [(one.text, one.calls) for one in archive.suggest(text, cursor)]


def test_values_with_counts(archive: Archive) -> None:
    assert offered(archive, "provider:") == [("openai", 3), ("anthropic", 2), ("open_router", 1)]
    assert offered(archive, "provider:o") == [("openai", 3), ("open_router", 1), ("anthropic", 2)]
    assert offered(archive, "tokens>5 provider:OPENA") == [("openai", 3)]
    assert offered(archive, "client:v") == [('"VS Code"', 3)]
    assert offered(archive, 'client:"VS') == [('"VS Code"', 3)]
    assert offered(archive, "model:cl") == [('"claude\\*"', 2)]
    assert offered(archive, "data:") == [("SECRET", 2)]
    assert offered(archive, "received:") == []
    assert offered(archive, "outcome:") == [("complete", 6)]
    assert offered(archive, "stream:") == [("yes", None), ("no", None)]
    assert ("-24h", None) in offered(archive, "time>-2")
    assert offered(archive, "colour:r") == []


def test_names_and_words_between(archive: Archive) -> None:
    assert ("provider:", None) in offered(archive, "")
    assert offered(archive, "prov")[0] == ("provider:", None)
    assert offered(archive, "provider:openai ")[:3] == [("and ", None), ("or ", None), ("not ", None)]
    assert ("model:", None) in offered(archive, "provider:openai and ")
    assert ("provider:openai", 3) in offered(archive, "opena")
    assert ("tokens>", None) in offered(archive, "(tok")


def test_the_token_at_the_cursor_gives_way(archive: Archive) -> None:
    (first, *_) = archive.suggest("provider:opx and tokens>5", 11)
    assert (first.text, first.start, first.end) == ("openai", 9, 12)


def applied(text: str, one: Suggestion) -> str:
    return text[: one.start] + one.text + text[one.end :]


@settings(max_examples=60)
@given(text=st.text(st.sampled_from('provide:"opena() *\\-<>tk5'), max_size=16), cursor=st.integers(-2, 20))
def test_any_text_and_cursor_is_taken(archive: Archive, text: str, cursor: int) -> None:
    found = archive.suggest(text, cursor)
    assert len(found) <= LIMIT
    for one in found:
        assert 0 <= one.start <= one.end <= len(text)


@pytest.mark.parametrize("text", ["client:", "provider:a", "model:", "opena", "outcome:c"])
def test_what_is_offered_can_be_read(archive: Archive, text: str) -> None:
    counted = [one for one in archive.suggest(text) if one.calls is not None]
    assert counted
    for one in counted:
        assert archive.count(Filter.parse(applied(text, one))) == one.calls
