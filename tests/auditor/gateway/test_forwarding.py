# SPDX-License-Identifier: Apache-2.0
"""Findings go out as they arise: to a webhook that is away for a while, and to a real rsyslog over TLS."""

import json
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
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
from auditor.policy import UNSAID
from auditor.rules import Rules, analyze, load
from auditor.rules.live import Watch
from auditor.store.records import Draft
from auditor.terms import Registry
from tests.auditor.archive.conftest import T0, call, completion, filled, store

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


EXCHANGE = Exchange(id="x", time=T0, request=Request(method="POST", url="https://h.example/p"))


def until(holds: Callable[[], bool], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come about"
        time.sleep(0.02)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


class Receiver:
    """A webhook over TLS that keeps what it is sent; it may be away, or answer with an error at first."""

    def __init__(self, port: int, made: authority.Authority, refusals: int = 0) -> None:
        self.bodies: list[Any] = []
        self.headers: list[dict[str, str]] = []
        outer, self.refusals = self, refusals

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                outer.refusals -= 1
                if outer.refusals < 0:
                    outer.headers.append(dict(self.headers.items()))
                    outer.bodies.append(json.loads(body))
                self.send_response(204 if outer.refusals < 0 else 503)
                self.end_headers()

            def log_message(self, *arguments: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(made.server)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


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
    forwarder = Forwarder(Fixed(completion(card(1), card(2, actor="a-two"))), forward, UNSAID)
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
    forwarder = Forwarder(Fixed(completion(card(1))), forward, UNSAID)
    forwarder.process_all([EXCHANGE])
    time.sleep(0.5)
    receiver.close()
    assert receiver.bodies == []
    assert forwarder.lines[0].close() == 1


class Away:
    """A target that is never there."""

    def deliver(self, finding: Finding, event: bytes) -> None:
        raise ConnectionRefusedError

    def close(self) -> None:
        pass


def test_what_waits_is_bounded_and_counted() -> None:
    line = Line(Away(), most=3)
    (finding,) = Watch(load(), Registry.load()).findings(card(1))
    for number in range(5):
        line.put(finding, b"%d" % number)
    assert line.dropped == 2
    assert line.close() == 3


def test_a_rules_defect_costs_no_record(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    draft = completion(card(1))
    forwarder = Forwarder(Fixed(draft), Forward(), UNSAID)
    monkeypatch.setattr(forwarder._watch, "findings", lambda call: 1 / 0)
    assert forwarder.process_all([EXCHANGE]) == [draft]
    assert "ZeroDivisionError" in caplog.text


@pytest.mark.skipif(shutil.which("rsyslogd") is None, reason="rsyslogd is not installed here")
def test_a_real_rsyslog_takes_messages_over_tls(tmp_path: Path, made: authority.Authority) -> None:
    port = free_port()
    certificate, _, key = made.server.read_text().partition("-----BEGIN PRIVATE KEY-----")
    (tmp_path / "cert.pem").write_text(certificate)
    (tmp_path / "key.pem").write_text(f"-----BEGIN PRIVATE KEY-----{key}")
    configuration = tmp_path / "rsyslog.conf"
    configuration.write_text(f"""
global(workDirectory="{tmp_path}" defaultNetstreamDriver="gtls" defaultNetstreamDriverCAFile="{made.certificate}"
  defaultNetstreamDriverCertFile="{tmp_path}/cert.pem" defaultNetstreamDriverKeyFile="{tmp_path}/key.pem")
module(load="imtcp" streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="anon")
input(type="imtcp" port="{port}" address="127.0.0.1")
template(name="fields" type="string"
  string="%APP-NAME%|%syslogfacility-text%|%syslogseverity-text%|%STRUCTURED-DATA%|%msg%\\n")
action(type="omfile" file="{tmp_path}/out.log" template="fields")
""")
    command = ["rsyslogd", "-n", "-iNONE", "-f", str(configuration)]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        forward = Forward(syslog=f"syslog+tls://localhost:{port}", ca=str(made.certificate))
        forwarder = Forwarder(Fixed(completion(card(1), card(2, actor="a-two"))), forward, UNSAID)
        forwarder.process_all([EXCHANGE])
        out = tmp_path / "out.log"
        until(lambda: out.exists() and out.read_text().count("\n") == 2)
    finally:
        running.terminate()
        running.communicate(timeout=20)
    first = out.read_text().splitlines()[0]
    name, facility, severity, data, message = first.split("|", 4)
    finding = msgspec.json.decode(message.lstrip(" \ufeff").encode(), type=Finding)
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
        Forwarder(Fixed(completion(call(1))), made, UNSAID)
    assert Forward.of(None, tmp_path / "gateway.toml") is None


def test_nothing_is_armed_without_rules() -> None:
    assert Watch(Rules(()), Registry.load()).findings(card(1)) == []
