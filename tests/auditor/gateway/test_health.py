# SPDX-License-Identifier: Apache-2.0
"""Health and metrics over HTTP."""

import socket
import urllib.error
import urllib.request
from collections import Counter

import pytest

from auditor.errors import EnvironmentFailure
from auditor.gateway.health import serve_metrics
from auditor.gateway.messages import Vitals
from auditor.gateway.outbox import Standing
from auditor.gateway.vitals import Histogram, Writing
from auditor.store.format.records import Counters
from tests.ports import free_port


class Watched:
    failure: str | None = None

    def __init__(self) -> None:
        self.gaps = Counter(queue_full=2)
        self.waits = Histogram()
        self.forwarding = lambda: [Standing("webhook-1", 2, 7, 1)]
        self.waits.add(0.004)
        self.writing = Writing(Histogram(), 12, 3, 4096)
        self.proxies = {"proxy-1": Vitals(exchanges=4, connections=5, memory=1000)}

    def vitals(self) -> dict[str, Vitals]:
        return self.proxies

    def counters(self) -> Counters:
        return Counters(seen=7, recorded=5, lost=1, backlog=1, unshipped=9)


def get(address: tuple[str, int], path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://{address[0]}:{address[1]}{path}", timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def free() -> tuple[str, int]:
    return "127.0.0.1", free_port()


def test_what_is_served() -> None:
    watched, address = Watched(), free()
    with serve_metrics(watched, address):
        assert get(address, "/healthz")[0] == get(address, "/readyz")[0] == 200
        status, text = get(address, "/metrics")
        assert status == 200
        assert "auditor_seen_total 7.0" in text
        assert "auditor_lost_total 1.0" in text
        assert "auditor_recording 1.0" in text
        assert "auditor_unshipped 9.0" in text
        assert 'auditor_gap_total{reason="queue_full"} 2.0' in text
        assert 'auditor_intent_seconds_bucket{le="0.0025"} 0.0' in text
        assert 'auditor_intent_seconds_bucket{le="0.005"} 1.0' in text
        assert 'auditor_intent_seconds_bucket{le="+Inf"} 1.0' in text
        assert 'auditor_proxy_connections{proxy="proxy-1"} 5.0' in text
        assert "auditor_queue_bytes 4096.0" in text
        assert get(address, "/else")[0] == 404
        watched.failure = "The disk is full."
        assert get(address, "/healthz")[0] == 200
        assert get(address, "/readyz")[0] == 503
        assert "auditor_recording 0.0" in get(address, "/metrics")[1]
        watched.failure, watched.proxies = None, {}
        assert get(address, "/readyz") == (503, "no proxy reaches the recorder\n")


def test_nothing_is_served_unless_asked() -> None:
    with serve_metrics(Watched(), None):
        pass


def test_a_taken_port_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = ("127.0.0.1", taken.getsockname()[1])
        with pytest.raises(EnvironmentFailure, match=str(address[1])), serve_metrics(Watched(), address):
            pass
