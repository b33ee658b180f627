# SPDX-License-Identifier: Apache-2.0
"""Health and metrics over HTTP: `/healthz` (the recorder lives), `/readyz` (it records), `/metrics` (Prometheus).

Numbers only: no host, model, user or content ever appears here.
"""

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, make_wsgi_app
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from auditor.errors import EnvironmentFailure
from auditor.store.records import Counters

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
    "turned_away": "Client connections refused for want of room, or closed because they said nothing",
    "discovered": "Hosts that look like AI endpoints and are not configured",
}


class Watched(Protocol):
    """What health looks at: a recorder."""

    @property
    def failure(self) -> str | None:
        """Why no records are taken, while none are."""

    def counters(self) -> Counters:
        """The totals."""


class _Totals(Collector):
    def __init__(self, watched: Watched) -> None:
        self._watched = watched

    def collect(self) -> Iterable[Metric]:
        """One family a counter, as Prometheus asks for them."""
        counters = self._watched.counters()
        for name, text in _HELP.items():
            yield CounterMetricFamily(f"auditor_{name}", text, value=getattr(counters, name))
        yield GaugeMetricFamily("auditor_backlog", "Exchanges begun and not yet durable", value=counters.backlog)
        ready = self._watched.failure is None
        yield GaugeMetricFamily("auditor_recording", "1 while the ledger takes records", value=int(ready))


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
    registry.register(_Totals(watched))
    metrics = make_wsgi_app(registry)

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        path = environ.get("PATH_INFO")
        if path == "/metrics":
            return metrics(environ, start_response)
        healthy = path == "/healthz" or (path == "/readyz" and watched.failure is None)
        known = path in ("/healthz", "/readyz")
        status = "200 OK" if healthy else "503 Service Unavailable" if known else "404 Not Found"
        start_response(status, [("content-type", "text/plain")])
        return [b"ok\n" if healthy else b"the ledger takes no records\n" if known else b"not here\n"]

    return application


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Requests are not logged."""
