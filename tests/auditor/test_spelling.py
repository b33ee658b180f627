# SPDX-License-Identifier: Apache-2.0
"""Values leave an exchange in every spelling, and come back byte for byte."""

import json
from datetime import UTC, datetime
from urllib.parse import quote, quote_plus

from hypothesis import given
from hypothesis import strategies as st

from auditor.calls import Exchange, Frame, Request, Response
from auditor.spelling import put_back, spelled, taken_out

VALUES = ('Zoë "Zed" O\'Neil', "+43 660/123\\4567", "line one\nline two", "AKIAQZ7XWPLMN3RT2VKB", "密码：七")
NAMES = {value: f"[SECRET#{number}]" for number, value in enumerate(VALUES, 1)}
WAYS = (
    str,
    lambda value: json.dumps(value)[1:-1],
    lambda value: json.dumps(value, ensure_ascii=False)[1:-1],
    lambda value: json.dumps(json.dumps(value))[3:-3],
    quote,
    quote_plus,
)
PIECES = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(WAYS), st.sampled_from(VALUES)).map(lambda pair: f" {pair[0](pair[1])} "),
        st.sampled_from(["{", '"', "data: ", "\n", "世", "&a="]),
    ),
    max_size=8,
).map("".join)


def exchange(url: str, header: str, sent: str, received: str, frame: str) -> Exchange:
    return Exchange(
        id="e",
        time=datetime(2026, 11, 26, tzinfo=UTC),
        request=Request(
            method="POST", url=f"https://h/?q={url}", headers=(("A", header), ("B", header)), body=sent.encode()
        ),
        response=Response(status=200, headers=(("C", header),), body=received.encode()),
        frames=(Frame(direction="sent", text=frame), Frame(direction="received", data=frame.encode())),
    )


@given(PIECES, PIECES, PIECES, PIECES, PIECES)
def test_what_is_taken_out_comes_back_as_it_was(url: str, header: str, sent: str, received: str, frame: str) -> None:
    whole = exchange(url, header, sent, received, frame)
    clean, noted = taken_out(whole, NAMES)
    values = {name: value for value, name in NAMES.items()}
    assert put_back(clean, values, spelled(noted, values)) == whole
    some = {name: values[name] for name in ("[SECRET#2]", "[SECRET#5]")}
    others = {value: name for value, name in NAMES.items() if name not in some}
    assert put_back(clean, some, spelled(noted, some)) == taken_out(whole, others)[0]
    assert not any(
        value.encode() in body for value in VALUES for body in (clean.request.body, clean.request.url.encode())
    )


def test_nothing_is_noted_of_what_stands_as_it_is_or_is_removed_for_good() -> None:
    whole = exchange("", "", VALUES[3], json.dumps(VALUES[0]), "")
    noted = taken_out(whole, NAMES)[1]
    assert spelled(noted, {NAMES[VALUES[3]]}) == {}
    assert spelled(noted, NAMES.values()) == {"response": (json.dumps(VALUES[0]).encode()[1:-1],)}
