# SPDX-License-Identifier: Apache-2.0
from hypothesis import given
from hypothesis import strategies as st

from auditor.dialects.framing import read_form
from tests.auditor.dialects.exchanges import form

PURPOSE = ({"Content-Disposition": 'form-data; name="purpose"'}, b"batch")
FILE = (
    {"Content-Disposition": 'form-data; name="file"; filename="tide.jsonl"', "Content-Type": "application/jsonl"},
    b'{"a": 1}\r\n{"b": 2}\r\n',
)


def test_fields_and_files() -> None:
    body, headers = form([PURPOSE, FILE])
    purpose, file = read_form(body, headers["content-type"])
    assert (purpose.name, purpose.filename, purpose.text) == ("purpose", None, "batch")
    assert (file.name, file.filename, file.content_type) == ("file", "tide.jsonl", "application/jsonl")
    assert file.data == FILE[1]


def test_without_a_declared_boundary_the_body_tells() -> None:
    body, _ = form([PURPOSE])
    (purpose,) = read_form(body, "")
    assert purpose.text == "batch"


def test_without_its_last_boundary_the_rest_counts() -> None:
    body, headers = form([PURPOSE, FILE])
    parts = read_form(body[: -len("\r\n--edge--\r\n")], headers["content-type"])
    assert [part.name for part in parts] == ["purpose", "file"]


def test_bare_newlines() -> None:
    body = b'--edge\nContent-Disposition: form-data; name="a"\n\nx\n--edge--\n'
    (part,) = read_form(body, "multipart/form-data; boundary=edge")
    assert (part.name, part.text.strip()) == ("a", "x")


def test_no_form() -> None:
    assert read_form(b'{"a": 1}', "application/json") == ()
    assert read_form(b"", "multipart/form-data; boundary=edge") == ()


@given(body=st.binary(max_size=200), kind=st.sampled_from(["multipart/form-data; boundary=a", "multipart/x", ""]))
def test_any_bytes(body: bytes, kind: str) -> None:
    assert isinstance(read_form(b"--a\r\n" + body, kind), tuple)


@given(st.lists(st.binary(max_size=40).filter(lambda data: b"--edge" not in data), max_size=4))
def test_parts_come_back(datas: list[bytes]) -> None:
    body, headers = form([({"Content-Disposition": 'form-data; name="f"; filename="n"'}, data) for data in datas])
    assert [part.data for part in read_form(body, headers["content-type"])] == datas
