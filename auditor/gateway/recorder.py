# SPDX-License-Identifier: Apache-2.0
"""The recorder process: `python -m auditor.gateway.recorder`, started by the supervisor.

Invariant: when it says "ready", the ledger is open, its `Started` record is durable and proxies can connect.
"""

import asyncio
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from auditor import policy
from auditor.detectors import Organisation, Scanner
from auditor.errors import AuditorError, EnvironmentFailure
from auditor.gateway import child, memory
from auditor.gateway.config import GatewayConfig
from auditor.gateway.digest import Digest
from auditor.gateway.health import serve_metrics
from auditor.gateway.outbox import FILE, Outbox, Standing
from auditor.gateway.recording import Recorder
from auditor.pipeline import Pipeline
from auditor.privacy import Pseudonyms
from auditor.providers import Providers
from auditor.settling import settle
from auditor.store.keys.enrolment import Enrolment
from auditor.store.ledger.writer import LedgerWriter
from auditor.store.location import Location
from auditor.store.server.shipping import Shipping

log = logging.getLogger(__name__)

SWITCH_INTERVAL = 0.0005
"""Seconds a thread keeps the interpreter: an intent must not wait five milliseconds for a body being parsed."""


def main() -> int:
    """Run until told to stop; the exit code is 0 when every record is durable."""
    sys.setswitchinterval(SWITCH_INTERVAL)
    memory.settle()
    start = child.read_start()
    child.log_to_stderr(start.name, start.config.settings.log_format)
    return child.run(_run(start))


async def _run(start: child.Start) -> int:
    config, enrolment = start.config, Enrolment.load(start.config.path)
    location = Location.parse(config.store)
    pipeline = _pipeline(config, enrolment)
    digest = _digest(config, enrolment, pipeline)
    recorder = Recorder(
        lambda: LedgerWriter.for_gateway(enrolment, location),
        _pipeline(config, enrolment),
        digest,
        config.spool,
        config.settings.spill_bytes,
    )
    recorder.forwarding = _standing(digest)
    if config.ship is not None:
        recorder.unshipped = lambda: shipping.behind if (shipping := Shipping.load(config.path)) else 0
    recorder.ahead(lambda: settle(pipeline.process))
    stopped = asyncio.Event()
    server = await recorder.serve(Path(start.socket))
    regularly = (recorder.beat(config.settings.heartbeat), memory.keep_giving_back())
    background = [asyncio.create_task(work) for work in regularly]
    with serve_metrics(recorder, config.metrics):
        reloading = _Reloading(recorder, enrolment)
        child.obey(stop=stopped.set, reload=reloading.begin, orphaned=stopped.set)
        child.say_ready()
        await stopped.wait()
        server.close()
        for task in background:
            task.cancel()
        left = await recorder.close(config.settings.grace)
    if left:
        sys.stderr.write(f"{left} records could not be written: {recorder.failure}.\n")
    code = EnvironmentFailure.exit_code if left else 0
    if recorder.is_loading:  # nothing was to be read; the interpreter would wait for patterns being compiled
        sys.stderr.flush()
        os._exit(code)
    return code


class _Reloading:
    """Reads providers, dictionaries and fingerprints again, beside the work; what cannot be read changes nothing."""

    def __init__(self, recorder: Recorder, enrolment: Enrolment) -> None:
        self._recorder = recorder
        self._enrolment = enrolment
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, config: GatewayConfig) -> None:
        """Start to read."""
        task = asyncio.create_task(self._read(config))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _read(self, config: GatewayConfig) -> None:
        try:
            intents, digest = await asyncio.to_thread(
                lambda: (
                    _pipeline(config, self._enrolment),
                    _digest(config, self._enrolment, _pipeline(config, self._enrolment)),
                )
            )
        except AuditorError as error:
            log.error("the policy stays as it was: %s", error.message)
        else:
            self._recorder.use(intents, digest)
            self._recorder.forwarding = _standing(digest)
            child.say_reloaded()


def _digest(config: GatewayConfig, enrolment: Enrolment, pipeline: Pipeline) -> Digest:
    """The worker's pipeline, and what forwards findings where that is wanted."""
    if config.forward is None:
        return pipeline
    from auditor.gateway.forwarding import Forwarder  # rules and their reader, where they are needed

    key = Pseudonyms(enrolment.pseudonym_key, enrolment.store.span).subkey("forwarding queue")
    return Forwarder(pipeline, config.forward, policy.of_folder(config.path), Outbox(config.path / FILE, key))


def _standing(digest: Digest) -> Callable[[], Sequence[Standing]]:
    """What tells how the targets of forwarding stand; they are none where nothing is forwarded."""
    return getattr(digest, "standing", tuple)


def _pipeline(config: GatewayConfig, enrolment: Enrolment) -> Pipeline:
    providers = Providers.load(config.provider_hosts)
    scanner = Scanner(Organisation.of(config.path))
    capture = policy.of_folder(config.path).capture
    pseudonyms = Pseudonyms(enrolment.pseudonym_key, enrolment.store.span)
    return Pipeline(providers, pseudonyms, scanner, enrolment.ledger, capture.remove, capture.withhold)


if __name__ == "__main__":
    sys.exit(main())
