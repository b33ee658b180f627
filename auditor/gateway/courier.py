# SPDX-License-Identifier: Apache-2.0
"""The courier process: `python -m auditor.gateway.courier`, started by the supervisor where records leave the gateway.

It ships the ledger to a server and publishes it by HTTPS, reading the ledger's file like any reader: whatever happens
to server, network or readers, the recorder does not notice. When told to stop it ships what there is, for a while.
"""

import asyncio
import contextlib
import logging
import sys
import threading
import time

from auditor.errors import AuditorError
from auditor.gateway import child
from auditor.gateway.config import GatewayConfig
from auditor.gateway.publisher import Publisher, serve
from auditor.store.keys.enrolment import Enrolment
from auditor.store.ledger import erasure
from auditor.store.location import Location
from auditor.store.server import engine as server
from auditor.store.server.shipping import Shipper, Shipping

log = logging.getLogger(__name__)

SHORTEST, LONGEST = 0.5, 15.0
"""Seconds of rest after a failure; doubled each time."""
LOOK_SECONDS = 30.0
"""How often the server is asked for orders to erase."""


def main() -> int:
    """Run until told to stop."""
    start = child.read_start()
    child.log_to_stderr(start.name, start.config.settings.log_format)
    return child.run(_run(start.config))


async def _run(config: GatewayConfig) -> int:
    enrolment, location = Enrolment.load(config.path), Location.parse(config.store)
    stopped = asyncio.Event()
    with contextlib.ExitStack() as stack:
        if config.publish is not None:
            host, port = stack.enter_context(serve(Publisher(location, enrolment), config.publish, config.path))
            sys.stderr.write(f"Sealed records are published at https://{host}:{port}.\n")
            sys.stderr.flush()
        if config.ship is not None:
            carrier = Carrier(config, location, enrolment)
            stack.callback(carrier.stop, config.settings.grace)
            carrier.start()
        child.obey(stop=stopped.set, reload=lambda _: None, orphaned=stopped.set)
        child.say_ready()
        await stopped.wait()
    return 0


class Carrier:
    """A thread that ships as long as there is something, and says how far it came."""

    def __init__(self, config: GatewayConfig, location: Location, enrolment: Enrolment) -> None:
        assert config.ship is not None
        self._folder = config.path
        self._every = config.ship.every
        self._url = config.ship.url(config.path)
        self._location = location
        self._enrolment = enrolment
        self._shipper = Shipper(location.ledger_file(enrolment.ledger), enrolment.ledger, self._url)
        self._stopping = threading.Event()
        self._rest = 0.0
        self._looked = 0.0
        self._said: Shipping | None = None
        self._thread = threading.Thread(target=self._work, name="carrier", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, patience: float) -> None:
        """Ship what is there, for so many seconds at most, and end."""
        self._stopping.set()
        self._thread.join(patience)

    def _work(self) -> None:
        while True:
            is_last = self._stopping.is_set()
            self.turn()
            if is_last and (self._rest or self._said is None or not self._said.behind):
                return
            self._pause(self._rest or self._every)

    def _pause(self, seconds: float) -> None:
        """Rest, unless told to stop; what waits is told meanwhile."""
        until = time.monotonic() + seconds
        while not self._stopping.wait(min(1.0, max(until - time.monotonic(), 0))) and time.monotonic() < until:
            if self._said is not None:
                self._say(self._said.failure)

    def turn(self) -> None:
        """Ship all there is, once. Never raises for what may pass: it rests, then tries again."""
        try:
            if self._rest or self._said is None or self._shipper.has_news():
                while self._shipper.ship():
                    self._say()
            if time.monotonic() - self._looked >= LOOK_SECONDS:
                self._fetch_orders()
            self._rest = 0.0
            self._say()
        except AuditorError as error:
            self._rest = min(max(SHORTEST, self._rest * 2), LONGEST)
            if self._said is None or self._said.failure != error.message:
                log.warning("%s Records wait here meanwhile.", error.message)
            self._say(error.message)

    def _fetch_orders(self) -> None:
        """Lay down what auditors ordered to erase on the server, for the ledger's writer."""
        self._looked = time.monotonic()
        ledger, store = self._enrolment.ledger, self._enrolment.store
        for number, raw in server.orders(self._url, ledger):
            leaves = erasure.checked(raw, f"Order {number}", store, ledger)
            seqs = {leaf.seq for leaf in leaves}
            if not seqs <= erasure.waiting_seqs(self._location, ledger) and self._shipper.has_content(seqs):
                erasure.order(self._location, ledger, leaves)

    def _say(self, failure: str | None = None) -> None:
        """Write down how far shipping came, where that is news."""
        with contextlib.suppress(AuditorError):
            arrived = self._shipper.arrived
            behind = max(self._shipper.size() - arrived, 0)
            said = Shipping(shipped=arrived, behind=behind, failure=failure)
            if said != self._said:
                said.save(self._folder)
                self._said = said


if __name__ == "__main__":
    sys.exit(main())
