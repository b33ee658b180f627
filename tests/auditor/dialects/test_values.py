# SPDX-License-Identifier: Apache-2.0
from typing import Any

import pytest

from auditor.dialects import values
from auditor.dialects.errors import error_code
from auditor.dialects.media import base64_blob, located


@pytest.mark.parametrize(
    ("value", "count"),
    [
        (3, 3),
        (0, 0),
        ("12", 12),
        (4.0, 4),
        (4.5, None),
        (-1, None),
        (True, None),
        (None, None),
        ("x", None),
        (10**30, None),
        ([], None),
        (float("inf"), None),
        (float("nan"), None),
        ("٣", None),
    ],
)
def test_count(value: Any, count: int | None) -> None:
    assert values.count(value) == count


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (b'{"a": "\xff"}', {"a": "\ufffd"}),
        (b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        (b'{"a": "\\ud83d"}', {"a": "?"}),
        (b'{"a": NaN}', {"a": None}),
        (b'{"a": "line\nbreak"}', {"a": "line\nbreak"}),
        (b"  \n [1]", [1]),
    ],
)
def test_lenient_json(data: bytes, value: Any) -> None:
    assert values.decode_json(data) == value


@pytest.mark.parametrize("data", [b"", b"{", b"nonsense", b"{} trailing", b"[" * 100_000])
def test_no_json(data: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        values.decode_json(data)


def test_arguments() -> None:
    assert values.arguments('{"a": 1}') == {"a": 1}
    assert values.arguments("{broken") == "{broken"
    assert values.arguments("") is None
    assert values.arguments({"a": 1}) == {"a": 1}


def test_totals() -> None:
    assert values.total(1, None, 2) == 3
    assert values.total(None, None) is None


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"error": {"type": "a", "code": "b", "message": "secret"}}, "a/b"),
        ({"error": {"code": 404, "status": "NOT_FOUND"}}, "404/NOT_FOUND"),
        ({"error": "overloaded"}, "overloaded"),
        ({"error": "Incorrect key sk-abc def"}, None),
        ([{"error": {"status": "X"}}], "X"),
        ({"type": "error", "error": {"type": "not_found_error"}}, "not_found_error"),
        ({"__type": "Throttled", "message": "secret"}, "Throttled"),
        ({"error": {"code": "has blanks, so no code"}}, None),
        (None, None),
        ("text", None),
    ],
)
def test_error_codes_hold_no_text(body: Any, code: str | None) -> None:
    assert error_code(body) == code


def test_media() -> None:
    urlsafe = base64_blob("_-8", "image/png")
    assert urlsafe is not None
    assert (urlsafe.size, urlsafe.modality) == (2, "image")
    broken = base64_blob("!", "audio/wav")
    assert broken is not None
    assert (broken.size, broken.sha256, broken.modality) == (None, None, "audio")
    assert base64_blob("", "image/png") is None
    plain = located("data:text/plain,hello", "document")
    assert getattr(plain, "size", None) == 5
    assert located("", "image") is None
