# SPDX-License-Identifier: Apache-2.0
"""What the recorder needs of a `Pipeline`, and of what stands before one."""

from collections.abc import Sequence
from typing import Protocol

from auditor.calls import Exchange
from auditor.store.format.records import Draft


class Digest(Protocol):
    """What the worker needs of a `Pipeline`, which serves one thread."""

    def process_all(self, exchanges: Sequence[Exchange]) -> list[Draft]:
        """The completions of some exchanges; together they take less time than one by one."""

    def introduction(self, exchange: Exchange) -> Draft | None:
        """Who stands behind a pseudonym, where that is to be recorded."""

    def withheld(self, exchange: Exchange) -> Draft | None:
        """What was taken out of an exchange processed last, to be sealed apart."""


class Intents(Protocol):
    """What the event loop needs of a `Pipeline` of its own."""

    def intent(self, exchange: Exchange) -> Draft:
        """The intent of an exchange."""
