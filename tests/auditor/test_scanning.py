# SPDX-License-Identifier: Apache-2.0
"""What is found in a text does not depend on the pieces in which it came: events, frames, turns of a conversation."""

import itertools
import json
from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from auditor import dialects
from auditor.calls import Exchange, Frame, PlacedMatch, Request, Response
from auditor.detectors import Scanner
from auditor.privacy import Pseudonyms, texts
from auditor.providers import Providers
from auditor.scanning import ScanMemory

PROVIDERS = Providers.load()
SCANNER = Scanner()
SAID = (
    "Für Zoë Ortega, zoë.ortega@post.example, Tel. +43 660 1234567.\n"
    "Key AKIAQZ7XWPLMN3RT2VKB, card 4111 1111 1111 1111 \N{PARTY POPPER}\n"
    "name,phone\nAnna Gruber,+43 660 7654321\n"
    'password = "tr0ub4dor&3-zebra"\n'
)
CUTS = st.lists(st.integers(0, len(SAID)), max_size=12).map(lambda cuts: sorted({0, *cuts, len(SAID)}))


def pieces(cuts: list[int]) -> list[str]:
    return [SAID[start:end] for start, end in itertools.pairwise(cuts)]


def request(*said: str) -> Request:
    asked = {"model": "gpt-4o", "stream": True, "messages": [{"role": "user", "content": text} for text in said]}
    return Request(
        method="POST",
        url="https://api.openai.com/v1/chat/completions",
        headers=(("content-type", "application/json"),),
        body=json.dumps(asked).encode(),
    )


def exchange(asked: Request, response: Response | None = None, frames: tuple[Frame, ...] = ()) -> Exchange:
    return Exchange(id="x", time=datetime(2026, 11, 26, tzinfo=UTC), request=asked, response=response, frames=frames)


def streamed(parts: list[str]) -> Exchange:
    """An answer in so many events."""
    events = [{"id": "c", "model": "gpt-4o", "choices": [{"index": 0, "delta": {"content": part}}]} for part in parts]
    body = "".join(f"data: {json.dumps(event)}\n\n" for event in events) + "data: [DONE]\n\n"
    headers = (("content-type", "text/event-stream"),)
    return exchange(request("Go on."), Response(status=200, headers=headers, body=body.encode()))


def on_a_socket(parts: list[str]) -> Exchange:
    """The same on a socket of the realtime interface, in so many frames."""
    asked = Request(method="GET", url="wss://api.openai.com/v1/realtime?model=gpt-4o-realtime-preview")
    item = {"response_id": "r", "item_id": "i", "output_index": 0, "content_index": 0}
    events = [{"type": "response.created", "response": {"id": "r", "status": "in_progress"}}]
    events += [{"type": "response.output_text.delta", **item, "delta": part} for part in parts]
    content = [{"type": "output_text", "text": "".join(parts)}]
    output = [{"id": "i", "type": "message", "role": "assistant", "content": content}]
    events += [{"type": "response.done", "response": {"id": "r", "status": "completed", "output": output}}]
    frames = tuple(Frame(direction="received", text=json.dumps(event)) for event in events)
    return exchange(asked, Response(status=101), frames)


def found(whole: Exchange, memory: ScanMemory | None = None) -> list[PlacedMatch]:
    memory = memory or ScanMemory(SCANNER, Pseudonyms(b"s" * 32))
    readings = dialects.parse(whole, PROVIDERS)
    return [match for number, one in enumerate(readings) for match in memory.said(number, texts(one.content))[0]]


def values(matches: list[PlacedMatch]) -> list[tuple[str, int, int, str | None]]:
    return [
        (one.match.type, one.match.start, one.match.end, one.same) for one in matches if one.direction == "received"
    ]


def test_all_of_it_is_found() -> None:
    for whole in (streamed([SAID]), on_a_socket([SAID])):
        types = {one[0] for one in values(found(whole))}
        assert types >= {"EMAIL", "PHONE", "SECRET", "PAYMENT_CARD", "PASSWORD", "PERSON"}


@settings(max_examples=40)
@given(CUTS)
def test_an_answer_in_any_pieces(cuts: list[int]) -> None:
    assert values(found(streamed(pieces(cuts)))) == values(found(streamed([SAID])))


@settings(max_examples=20)
@given(CUTS)
def test_a_socket_in_any_frames(cuts: list[int]) -> None:
    assert values(found(on_a_socket(pieces(cuts)))) == values(found(on_a_socket([SAID])))


@settings(max_examples=20)
@given(CUTS)
def test_what_was_met_before_is_found_as_if_it_were_new(cuts: list[int]) -> None:
    memory = ScanMemory(SCANNER, Pseudonyms(b"s" * 32))
    said = [part for part in pieces(cuts) if part]
    for turn in range(1, len(said) + 1):
        again = found(exchange(request(*said[:turn])), memory)
        anew = found(exchange(request(*said[:turn])))
        assert [(one.match, one.place, one.same) for one in again] == [(one.match, one.place, one.same) for one in anew]
        assert all(one.repeated for one in again if one.place != f"input/{turn - 1}/0")
