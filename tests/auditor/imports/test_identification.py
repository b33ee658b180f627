# SPDX-License-Identifier: Apache-2.0
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from auditor.calls import Exchange, Frame, Origin, Request, Response
from auditor.imports.identification import identified

KEY = b"k" * 32
ONE = Exchange(
    id="",
    time=datetime(2026, 11, 23, tzinfo=UTC),
    request=Request(method="GET", url="https://api.openai.com/v1/models", headers=(("a", "1"), ("b", "2"))),
    response=Response(status=200, body=b"{}"),
)


def id_of(exchange: Exchange, key: bytes = KEY) -> str:
    return identified(exchange, key).id


def test_the_id_depends_on_the_content_and_the_key_alone() -> None:
    assert id_of(ONE) == id_of(msgspec.structs.replace(ONE, id="anything"))
    assert id_of(ONE) != id_of(ONE, b"l" * 32)
    assert len(id_of(ONE)) == 32
    assert identified(ONE, KEY) == msgspec.structs.replace(ONE, id=id_of(ONE))


@pytest.mark.parametrize(
    "change",
    [
        {"time": datetime(2026, 11, 23, 0, 0, 1, tzinfo=UTC)},
        {"response": Response(status=200, body=b"{ }")},
        {"response": None},
        {"request": Request(method="GET", url="https://api.openai.com/v1/models", headers=(("b", "2"), ("a", "1")))},
        {"origin": Origin(user="alice")},
        {"frames": (Frame(direction="sent", text="x"),)},
    ],
)
def test_any_difference_gives_another_id(change: dict[str, Any]) -> None:
    assert id_of(msgspec.structs.replace(ONE, **change)) != id_of(ONE)
