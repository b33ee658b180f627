# SPDX-License-Identifier: Apache-2.0
"""Every exchange gives one draft without keys; what breaks us is kept as it came; a text is scanned once."""

import base64
import json
import string
from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from auditor import dialects
from auditor import pipeline as pipeline_module
from auditor.calls import Exchange, Frame, Match, Origin, Outcome, Request, Response
from auditor.detectors import Scanner, ScanResult
from auditor.pipeline import Pipeline
from auditor.privacy import PlacedText, Pseudonyms, texts
from auditor.providers import Providers
from auditor.scanning import PARTLY_SCANNED, UNSCANNED, ScanMemory
from auditor.store.format.records import Completion, Draft, Intent, encode

PSEUDONYMS = Pseudonyms(b"p" * 32)
PROVIDERS = Providers.load()
KEY = "sk-proj-9Zq8Yw7Xv6Ut5Sr4Qp3On2Ml1Kj0"
WHEN = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Counting:
    """Finds the word "secret", and counts what it is asked."""

    def __init__(self, truncated: bool = False) -> None:
        self.asked: list[str] = []
        self.truncated = truncated

    def examine_all(self, texts: Iterable[str]) -> list[ScanResult]:
        return [self._examine(text) for text in texts]

    def _examine(self, text: str) -> ScanResult:
        self.asked.append(text)
        if "boom" in text:
            raise RuntimeError(text)
        start = text.find("secret")
        found = (Match(start=start, end=start + 6, type="SECRET", masked="s…"),) if start >= 0 else ()
        return ScanResult(found, self.truncated)


def pipe(scanner: Counting | Scanner | None = None) -> Pipeline:
    return Pipeline(PROVIDERS, PSEUDONYMS, scanner or Counting(), gateway="here")


def chat(*said: str, answer: str = "fine", origin: Origin = Origin(), key: str | None = KEY) -> Exchange:  # noqa: B008
    roles = ("user", "assistant")
    asked = {"model": "gpt-4o", "messages": [{"role": roles[n % 2], "content": text} for n, text in enumerate(said)]}
    message = {"role": "assistant", "content": answer}
    answered = {"id": "c", "model": "gpt-4o", "choices": [{"index": 0, "finish_reason": "stop", "message": message}]}
    return Exchange(
        id="x1",
        time=WHEN,
        origin=origin,
        request=Request(
            method="POST",
            url="https://api.openai.com/v1/chat/completions?trace=1",
            headers=(("authorization", f"Bearer {key}"),) if key else (),
            body=json.dumps(asked).encode(),
        ),
        response=Response(status=200, body=json.dumps(answered).encode()),
    )


def meta(draft: Draft) -> Completion:
    assert isinstance(draft.meta, Completion)
    return draft.meta


def test_a_call_with_its_data_its_actor_and_no_key() -> None:
    draft = pipe().process(chat("a secret", origin=Origin(address="10.0.0.7", user="alice"), answer="secret too"))
    (call,) = meta(draft).calls
    assert (call.provider, call.request_model, call.gateway) == ("openai", "gpt-4o", "here")
    assert call.actor == PSEUDONYMS.actor("alice")
    assert call.credential == PSEUDONYMS.credential(KEY)
    assert [(found.type, found.direction, found.count) for found in call.data] == [
        ("SECRET", "received", 1),
        ("SECRET", "sent", 1),
    ]
    assert draft.body is not None
    places = {(found.place, found.direction, found.role) for found in draft.body.matches}
    assert places == {("input/0/0", "sent", "user"), ("output/0/0", "received", "assistant")}
    assert len({found.same for found in draft.body.matches}) == 1
    assert KEY.encode() not in encode(draft.meta) + encode(draft.body)


def test_the_actor_is_the_user_else_the_address_else_the_credential() -> None:
    def actor(**facts: object) -> str | None:
        return meta(pipe().process(chat("hi", **facts))).calls[0].actor  # type: ignore[arg-type]

    assert actor(origin=Origin(address="10.0.0.7")) == PSEUDONYMS.actor("10.0.0.7")
    assert actor() == PSEUDONYMS.actor(PSEUDONYMS.credential(KEY))
    assert actor(key=None) is None


def test_a_match_can_be_shown_where_it_lies() -> None:
    draft = pipe(Scanner()).process(
        chat("first", "then", "write to ann@example.org", answer="card 4111 1111 1111 1111")
    )
    assert draft.body is not None
    (reading,) = dialects.parse(draft.body.exchange, PROVIDERS)
    by_place = {text.place: text.text for text in texts(reading.content)}
    shown = {
        found.match.type: by_place[found.place][found.match.start : found.match.end] for found in draft.body.matches
    }
    assert shown == {"EMAIL": "ann@example.org", "PAYMENT_CARD": "4111 1111 1111 1111"}


def test_a_repeated_history_is_scanned_once() -> None:
    scanner = Counting()
    through = pipe(scanner)
    said: list[str] = []
    for turn in range(5):
        said += [f"question {turn} secret", f"answer {turn}"]
        draft = through.process(chat(*said, answer=f"answer {turn + 1}"))
        assert sum(found.count for found in meta(draft).calls[0].data) == turn + 1
    assert len(scanner.asked) == len(set(scanner.asked)) == 11


def test_the_memory_is_bounded_and_forgets_the_oldest() -> None:
    scanner = Counting()
    memory = ScanMemory(scanner, PSEUDONYMS, remembered=10)
    for number in range(50):
        memory._recall(f"secret {number}")
        memory._recall("kept in mind")
    assert memory._held <= 10
    assert scanner.asked.count("kept in mind") == 1
    memory._recall("secret 0")
    assert scanner.asked.count("secret 0") == 2


def test_texts_are_searched_together_ahead_of_what_is_said() -> None:
    scanner = Counting()
    memory = ScanMemory(scanner, PSEUDONYMS)
    first, second = (PlacedText("input/0/0", "sent", "user", text) for text in ("a secret", "no"))
    with memory.ahead([first.text, second.text, first.text]):
        assert scanner.asked == ["a secret", "no"]
        assert [one.repeated for one in memory.said(0, [first, second, first])[0]] == [False, True]
    assert scanner.asked == ["a secret", "no"]
    with memory.ahead([second.text, "new"]):
        assert scanner.asked == ["a secret", "no", "new"]
    assert not memory._digests
    assert not memory._ahead


def test_a_text_that_breaks_the_search_costs_no_other_its_result() -> None:
    drafts = pipe().process_all([chat("boom"), chat("a secret")])
    assert [meta(draft).calls[0].labels for draft in drafts] == [(UNSCANNED,), ()]
    assert [len(meta(draft).calls[0].data) for draft in drafts] == [0, 1]


def test_a_broken_detector_costs_a_label_only() -> None:
    draft = pipe().process(chat("boom", answer="secret"))
    (call,) = meta(draft).calls
    assert (call.outcome, call.labels, call.request_model) == (Outcome.COMPLETE, (UNSCANNED,), "gpt-4o")
    assert len(call.data) == 1
    (call,) = meta(pipe(Counting(truncated=True)).process(chat("long"))).calls
    assert call.labels == (PARTLY_SCANNED,)


def test_what_breaks_a_dialect_is_kept_without_its_keys(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError(f"cannot read {KEY}")

    monkeypatch.setattr(dialects, "parse", fail)
    draft = pipe().process(chat("hello", origin=Origin(user="alice")))
    (call,) = meta(draft).calls
    assert (call.outcome, call.error, call.labels) == (Outcome.UNPARSED, "RuntimeError", (UNSCANNED,))
    assert (call.actor, call.credential) == (PSEUDONYMS.actor("alice"), PSEUDONYMS.credential(KEY))
    assert draft.body is not None
    assert b"hello" in draft.body.exchange.request.body
    assert KEY.encode() not in encode(draft.meta) + encode(draft.body)
    assert KEY not in caplog.text


def test_what_breaks_redaction_loses_all_that_may_carry_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(pipeline_module, "redact", fail)
    draft = pipe().process(chat("hello", origin=Origin(user="alice")))
    (call,) = meta(draft).calls
    assert (call.provider, call.credential, call.actor) == ("openai", None, PSEUDONYMS.actor("alice"))
    assert draft.body is not None
    assert draft.body.exchange.request.headers == ()
    assert KEY.encode() not in encode(draft.meta) + encode(draft.body)
    assert pipe().intent(chat("hello")).meta == Intent(
        time=WHEN, exchange="x1", method="POST", server_address="api.openai.com", path="/v1/chat/completions",
        provider="openai",
    )  # fmt: skip


def test_the_intent_tells_where_a_request_goes() -> None:
    leaving = chat("hello", origin=Origin(address="10.0.0.7"))
    told = pipe().intent(leaving).meta
    assert isinstance(told, Intent)
    assert (told.exchange, told.method, told.server_address) == ("x1", "POST", "api.openai.com")
    assert (told.path, told.provider) == ("/v1/chat/completions", "openai")
    assert (told.actor, told.credential) == (PSEUDONYMS.actor("10.0.0.7"), PSEUDONYMS.credential(KEY))


anything = st.text(max_size=30)
short = st.text(max_size=15)
headers = st.lists(st.tuples(short, anything), max_size=4).map(tuple)


@given(
    url=anything | st.sampled_from(["https://api.openai.com/v1/responses", "http://[", "https://h:99999/", "//@:"]),
    headers=headers,
    body=st.binary(max_size=60),
    answer=st.binary(max_size=60),
    user=short,
    frames=st.lists(st.text(st.characters(), max_size=9).map(lambda t: Frame(direction="sent", text=t)), max_size=2),
    key=st.text(string.ascii_letters + string.digits, min_size=20, max_size=40),
)
def test_any_exchange_gives_a_draft_that_can_be_written(
    url: str,
    headers: tuple[tuple[str, str], ...],
    body: bytes,
    answer: bytes,
    user: str,
    frames: list[Frame],
    key: str,
) -> None:
    exchange = Exchange(
        id="x",
        time=WHEN,
        origin=Origin(user=user + "\udcff"),
        request=Request(method="POST", url=url, headers=(*headers, ("x-api-key", key)), body=body + key.encode()),
        response=Response(status=200, headers=headers, body=answer),
        frames=tuple(frames),
    )
    for draft in (pipe().process(exchange), pipe().intent(exchange)):
        assert key.encode() not in encode(draft.meta) + encode(draft.body)
    assert len(meta(pipe().process(exchange)).calls) >= 1


def test_what_was_sent_before_is_told_from_what_is_new() -> None:
    through = pipe()
    through.process(chat("a secret"))
    (call,) = meta(through.process(chat("a secret", "fine", "another secret"))).calls
    assert [(found.count, found.repeated) for found in call.data] == [(2, 1)]


def test_a_key_in_a_tools_result_is_told_from_one_in_a_prompt() -> None:
    exchange = chat("look it up")
    asked = json.loads(exchange.request.body)
    call = {"id": "t", "type": "function", "function": {"name": "read", "arguments": '{"path": "secret.txt"}'}}
    asked["messages"] += [
        {"role": "assistant", "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "t", "content": "the secret"},
    ]
    request = Request(method="POST", url=exchange.request.url, body=json.dumps(asked).encode())
    draft = pipe().process(Exchange(id="x2", time=WHEN, request=request))
    assert draft.body is not None
    assert [(found.carrier, found.direction) for found in draft.body.matches] == [
        ("tool_call", "sent"),
        ("tool_result", "sent"),
    ]


CANARIES = ("AKIAQZ7XWPLMN3RT2VKB", "zo.canary@post.example", "4111 1111 1111 1111", "kQ9wzXt7canary", "Canaria Ortega")


def test_match_records_hold_no_value_in_any_form() -> None:
    said = f"I am Mrs {CANARIES[4]}, {CANARIES[1]}, card {CANARIES[2]}, key {CANARIES[0]}, password={CANARIES[3]}"
    draft = pipe(Scanner()).process(chat(said, origin=Origin(user="alice")))
    assert draft.body is not None
    assert {found.match.type for found in draft.body.matches} >= {"SECRET", "EMAIL", "PAYMENT_CARD", "PASSWORD"}
    stored = encode(draft.meta) + b"".join(msgspec.msgpack.encode(found) for found in draft.body.matches)
    for canary in CANARIES:
        raw = canary.encode()
        plain = canary.replace(" ", "").encode()
        for form in (raw, plain, raw.hex().encode(), base64.b64encode(raw).rstrip(b"="), canary.encode("utf-16-le")):
            assert form.lower() not in stored.lower(), canary
