# SPDX-License-Identifier: Apache-2.0
"""Recordings on disk: which format a file has, by its content, and the reader for it.

`check` reads as far as it must to know that a file is worth reading, so that an import can look at all its files
before it writes anything. mitmproxy's flow files are read by `addons.flows`, which is loaded by name and only then:
the core depends on no proxy.
"""

import importlib
import io
import re
from collections.abc import Buffer, Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, cast

from auditor.calls import Exchange
from auditor.errors import EnvironmentFailure, InputError
from auditor.imports import har, har_document, ndjson
from auditor.imports.entries import BadEntry, Entry, OnBytes, Unreadable, unreadable_file

_HEAD = 64 * 1024
_BUFFER = 256 * 1024
_BOM = b"\xef\xbb\xbf"
_HAR = re.compile(rb'"log"\s*:\s*\{')
_FLOWS = re.compile(rb"\d{1,12}:")
"""A flow file is a run of tnetstrings: a decimal length, a colon, the value (https://tnetstrings.info/)."""


class Format(StrEnum):
    """The formats of recordings, as a person calls them."""

    HAR = "HAR"
    FLOWS = "mitmproxy flows"
    NDJSON = "NDJSON of exchanges"


def read(path: Path, on_bytes: OnBytes = lambda _: None, form: Format | None = None) -> Iterator[Entry]:
    """Yields the entries of a recording in their order, with ids left empty; tells `on_bytes` how far it is.

    `form` is what `check` said, where that was asked before. Raises `InputError` for a file of which nothing can be
    read.
    """
    reader = _READERS[form or check(path)]
    with _opened(path, on_bytes) as file:
        yield from reader(file)


def check(path: Path) -> Format:
    """Says which format a file has; raises `InputError` when nothing of it can be read."""
    form = _sniffed(path)
    try:
        if form is Format.HAR:
            with _opened(path) as file:
                har_document.count(file)
        else:
            _find_one(path, form)
    except Unreadable as e:
        raise unreadable_file(path, str(e)) from e
    return form


def _find_one(path: Path, form: Format) -> None:
    first: BadEntry | None = None
    with _opened(path) as file:
        for entry in _READERS[form](file):
            if isinstance(entry, Exchange):
                return
            first = first or entry
    why = f" ({first.place}: {first.what})" if first else ""
    raise Unreadable(f"there is no exchange in it{why}")


def _sniffed(path: Path) -> Format:
    with _opened(path) as file:
        head = file.read(_HEAD).lstrip()
    if not head:
        raise unreadable_file(path, "it is empty")
    if head.startswith(b"{"):
        return Format.HAR if _HAR.search(head) else Format.NDJSON
    if _FLOWS.match(head):
        return Format.FLOWS
    raise unreadable_file(path, _foreign(head))


def _foreign(head: bytes) -> str:
    if head.startswith(b"\x1f\x8b"):
        return "it is compressed with gzip and needs to be unpacked first"
    return "it is neither HAR nor a mitmproxy flow file nor NDJSON"


class _Counted(io.FileIO):
    """A file that tells how much of it was read."""

    def __init__(self, path: Path, on_bytes: OnBytes) -> None:
        super().__init__(path)
        self._on_bytes = on_bytes

    def readinto(self, buffer: Buffer, /) -> int | None:
        size = super().readinto(buffer)
        self._on_bytes(size or 0)
        return size


@contextmanager
def _opened(path: Path, on_bytes: OnBytes = lambda _: None) -> Iterator[BinaryIO]:
    """The file behind its byte order mark, where it has one."""
    try:
        raw = _Counted(path, on_bytes)
    except OSError as e:
        raise InputError(f"{path} cannot be opened: {e.strerror}.", "Nothing was written.") from e
    with io.BufferedReader(raw, _BUFFER) as file:
        if file.peek(len(_BOM)).startswith(_BOM):
            file.read(len(_BOM))
        yield file


def _flows(file: BinaryIO) -> Iterator[Entry]:
    try:
        module = importlib.import_module("addons.flows")
    except ModuleNotFoundError as e:
        raise EnvironmentFailure(
            "Reading a mitmproxy flow file needs mitmproxy, which is not installed here.",
            "Install the gateway extra: pip install 'ai-usage-auditor[gateway]'.",
        ) from e
    yield from cast(Callable[[BinaryIO], Iterator[Entry]], module.exchanges)(file)


_READERS: dict[Format, Callable[[BinaryIO], Iterator[Entry]]] = {
    Format.HAR: har.exchanges,
    Format.FLOWS: _flows,
    Format.NDJSON: ndjson.exchanges,
}
