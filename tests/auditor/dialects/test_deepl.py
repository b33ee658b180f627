# SPDX-License-Identifier: Apache-2.0
"""DeepL: texts in JSON and in forms, documents, and what comes back."""

from typing import Any

import pytest

from auditor.calls import Blob, Text
from tests.auditor.dialects.exchanges import exchange, form, read, texts

HOST = "https://api-free.deepl.com/v2"
TRANSLATED = {"translations": [{"detected_source_language": "EN", "text": "Ebbe?"}, {"text": "Flut."}]}
GUIDED = {"context": "At sea", "custom_instructions": ["Formal."]}
FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        ({"text": ["Ebb?", "Flood."], **GUIDED, "target_lang": "DE"}, {}),
        (b"text=Ebb%3F&text=Flood.&context=At+sea&custom_instructions=Formal.&target_lang=DE", FORM),
    ],
    ids=["json", "form"],
)
def test_texts(body: Any, headers: Any) -> None:
    reading = read(exchange(f"{HOST}/translate", body, TRANSLATED, sends=headers))
    assert (reading.call.provider, reading.call.operation) == ("deepl", "translation")
    assert texts(reading.content, "input") == [("user", ["Ebb?", "Flood."])]
    assert reading.content.system_instructions == (Text(content="At sea"), Text(content="Formal."))
    assert texts(reading.content) == [("assistant", ["Ebbe?", "Flut."])]


def test_texts_written_better() -> None:
    improved = {"improvements": [{"text": "Is it ebb?", "target_language": "en"}]}
    reading = read(exchange(f"{HOST}/write/rephrase", {"text": ["It ebb?"]}, improved))
    assert texts(reading.content, "input") == [("user", ["It ebb?"])]
    assert texts(reading.content) == [("assistant", ["Is it ebb?"])]


def test_documents() -> None:
    held = [
        ({"content-disposition": 'form-data; name="target_lang"'}, b"DE"),
        ({"content-disposition": 'form-data; name="file"; filename="a.txt"', "content-type": "text/plain"}, b"Ebb?"),
    ]
    body, headers = form(held)
    sent = read(exchange(f"{HOST}/document", body, {"document_id": "d", "document_key": "k"}, sends=headers))
    (part,) = [part for message in sent.content.input_messages for part in message.parts if isinstance(part, Blob)]
    assert (part.name, part.size, sent.call.response_id) == ("a.txt", 4, "d")
    back = read(exchange(f"{HOST}/document/d/result", {"document_key": "k"}, b"Ebbe?"))
    (made,) = back.content.output_messages[0].parts
    assert isinstance(made, Blob)
    assert made.size == 5


def test_a_refusal() -> None:
    assert read(exchange(f"{HOST}/translate", {"text": ["a"]}, {"message": "Quota exceeded"}, status=456)).call.error
