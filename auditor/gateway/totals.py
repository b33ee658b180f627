# SPDX-License-Identifier: Apache-2.0
"""The running totals of a gateway: every call is in one of them. Kept by the recorder's event loop alone."""

import msgspec

from auditor.calls import Outcome
from auditor.gateway.messages import Tally
from auditor.store.format.records import Completion, Counters, Draft

COUNTED_BY_PROXIES = ("tunnelled", "undecryptable", "blocked", "denied", "refused", "turned_away", "discovered")


class Totals(msgspec.Struct):
    """Counts since the recorder started."""

    seen: int = 0
    recorded: int = 0
    lost: int = 0
    blocked: int = 0
    tunnelled: int = 0
    undecryptable: int = 0
    unparsed: int = 0
    denied: int = 0
    refused: int = 0
    turned_away: int = 0
    discovered: int = 0

    def add(self, tally: Tally) -> None:
        """Take in what a proxy counted."""
        for name in COUNTED_BY_PROXIES:
            setattr(self, name, getattr(self, name) + getattr(tally, name))

    def counters(self, backlog: int, unshipped: int) -> Counters:
        """The totals as the ledger keeps them; `backlog` exchanges are begun and not yet durable, `unshipped` leaves
        not yet on the server."""
        return Counters(**msgspec.structs.asdict(self), backlog=backlog, unshipped=unshipped)


def is_unparsed(draft: Draft) -> bool:
    """Whether a completion holds a call whose format is not understood."""
    meta = draft.meta
    return isinstance(meta, Completion) and any(call.outcome is Outcome.UNPARSED for call in meta.calls)
