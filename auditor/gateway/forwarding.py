# SPDX-License-Identifier: Apache-2.0
"""Forwards findings from the gateway as they arise: to syslog and to a webhook, without content.

    [forward]                              # in gateway.toml
    syslog = "syslog+tls://siem.example:6514"
    webhook = "https://siem.example/hooks/ai"
    token_file = "webhook.token"           # sent as a bearer token
    ca = "siem-ca.pem"                     # where its certificate is not of a public authority
    level = "medium"                       # and above; low where not said

A target that is away costs nothing but its events' delay: they wait in memory, `QUEUE` of them at most (the oldest go
first and are counted), and are tried again after 1 s, 2 s, 4 s … up to a minute. Nothing that waits is written down,
so a restart forgets it; the analysis of the store finds it again, under the same id. An event is the finding as
`auditor findings --json` prints it: facts, figures and pseudonyms.
"""

import logging
import threading
import weakref
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import msgspec

from auditor.calls import Exchange
from auditor.errors import InputError
from auditor.findings import Finding
from auditor.gateway.forward_settings import ADVICE, Forward
from auditor.gateway.recording import Digest
from auditor.gateway.targets import Syslog, Target, Webhook
from auditor.policy import Policy
from auditor.rules.live import Watch
from auditor.rules.reading import load
from auditor.store.records import Completion, Draft
from auditor.terms import Registry

log = logging.getLogger(__name__)

QUEUE: Final = 10_000
_LONGEST_S: Final = 60.0


def targets_of(forward: Forward) -> list[Target]:
    """The targets. Raises `InputError` where a file cannot be read."""
    authority = None if forward.ca is None else Path(forward.ca)
    try:
        token = Path(forward.token_file).read_text().strip() if forward.token_file else None
        found: list[Target] = [Syslog(urlsplit(forward.syslog), authority)] if forward.syslog else []
        if forward.webhook:
            found.append(Webhook(urlsplit(forward.webhook), authority, token))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"What [forward] names cannot be read: {error}.", ADVICE) from None
    return found


class _Event(NamedTuple):
    finding: Finding
    encoded: bytes


class Line:
    """One target with what waits for it, served by a thread of its own."""

    def __init__(self, target: Target, most: int = QUEUE, first_pause_s: float = 1.0) -> None:
        self._target = target
        self._waiting: deque[_Event] = deque()
        self._most = most
        self._first = first_pause_s
        self._news = threading.Condition()
        self._closing = False
        self.delivered = 0
        self.dropped = 0
        self._thread = threading.Thread(target=self._serve, name="forwarding", daemon=True)
        self._thread.start()

    def put(self, finding: Finding, encoded: bytes) -> None:
        """Let an event wait; never blocks."""
        with self._news:
            if len(self._waiting) >= self._most:
                self._waiting.popleft()
                self.dropped += 1
            self._waiting.append(_Event(finding, encoded))
            self._news.notify()

    def close(self, grace_s: float = 0.5) -> int:
        """Stop; how many events were not delivered."""
        with self._news:
            self._closing = True
            self._news.notify()
        self._thread.join(grace_s)
        return len(self._waiting)

    def _serve(self) -> None:
        pause = self._first
        while (event := self._next()) is not None:
            try:
                self._target.deliver(event.finding, event.encoded)
            except OSError as error:
                if pause == self._first:
                    log.warning("findings cannot be forwarded and wait: %s", error)
                if self._rest(pause):
                    break
                pause = min(pause * 2, _LONGEST_S)
            else:
                self.delivered += 1
                pause = self._first
                self._taken(event)
        self._target.close()

    def _next(self) -> _Event | None:
        """The oldest event, waited for; it stays in the queue until it is delivered."""
        with self._news:
            while not self._waiting and not self._closing:
                self._news.wait()
            return self._waiting[0] if self._waiting else None

    def _taken(self, event: _Event) -> None:
        with self._news:
            if self._waiting and self._waiting[0] is event:
                self._waiting.popleft()

    def _rest(self, seconds: float) -> bool:
        """Wait before the next try; whether the end came."""
        with self._news:
            return self._news.wait_for(lambda: self._closing, seconds)


class Forwarder:
    """A pipeline's records, looked at as they pass; what rules say of them goes out. Raises `InputError` when it is
    made with what cannot be read."""

    def __init__(self, digest: Digest, forward: Forward, policy: Policy) -> None:
        self._digest = digest
        self._watch = Watch(load(), Registry.load(), policy, forward.level)
        self.lines = [Line(target) for target in targets_of(forward)]
        weakref.finalize(self, _hang_up, self.lines)

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
                        line.put(finding, encoded)


def _hang_up(lines: list[Line]) -> None:
    """End lines whose forwarder went: another took its place, or the process ends."""
    for line in lines:
        line.close()
