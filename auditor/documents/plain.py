# SPDX-License-Identifier: Apache-2.0
"""Documents that are text already: decoded as they say, or as they look."""

import codecs
from typing import Final

from auditor.documents.extracted import Collector

TYPES: Final = ("text/", "application/json", "application/xml", "application/csv", "application/x-ndjson")
TYPES_MORE: Final = ("application/jsonl", "application/yaml", "application/x-yaml", "application/sql")
NAMES: Final = (".txt", ".md", ".csv", ".tsv", ".json", ".jsonl", ".xml", ".yaml", ".yml", ".log", ".sql", ".ini")
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_LOOKED_AT: Final = 4096


def is_plain(data: bytes, kind: str, name: str) -> bool:
    """Whether a document is text: by its type or name, or, where neither says anything, by its first bytes."""
    if kind.startswith((*TYPES, *TYPES_MORE)) or name.endswith(NAMES):
        return True
    told = kind not in ("", "application/octet-stream", "binary/octet-stream")
    return not told and _looks_plain(data[:_LOOKED_AT])


def read_plain(data: bytes, into: Collector) -> None:
    """The text as it is."""
    into.add(decoded(data))


def decoded(data: bytes) -> str:
    """Bytes as text: by their byte order mark, else UTF-8, else Windows-1252."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _looks_plain(head: bytes) -> bool:
    if any(head.startswith(mark) for mark, _ in _MARKS):
        return True
    if any(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head):
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True
