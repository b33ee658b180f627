# SPDX-License-Identifier: Apache-2.0
"""Forwards findings from the gateway as they arise: to syslog and to a webhook, without content.

    [forward]                              # in gateway.toml
    syslog = "syslog+tls://siem.example:6514"
    webhook = "https://siem.example/hooks/ai"
    token_file = "webhook.token"           # sent as a bearer token
    ca = "siem-ca.pem"                     # where its certificate is not of a public authority
    level = "medium"                       # and above; low where not said

A target that is away costs nothing but its events' delay: they wait in `auditor.gateway.outbox`, sealed on disk and
bounded (the oldest go first and are counted), and are tried again after 1 s, 2 s, 4 s … up to a minute, also by the
gateway's next run. An event is the finding as `auditor findings --json` prints it: facts, figures and pseudonyms.
"""

import logging
import threading
import weakref
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import msgspec

from auditor.calls import Exchange
from auditor.errors import InputError
from auditor.findings import Finding
from auditor.gateway.digest import Digest
from auditor.gateway.forward_settings import ADVICE, Forward
from auditor.gateway.outbox import Outbox, Standing, Waiting, name_of
from auditor.gateway.targets import Syslog, Target, Webhook
from auditor.policy import Policy
from auditor.rules.live import Watch
from auditor.rules.reading import load
from auditor.store.format.records import Completion, Draft
from auditor.terms import Registry

log = logging.getLogger(__name__)

_LONGEST_S: Final = 60.0


def targets_of(forward: Forward) -> dict[str, Target]:
    """The targets by the names their queues have. Raises `InputError` where a file cannot be read."""
    authority = None if forward.ca is None else Path(forward.ca)
    found: dict[str, Target] = {}
    try:
        token = Path(forward.token_file).read_text().strip() if forward.token_file else None
        if forward.syslog:
            found[name_of("syslog", forward.syslog)] = Syslog(urlsplit(forward.syslog), authority)
        if forward.webhook:
            found[name_of("webhook", forward.webhook)] = Webhook(urlsplit(forward.webhook), authority, token)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"What [forward] names cannot be read: {error}.", ADVICE) from None
    return found


class Line:
    """One target and what waits for it, served by a thread of its own."""

    def __init__(self, name: str, target: Target, outbox: Outbox, first_pause_s: float = 1.0) -> None:
        self.name = name
        self._target = target
        self._outbox = outbox
        self._first = first_pause_s
        self._news = threading.Condition()
        self._closing = False
        self._thread = threading.Thread(target=self._serve, name="forwarding", daemon=True)
        self._thread.start()

    def put(self, event: bytes) -> None:
        """Let an event wait; its target never holds this up."""
        self._outbox.put(self.name, event)
        with self._news:
            self._news.notify()

    def close(self, grace_s: float = 0.5) -> None:
        """Stop; what was not delivered waits for the next run."""
        with self._news:
            self._closing = True
            self._news.notify()
        self._thread.join(grace_s)

    def _serve(self) -> None:
        pause = self._first
        while not self._closing:
            try:
                self._deliver_one()
            except OSError as error:
                if pause == self._first:
                    log.warning("findings cannot be forwarded and wait: %s", error)
                self._rest(pause)
                pause = min(pause * 2, _LONGEST_S)
            else:
                pause = self._first
        self._target.close()

    def _deliver_one(self) -> None:
        """Hand over what waits longest. Raises `OSError` where it was not taken."""
        waiting = self._next()
        if waiting is None:
            return
        try:
            finding = msgspec.json.decode(waiting.event, type=Finding)
        except msgspec.ValidationError:
            log.error("a finding that an earlier version left to be forwarded cannot be read")
        else:
            self._target.deliver(finding, waiting.event)
            self._outbox.settle(self.name, waiting.n, delivered=True)
            return
        self._outbox.settle(self.name, waiting.n, delivered=False)

    def _next(self) -> Waiting | None:
        """The oldest event, waited for; it stays in the queue until it is delivered."""
        with self._news:
            while not self._closing:
                if waiting := self._outbox.oldest(self.name):
                    return waiting
                self._news.wait()
            return None

    def _rest(self, seconds: float) -> None:
        """Wait before the next try, until the end at most."""
        with self._news:
            self._news.wait_for(lambda: self._closing, seconds)


class Forwarder:
    """A pipeline's records, looked at as they pass; what rules say of them goes out. Raises `InputError` when it is
    made with what cannot be read."""

    def __init__(self, digest: Digest, forward: Forward, policy: Policy, outbox: Outbox) -> None:
        self._digest = digest
        self._watch = Watch(load(), Registry.load(), policy, forward.level)
        self._outbox = outbox
        self.lines = [Line(name, target, outbox) for name, target in targets_of(forward).items()]
        weakref.finalize(self, _hang_up, self.lines)

    def standing(self) -> list[Standing]:
        """How each target stands."""
        return [self._outbox.standing(line.name) for line in self.lines]

    def process_all(self, exchanges: Sequence[Exchange]) -> list[Draft]:
        """The records as the pipeline makes them."""
        drafts = self._digest.process_all(exchanges)
        for draft in drafts:
            try:
                self._look(draft)
            except Exception as failure:  # a rule's defect must not cost the record
                log.error("A call could not be looked at for forwarding: %s.", type(failure).__name__)
        return drafts

    def introduction(self, exchange: Exchange) -> Draft | None:
        """Who stands behind a pseudonym, as the pipeline has it."""
        return self._digest.introduction(exchange)

    def withheld(self, exchange: Exchange) -> Draft | None:
        """What was taken out of an exchange, as the pipeline has it."""
        return self._digest.withheld(exchange)

    def _look(self, draft: Draft) -> None:
        if isinstance(draft.meta, Completion):
            for call in draft.meta.calls:
                for finding in self._watch.findings(call):
                    encoded = msgspec.json.encode(finding)
                    for line in self.lines:
                        line.put(encoded)


def _hang_up(lines: list[Line]) -> None:
    """End lines whose forwarder went: another took its place, or the process ends."""
    for line in lines:
        line.close()
