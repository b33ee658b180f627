# SPDX-License-Identifier: Apache-2.0
"""What is in no known format is still searched: its texts are read, whatever holds them."""

import base64

import pytest

from auditor.calls import Outcome
from tests.auditor.dialects.exchanges import Headers, encoded, exchange, form, read, socket, texts

META = "https://www.meta.ai/api/graphql/"
FORM, FORM_HEADERS = form(
    [
        ({"content-disposition": 'form-data; name="message"'}, b"Ebb at noon?"),
        ({"content-disposition": 'form-data; name="f"; filename="a.txt"', "content-type": "text/plain"}, b"Low"),
    ]
)
IMAGE = base64.b64encode(bytes(range(256)) * 20).decode()


@pytest.mark.parametrize(
    ("body", "headers", "said"),
    [
        ({"message": "Ebb at noon?", "modelName": "grok-4", "n": 1}, {}, [("user", ["Ebb at noon?\ngrok-4"])]),
        ({"a": [{"b": ["Ebb", None, {"c": "noon"}]}]}, {}, [("user", ["Ebb\nnoon"])]),
        ({"image": IMAGE, "text": "Ebb"}, {}, [("user", ["Ebb"])]),
        (FORM, FORM_HEADERS, [("user", ["document text/plain 3", "Low"]), ("user", ["Ebb at noon?"])]),
        (b"\x0a\x0cEbb at noon?\x12\x03\xff\x00\x01", {}, [("user", ["Ebb at noon?"])]),
        (b'{"message": "Ebb at noon?", "cut off', {}, [("user", ['{"message": "Ebb at noon?", "cut off'])]),
        (b"", {}, []),
    ],
)
def test_the_texts_of_a_request(body: object, headers: Headers, said: list[tuple[str, list[str]]]) -> None:
    reading = read(exchange(META, body, {}, sends=headers))
    assert texts(reading.content, "input") == said
    assert reading.call.operation == "other"
    assert (reading.call.outcome is Outcome.UNPARSED) == bool(encoded(body))


def test_the_texts_a_socket_sent() -> None:
    url = "wss://copilot.microsoft.com/c/api/voice"
    sent = {"event": "send", "content": [{"type": "text", "text": "Ebb at noon?"}]}
    reading = read(socket(url, [(">", sent), ("<", {"event": "appendText", "text": "Low."})]))
    assert texts(reading.content, "input") == [("user", ["send\ntext\nEbb at noon?"])]
    assert reading.call.outcome is Outcome.UNPARSED


def test_a_broken_request_in_a_known_format() -> None:
    url = "https://api.openai.com/v1/chat/completions"
    reading = read(exchange(url, b'{"model": "m", "messages": [{"content": "Ebb at', {"id": "c", "choices": []}))
    assert texts(reading.content, "input")[0][1][0].endswith("Ebb at")
    assert (reading.call.operation, reading.call.outcome) == ("chat", Outcome.UNPARSED)
    assert reading.call.response_id == "c"


def test_a_request_is_read_up_to_a_bound() -> None:
    reading = read(exchange(META, {"message": "Ebb " * 400_000}, {}))
    ((_, (said,)),) = texts(reading.content, "input")
    assert len(said) == 1_000_000


def test_an_assistant_for_code_is_known_by_its_host() -> None:
    asked = {"conversationState": {"currentMessage": {"userInputMessage": {"content": "Ebb?"}}}}
    reading = read(exchange("https://q.us-east-1.amazonaws.com/", asked))
    assert (reading.call.provider, reading.call.operation, reading.call.region) == ("amazon_q", "other", "us-east-1")
    assert texts(reading.content, "input") == [("user", ["Ebb?"])]
