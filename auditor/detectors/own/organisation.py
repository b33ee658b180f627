# SPDX-License-Identifier: Apache-2.0
"""What the organisation itself calls data: dictionaries, expressions, and documents known by fingerprint.

The table `[data]` of `policy.toml` says it (see `auditor.policy.loading`). Fingerprints lie beside it in
`fingerprints.idx`, which `auditor fingerprint add` writes. A folder with neither file has nothing of its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol

from auditor.calls import Match
from auditor.detectors.own import dictionaries
from auditor.detectors.own import patterns as custom_patterns
from auditor.detectors.own.dictionaries import Dictionaries, Dictionary
from auditor.detectors.own.patterns import CustomPatterns
from auditor.detectors.view import View
from auditor.errors import InputError
from auditor.policy import of_folder
from auditor.policy.model import CustomPattern, Data, DictionaryEntry

FINGERPRINTS: Final = "fingerprints.idx"
DOCUMENT: Final = "DOCUMENT_FINGERPRINT"
TYPES: Final = frozenset({dictionaries.TYPE, custom_patterns.TYPE, DOCUMENT})
MOST: Final = 10_000
"""Matches of the organisation's types kept of a text."""


class Finder(Protocol):
    """One way of finding data of the organisation's own."""

    def matches(self, view: View) -> Iterator[Match]:
        """The matches in a text."""
        ...


class Organisation:
    """The organisation's own data, compiled; finds it in texts."""

    def __init__(self, finders: Mapping[str, Finder]) -> None:
        self._finders = dict(finders)

    @classmethod
    def of(cls, folder: Path) -> "Organisation":
        """What `folder` says (see above). Raises InputError where a file of it is wrong."""
        finders = finders_of(of_folder(folder).data, folder)
        index = folder / FINGERPRINTS
        if index.exists():
            from auditor.detectors.own.known_documents import (  # numpy, where it is needed
                FingerprintIndex,
                KnownDocuments,
            )

            finders[DOCUMENT] = KnownDocuments(FingerprintIndex.decode(_read(index), str(index)))
        return cls(finders)

    def matches(self, view: View, types: frozenset[str]) -> Iterator[Match]:
        """The matches of some types in a text."""
        for type_, finder in self._finders.items():
            if type_ in types:
                yield from finder.matches(view)


def compiled(words: Sequence[Dictionary] = (), patterns: Sequence[CustomPattern] = ()) -> dict[str, Finder]:
    """Finders by the type they find, for what is there."""
    finders: dict[str, Finder] = {}
    if words:
        finders[dictionaries.TYPE] = Dictionaries(words)
    if patterns:
        finders[custom_patterns.TYPE] = CustomPatterns(patterns)
    return finders


def finders_of(data: Data, folder: Path) -> dict[str, Finder]:
    """What a policy calls data, compiled; its files lie in `folder`. Raises InputError where one is wrong."""
    words = [
        Dictionary(name=entry.name, terms=_terms(entry, folder), match_case=entry.match_case)
        for entry in data.dictionary
    ]
    return compiled(words, data.pattern)


def _terms(entry: DictionaryEntry, folder: Path) -> tuple[str, ...]:
    if entry.file is None:
        return entry.terms
    path = folder / entry.file
    try:
        lines = _read(path).decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise InputError(f"{path} is no text in UTF-8.", "Convert it, one term a line.") from None
    return (*entry.terms, *(line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from None
