# SPDX-License-Identifier: Apache-2.0
"""The inline bytes of an exchange by their hash: a picture or a document as it was sent or received."""

from auditor.calls import Exchange
from auditor.dialects import media
from auditor.dialects.parsing import parse
from auditor.providers import Providers


def carried(exchange: Exchange, providers: Providers, sha256: str) -> bytes | None:
    """The bytes that a reading describes by this hash (hex); None where none of them has it."""
    with media.looking_for(sha256) as found:
        parse(exchange, providers)
    return next(iter(found), None)
