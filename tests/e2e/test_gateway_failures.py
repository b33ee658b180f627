# SPDX-License-Identifier: Apache-2.0
"""What breaks under the gateway: a store that takes nothing, processes that die. No call is lost in silence."""

import resource
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from auditor.store.records import Completion, Gap, Intent, Started, Stopped
from tests.e2e.gateway import HOST, Gateway, children, kill
from tests.e2e.upstream import Upstream, completion, events

pytestmark = pytest.mark.e2e
RECORDER, PROXY = "auditor.gateway.recorder", "addons.run"
URL = f"https://{HOST}/v1/chat/completions"


@pytest.fixture
def gateway(tmp_path: Path, upstream: Upstream) -> Gateway:
    return Gateway(tmp_path / "audit", upstream)


@contextmanager
def started(gateway: Gateway, **options: object) -> Iterator[subprocess.Popen[bytes]]:
    """A running gateway that the test may treat badly."""
    process = gateway.start(**options)
    try:
        yield process
    finally:
        if process.poll() is None:
            gateway.stop(process)


@contextmanager
def load(gateway: Gateway, mark: str, clients: int = 8) -> Iterator[list[str]]:
    """Clients that call without pause; yields the paths answered with 200 so far."""
    answered: list[str] = []
    stop = threading.Event()

    def one(number: int) -> None:
        count = 0
        while not stop.is_set():
            try:
                with gateway.client() as client:
                    while not stop.is_set():
                        count += 1
                        path = f"{URL}?{mark}-{number}-{count}"
                        if client.post(path, json={"model": "gpt-4o", "messages": []}).status_code == 200:
                            answered.append(path)
            except httpx.HTTPError:
                time.sleep(0.05)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    try:
        yield answered
    finally:
        stop.set()
        for thread in threads:
            thread.join(30)


def reached(upstream: Upstream, mark: str) -> set[str]:
    """The URLs with this mark that arrived at the provider."""
    return {f"https://{HOST}{hit.path}" for hit in tuple(upstream.hits) if mark in hit.path}


def eventually(holds: Callable[[], bool], seconds: float = 20.0) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it did not come to hold"
        time.sleep(0.1)


def full_disk(pid: int, full: bool) -> None:
    """Let the process write no further, as a full disk would."""
    limit = 4096 if full else resource.RLIM_INFINITY
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))


def test_a_full_disk_blocks_and_then_goes_on(gateway: Gateway, upstream: Upstream) -> None:
    with started(gateway) as process, gateway.client() as client:
        assert client.post(f"{URL}?full-before", json={}).status_code == 200
        recorder = children(process)[RECORDER]
        full_disk(recorder, True)
        refused = client.post(f"{URL}?full-during", json={})
        assert refused.status_code == 503
        assert refused.json()["error"]["type"] == "audit_unavailable"
        assert "cannot be recorded" in refused.json()["error"]["message"]
        full_disk(recorder, False)
        eventually(lambda: client.post(f"{URL}?full-after", json={}).status_code == 200)
        assert gateway.stop(process) == 0
    assert not reached(upstream, "full-during"), "what cannot be recorded is not forwarded"
    urls = [one.request.url for one in gateway.exchanges()]
    assert f"{URL}?full-before" in urls
    assert f"{URL}?full-after" in urls


def test_a_full_disk_may_be_allowed_and_leaves_a_gap(gateway: Gateway, upstream: Upstream) -> None:
    with started(gateway, on_store_failure="allow") as process, gateway.client() as client:
        recorder = children(process)[RECORDER]
        full_disk(recorder, True)
        answers = [client.post(f"{URL}?allowed-{number}", json={}) for number in range(3)]
        assert [answer.content for answer in answers] == [completion()] * 3
        full_disk(recorder, False)
        time.sleep(1.5)
        assert gateway.stop(process) == 0
    assert len(reached(upstream, "allowed-")) == 3
    gaps = [one.meta for one in gateway.metas() if isinstance(one.meta, Gap)]
    assert sum(gap.count for gap in gaps) == 3
    assert {gap.reason for gap in gaps} == {"store_failure"}
    stopped = gateway.metas()[-1].meta
    assert isinstance(stopped, Stopped)
    assert stopped.counters.lost == 3


def test_a_recorder_that_hangs_blocks(gateway: Gateway, upstream: Upstream) -> None:
    with started(gateway, patience=0.5) as process, gateway.client() as client:
        recorder = children(process)[RECORDER]
        send(recorder, signal.SIGSTOP)
        refused = client.post(f"{URL}?hanging", json={})
        send(recorder, signal.SIGCONT)
        assert refused.status_code == 503
        eventually(lambda: client.post(f"{URL}?awake", json={}).status_code == 200)
        assert gateway.stop(process) == 0
    assert not reached(upstream, "hanging")


def test_a_recorder_that_dies_comes_back_and_nothing_is_lost(gateway: Gateway, upstream: Upstream) -> None:
    with started(gateway, patience=30.0) as process:
        content = b""
        url = f"https://{HOST}/v1/stream?n=10&delay=0.1&seed=survivor"
        with gateway.client() as client, client.stream("POST", url, json={}) as answer:
            for piece in answer.iter_raw():
                if not content:
                    kill(children(process)[RECORDER])
                content += piece
        with gateway.client() as client:
            client.timeout = 40
            assert client.post(f"{URL}?patient", json={}).status_code == 200, "it waited for the next recorder"
        assert gateway.stop(process) == 0
    assert content == b"".join(events(10, "survivor"))
    found = {one.request.url: one for one in gateway.exchanges()}
    survivor = found[url]
    assert survivor.response is not None
    assert survivor.response.body == content, "what the dead recorder knew was told again"
    assert (survivor.truncated, survivor.interrupted) == (0, None)
    assert f"{URL}?patient" in found
    assert sum(isinstance(one.meta, Started) for one in gateway.metas()) == 2


def test_a_proxy_that_dies_leaves_no_exchange_open(gateway: Gateway) -> None:
    with started(gateway) as process:
        url = f"https://{HOST}/v1/stream?n=50&delay=0.1&seed=orphan"
        with pytest.raises(httpx.HTTPError), gateway.client() as client, client.stream("POST", url, json={}) as answer:
            for number, _ in enumerate(answer.iter_raw()):
                if number == 5:
                    kill(children(process)[PROXY])
        with gateway.client() as client:
            client.timeout = 40
            assert client.post(f"{URL}?next", json={}).status_code == 200, "the next proxy took over the socket"
        assert gateway.stop(process) == 0
    found = {one.request.url: one for one in gateway.exchanges()}
    assert found[url].interrupted == "gateway"
    assert found[url].response is not None
    assert found[url].response.body.startswith(b"data: ")


def test_sigterm_under_load_loses_nothing(gateway: Gateway, upstream: Upstream) -> None:
    with started(gateway) as process, load(gateway, "drained") as answered:
        eventually(lambda: len(answered) > 50)
        assert gateway.stop(process) == 0
    recorded = [one.request.url for one in gateway.exchanges()]
    assert len(recorded) == len(set(recorded))
    assert reached(upstream, "drained") == set(recorded)
    assert set(answered) <= set(recorded)
    last = gateway.metas()[-1].meta
    assert isinstance(last, Stopped)
    assert last.counters.recorded == last.counters.seen == len(recorded)


def test_kill_under_load_every_call_that_arrived_has_a_record(gateway: Gateway, upstream: Upstream) -> None:
    from auditor.store.verify import verify

    for number in range(3):
        mark = f"killed{number}"
        with started(gateway) as process, load(gateway, mark) as answered:
            eventually(lambda answered=answered: len(answered) > 20)  # type: ignore[misc]
            pids = children(process)
            kill(process.pid)
            process.wait()
            eventually(lambda pids=pids: not any(alive(pid) for pid in pids.values()))  # type: ignore[misc]
        metas = [one.meta for one in gateway.metas()]
        intents = {meta.exchange for meta in metas if isinstance(meta, Intent)}
        completed = {meta.exchange for meta in metas if isinstance(meta, Completion)}
        assert completed <= intents
        assert len(intents) >= len(reached(upstream, "killed"))
    assert verify(gateway.reader().location).clean


def test_reload_takes_a_new_policy_without_dropping_calls(gateway: Gateway) -> None:
    settings = gateway.config_folder / "gateway.toml"
    with started(gateway) as process, gateway.client() as client:
        url = f"https://{HOST}/v1/stream?n=10&delay=0.1&seed=reload"
        with client.stream("POST", url, json={}) as answer:
            settings.write_text(settings.read_text() + '\n[proxy]\non_store_failure = "allow"\n')
            process.send_signal(signal.SIGHUP)
            content = answer.read()
        assert content == b"".join(events(10, "reload"))
        full_disk(children(process)[RECORDER], True)
        assert client.post(f"{URL}?reloaded", json={}).status_code == 200
        full_disk(children(process)[RECORDER], False)


def test_a_second_gateway_on_the_same_ledger_or_port_says_so(gateway: Gateway, tmp_path: Path) -> None:
    with started(gateway), pytest.raises(AssertionError, match="another process"):
        gateway.start()
    port = httpx.URL(gateway.url).port
    with started(gateway, listen=f"127.0.0.1:{port}"), pytest.raises(AssertionError, match="cannot listen on"):
        gateway.start(listen=f"127.0.0.1:{port}")


def test_health_and_metrics(gateway: Gateway) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with started(gateway, metrics=f"127.0.0.1:{port}") as process:
        with gateway.client() as client:
            client.post(URL, json={})
        base = f"http://127.0.0.1:{port}"
        assert httpx.get(f"{base}/healthz").status_code == 200
        assert httpx.get(f"{base}/readyz").status_code == 200
        eventually(lambda: "auditor_recorded_total 1.0" in httpx.get(f"{base}/metrics").text)
        full_disk(children(process)[RECORDER], True)
        with gateway.client() as client:
            assert client.post(URL, json={}).status_code == 503
        assert httpx.get(f"{base}/readyz").status_code == 503
        full_disk(children(process)[RECORDER], False)


def send(pid: int, number: int) -> None:
    import os

    os.kill(pid, number)


def alive(pid: int) -> bool:
    """Whether a process still runs (a zombie does not)."""
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
