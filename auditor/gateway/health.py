# SPDX-License-Identifier: Apache-2.0
"""Health and metrics over HTTP: `/healthz` (the recorder lives), `/readyz` (it records), `/metrics` (Prometheus).

Numbers only: no host, model, user or content ever appears here.
"""

import contextlib
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Protocol
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, make_wsgi_app
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from auditor.errors import EnvironmentFailure
from auditor.gateway.messages import Vitals
from auditor.gateway.outbox import Standing
from auditor.gateway.vitals import Histogram, Writing, open_descriptors, resident_bytes
from auditor.store.format.records import Counters

_HELP = {
    "seen": "Exchanges begun",
    "recorded": "Exchanges with a durable record",
    "lost": "Exchanges that passed and could not be recorded",
    "blocked": "Calls refused because they could not be recorded",
    "tunnelled": "Connections passed through unread",
    "undecryptable": "TLS connections to AI hosts whose client refused the gateway",
    "unparsed": "Recorded exchanges whose format is not understood",
    "denied": "Requests refused for want of a valid sign-in",
    "refused": "Connections refused because they led to private addresses or spoke QUIC",
    "turned_away": "Client connections from public addresses, beyond the most there may be, or that said nothing",
    "discovered": "Hosts that look like AI endpoints and are not configured",
}


_PROXY_HELP = {
    "exchanges": "Exchanges in flight",
    "connections": "Client connections open",
    "queued": "Bytes waiting to be told to the recorder",
    "memory": "Resident memory in bytes",
    "descriptors": "Open file descriptors",
}


class Watched(Protocol):
    """What health looks at: a recorder. `gaps` are counted by reason, `waits` is what intents waited, and `forwarding`
    tells how the targets of findings stand."""

    gaps: Counter[str]
    waits: Histogram
    forwarding: Callable[[], Sequence[Standing]]

    @property
    def failure(self) -> str | None:
        """Why no records are taken, while none are."""

    @property
    def writing(self) -> Writing:
        """What is written, and what waits to be."""

    def counters(self) -> Counters:
        """The totals."""

    def vitals(self) -> dict[str, Vitals]:
        """The last report of each proxy."""


class _Collector(Collector):
    def __init__(self, watched: Watched) -> None:
        self._watched = watched

    def collect(self) -> Iterable[Metric]:
        """All families, as Prometheus asks for them."""
        yield from self._totals()
        yield from self._written()
        yield from self._forwarded()
        yield from self._processes()

    def _totals(self) -> Iterable[Metric]:
        counters = self._watched.counters()
        for name, text in _HELP.items():
            yield CounterMetricFamily(f"auditor_{name}", text, value=getattr(counters, name))
        yield GaugeMetricFamily("auditor_backlog", "Exchanges begun and not yet durable", value=counters.backlog)
        text = "Leaves of the ledger that are not on the server yet"
        yield GaugeMetricFamily("auditor_unshipped", text, value=counters.unshipped)
        gaps = CounterMetricFamily("auditor_gap", "What could not be recorded, by reason", labels=["reason"])
        for reason, count in tuple(self._watched.gaps.items()):
            gaps.add_metric([reason], count)
        yield gaps

    def _written(self) -> Iterable[Metric]:
        writing, ready = self._watched.writing, self._watched.failure is None
        yield GaugeMetricFamily("auditor_recording", "1 while the ledger takes records", value=int(ready))
        yield CounterMetricFamily("auditor_records", "Durable records of any kind", value=writing.written)
        yield GaugeMetricFamily("auditor_queue_records", "Records waiting for a commit", value=writing.waiting)
        yield GaugeMetricFamily("auditor_queue_bytes", "Bytes waiting to be written", value=writing.waiting_bytes)
        yield _histogram("auditor_commit_seconds", "Duration of commits", writing.commits)
        yield _histogram("auditor_intent_seconds", "What waiting for its record adds to a request", self._watched.waits)

    def _forwarded(self) -> Iterable[Metric]:
        """Findings on their way to each target: its name is its kind and a hash of its address."""
        waiting = GaugeMetricFamily("auditor_forward_waiting", "Findings that wait for a target", labels=["target"])
        delivered = CounterMetricFamily("auditor_forward_delivered", "Findings a target took", labels=["target"])
        text = "Findings that went from a full queue before their target took them"
        dropped = CounterMetricFamily("auditor_forward_dropped", text, labels=["target"])
        for one in self._watched.forwarding():
            waiting.add_metric([one.target], one.waiting)
            delivered.add_metric([one.target], one.delivered)
            dropped.add_metric([one.target], one.dropped)
        yield from (waiting, delivered, dropped)

    def _processes(self) -> Iterable[Metric]:
        yield GaugeMetricFamily("auditor_recorder_memory", "Resident memory in bytes", value=resident_bytes())
        yield GaugeMetricFamily("auditor_recorder_descriptors", "Open file descriptors", value=open_descriptors())
        reports = self._watched.vitals()
        yield GaugeMetricFamily("auditor_proxies", "Proxy processes that reach the recorder", value=len(reports))
        for name, text in _PROXY_HELP.items():
            family = GaugeMetricFamily(f"auditor_proxy_{name}", text, labels=["proxy"])
            for proxy, report in reports.items():
                family.add_metric([proxy], getattr(report, name))
            yield family


def _histogram(name: str, text: str, histogram: Histogram) -> HistogramMetricFamily:
    return HistogramMetricFamily(name, text, buckets=histogram.cumulative(), sum_value=histogram.total)


@contextlib.contextmanager
def serve_metrics(watched: Watched, address: tuple[str, int] | None) -> Iterator[None]:
    """Serve at `address`, if given, while the block runs; raises `EnvironmentFailure` where the port is taken."""
    if address is None:
        yield
        return
    try:
        server = make_server(*address, _application(watched), WSGIServer, _Quiet)
    except OSError as error:
        message = f"The metrics cannot be served at {address[0]}:{address[1]}: {error.strerror}."
        raise EnvironmentFailure(message, "Choose another --metrics HOST:PORT.") from error
    thread = threading.Thread(target=server.serve_forever, name="metrics", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


def _application(watched: Watched) -> Callable[..., Any]:
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collector(watched))
    metrics = make_wsgi_app(registry)

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        path = environ.get("PATH_INFO")
        if path == "/metrics":
            return metrics(environ, start_response)
        missing = watched.failure or (None if watched.vitals() else "no proxy reaches the recorder")
        healthy = path == "/healthz" or (path == "/readyz" and missing is None)
        known = path in ("/healthz", "/readyz")
        status = "200 OK" if healthy else "503 Service Unavailable" if known else "404 Not Found"
        start_response(status, [("content-type", "text/plain")])
        return [b"ok\n" if healthy else f"{missing}\n".encode() if known else b"not here\n"]

    return application


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Requests are not logged."""
