# SPDX-License-Identifier: Apache-2.0
"""What breaks under a running gateway: a store that takes nothing, processes that die. No call is lost in silence."""

import os
import re
import resource
import signal
import subprocess
import time
from collections.abc import Iterator

import httpx
import pytest

from auditor.calls import Call, Outcome
from auditor.store.format.records import Completion, Gap, Started
from tests.e2e.gateway import HOST, PATIENCE_S, PROXY, RECORDER, Gateway, children, eventually
from tests.e2e.upstream import Upstream, completion, events
from tests.ports import free_port

pytestmark = pytest.mark.e2e
URL = f"https://{HOST}/v1/chat/completions"


@pytest.fixture(scope="module")
def metrics() -> str:
    return f"127.0.0.1:{free_port()}"


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory, upstream: Upstream) -> Gateway:
    return Gateway(tmp_path_factory.mktemp("failures"), upstream)


@pytest.fixture(scope="module")
def process(gateway: Gateway, metrics: str) -> Iterator[subprocess.Popen[bytes]]:
    """One gateway that all these tests ill-treat; it has to end in order all the same."""
    running = gateway.start(metrics=metrics, spill_bytes=50_000)
    yield running
    assert gateway.stop(running) == 0, gateway.log.read_text()
    status = gateway.status()
    assert status.lost == sum(gap.count for gap in gaps(gateway)), status
    assert status.seen == status.recorded + status.lost > 0, status
    assert (status.unknown, status.waiting, status.unaccounted) == (0, 0, 0), status


@pytest.fixture
def settle(gateway: Gateway, process: subprocess.Popen[bytes]) -> Iterator[None]:
    """Afterwards the policy is the default again and calls pass."""
    yield
    gateway.settings(process)
    full_disk(process, False)
    with gateway.client() as client:
        eventually(lambda: serves(client))


def serves(client: httpx.Client) -> bool:
    """Whether a call passes; a proxy that has just died may take a connection along."""
    try:
        return client.post(f"{URL}?settled", json={}).status_code == 200
    except httpx.TransportError:
        return False


def full_disk(process: subprocess.Popen[bytes], full: bool) -> None:
    """Let the recorder write no further, as a full disk would."""
    limit = 4096 if full else resource.RLIM_INFINITY
    resource.prlimit(children(process)[RECORDER], resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))


def asked(metrics: str, what: str) -> httpx.Response:
    """What the gateway says of its health."""
    return httpx.get(f"http://{metrics}/{what}", timeout=PATIENCE_S)


def told(metrics: str, name: str) -> float:
    """One of the gateway's counters."""
    (value,) = re.findall(rf"^auditor_{name} (\S+)$", asked(metrics, "metrics").text, re.MULTILINE)
    return float(value)


def arrived(upstream: Upstream, mark: str) -> int:
    """How many requests with this mark reached the provider."""
    return sum(mark in hit.path for hit in tuple(upstream.hits))


@pytest.mark.usefixtures("settle")
def test_a_full_disk_blocks(
    gateway: Gateway, process: subprocess.Popen[bytes], upstream: Upstream, metrics: str
) -> None:
    before = told(metrics, "recorded_total")
    with gateway.client() as client:
        assert client.post(f"{URL}?before-full", json={}).status_code == 200
        assert asked(metrics, "healthz").status_code == asked(metrics, "readyz").status_code == 200
        eventually(lambda: told(metrics, "recorded_total") == before + 1)
        full_disk(process, True)
        refused = client.post(f"{URL}?is-full", json={})
    assert refused.status_code == 503
    assert refused.json()["error"]["type"] == "audit_unavailable"
    assert "cannot be recorded" in refused.json()["error"]["message"]
    assert asked(metrics, "readyz").status_code == 503
    assert asked(metrics, "healthz").status_code == 200
    assert not arrived(upstream, "is-full"), "what cannot be recorded is not forwarded"


@pytest.mark.usefixtures("settle")
def test_a_full_disk_may_be_allowed_and_leaves_a_gap(
    gateway: Gateway, process: subprocess.Popen[bytes], upstream: Upstream
) -> None:
    url = f"https://{HOST}/v1/stream?n=10&delay=0.1&seed=reload"
    with gateway.client() as client:
        with client.stream("POST", url, json={}) as answer:
            gateway.settings(process, on_store_failure="allow")
            content = answer.read()
        assert content == b"".join(events(10, "reload")), "a reload drops no connection"
        full_disk(process, True)
        answers = [client.post(f"{URL}?allowed-{number}", json={}).content for number in range(3)]
        full_disk(process, False)
    assert answers == [completion()] * 3
    assert arrived(upstream, "allowed-") == 3
    eventually(lambda: sum(one.meta.count for one in gateway.metas() if isinstance(one.meta, Gap)) == 3)
    assert {gap.reason for gap in gaps(gateway)} == {"store_failure"}


def started(gateway: Gateway) -> int:
    """How many recorders there have been."""
    return sum(isinstance(one.meta, Started) for one in gateway.metas())


def gaps(gateway: Gateway) -> list[Gap]:
    """The gaps that are recorded."""
    return [one.meta for one in gateway.metas() if isinstance(one.meta, Gap)]


@pytest.mark.usefixtures("settle")
def test_a_recorder_that_hangs_blocks(gateway: Gateway, process: subprocess.Popen[bytes], upstream: Upstream) -> None:
    gateway.settings(process, patience=0.3)
    recorder = children(process)[RECORDER]
    os.kill(recorder, signal.SIGSTOP)
    try:
        with gateway.client() as client:
            refused = client.post(f"{URL}?hanging", json={})
    finally:
        os.kill(recorder, signal.SIGCONT)
    assert refused.status_code == 503
    assert not arrived(upstream, "hanging")
    eventually(lambda: Outcome.BLOCKED in {call.outcome for call in calls(gateway)})


@pytest.mark.usefixtures("settle")
def test_a_recorder_that_hangs_may_be_outlived_and_the_call_counts_once(
    gateway: Gateway, process: subprocess.Popen[bytes], upstream: Upstream
) -> None:
    before = gaps(gateway)
    gateway.settings(process, patience=0.3, on_store_failure="allow")
    recorder = children(process)[RECORDER]
    os.kill(recorder, signal.SIGSTOP)
    try:
        with gateway.client() as client:
            assert client.post(f"{URL}?outlived", json={}).status_code == 200
    finally:
        os.kill(recorder, signal.SIGCONT)
    assert arrived(upstream, "outlived")
    eventually(lambda: f"{URL}?outlived" in {one.request.url for one in gateway.exchanges()})
    assert gaps(gateway) == before


@pytest.mark.usefixtures("settle")
def test_a_recorder_that_dies_comes_back_and_nothing_is_lost(
    gateway: Gateway, process: subprocess.Popen[bytes]
) -> None:
    before = started(gateway)
    gateway.settings(process, patience=40.0)
    url = f"https://{HOST}/v1/stream?n=10&delay=0.1&seed=survivor"
    with gateway.client() as client:
        content = b""
        with client.stream("POST", url, json={}) as answer:
            for piece in answer.iter_raw():
                if not content:
                    os.kill(children(process)[RECORDER], signal.SIGKILL)
                content += piece
        assert client.post(f"{URL}?patient", json={}).status_code == 200, "it waited for the next recorder"
    assert content == b"".join(events(10, "survivor"))
    eventually(lambda: {url, f"{URL}?patient"} <= {one.request.url for one in gateway.exchanges()})
    survivor = next(one for one in gateway.exchanges() if one.request.url == url)
    assert survivor.response is not None
    assert survivor.response.body == content, "what the dead recorder knew was told again"
    assert (survivor.truncated, survivor.interrupted) == (0, None)
    assert started(gateway) == before + 1


@pytest.mark.usefixtures("settle")
def test_a_proxy_that_dies_leaves_no_exchange_open(gateway: Gateway, process: subprocess.Popen[bytes]) -> None:
    url = f"https://{HOST}/v1/stream?n=50&delay=0.1&seed=orphan"
    canary = b"canary-in-flight " * 10_000

    def read_and_kill() -> None:
        with gateway.client() as client, client.stream("POST", url, content=canary) as answer:
            for number, _ in enumerate(answer.iter_raw()):
                if number == 5:
                    assert not any((gateway.config_folder / "spool").glob("*")), "what lies on disk has no name"
                    os.kill(children(process)[PROXY], signal.SIGKILL)

    with pytest.raises(httpx.HTTPError):
        read_and_kill()
    assert (gateway.config_folder / "spool").exists(), "something was spilled"
    with gateway.client() as client:
        assert client.post(f"{URL}?next", json={}).status_code == 200, "the next proxy took over the socket"
    eventually(lambda: url in {one.request.url for one in gateway.exchanges()})
    orphan = next(one for one in gateway.exchanges() if one.request.url == url)
    assert orphan.interrupted == "gateway"
    assert orphan.request.body == canary
    assert orphan.response is not None
    assert orphan.response.body.startswith(b"data: ")


def test_a_second_gateway_says_what_is_taken(gateway: Gateway, process: subprocess.Popen[bytes]) -> None:
    assert process.poll() is None
    listen = httpx.URL(gateway.url)
    with pytest.raises(AssertionError, match="in use by another program"):
        gateway.start()
    with pytest.raises(AssertionError, match="cannot listen on"):
        gateway.start(listen=f"{listen.host}:{listen.port}")


def calls(gateway: Gateway) -> list[Call]:
    """All calls recorded so far."""
    return [call for one in gateway.metas() if isinstance(one.meta, Completion) for call in one.meta.calls]


def test_the_logs_hold_no_traffic(gateway: Gateway) -> None:
    time.sleep(0.1)
    log = gateway.log.read_text()
    for canary in (HOST, "chat/completions", "canary-in-flight", "gpt-4o"):
        assert canary not in log
