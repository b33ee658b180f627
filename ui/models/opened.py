# SPDX-License-Identifier: Apache-2.0
"""A call whose content was opened for a recorded reason: everything the inspector shows, made off the main thread."""

from collections.abc import Sequence
from dataclasses import dataclass

from auditor.archive import Archive
from auditor.calls import Call, Exchange, PlacedMatch
from auditor.errors import InputError
from auditor.privacy import texts
from ui.models import raw
from ui.models.conversation import Conversation, conversation


@dataclass(frozen=True, slots=True)
class Opened:
    """Masked content of one call, and the facts of its connection."""

    call: Call
    reason: str
    conversation: Conversation
    matches: tuple[PlacedMatch, ...]
    exchange: Exchange


@dataclass(frozen=True, slots=True)
class RawExchange:
    """Request and response as text, not masked."""

    request: str
    response: str
