# SPDX-License-Identifier: Apache-2.0
"""A gateway that is stopped under load, in order and by `kill -9`: every call that arrived has a record."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from auditor.store.format.records import Completion, Intent, Stopped
from auditor.store.verification.verify import verify
from tests.e2e.gateway import HOST, PATIENCE_S, PROXY, RECORDER, Gateway, alive, children, eventually
from tests.e2e.upstream import Upstream
from tests.ports import free_port

pytestmark = pytest.mark.e2e
URL = f"https://{HOST}/v1/chat/completions"
KILLS = 20


@contextmanager
def load(gateway: Gateway, mark: str, clients: int = 8) -> Iterator[list[str]]:
    """Clients that call without pause; yields the URLs answered with 200 so far."""
    answered: list[str] = []
    stop = threading.Event()

    def one(number: int) -> None:
        count = 0
        while not stop.is_set():
            try:
                with gateway.client() as client:
                    while not stop.is_set():
                        count += 1
                        url = f"{URL}?{mark}-{number}-{count}"
                        if client.post(url, json={"model": "gpt-4o", "messages": []}).status_code == 200:
                            answered.append(url)
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
            thread.join(PATIENCE_S)


def arrived(upstream: Upstream, mark: str) -> list[str]:
    """The URLs with this mark that reached the provider."""
    return [f"https://{HOST}{hit.path}" for hit in tuple(upstream.hits) if mark in hit.path]


def test_sigterm_under_load_loses_nothing(tmp_path: Path, upstream: Upstream) -> None:
    gateway = Gateway(tmp_path / "audit", upstream)
    process = gateway.start(workers=2)
    with load(gateway, "drained") as answered:
        eventually(lambda: len(answered) > 50)
        assert gateway.stop(process) == 0, gateway.log.read_text()
    recorded = [one.request.url for one in gateway.exchanges()]
    assert len(recorded) == len(set(recorded))
    assert set(arrived(upstream, "drained")) == set(recorded)
    assert set(answered) <= set(recorded)
    last = gateway.metas()[-1].meta
    assert isinstance(last, Stopped)
    assert last.counters.recorded == last.counters.seen == len(recorded)


@pytest.mark.parametrize("begun", [RECORDER, PROXY])
def test_sigterm_while_it_starts_is_an_end_in_order(tmp_path: Path, begun: str) -> None:
    gateway = Gateway(tmp_path / "audit")
    process = gateway.launch()
    eventually(lambda: begun in children(process))
    assert gateway.stop(process) == 0, gateway.log.read_text()
    assert verify(gateway.reader().location).holds
    with gateway.running():
        pass


@pytest.mark.timeout(600)
def test_kill_under_load_every_call_that_arrived_has_a_record(tmp_path: Path, upstream: Upstream) -> None:
    gateway = Gateway(tmp_path / "audit", upstream)
    for number in range(KILLS):
        process = gateway.start()
        with load(gateway, f"killed-{number}") as answered:
            eventually(lambda seen=answered: len(seen) > 20)
            others = children(process).values()
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            eventually(lambda pids=tuple(others): not any(alive(pid) for pid in pids))
    metas = [one.meta for one in gateway.metas()]
    intents = [meta.exchange for meta in metas if isinstance(meta, Intent)]
    completed = {meta.exchange for meta in metas if isinstance(meta, Completion)}
    assert len(intents) == len(set(intents))
    assert completed <= set(intents)
    assert len(intents) >= len(arrived(upstream, "killed-")) > 20 * KILLS
    status = gateway.status()
    assert status.recorded == len(completed), status
    assert status.seen == status.recorded + status.unknown, status
    assert (status.lost, status.waiting, status.unaccounted) == (0, 0, 0), status


def test_two_proxies_share_the_clients(tmp_path: Path, upstream: Upstream) -> None:
    metrics = f"127.0.0.1:{free_port()}"
    gateway = Gateway(tmp_path / "audit", upstream)

    def held() -> dict[str, str]:
        lines = httpx.get(f"http://{metrics}/metrics", timeout=20).text.splitlines()
        return dict(line.rsplit(" ", 1) for line in lines if line.startswith("auditor_proxy_connections{"))

    with gateway.running(workers=2, metrics=metrics), ExitStack() as stack:
        for _ in range(12):
            client = stack.enter_context(gateway.client())
            assert client.post(URL, json={"model": "gpt-4o", "messages": []}).status_code == 200
        eventually(lambda: sum(float(one) for one in held().values()) == 12)
        assert min(float(one) for one in held().values()) >= 2, held()
