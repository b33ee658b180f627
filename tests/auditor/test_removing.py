# SPDX-License-Identifier: Apache-2.0
"""What a policy removes at capture is in no byte that is stored; everything else is."""

import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from auditor import dialects
from auditor.calls import Exchange, Response
from auditor.detectors import Scanner
from auditor.errors import InputError
from auditor.pipeline import Pipeline
from auditor.privacy import texts
from auditor.removing import CONTENT_REMOVED
from auditor.store.format.records import Draft, Values, Withheld, encode
from tests.auditor.test_pipeline import PROVIDERS, PSEUDONYMS, chat, meta

SECRET, CARD, MAIL = "AKIAQZ7XWPLMN3RT2VKB", "4111 1111 1111 1111", "zoë.ortega@post.example"
SCANNER = Scanner()


def through(*types: str) -> Pipeline:
    return Pipeline(PROVIDERS, PSEUDONYMS, SCANNER, remove=types)


def body(draft: Draft) -> bytes:
    assert draft.body is not None
    return encode(draft.meta) + encode(draft.body)


def test_values_give_way_to_numbered_names() -> None:
    said = f"key {SECRET} and card {CARD}, again {SECRET}; write to {MAIL}"
    draft = through("SECRET", "PAYMENT_CARD").process(chat(said, answer=f"I saw {SECRET}."))
    assert SECRET.encode() not in body(draft)
    assert CARD.encode() not in body(draft)
    assert draft.body is not None
    (reading,) = dialects.parse(draft.body.exchange, PROVIDERS)
    shown = {text.place: text.text for text in texts(reading.content)}
    assert shown["input/0/0"].startswith("key [SECRET#1] and card [PAYMENT_CARD#1], again [SECRET#1]; write to zoë")
    assert shown["output/0/0"] == "I saw [SECRET#1]."
    matched = {(m.match.type, shown[m.place][m.match.start : m.match.end]) for m in draft.body.matches}
    assert matched == {("SECRET", "[SECRET#1]"), ("PAYMENT_CARD", "[PAYMENT_CARD#1]"), ("EMAIL", MAIL)}
    (call,) = meta(draft).calls
    assert {(found.type, found.direction): found.count for found in call.data} == {
        ("EMAIL", "sent"): 1,
        ("PAYMENT_CARD", "sent"): 1,
        ("SECRET", "sent"): 2,
        ("SECRET", "received"): 1,
    }
    assert CONTENT_REMOVED not in call.labels


def test_a_value_spread_over_a_stream_costs_that_direction() -> None:
    pieces = [{"choices": [{"index": 0, "delta": {"content": part}}]} for part in (SECRET[:9], SECRET[9:])]
    stream = "".join(f"data: {json.dumps({'id': 'c', 'model': 'gpt-4o', **piece})}\n\n" for piece in pieces)
    exchange = chat("hello")
    answered = Response(
        status=200, headers=(("content-type", "text/event-stream"),), body=f"{stream}data: [DONE]\n\n".encode()
    )
    draft = through("SECRET").process(_with(exchange, answered))
    assert draft.body is not None
    assert draft.body.exchange.response is not None
    assert draft.body.exchange.response.body == b""
    assert b"hello" in draft.body.exchange.request.body
    (call,) = meta(draft).calls
    assert CONTENT_REMOVED in call.labels
    assert [(found.type, found.count) for found in call.data] == [("SECRET", 1)]


def _with(exchange: Exchange, response: Response) -> Exchange:
    return Exchange(id=exchange.id, time=exchange.time, request=exchange.request, response=response)


def test_what_cannot_be_searched_is_not_stored() -> None:
    broken = _with(chat("hello"), Response(status=200, body=b"{" + SECRET.encode()))
    assert SECRET.encode() in body(through().process(broken))
    draft = through("EMAIL").process(broken)
    assert SECRET.encode() not in body(draft)
    assert CONTENT_REMOVED in meta(draft).calls[0].labels


def test_nothing_is_touched_where_nothing_is_to_go() -> None:
    exchange = chat(f"key {SECRET}")
    draft = through("EMAIL").process(exchange)
    assert draft.body is not None
    assert draft.body.exchange.request.body == exchange.request.body


def test_a_type_nobody_finds_is_refused() -> None:
    with pytest.raises(InputError, match="SHOE_SIZE"):
        through("SHOE_SIZE")


@settings(max_examples=60)
@given(st.text(alphabet='abc"\\/é世\n{}%+& ', max_size=30), st.sampled_from([SECRET, CARD, MAIL]))
def test_no_spelling_of_a_value_survives(around: str, value: str) -> None:
    draft = through("SECRET", "PAYMENT_CARD", "EMAIL").process(chat(f"{around}\n{value}\n{around}"))
    stored = body(draft)
    for spelled in (value, json.dumps(value)[1:-1], base64.b64encode(value.encode()).decode()):
        assert spelled.encode() not in stored


def test_what_is_withheld_is_sealed_beside_and_nothing_else() -> None:
    pipe = Pipeline(PROVIDERS, PSEUDONYMS, SCANNER, remove=("SECRET",), withhold=("PAYMENT_CARD", "SECRET"))
    exchange = chat(f"key {SECRET} and card {CARD}, again {CARD}")
    draft = pipe.process(exchange)
    beside = pipe.withheld(exchange)
    assert CARD.encode() not in body(draft)
    assert SECRET.encode() not in body(draft)
    assert beside == Draft(
        Withheld(time=exchange.time, exchange=exchange.id), Values(values={"[PAYMENT_CARD#1]": CARD})
    )
    assert pipe.withheld(exchange) is None


def test_nothing_is_withheld_of_content_that_is_not_stored() -> None:
    pipe = Pipeline(PROVIDERS, PSEUDONYMS, SCANNER, withhold=("SECRET",))
    exchange = _with(chat("hello"), Response(status=200, body=b"{" + SECRET.encode()))
    assert SECRET.encode() not in body(pipe.process(exchange))
    assert pipe.withheld(exchange) is None


def test_what_nobody_took_is_not_kept() -> None:
    pipe = Pipeline(PROVIDERS, PSEUDONYMS, SCANNER, withhold=("PAYMENT_CARD",))
    exchange = chat(f"card {CARD}")
    pipe.process(exchange)
    pipe.process(chat("hello"))
    assert pipe.withheld(exchange) is None
