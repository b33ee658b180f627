# SPDX-License-Identifier: Apache-2.0
"""Findings go out as they arise: to a webhook that is away for a while, and to a real rsyslog over TLS."""

import json
import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from auditor.calls import Call, DataCount, Exchange, Request
from auditor.demo.mock import authority
from auditor.errors import InputError
from auditor.findings import Finding, Level
from auditor.gateway.forward_settings import Forward
from auditor.gateway.forwarding import Forwarder, Line
from auditor.gateway.outbox import Outbox
from auditor.policy import UNSAID
from auditor.rules import Rules, analyze, load
from auditor.rules.live import Watch
from auditor.store.format.records import Draft
from auditor.terms import Registry
from tests.auditor.archive.conftest import T0, call, completion, filled, store
from tests.auditor.gateway.receivers import Receiver, rsyslog, until
from tests.ports import free_port

__all__ = ["filled", "store"]

CARD = (DataCount(type="PAYMENT_CARD", direction="sent", count=1),)


def card(minute: int, **facts: Any) -> Call:
    return call(minute, data=CARD, **facts)


class Fixed:
    """A pipeline that makes the same record of everything."""

    def __init__(self, made: Draft) -> None:
        self.made = made

    def process_all(self, exchanges: Sequence[Exchange]) -> list[Draft]:
        return [self.made for _ in exchanges]

    def introduction(self, exchange: Exchange) -> Draft | None:
        return None

    def withheld(self, exchange: Exchange) -> Draft | None:
        return None


KEY = b"k" * 32


def forwarding(folder: Path, made: Draft, forward: Forward) -> Forwarder:
    return Forwarder(Fixed(made), forward, UNSAID, Outbox(folder / "queue.db", KEY))


EXCHANGE = Exchange(id="x", time=T0, request=Request(method="POST", url="https://h.example/p"))


@pytest.fixture
def made(tmp_path: Path) -> authority.Authority:
    return authority.create(tmp_path, ["localhost"])


def test_a_finding_told_live_is_the_one_the_analysis_finds(filled: Callable[..., Any]) -> None:
    one = card(1)
    watch = Watch(load(), Registry.load())
    told = watch.findings(one)
    assert [finding.rule.level for finding in told] == [Level.MEDIUM]
    later = {finding.id for finding in analyze(filled(completion(one)), Registry.load(), load())}
    assert {finding.id for finding in told} <= later
    assert watch.findings(card(2)) == []
    assert [finding.id for finding in watch.findings(card(62))] == [told[0].id]


def test_the_level_asked_for_bounds_what_is_told() -> None:
    assert Watch(load(), Registry.load(), least=Level.HIGH).findings(card(1)) == []


def test_a_webhook_that_is_away_loses_nothing(tmp_path: Path, made: authority.Authority) -> None:
    port = free_port()
    (tmp_path / "token").write_text("hook-token\n")
    forward = Forward(
        webhook=f"https://localhost:{port}/hook?x=1", ca=str(made.certificate), token_file=str(tmp_path / "token")
    )
    forwarder = forwarding(tmp_path, completion(card(1), card(2, actor="a-two")), forward)
    forwarder.process_all([EXCHANGE])
    time.sleep(0.3)
    receiver = Receiver(port, made, refusals=1)
    try:
        until(lambda: len(receiver.bodies) == 2)
    finally:
        receiver.close()
    found = [msgspec.convert(body, Finding) for body in receiver.bodies]
    assert [one.actor for one in found] == ["a-one", "a-two"]
    assert receiver.headers[0]["authorization"] == "Bearer hook-token"
    assert receiver.headers[0]["idempotency-key"] == found[0].id
    assert "4539" not in json.dumps(receiver.bodies)


def test_a_receiver_of_another_authority_gets_nothing(tmp_path: Path, made: authority.Authority) -> None:
    (tmp_path / "other").mkdir()
    other = authority.create(tmp_path / "other", ["localhost"])
    port = free_port()
    receiver = Receiver(port, other)
    forward = Forward(webhook=f"https://localhost:{port}/", ca=str(made.certificate))
    forwarder = forwarding(tmp_path, completion(card(1)), forward)
    forwarder.process_all([EXCHANGE])
    time.sleep(0.5)
    receiver.close()
    assert receiver.bodies == []
    forwarder.lines[0].close()
    assert [one.waiting for one in forwarder.standing()] == [1]


class Away:
    """A target that is never there."""

    def deliver(self, finding: Finding, event: bytes) -> None:
        raise ConnectionRefusedError

    def close(self) -> None:
        pass


def test_what_waits_is_sent_by_the_next_run(tmp_path: Path, made: authority.Authority) -> None:
    port = free_port()
    forward = Forward(webhook=f"https://localhost:{port}/", ca=str(made.certificate))
    before = forwarding(tmp_path, completion(card(1)), forward)
    before.process_all([EXCHANGE])
    before.lines[0].close(20)
    receiver = Receiver(port, made)
    try:
        after = forwarding(tmp_path, completion(card(2, actor="a-two")), forward)
        after.process_all([EXCHANGE])
        until(lambda: after.standing()[0].delivered == 2)
    finally:
        receiver.close()
    assert [body["actor"] for body in receiver.bodies] == ["a-one", "a-two"]


def test_what_another_version_left_holds_up_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    outbox = Outbox(tmp_path / "queue.db", KEY)
    outbox.put("away", b"{}")
    line = Line("away", Away(), outbox)
    until(lambda: outbox.standing("away").dropped == 1)
    line.close()
    assert "cannot be read" in caplog.text


def test_a_rules_defect_costs_no_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    draft = completion(card(1))
    forwarder = forwarding(tmp_path, draft, Forward())
    monkeypatch.setattr(forwarder._watch, "findings", lambda call: 1 / 0)
    assert forwarder.process_all([EXCHANGE]) == [draft]
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.skipif(shutil.which("rsyslogd") is None, reason="rsyslogd is not installed here")
def test_a_real_rsyslog_takes_messages_over_tls(tmp_path: Path, made: authority.Authority) -> None:
    with rsyslog(tmp_path, made) as (port, messages):
        forward = Forward(syslog=f"syslog+tls://localhost:{port}", ca=str(made.certificate))
        forwarder = forwarding(tmp_path, completion(card(1), card(2, actor="a-two")), forward)
        forwarder.process_all([EXCHANGE])
        until(lambda: len(messages()) == 2)
        name, facility, severity, data, message = messages()[0]
    finding = msgspec.json.decode(message, type=Finding)
    assert (name, facility, severity) == ("ai-usage-auditor", "audit", "warning")
    assert f'id="{finding.id}"' in data
    assert finding.rule.level is Level.MEDIUM


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({"syslog": "udp://siem:514"}, "syslog+tls://HOST"),
        ({"webhook": "http://siem/hook"}, "https://HOST"),
        ({"webhook": "https://"}, "https://HOST"),
        ({"level": "loud"}, "loud"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_settings_that_cannot_be_are_said(tmp_path: Path, table: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match="forward") as caught:
        Forward.of(table, tmp_path / "gateway.toml")
    assert said in caught.value.message


def test_paths_lie_beside_the_file_and_have_to_be_there(tmp_path: Path) -> None:
    made = Forward.of({"webhook": "https://h.example/x", "token_file": "token"}, tmp_path / "gateway.toml")
    assert made is not None
    assert made.token_file == str(tmp_path / "token")
    with pytest.raises(InputError, match="cannot be read"):
        forwarding(tmp_path, completion(call(1)), made)
    assert Forward.of(None, tmp_path / "gateway.toml") is None


def test_nothing_is_armed_without_rules() -> None:
    assert Watch(Rules(()), Registry.load()).findings(card(1)) == []
