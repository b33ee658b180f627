# SPDX-License-Identifier: Apache-2.0
"""No key outlives redaction, wherever a provider lets it travel; what is no key stays as it was."""

import base64
import json
import string
from datetime import UTC, datetime
from urllib.parse import quote, unquote

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from auditor.calls import Exchange, Frame, Request, Response
from auditor.privacy import Pseudonyms, redact
from auditor.privacy.redaction import without_carriers
from auditor.store.format.records import SealedExchange, encode

PSEUDONYMS = Pseudonyms(b"p" * 32)
WHEN = datetime(2026, 11, 23, 12, tzinfo=UTC)
KEY = "sk-proj-9Zq8Yw7Xv6Ut5Sr4Qp3On2Ml1Kj0"
PRINT = PSEUDONYMS.credential(KEY)

keys = st.text(string.ascii_letters + string.digits + "_-", min_size=16, max_size=80)


def exchange(
    url: str = "https://api.openai.com/v1/chat/completions",
    headers: tuple[tuple[str, str], ...] = (),
    body: bytes = b"{}",
    answer: tuple[tuple[str, str], ...] = (),
    frames: tuple[Frame, ...] = (),
) -> Exchange:
    request = Request(method="POST", url=url, headers=headers, body=body)
    return Exchange(
        id="x1", time=WHEN, request=request, response=Response(status=200, headers=answer, body=b"{}"), frames=frames
    )


CARRIERS = {
    "bearer": lambda key: exchange(headers=(("Authorization", f"Bearer {key}"),)),
    "lower bearer": lambda key: exchange(headers=(("authorization", f"bearer  {key} "),)),
    "bare": lambda key: exchange(headers=(("authorization", key),)),
    "anthropic": lambda key: exchange(headers=(("x-api-key", key),)),
    "azure": lambda key: exchange(headers=(("Api-Key", key),)),
    "google": lambda key: exchange(headers=(("X-Goog-Api-Key", key),)),
    "google url": lambda key: exchange(
        url=f"https://generativelanguage.googleapis.com/v1/models/m:x?alt=sse&key={key}"
    ),
    "access token": lambda key: exchange(url=f"https://h.example/p?access_token={key}#x"),
    "fragment": lambda key: exchange(url=f"https://h.example/p#access_token={key}"),
    "user information": lambda key: exchange(url=f"https://{key}@h.example/p"),
    "subprotocol": lambda key: exchange(
        headers=(("Sec-WebSocket-Protocol", f"realtime, openai-insecure-api-key.{key}, openai-beta.realtime-v1"),)
    ),
    "token subprotocol": lambda key: exchange(headers=(("sec-websocket-protocol", f"token, {key}"),)),
    "session cookie": lambda key: exchange(headers=(("cookie", f"theme=dark; sessionKey={key}"),)),
    "signature 4": lambda key: exchange(
        headers=(
            (
                "authorization",
                f"AWS4-HMAC-SHA256 Credential={key}/20261123/us-east-1/bedrock/aws4_request, "
                "SignedHeaders=host;x-amz-date, Signature=0badc0de0badc0de0badc0de",
            ),
        )
    ),
    "named by ending": lambda key: exchange(headers=(("x-acme-access-token", key),)),
    "helper": lambda key: exchange(headers=(("Helicone-Auth", f"Bearer {key}"),)),
}


@pytest.mark.parametrize("carrier", CARRIERS)
@given(key=keys)
def test_no_key_survives_and_its_print_names_the_call(carrier: str, key: str) -> None:
    assume(key not in str(CARRIERS[carrier]("")))
    safe, credential = redact(CARRIERS[carrier](key), PSEUDONYMS)
    assert credential == PSEUDONYMS.credential(key)
    assert credential.encode() in encode(safe)
    assert key.encode() not in encode(SealedExchange(exchange=safe))


SILENT = {
    "proxy": lambda key: exchange(headers=(("Proxy-Authorization", f"Basic {key}"),)),
    "session token of a signature": lambda key: exchange(headers=(("x-amz-security-token", key),)),
    "other cookie": lambda key: exchange(headers=(("cookie", f"__cf_bm={key}"),)),
    "cookie that is set": lambda key: exchange(answer=(("Set-Cookie", f"sessionKey={key}; Path=/; HttpOnly"),)),
    "proof": lambda key: exchange(headers=(("openai-sentinel-chat-requirements-token", key),)),
    "answer": lambda key: exchange(answer=(("x-session-token", key),)),
}


@pytest.mark.parametrize("carrier", SILENT)
@given(key=keys)
def test_companions_are_hidden_but_name_nobody(carrier: str, key: str) -> None:
    assume(key not in str(SILENT[carrier]("")))  # a key that spells the carrier's own name proves nothing
    safe, credential = redact(SILENT[carrier](key), PSEUDONYMS)
    assert credential is None
    assert key.encode() not in encode(safe)


@given(key=keys, text=st.text(max_size=15))
def test_a_key_is_hidden_where_it_is_repeated(key: str, text: str) -> None:
    body = json.dumps({"api_key": key, "text": text}).encode()
    sent = exchange(
        url=f"https://h.example/v1/{key}/chat",
        headers=(("authorization", f"Bearer {key}"), ("x-note", f"uses {key}")),
        body=body,
        answer=(("x-echo", key),),
        frames=(Frame(direction="sent", text=f"k={key}"), Frame(direction="received", data=key.encode())),
    )
    safe, _ = redact(sent, PSEUDONYMS)
    assert key.encode() not in encode(safe)
    assert json.loads(safe.request.body)["text"] == text


@pytest.mark.parametrize(
    "value",
    [
        KEY,
        "AIza" + "Sy0aB1cD2eF3gH4iJ5kL6mN7oP8qR9sT0uV",
        "gsk_" + "a1B2c3D4e5F6g7H8i9J0",
        "ghu_" + "16C7e42F292c6912E7710c838347Ae178B4a",
        "AKIA" + "IOSFODNN7EXAMPLE",
        "tid=9f8e7d6c;exp=1790000000;sku=yearly:abcdef",
    ],
)
def test_what_looks_like_a_key_goes_from_unknown_headers_and_parameters(value: str) -> None:
    safe, credential = redact(exchange(headers=(("x-acme", f"v1 {value}"),)), PSEUDONYMS)
    assert credential is not None
    assert value.encode() not in encode(safe)
    safe, _ = redact(exchange(url=f"https://h.example/p?blob={quote(value)}&n=1"), PSEUDONYMS)
    assert value not in unquote(safe.request.url)
    assert safe.request.url.endswith("&n=1")


HARMLESS = (
    ("x-ratelimit-remaining-tokens", "9999"),
    ("x-ratelimit-reset-tokens", "6m0s"),
    ("x-amzn-bedrock-input-token-count", "12"),
    ("x-time-per-token", "17.5"),
    ("access-control-allow-credentials", "true"),
    ("x-request-id", "req_011CSjZ8wq2B7n5vKpXrTdQe"),
    ("idempotency-key", "stainless-python-retry-2d1c2f5a"),
    ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ("sec-websocket-protocol", "realtime, openai-beta.realtime-v1"),
    ("x-claude-code-session-id", "eba7676d-4c5a-4e8a-8f82-9fc2c50cf6e1"),
    ("content-type", "application/json"),
)


def test_harmless_headers_stay() -> None:
    sent = exchange(
        url="https://h.example/v1/models/hf-inference-endpoint-models:run?alt=sse&max_tokens=12",
        headers=HARMLESS,
        answer=HARMLESS,
    )
    assert redact(sent, PSEUDONYMS) == (sent, None)


def test_the_providers_key_goes_before_others() -> None:
    headers = (("cookie", "session=abcdefabcdefabcdef"), ("x-acme-token", "t" * 20), ("authorization", f"Bearer {KEY}"))
    safe, credential = redact(exchange(headers=headers), PSEUDONYMS)
    assert credential == PRINT
    assert safe.request.headers[2] == ("authorization", f"Bearer {PRINT}")


def test_signature_4_keeps_what_is_no_key() -> None:
    safe, _ = redact(CARRIERS["signature 4"]("AKIAIOSFODNN7EXAMPLE"), PSEUDONYMS)
    assert "/20261123/us-east-1/bedrock/aws4_request, SignedHeaders=host;x-amz-date" in safe.request.headers[0][1]
    assert "0badc0de" not in safe.request.headers[0][1]


def jwt(claims: dict[str, object], tail: str) -> str:
    coded = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"eyJhbGciOiJub25lIn0.{coded}.{tail}"


def test_a_renewed_token_keeps_its_holders_print() -> None:
    first, second = jwt({"sub": "u1", "iss": "i", "exp": 1}, "aaaaaaaa"), jwt({"sub": "u1", "iss": "i", "exp": 2}, "bb")
    other = jwt({"sub": "u2", "iss": "i", "exp": 1}, "aaaaaaaa")
    assert PSEUDONYMS.credential(first) == PSEUDONYMS.credential(second) != PSEUDONYMS.credential(other)
    assert PSEUDONYMS.credential("tid=1;exp=5;a:b") == PSEUDONYMS.credential("tid=1;exp=6;c:d")
    assert PSEUDONYMS.credential("eyJ.%%%.x") != PSEUDONYMS.credential("eyJ.%%%.y")


def test_short_keys_are_words_and_spare_the_body() -> None:
    safe, credential = redact(exchange(headers=(("authorization", "Bearer test"),), body=b'"a test"'), PSEUDONYMS)
    assert credential == PSEUDONYMS.credential("test")
    assert safe.request.body == b'"a test"'
    assert safe.request.headers[0][1] == f"Bearer {credential}"


@given(
    name=st.text(max_size=20),
    value=st.text(max_size=60),
    url=st.text(max_size=60),
    frame=st.text(st.characters(), max_size=20),
)
def test_any_exchange_is_taken_and_can_be_written(name: str, value: str, url: str, frame: str) -> None:
    sent = exchange(
        url=url,
        headers=((name, value), ("cookie", value), ("authorization", value)),
        frames=(Frame(direction="sent", text=frame + "\ud800"),),
    )
    safe, _ = redact(sent, PSEUDONYMS)
    assert encode(safe)
    assert encode(without_carriers(sent))


def test_the_last_resort_keeps_no_carrier() -> None:
    sent = exchange(url=f"https://{KEY}@h.example/p?key={KEY}", headers=(("authorization", KEY),), body=b"kept")
    kept = without_carriers(sent)
    assert KEY.encode() not in encode(kept)
    assert (kept.request.url, kept.request.body) == ("https://h.example/p", b"kept")


@pytest.mark.parametrize("value", ["[removed]", "REDACTED", "<hidden>", "***", "xxxx", "__FILTERED__"])
def test_a_key_that_somebody_took_out_names_nobody(value: str) -> None:
    headers = (("authorization", f"Bearer {value}"),)
    request = Request(method="POST", url="https://api.openai.com/v1/files", headers=headers)
    one = Exchange(id="x", time=datetime(2026, 11, 23, tzinfo=UTC), request=request)
    assert redact(one, Pseudonyms(b"p" * 32))[1] is None


def test_words_that_are_keys_name_the_call() -> None:
    for value in ("ollama", "xx", "hidden-valley-7"):
        headers = (("authorization", f"Bearer {value}"),)
        request = Request(method="POST", url="https://api.openai.com/v1/files", headers=headers)
        one = Exchange(id="x", time=datetime(2026, 11, 23, tzinfo=UTC), request=request)
        assert redact(one, Pseudonyms(b"p" * 32))[1] is not None
