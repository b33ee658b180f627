# SPDX-License-Identifier: Apache-2.0
"""Filters let through what they say, and a filter with its opposite gives every call."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings

from auditor.archive import Archive, Filter
from auditor.archive.expressions import AnyNode
from auditor.calls import DataCount, Outcome
from tests.auditor.archive.conftest import Store, call, completion
from tests.auditor.archive.test_filters import nodes


@pytest.fixture(scope="module")
def archive(shared_store: Store) -> Iterator[Archive]:
    """Four calls that differ in everything."""
    shared_store.write(
        completion(
            call(
                0, response_model="gpt-4o-2024", client="VS Code", input_tokens=900, output_tokens=200, cost_usd=0.1,
                status=200, stream=True, duration_ms=2500.0, server_address="api.openai.com", user_agent="x/1 py",
                data=(DataCount(type="EMAIL", direction="sent", count=2),), finish_reasons=("stop", "length"),
            )
        ),
        completion(
            call(
                1, provider="anthropic", request_model="claude", actor="a-two", outcome=Outcome.ERROR, status=429,
                stream=False, labels=("odd",), data=(DataCount(type="SECRET", direction="received", count=1),),
            )
        ),
        completion(call(2, provider=None, request_model=None, path="/50%_off\\x", client="a*b", tool_calls=("look",))),
        completion(call(60 * 24, provider="Mistral_AI", client='say "hi"', input_tokens=5)),
    )  # fmt: skip
    with shared_store.archive() as opened:
        opened.refresh()
        yield opened


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("", "0 1 2 3"),
        ("provider:openai", "0"),
        ("provider:OPENAI", "0"),
        ("provider:mistral_ai", "3"),
        ("provider:*a*", "0 1 3"),
        ("provider!=openai", "1 2 3"),
        ("-provider:openai", "1 2 3"),
        ("provider:*", "0 1 3"),
        ("not provider:*", "2"),
        ("model:gpt-4o", "0 3"),
        ("model:gpt-4o-*", "0"),
        ("gen_ai.request.model:claude", "1"),
        ('client:"VS Code"', "0"),
        ("client:a\\*b", "2"),
        ("client:a*b", "2"),
        ('client:"say \\"hi\\""', "3"),
        ("path:*50%_*", "2"),
        ("path:*50__*", ""),
        ("path:*\\\\x", "2"),
        ("tokens>1000", "0"),
        ("tokens>=1.1k", "0"),
        ("tokens<10", "3"),
        ("tokens!=5", "0 1 2"),
        ("input:900", "0"),
        ("cost>=$0.10", "0"),
        ("cost>0.10", ""),
        ("duration>2s", "0"),
        ("duration<=2500ms", "0"),
        ("status>=400", "1"),
        ("stream:yes", "0"),
        ("stream:no", "1"),
        ("stream!=yes", "1 2 3"),
        ("data:EMAIL", "0"),
        ("sent:email", "0"),
        ("received:EMAIL", ""),
        ("data:*", "0 1"),
        ("label:odd", "1"),
        ("tool:look", "2"),
        ("finish:length", "0"),
        ("outcome:error or label:nothing", "1"),
        ("openai", "0"),
        ("VS", "0"),
        ("chat/comp claude", "1"),
        ("time:2026-11-20", "0 1 2"),
        ("time>2026-11-20", "3"),
        ("time>=2026-11-20T08:01", "1 2 3"),
        ("time<2026-11-20T08:01", "0"),
        ("time<=2026-11-20T08:01", "0 1"),
        ("time!=2026-11", ""),
        ("time>-1h", ""),
        ("id:call-0002", "2"),
        ("seq>0 seq<99", "0 1 2 3"),
        ("(provider:openai or provider:anthropic) and not tokens>0", "1"),
    ],
)
def test_what_passes(archive: Archive, text: str, numbers: str) -> None:
    order = {f"call-{number:04d}": str(place) for place, number in enumerate((0, 1, 2, 60 * 24))}
    found = sorted(order[one.id] for one in archive.calls(Filter.parse(text)))
    assert " ".join(found) == numbers


@settings(max_examples=60)
@given(node=nodes)
def test_a_filter_and_its_opposite_give_every_call(archive: Archive, node: AnyNode) -> None:
    asked = Filter(node)
    assert archive.count(asked) + archive.count(~asked) == 4
