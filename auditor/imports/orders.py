# SPDX-License-Identifier: Apache-2.0
"""What passes between an import and its workers: how exchanges are to be made ready, and what came of one."""

from typing import NamedTuple

import msgspec

from auditor.calls import Span
from auditor.store.format.prepare import Prepared


class Outcome(msgspec.Struct, frozen=True, array_like=True):
    """An exchange made ready; without a record, it went to no AI provider and was not asked for.

    `beside` it belong who stands behind its actor's pseudonym, the first time, and what was taken out of it to be
    sealed apart. `proposed` names a host that no list knows but whose calls are of a known format, as a gateway is told
    of it (`HOST[:PORT]=DIALECT`).
    """

    record: Prepared | None = None
    beside: tuple[Prepared, ...] = ()
    proposed: str | None = None


class Order(NamedTuple):
    """How exchanges are to be made ready.

    `key` is the pseudonym key, `span` how long a pseudonym stays; `keep_elsewhere` also asks for what went to no AI
    provider. Values of the types in `remove` are not stored, of those in `withhold` apart. `folder` holds what the
    organisation itself calls data.
    """

    key: bytes
    span: Span = "forever"
    keep_elsewhere: bool = False
    remove: tuple[str, ...] = ()
    withhold: tuple[str, ...] = ()
    folder: str | None = None
