# SPDX-License-Identifier: Apache-2.0
"""The running totals of a gateway: every call is in one of them. Kept by the recorder's event loop alone."""

import msgspec

from auditor.calls import Outcome
from auditor.store.records import Completion, Counters, Draft


class Totals(msgspec.Struct):
    """Counts since the recorder started."""

    seen: int = 0
    recorded: int = 0
    lost: int = 0
    blocked: int = 0
    tunnelled: int = 0
    undecryptable: int = 0
    unparsed: int = 0

    def counters(self, backlog: int) -> Counters:
        """The totals as the ledger keeps them; `backlog` exchanges are begun and not yet durable."""
        return Counters(**msgspec.structs.asdict(self), backlog=backlog)


def is_unparsed(draft: Draft) -> bool:
    """Whether a completion holds a call whose format is not understood."""
    meta = draft.meta
    return isinstance(meta, Completion) and any(call.outcome is Outcome.UNPARSED for call in meta.calls)
