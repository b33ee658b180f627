# SPDX-License-Identifier: Apache-2.0
"""A source by the words a person names it with: a path, https://GATEWAY:PORT with a token, or a server's URL."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from auditor.errors import InputError
from auditor.store import Location
from auditor.sync.remote import GatewaySource, token_from
from auditor.sync.sources import FileSource, LocatedSource, Source

SCHEME = "https://"


@contextlib.contextmanager
def opened(source: str, token_file: Path | None) -> Iterator[Source]:
    """The source, closed at the end. Raises `InputError` where a gateway is named without a token."""
    if not source.startswith(SCHEME):
        path = Path(source)
        yield FileSource(path) if path.is_file() else LocatedSource(Location.parse(source))
        return
    if token_file is None:
        raise InputError("A gateway gives its records to holders of a token.", "Give --token-file FILE.")
    with contextlib.closing(GatewaySource(source, token_from(token_file))) as gateway:
        yield gateway
