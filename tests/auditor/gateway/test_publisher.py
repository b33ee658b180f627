# SPDX-License-Identifier: Apache-2.0
import contextlib
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from auditor.errors import AuditorError, CheckFailed, EnvironmentFailure, InputError, UnlockError
from auditor.gateway.guard import FAILURE_SPAN, MOST_FAILURES, Guard
from auditor.gateway.publisher import MOST_CONNECTIONS, Publisher, serve
from auditor.gateway.readers import LISTENER_FILE, READERS_FILE, Reader, Readers, Scope, listener_file, pin
from auditor.store import Enrolment, erasing
from auditor.store.erasing import Scope as Erasing
from auditor.store.ledger import erasure
from auditor.sync.pulling import pull
from auditor.sync.remote import GatewaySource, token_from
from auditor.sync.tokens import ReadToken
from tests.auditor.store.material import Home, completion
from tests.auditor.sync.material import Desk

type Open = Callable[[ReadToken], GatewaySource]


class Gateway:
    """A gateway that publishes its ledger."""

    def __init__(self, home: Home, port: int) -> None:
        self.home = home
        self.url = f"https://127.0.0.1:{port}"
        self.port = port
        self.readers = Readers(home.made.gateway)

    def token(self, *scopes: Scope, rate: float = 1000) -> ReadToken:
        name = f"desk-{len(self.readers.all())}"
        return self.readers.add(name, scopes or (Scope.RECORDS,), rate=rate)


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Gateway]:
    home = Home(tmp_path / "audit")
    publisher = Publisher(home.location, Enrolment.load(home.made.gateway))
    home.write(3)
    with serve(publisher, ("127.0.0.1", 0), home.made.gateway) as (_, port):
        yield Gateway(home, port)


@pytest.fixture
def opened(gateway: Gateway) -> Iterator[Open]:
    with contextlib.ExitStack() as stack:

        def open_(token: ReadToken) -> GatewaySource:
            return stack.enter_context(contextlib.closing(GatewaySource(gateway.url, token)))

        yield open_


@pytest.fixture
def desk(gateway: Gateway, tmp_path: Path) -> Desk:
    return Desk(gateway.home, tmp_path / "desk")


def test_a_token_gives_the_sealed_records_and_then_their_news(gateway: Gateway, opened: Open, desk: Desk) -> None:
    source = opened(gateway.token())
    pull(source, desk.location)
    gateway.home.write(300)
    (pulled,) = pull(source, desk.location)
    assert pulled.leaves >= 300
    assert desk.verified().holds
    assert len(desk.seqs()) == 303
    assert pull(source, desk.location)[0].leaves == 0


def test_news_come_without_being_asked_for_again(gateway: Gateway, opened: Open) -> None:
    source = opened(gateway.token())
    size = source.size(gateway.home.gateway)
    with gateway.home.writer() as writer:
        later = threading.Timer(0.3, lambda: writer.append([completion(1)]))
        later.start()
        begun = time.monotonic()
        assert list(source.read(gateway.home.gateway, size, wait=60))
        assert time.monotonic() - begun < 30
        later.join()


def test_a_wrong_token_gets_nothing(gateway: Gateway, opened: Open) -> None:
    right = gateway.token()
    for wrong in (
        ReadToken(id=right.id, secret="guessed", pin=right.pin),
        ReadToken(id="00000000", secret=right.secret, pin=right.pin),
        ReadToken(id=right.id, secret=right.secret[:-1], pin=right.pin),
    ):
        source = opened(wrong)
        for ask in (source.about, lambda s=source: list(s.read("x", 0)), lambda s=source: s.erasures("x", 5)):
            with pytest.raises(UnlockError):
                ask()


def test_a_revoked_token_and_one_that_is_over_get_nothing(gateway: Gateway, opened: Open) -> None:
    source = opened(gateway.token())
    assert source.about().ledger == gateway.home.gateway
    gateway.readers.revoke("desk-0")
    with pytest.raises(UnlockError):
        source.about()
    over = gateway.readers.add("over", [Scope.RECORDS], days=-1)
    with pytest.raises(UnlockError):
        opened(over).about()


def test_a_token_is_good_for_its_scope_alone(gateway: Gateway, opened: Open) -> None:
    with pytest.raises(UnlockError):
        opened(gateway.token(Scope.ORDERS)).about()
    with pytest.raises(UnlockError):
        opened(gateway.token(Scope.RECORDS)).order("x", b"[]")


def test_signed_erasures_are_delivered_and_others_are_not(gateway: Gateway, opened: Open) -> None:
    home, source = gateway.home, opened(gateway.token(Scope.ORDERS))
    with home.writer():  # a writer holds the ledger, so that the order waits for it
        targets = erasing.find(home.reader(), Erasing(call="call-1"))
        erasing.erase(home.location, home.identity, Erasing(call="call-1"), targets, "asked for")
    (order,) = erasure.waiting(home.location, home.gateway)
    raw = order.read_bytes()
    order.unlink()
    source.order(home.gateway, raw)
    (delivered,) = erasure.waiting(home.location, home.gateway)
    assert delivered.read_bytes() == raw
    for forged in (raw.replace(b'"seq":', b'"seq":1'), b"[]", b"nothing"):
        with pytest.raises(AuditorError):
            source.order(home.gateway, forged)
    assert erasure.waiting(home.location, home.gateway) == [delivered]


def test_who_asks_too_often_has_to_wait(gateway: Gateway, opened: Open) -> None:
    source = opened(gateway.token(rate=1))
    source.about()
    source.about()
    with pytest.raises(EnvironmentFailure, match="patience"):
        source.about()


def test_an_address_that_guesses_is_not_heard(gateway: Gateway, opened: Open) -> None:
    right = gateway.token()
    wrong = opened(ReadToken(id=right.id, secret="guessed", pin=right.pin))
    for _ in range(MOST_FAILURES):
        with pytest.raises(UnlockError):
            wrong.about()
    with pytest.raises(EnvironmentFailure, match="patience"):
        opened(right).about()


def test_a_guard_forgives_after_a_while() -> None:
    now = [0.0]
    guard = Guard(lambda: now[0])
    reader = Reader(id="a", name="a", secret="", scopes=(), created=0, rate=1)
    for _ in range(MOST_FAILURES):
        guard.failed("10.0.0.7")
    assert guard.is_barred("10.0.0.7")
    assert not guard.is_barred("10.0.0.8")
    assert [guard.admits(reader) for _ in range(3)] == [True, True, False]
    now[0] = FAILURE_SPAN
    assert not guard.is_barred("10.0.0.7")
    assert guard.admits(reader)


class _Middle(threading.Thread):
    """A machine in the middle with a certificate of its own: it notes all that it is told."""

    def __init__(self, folder: Path) -> None:
        super().__init__(daemon=True)
        folder.mkdir()
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(listener_file(folder))
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.heard = b""

    def run(self) -> None:
        raw, _ = self._listening.accept()
        with contextlib.suppress(OSError), self._listening, self._context.wrap_socket(raw, server_side=True) as tls:
            tls.settimeout(20)
            while some := tls.recv(4096):
                self.heard += some


def test_a_machine_in_the_middle_hears_nothing(gateway: Gateway, desk: Desk, tmp_path: Path) -> None:
    middle = _Middle(tmp_path / "middle")
    middle.start()
    source = GatewaySource(f"https://127.0.0.1:{middle.port}", gateway.token())
    with pytest.raises(CheckFailed, match="another key"):
        pull(source, desk.location)
    middle.join(20)
    assert not middle.is_alive()
    assert middle.heard == b""
    assert desk.location.ledgers() == ()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/v1/records?after=x", 400),
        ("GET", "/v1/records?after=99999", 204),
        ("POST", "/v1/orders", 403),
        ("PUT", "/v1/ledger", 501),
    ],
)
def test_odd_requests_get_short_answers(gateway: Gateway, method: str, path: str, status: int) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    connection = http.client.HTTPSConnection("127.0.0.1", gateway.port, timeout=20, context=context)
    with contextlib.closing(connection):
        connection.request(
            method, path, b"x" if method == "POST" else None, {"Authorization": gateway.token().credentials}
        )
        assert connection.getresponse().status == status


def test_idle_and_plain_connections_keep_nobody_out(gateway: Gateway, opened: Open) -> None:
    idle = [socket.create_connection(("127.0.0.1", gateway.port)) for _ in range(MOST_CONNECTIONS // 2)]
    idle[0].sendall(b"GET / HTTP/1.1\r\n\r\n")
    assert opened(gateway.token()).about().size > 0
    for one in idle:
        one.close()


def test_tokens_are_kept_as_hashes_readable_by_the_owner_only(gateway: Gateway) -> None:
    made = gateway.token()
    path = gateway.home.made.gateway / READERS_FILE
    assert made.secret not in path.read_text()
    assert {path.stat().st_mode & 0o777, (path.parent / LISTENER_FILE).stat().st_mode & 0o777} == {0o600}
    assert ReadToken.parse(made.text()) == made
    assert made.pin == pin(path.parent)


def test_bad_tokens_and_files_are_told_in_a_sentence(gateway: Gateway, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        ReadToken.parse("hunter2")
    assert "hunter2" not in caught.value.diagnostics()
    with pytest.raises(InputError, match="cannot be read"):
        token_from(tmp_path / "none")
    with pytest.raises(InputError, match="address"):
        GatewaySource("http://127.0.0.1:1", gateway.token())
    with pytest.raises(InputError, match="already"):
        gateway.readers.add("desk-0", [Scope.RECORDS])
    with pytest.raises(InputError, match="no token"):
        gateway.readers.revoke("nobody")
    (gateway.home.made.gateway / READERS_FILE).write_text("{")
    with pytest.raises(InputError, match="damaged"):
        gateway.readers.all()


def test_a_gateway_that_is_away_is_named(gateway: Gateway) -> None:
    source = GatewaySource("https://127.0.0.1:1", gateway.token())
    with pytest.raises(EnvironmentFailure, match="cannot be reached"):
        source.about()


def test_a_taken_port_is_named(gateway: Gateway) -> None:
    publisher = Publisher(gateway.home.location, Enrolment.load(gateway.home.made.gateway))
    with (
        pytest.raises(EnvironmentFailure, match=str(gateway.port)),
        serve(publisher, ("127.0.0.1", gateway.port), gateway.home.made.gateway),
    ):
        pass
