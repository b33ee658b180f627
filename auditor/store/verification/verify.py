# SPDX-License-Identifier: Apache-2.0
"""Verification of a store: every record, signature, chain and checkpoint of every ledger.

Without an identity the public part is proved (nothing altered, added, taken out, swapped or replayed below the newest
checkpoint); with one every record is opened besides. What no later look can tell is a tail cut above everything seen
before: hand in pins, the sizes and roots of earlier reports.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Final

from auditor.calls import Compact
from auditor.errors import AuditorError
from auditor.store.keys import facts
from auditor.store.keys.identity import Identity
from auditor.store.location import Location
from auditor.store.server.engine import ServerAway
from auditor.store.verification.faults import Fault
from auditor.store.verification.walk import LedgerReport, Walk

_ROLLED_BACK: Final = (
    "the store's description lacks facts that were seen before: it was put back, or signed anew by somebody who left"
)

type Progress = Callable[[int, int], None]
"""Told how many leaves of how many are done."""

type Pins = Mapping[str, Mapping[int, bytes]]
"""Roots seen before: by ledger, then by tree size."""


class Report(Compact, frozen=True, kw_only=True):
    """What was verified, and what does not hold; `faults` begin with the first bad record of the first ledger."""

    store: str
    ledgers: tuple[LedgerReport, ...]
    facts: tuple[str, ...] = ()
    """Short names of the facts the store's description holds, which only ever become more."""
    faults: tuple[Fault, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


def verify(
    location: Location,
    identity: Identity | None = None,
    progress: Progress | None = None,
    pins: Pins | None = None,
    incremental: bool = False,
    known: Collection[str] = (),
) -> Report:
    """Verify all ledgers of a store, also while their writers go on.

    `incremental`: what the newest pin of a ledger covers is not read again, but for the segment it lies in. That
    nothing of it was cut or rolled back is proved all the same; later edits of what was verified then are not noticed.
    `known` are the facts that earlier reports named.

    Raises `InputError` where there is no store, `ServerAway` where its server breaks off; everything that does not hold
    is in the report.
    """
    store = location.facts()
    found = [] if identity is None else _check_auditor(store, identity)
    if not store.standing.issuperset(known):
        found.append(Fault(ledger=facts.STORE_FILE, what=_ROLLED_BACK))
    walks = []
    for one in _walks(location, store, pins or {}, found):
        try:
            with location.translated(one.ledger):
                seen = max((pins or {}).get(one.ledger, {}), default=0) if incremental else 0
                walks.append((one, one.start(seen)))
        except ServerAway:
            raise
        except AuditorError as error:
            found.append(Fault(ledger=one.ledger, what=error.message))
    done, total = 0, sum(size for _, size in walks)

    def advance(leaves: int) -> None:
        nonlocal done
        done += leaves
        if progress:
            progress(done, total)

    opener = identity.opener if identity else None
    reports = []
    for one, _ in walks:
        try:
            with location.translated(one.ledger):
                reports.append(one.run(opener, (pins or {}).get(one.ledger, {}), advance))
        except ServerAway:
            raise
        except AuditorError as error:
            one.faults.add(error.message)
        found += one.faults.sorted()
    advance(total - done)
    return Report(store=store.id, ledgers=tuple(reports), facts=tuple(sorted(store.standing)), faults=tuple(found))


def _walks(location: Location, store: facts.StoreFacts, pins: Pins, found: list[Fault]) -> Iterator[Walk]:
    """A walk for every ledger that is here and enrolled; faults for those that should not, or should, be here."""
    present = location.ledgers()
    enrolled = {enrolment.ledger: enrolment for enrolment in store.ledgers}
    for name in sorted({*present, *pins}):
        if name not in present:
            found.append(Fault(ledger=name, what="the whole ledger is gone: it was seen before"))
        elif name not in enrolled:
            found.append(Fault(ledger=name, what="this ledger is not enrolled in the store"))
        else:
            yield Walk(location.engine(name), enrolled[name], store)


def _check_auditor(store: facts.StoreFacts, identity: Identity) -> list[Fault]:
    """An identity is a root of trust of its own: the store must name it as it is."""
    if identity.auditor not in store.auditors:
        return [Fault(ledger=facts.STORE_FILE, what="the store does not name this identity as its auditor")]
    if identity.founder != store.founder.signing_key:
        return [Fault(ledger=facts.STORE_FILE, what="the store is founded by another key than when it was joined")]
    return []
