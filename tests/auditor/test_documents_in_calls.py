# SPDX-License-Identifier: Apache-2.0
"""Data in a document inside a call is found at the document's place; what could not be read is said by a label."""

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from auditor import dialects
from auditor.calls import Blob, Exchange, Request, Response
from auditor.detectors import Scanner
from auditor.pipeline import Pipeline
from auditor.privacy import Pseudonyms, texts
from auditor.providers import Providers
from auditor.scanning import PARTLY_SCANNED, UNSCANNED
from auditor.store.format.records import Completion, Draft
from tests.auditor.documents.material import docx, locked, paragraph, pdf, xlsx

PROVIDERS = Providers.load()
PIPELINE = Pipeline(PROVIDERS, Pseudonyms(b"d" * 32), Scanner())
MAIL = "maria.lindqvist@nordpost-example.org"
SHEET = xlsx(
    '<row><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    '<row><c r="A2" t="s"><v>2</v></c><c r="B2" t="s"><v>3</v></c></row>',
    ("Name", "E-mail", "Maria Lindqvist", MAIL),
)
DOCUMENTS = {
    "pdf": ("application/pdf", pdf("nothing here", f"write to {MAIL}")),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", docx(paragraph("at " + MAIL))),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", SHEET),
    "csv": ("text/csv", f"name,e-mail\nMaria Lindqvist,{MAIL}\n".encode()),
    "html": ("text/html", f"<html><p>write to <b>{MAIL.replace('@', '</b>@')}".encode()),
}


def exchange(url: str, body: bytes, kind: str = "application/json") -> Exchange:
    return Exchange(
        id="x1",
        time=datetime(2026, 11, 23, 12, tzinfo=UTC),
        request=Request(method="POST", url=url, headers=(("content-type", kind),), body=body),
        response=Response(status=200, headers=(("content-type", "application/json"),), body=b'{"id": "r"}'),
    )


def asked(url: str, body: dict[str, Any]) -> Exchange:
    return exchange(url, json.dumps(body).encode())


def openai(name: str, mime_type: str, data: bytes) -> Exchange:
    url = f"data:{mime_type};base64,{base64.b64encode(data).decode()}"
    content = [{"type": "text", "text": "Read"}, {"type": "file", "file": {"filename": name, "file_data": url}}]
    body = {"model": "gpt-4o", "messages": [{"role": "user", "content": content}]}
    return asked("https://api.openai.com/v1/chat/completions", body)


def anthropic(_name: str, mime_type: str, data: bytes) -> Exchange:
    source = {"type": "base64", "media_type": mime_type, "data": base64.b64encode(data).decode()}
    content = [{"type": "text", "text": "Read"}, {"type": "document", "source": source}]
    body = {"model": "claude-sonnet-4-5", "max_tokens": 9, "messages": [{"role": "user", "content": content}]}
    return asked("https://api.anthropic.com/v1/messages", body)


def gemini(_name: str, mime_type: str, data: bytes) -> Exchange:
    inline = {"mimeType": mime_type, "data": base64.b64encode(data).decode()}
    body = {"contents": [{"role": "user", "parts": [{"text": "Read"}, {"inlineData": inline}]}]}
    return asked("https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-pro:generateContent", body)


def bedrock(name: str, _mime_type: str, data: bytes) -> Exchange:
    document = {"format": name[-4:].lstrip("."), "name": "d", "source": {"bytes": base64.b64encode(data).decode()}}
    body = {"messages": [{"role": "user", "content": [{"text": "Read"}, {"document": document}]}]}
    host = "https://bedrock-runtime.eu-central-1.amazonaws.com"
    return asked(f"{host}/model/anthropic.claude-3-5-sonnet-20240620-v1:0/converse", body)


def uploaded(name: str, mime_type: str, data: bytes) -> Exchange:
    head = f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\nContent-Type: {mime_type}\r\n\r\n'
    purpose = b'\r\n--b\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nuser_data\r\n--b--\r\n'
    url = "https://api.openai.com/v1/files"
    return exchange(url, head.encode() + data + purpose, "multipart/form-data; boundary=b")


WAYS = (openai, anthropic, gemini, bedrock, uploaded)


def calls(draft: Draft) -> Completion:
    assert isinstance(draft.meta, Completion)
    return draft.meta


@pytest.mark.parametrize("kind", DOCUMENTS)
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_an_address_in_a_document_is_found_at_its_place(way: Any, kind: str) -> None:
    mime_type, data = DOCUMENTS[kind]
    draft = PIPELINE.process(way(f"staff.{kind}", mime_type, data))
    (call,) = calls(draft).calls
    assert call.labels == ()
    assert draft.body is not None
    found = [one for one in draft.body.matches if one.match.type == "EMAIL"]
    assert found
    (reading,) = dialects.parse(draft.body.exchange, PROVIDERS)
    by_place = {text.place: text.text for text in texts(reading.content)}
    for one in found:
        assert by_place[one.place][one.match.start : one.match.end] == MAIL
        message, part = map(int, one.place.split("/")[1:])
        assert one.direction == "sent"
        assert isinstance(reading.content.input_messages[message].parts[part], Blob) or kind == "csv"


def test_what_could_not_be_read_is_said() -> None:
    def labels(data: bytes, kind: str = "application/pdf") -> tuple[str, ...]:
        return calls(PIPELINE.process(openai("a.pdf", kind, data))).calls[0].labels

    assert labels(DOCUMENTS["pdf"][1]) == ()
    assert labels(locked(pdf("secret"))) == (UNSCANNED,)
    assert labels(b"%PDF-1.4 nothing more") == (UNSCANNED,)
    assert labels(b"<html>" + (b"<p>" + b"many words " * 100) * 1_000, "text/html") == (PARTLY_SCANNED,)
    assert labels(b"\x89PNG\r\n\x1a\n", "image/png") == ("image-sent",)


def test_a_document_fetched_from_the_provider_is_read_too() -> None:
    def fetched(kind: str, body: bytes, path: str = "/v1/files/file-1/content") -> Completion:
        answer = Response(status=200, headers=(("content-type", kind),), body=body)
        sent = Request(method="GET", url=f"https://api.openai.com{path}")
        when = datetime(2026, 11, 23, 12, tzinfo=UTC)
        return calls(PIPELINE.process(Exchange(id="x", time=when, request=sent, response=answer)))

    (call,) = fetched("application/octet-stream", DOCUMENTS["pdf"][1]).calls
    assert (call.operation, call.labels) == ("files", ())
    assert [(one.type, one.direction) for one in call.data] == [("EMAIL", "received")]
    row = {"custom_id": "1", "response": {"body": {"choices": [{"message": {"content": f"ask {MAIL}"}}]}}}
    (call,) = fetched("application/octet-stream", json.dumps(row).encode()).calls
    assert [(one.type, one.direction) for one in call.data] == [("EMAIL", "received")]
    (call,) = fetched("application/json", b'{"id": "file-1", "object": "file"}', "/v1/files/file-1").calls
    assert (call.data, call.labels) == ((), ())


def test_training_rows_and_batches_are_no_unread_documents() -> None:
    row = {"messages": [{"role": "user", "content": f"who is {MAIL}?"}, {"role": "assistant", "content": "Maria"}]}
    draft = PIPELINE.process(uploaded("train.jsonl", "application/octet-stream", json.dumps(row).encode()))
    (call,) = calls(draft).calls
    assert call.labels == ()
    assert "EMAIL" in [one.type for one in call.data]
