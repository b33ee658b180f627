# SPDX-License-Identifier: Apache-2.0
"""What verification finds wrong: which record of which ledger, and what about it."""

from typing import Final

from auditor.calls import Compact

MOST: Final = 100
"""Faults reported of one ledger; past these it is broken beyond listing."""


class Fault(Compact, frozen=True, kw_only=True):
    """Something that does not hold, at record `seq`; `until` closes a range that cannot be told apart."""

    ledger: str
    what: str
    seq: int | None = None
    until: int | None = None

    def sentence(self) -> str:
        """One line for a person."""
        if self.seq is None:
            return f"{self.ledger}: {self.what}"
        where = f"record {self.seq}" if self.until in (None, self.seq) else f"records {self.seq} to {self.until}"
        return f"{self.ledger}, {where}: {self.what}"


class Faults:
    """Collects the faults of one ledger."""

    def __init__(self, ledger: str) -> None:
        self._ledger = ledger
        self._found: list[Fault] = []
        self._walked_from = 0

    def add(self, what: str, seq: int | None = None, until: int | None = None) -> None:
        """Note a fault."""
        if len(self._found) < MOST:
            self._found.append(Fault(ledger=self._ledger, what=what, seq=seq, until=until))

    def begin_walk(self) -> None:
        """From here on faults are of records; what the frame showed does not explain what the walk will find."""
        self._walked_from = len(self._found)

    def explain(self, first: int, end: int) -> bool:
        """Whether a fault among these records was found already, of which another would only be a consequence."""
        return any(
            fault.seq is not None and fault.seq < end and first <= (fault.seq if fault.until is None else fault.until)
            for fault in self._found[self._walked_from :]
        )

    def sorted(self) -> tuple[Fault, ...]:
        """All faults, those of the whole ledger first, then by record."""
        return tuple(sorted(self._found, key=lambda fault: -1 if fault.seq is None else fault.seq))
