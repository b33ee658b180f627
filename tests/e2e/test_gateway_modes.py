# SPDX-License-Identifier: Apache-2.0
"""The ways clients reach a gateway, and whom it serves: modes, sign-in, client certificates, destinations."""

import base64
import json
import os
import shutil
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import bcrypt
import httpx
import pytest

from auditor.store.format.records import Completion, Intent
from tests.e2e.authority import TestAuthority
from tests.e2e.chained import ChainedProxy
from tests.e2e.gateway import HOST, OTHER_HOST, PATIENCE_S, Gateway, children, eventually
from tests.e2e.upstream import Upstream, completion
from tests.ports import free_port

pytestmark = pytest.mark.e2e
URL = f"https://{HOST}/v1/chat/completions"
BODY = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Good morning"}]}


def recorded(gateway: Gateway, mark: str) -> Completion:
    """The one completion of a call with this mark; waits for it."""
    found: list[Completion] = []

    def there() -> bool:
        reader = gateway.reader()
        for one in gateway.metas(reader):
            if isinstance(one.meta, Completion):
                exchange = reader.body(one.ledger, one.seq).exchange
                if mark in exchange.request.url:
                    found.append(one.meta)
        return bool(found)

    eventually(there)
    assert len(found) == 1
    return found[0]


# --- modes ------------------------------------------------------------------------------------------------------


def test_reverse(tmp_path: Path, upstream: Upstream) -> None:
    """Clients that take a base URL need no proxy and no certificate."""
    with Gateway(tmp_path / "audit", upstream).running(mode=f"reverse:https://{HOST}") as gateway:
        plain = httpx.post(f"{gateway.url}/v1/chat/completions?reversed", json=BODY, timeout=PATIENCE_S)
        secure = httpx.post(
            f"https://localhost:{httpx.URL(gateway.url).port}/v1/chat/completions?secured",
            json=BODY,
            verify=gateway.trust(),
            timeout=PATIENCE_S,
        )
        call = recorded(gateway, "reversed").calls[0]
        recorded(gateway, "secured")
    assert plain.content == secure.content == completion()
    assert (call.provider, call.server_address) == ("openai", HOST)
    hit = next(hit for hit in upstream.hits if "reversed" in hit.path)
    assert dict(hit.headers)["host"] == HOST, "the provider hears its own name, not the gateway's"


def test_upstream_with_a_password(tmp_path: Path, upstream: Upstream) -> None:
    places = {f"{name}:443": ("127.0.0.1", upstream.port) for name in (HOST, OTHER_HOST)}
    secret = tmp_path / "secret"
    secret.write_text("gateway:s3cret-of-the-chain\n")
    with ChainedProxy("gateway:s3cret-of-the-chain", places) as chained:
        gateway = Gateway(tmp_path / "audit", upstream)
        way = {"mode": f"upstream:http://127.0.0.1:{chained.port}", "upstream_auth": f"@{secret}", "resolve": []}
        with gateway.running(**way), gateway.client() as client:
            assert client.post(f"{URL}?chained", json=BODY).content == completion()
            recorded(gateway, "chained")
            with httpx.Client(proxy=gateway.url, verify=upstream_trust(upstream), timeout=PATIENCE_S) as other:
                assert other.get(f"https://{OTHER_HOST}/other").status_code == 200, "a tunnel goes the same way"
    assert set(chained.asked) == {(f"CONNECT {HOST}:443", True), (f"CONNECT {OTHER_HOST}:443", True)}
    assert "s3cret" not in gateway.log.read_text()


def by_socks(gateway: Gateway, user: str, password: str) -> bytes:
    """The answer to a call by SOCKS5, with a name and a password (RFC 1928, RFC 1929); empty where it is refused."""
    address = httpx.URL(gateway.url)
    with socket.create_connection((address.host, address.port or 0), timeout=PATIENCE_S) as raw:
        raw.sendall(b"\x05\x01\x02")
        assert raw.recv(2, socket.MSG_WAITALL) == b"\x05\x02", "a name and a password are asked for"
        raw.sendall(bytes([1, len(user)]) + user.encode() + bytes([len(password)]) + password.encode())
        if raw.recv(2, socket.MSG_WAITALL) != b"\x01\x00":
            return b""
        raw.sendall(bytes([5, 1, 0, 3, len(HOST)]) + HOST.encode() + (443).to_bytes(2, "big"))
        assert raw.recv(10, socket.MSG_WAITALL)[:2] == b"\x05\x00"
        with gateway.trust().wrap_socket(raw, server_hostname=HOST) as secure:
            body = json.dumps(BODY)
            head = f"POST /v1/chat/completions?socks HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n"
            secure.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())
            return b"".join(iter(lambda: secure.recv(65536), b""))


def test_socks5_with_a_sign_in(tmp_path: Path, upstream: Upstream, accounts: Path) -> None:
    gateway = Gateway(tmp_path / "audit", upstream)
    with gateway.running(mode="socks5", proxy_auth=f"@{accounts}"):
        assert by_socks(gateway, "alice", "wrong") == b""
        assert by_socks(gateway, "alice", "correct horse").endswith(completion())
        call = recorded(gateway, "?socks").calls[0]
    assert (call.provider, call.server_address) == ("openai", HOST)
    assert call.actor
    assert gateway.status().denied == 1


@pytest.mark.parametrize("name", ["upstream_auth", "upstream_ca"])
def test_a_file_that_cannot_be_read_ends_the_start_in_a_sentence(tmp_path: Path, name: str) -> None:
    gateway, mode = Gateway(tmp_path / "audit"), "upstream:http://127.0.0.1:9"
    process = gateway.launch(mode=mode, **{name: f"{'@' * (name == 'upstream_auth')}{tmp_path}"})
    assert process.wait(PATIENCE_S) == 2
    said = gateway.log.read_text()
    assert f"{tmp_path} could not be read" in said
    assert "Traceback" not in said


TOOLS = {"transparent": ("unshare", "nsenter", "ip", "nft"), "wireguard": ("unshare", "nsenter", "ip", "nft", "wg")}
TOOLS["local"] = ("unshare", "nsenter", "ip", "nft", "umount", "mount")
TOOLS["two hosts"] = ("unshare", "nsenter", "ip")


def lacking(mode: str) -> str | None:
    """What this machine has not for a stage of namespaces."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "network namespaces need root on Linux"
    missing = [tool for tool in (*TOOLS[mode], *(["wireguard-go"] * (mode == "wireguard"))) if not shutil.which(tool)]
    return f"not installed: {', '.join(missing)}" if missing else None


@pytest.mark.parametrize(("mode", "quic"), [("transparent", "refused"), ("wireguard", "silence"), ("local", "silence")])
def test_clients_that_need_no_setting(tmp_path: Path, mode: str, quic: str) -> None:
    """A router, a private network, a program of this machine: in namespaces, with a client that knows of no proxy."""
    if reason := lacking(mode):
        pytest.skip(reason)
    command = ["unshare", "-mn", sys.executable, "-m", "tests.e2e.network_stage", mode, str(tmp_path)]
    said = subprocess.run(command, capture_output=True, text=True, timeout=170)
    if mode == "local" and "redirector ended" in said.stderr:
        pytest.skip("this kernel refuses the program of mitmproxy's redirector: mode local was NOT tested")
    assert said.returncode == 0, said.stderr
    seen = json.loads(said.stdout)
    assert (seen[HOST], seen[OTHER_HOST], seen["hits"]) == (200, 200, 2)
    assert seen["recorded"] == [f"https://{HOST}/v1/chat/completions?transparent"]
    assert seen["quic"] == quic


def upstream_trust(upstream: Upstream) -> ssl.SSLContext:
    """What a client trusts that is tunnelled."""
    return ssl.create_default_context(cafile=str(upstream.authority.ca_file))


# --- who is served ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("accounts") / "users.htpasswd"
    path.write_text(f"alice:{bcrypt.hashpw(b'correct horse', bcrypt.gensalt(6)).decode()}\n")
    return path


@pytest.fixture(scope="module")
def guarded(
    tmp_path_factory: pytest.TempPathFactory, upstream: Upstream, accounts: Path
) -> Iterator[tuple[Gateway, subprocess.Popen[bytes]]]:
    gateway = Gateway(tmp_path_factory.mktemp("guarded"), upstream)
    process = gateway.start(proxy_auth=f"@{accounts}", metrics="127.0.0.1:0")
    yield gateway, process
    assert gateway.stop(process) == 0, gateway.log.read_text()


Guarded = tuple[Gateway, subprocess.Popen[bytes]]


def connect(gateway: Gateway, user: str | None) -> bytes:
    """The gateway's answer to a CONNECT, by this user."""
    address = httpx.URL(gateway.url)
    fields = f"Proxy-Authorization: Basic {base64.b64encode(user.encode()).decode()}\r\n" if user else ""
    with socket.create_connection((address.host, address.port or 0), timeout=PATIENCE_S) as raw:
        raw.sendall(f"CONNECT {HOST}:443 HTTP/1.1\r\nHost: {HOST}\r\n{fields}\r\n".encode())
        return raw.recv(1000).partition(b"\r\n")[0]


@pytest.mark.parametrize("user", [None, "alice:wrong", "bob:correct horse", ":", "alice:" + "x" * 100])
def test_strangers_get_407(guarded: Guarded, user: str | None) -> None:
    assert b" 407 " in connect(guarded[0], user)


def test_strangers_get_407_without_a_tunnel(guarded: Guarded, upstream: Upstream) -> None:
    with httpx.Client(proxy=guarded[0].url, timeout=PATIENCE_S) as client:
        assert client.post(f"http://{HOST}/v1/chat/completions?stranger", json=BODY).status_code == 407
    assert not any("stranger" in hit.path for hit in upstream.hits)


def test_who_signs_in_is_the_actor(guarded: Guarded) -> None:
    gateway, _ = guarded
    proxy = httpx.Proxy(gateway.url, auth=("alice", "correct horse"))
    with httpx.Client(proxy=proxy, verify=gateway.trust(), timeout=PATIENCE_S) as client:
        assert client.post(f"{URL}?alice", json=BODY).content == completion()
    assert recorded(gateway, "?alice").calls[0].actor
    fields = [name.lower() for one in gateway.exchanges() for name, _ in one.request.headers]
    assert "proxy-authorization" not in fields


def test_accounts_are_read_again_at_a_reload(guarded: Guarded, accounts: Path) -> None:
    gateway, process = guarded
    before = accounts.read_text()
    gateway.settings(process)
    accounts.write_text(f"{before}carol:{bcrypt.hashpw(b'new here', bcrypt.gensalt(6)).decode()}\n")
    try:
        gateway.settings(process)
        eventually(lambda: b" 200 " in connect(gateway, "carol:new here"))
        accounts.write_text("no accounts at all\n")
        gateway.settings(process)
        assert b" 200 " in connect(gateway, "carol:new here"), "a broken file changes nothing"
    finally:
        accounts.write_text(before)


def test_a_certificate_for_the_provider(tmp_path: Path) -> None:
    authority = TestAuthority(tmp_path, (HOST,))
    context = authority.server_context(("http/1.1",))
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(authority.ca_file)
    authority.server_context = lambda alpn=(): context  # type: ignore[method-assign, misc]
    with Upstream(authority) as strict:
        gateway = Gateway(tmp_path / "audit", strict)
        with gateway.running(client_certs=str(authority.chain)), gateway.client() as client:
            answer = client.post(f"{URL}?mutual", json=BODY)
            assert answer.content == completion(), answer.text
        with gateway.running(), gateway.client() as client:
            assert client.post(f"{URL}?nameless", json=BODY).status_code == 502
    assert [hit.path for hit in strict.hits] == ["/v1/chat/completions?mutual"]


# --- where it goes ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def open_gateway(
    tmp_path_factory: pytest.TempPathFactory, upstream: Upstream
) -> Iterator[tuple[Gateway, subprocess.Popen[bytes]]]:
    gateway = Gateway(tmp_path_factory.mktemp("open"), upstream)
    process = gateway.start(workers=2)
    yield gateway, process
    assert gateway.stop(process) == 0, gateway.log.read_text()


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "127.1", "169.254.169.254"])
def test_private_addresses_are_not_reached(open_gateway: Guarded, name: str) -> None:
    gateway, _ = open_gateway
    with socket.create_server(("127.0.0.1", 0)) as inner:
        inner.settimeout(0.2)
        port = inner.getsockname()[1]
        with httpx.Client(proxy=gateway.url, timeout=PATIENCE_S) as client:
            answer = client.get(f"http://{name}:{port}/latest/meta-data")
            assert answer.status_code in (400, 403, 502), "mitmproxy takes no bracketed address in a URL"
            with pytest.raises(httpx.HTTPError):
                client.get(f"https://{name}:{port}/")
        with pytest.raises(TimeoutError):
            inner.accept()


def test_a_private_network_may_be_allowed(open_gateway: Guarded) -> None:
    gateway, process = open_gateway
    gateway.settings(process, allow_network=["127.0.0.0/8"])
    with socket.create_server(("127.0.0.1", 0)) as inner:
        address = httpx.URL(gateway.url)
        with socket.create_connection((address.host, address.port or 0), timeout=PATIENCE_S) as raw:
            raw.sendall(f"GET http://127.0.0.1:{inner.getsockname()[1]}/ HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            inner.settimeout(PATIENCE_S)
            inner.accept()[0].close()
    gateway.settings(process)


def test_only_the_configured_port_listens(open_gateway: Guarded) -> None:
    gateway, process = open_gateway
    assert listening(process) == {httpx.URL(gateway.url).port}


def test_the_account_has_who_was_not_served(tmp_path: Path, upstream: Upstream, accounts: Path) -> None:
    """A stranger, ways to private addresses and a host that is no provider's; and what listens where all is set."""
    gateway, metrics, publish = Gateway(tmp_path / "audit", upstream), free_port(), free_port()
    options = {"metrics": f"127.0.0.1:{metrics}", "publish": f"127.0.0.1:{publish}", "proxy_auth": f"@{accounts}"}
    process = gateway.start(**options)
    proxy = httpx.Proxy(gateway.url, auth=("alice", "correct horse"))
    with httpx.Client(proxy=proxy, verify=gateway.trust(), timeout=PATIENCE_S) as client:
        assert client.post(f"{URL}?account", json=BODY).content == completion()
        assert client.get("http://169.254.169.254/latest/meta-data").status_code in (403, 502)
        assert client.get("http://localhost/latest/meta-data").status_code in (403, 502)
        for name in ("localhost", "127.0.0.1"):
            with pytest.raises(httpx.HTTPError):
                client.get(f"https://{name}/")
    with httpx.Client(proxy=proxy, verify=upstream_trust(upstream), timeout=PATIENCE_S) as other:
        assert other.get(f"https://{OTHER_HOST}/other").status_code == 200
    assert b" 407 " in connect(gateway, None)
    ports = listening(process)
    assert gateway.stop(process) == 0, gateway.log.read_text()
    status = gateway.status()
    assert ports == {httpx.URL(gateway.url).port, metrics, publish}
    assert (status.seen, status.recorded, status.lost, status.unaccounted) == (1, 1, 0, 0), status
    assert (status.denied, status.refused) == (1, 4), status
    assert status.tunnelled == 1, "what was refused has not passed"


def listening(process: subprocess.Popen[bytes]) -> set[int]:
    """The ports a gateway's processes listen on."""
    pids = [process.pid, *children(process).values()]
    inodes = {inode for pid in pids for inode in sockets(pid)}
    rows = [
        line.split()
        for table in ("tcp", "tcp6", "udp", "udp6")
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]
    ]
    ports = {row[1].split(":")[1] for row in rows if row[9] in inodes and row[3] in ("0A", "07")}
    return {int(port, 16) for port in ports}


def sockets(pid: int) -> Iterator[str]:
    """The inodes of a process's sockets; what is closed meanwhile is none."""
    for link in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            name = link.readlink().name
            if name.startswith("socket:"):
                yield name.removeprefix("socket:[").rstrip("]")


def test_endpoints_nobody_configured_are_proposed_once(open_gateway: Guarded, upstream: Upstream) -> None:
    gateway, process = open_gateway
    gateway.settings(process, allow_network=["127.0.0.0/8"])
    with httpx.Client(proxy=gateway.url, timeout=PATIENCE_S) as client:
        for _ in range(2):
            with pytest.raises(httpx.HTTPError):
                client.get("https://vllm.corp.example/")
        for _ in range(2):
            client.post("http://127.0.0.1:9/api/chat", json=BODY)
        client.get("http://127.0.0.1:9/api/chat")
    eventually(lambda: "127.0.0.1:9=ollama" in gateway.log.read_text())
    gateway.settings(process)
    log = gateway.log.read_text()
    assert log.count("--provider-host vllm.corp.example:443=DIALECT") in (1, 2), "once for each proxy process"
    assert log.count("--provider-host 127.0.0.1:9=ollama") in (1, 2)


def test_a_reload_reaches_the_record(open_gateway: Guarded, upstream: Upstream) -> None:
    """A host that becomes a provider's is recorded as one, with the connections of before untouched."""
    gateway, process = open_gateway
    resolve = [f"{name}:443=127.0.0.1:{upstream.port}" for name in (HOST, OTHER_HOST)]
    settings = {"upstream_ca": str(upstream.authority.ca_file), "resolve": resolve}
    with gateway.client() as client:
        assert client.post(f"{URL}?before-reload", json=BODY).content == completion()
        gateway.settings(process, **settings, provider_host=[f"{OTHER_HOST}=openai"], heartbeat=30.0)
        assert "followed from the next start on only: heartbeat" in gateway.log.read_text()
        assert client.post(f"{URL}?after-reload", json=BODY).content == completion()
    with gateway.client() as client:
        assert client.post(f"https://{OTHER_HOST}/v1/chat/completions?own", json=BODY).content == completion()
    eventually(lambda: recorded(gateway, "?own").calls[0].provider == "self_hosted")
    gateway.settings(process)


def test_a_json_log(tmp_path: Path, upstream: Upstream) -> None:
    gateway = Gateway(tmp_path / "audit", upstream)
    with (
        gateway.running(log_format="json"),
        httpx.Client(proxy=gateway.url, timeout=PATIENCE_S) as client,
        pytest.raises(httpx.HTTPError),
    ):
        client.get("https://vllm.corp.example/")
    lines = [json.loads(line) for line in gateway.log.read_text().splitlines() if line.startswith("{")]
    assert any(line["level"] == "warning" and line["process"] == "proxy-1" for line in lines)
    assert all(line["time"].endswith("Z") for line in lines)


def test_what_left_was_recorded_first(open_gateway: Guarded) -> None:
    gateway, _ = open_gateway
    with gateway.client() as client:
        client.post(f"{URL}?last", json=BODY)
    recorded(gateway, "?last")
    assert any(isinstance(one.meta, Intent) for one in gateway.metas())
