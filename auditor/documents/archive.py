# SPDX-License-Identifier: Apache-2.0
"""Documents that are ZIP archives of XML: Word, PowerPoint, Excel (ECMA-376) and OpenDocument (OASIS ODF 1.3).

Members are unfolded in small steps and counted over the whole document, whatever the archive says of their sizes, so a
bomb ends at the limit. Document type declarations are refused: no entities, nothing external.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Final
from xml.parsers import expat

from auditor.documents.extracted import Collector, Stop, Unread
from auditor.documents.prose import OpenDocument, Words, XmlReader
from auditor.documents.sheets import Sheet, Strings, WorkbookSheets

UNFOLDED_LIMIT: Final = 64 * 1024 * 1024
"""Bytes that the members read may unfold to, together."""
MEMBERS_LIMIT: Final = 5_000
_STEP: Final = 65536
_FOLDINGS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""The only ones these formats know; `zipfile` unfolds others without a bound on a step."""
_WORD: Final = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes|comments)\d*\.xml$")
_SLIDES: Final = re.compile(r"ppt/(slides/slide|notesSlides/notesSlide|comments/comment)\d+\.xml$")


def read_archive(data: bytes, into: Collector) -> None:
    """The text of an Office or OpenDocument file; raises `Stop` where it is neither, broken or beyond a bound."""
    if data.count(b"PK\x01\x02") > MEMBERS_LIMIT:  # before the table of members is made
        raise Stop(Unread.TOO_LARGE)
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _Document(archive, into).read()
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, NotImplementedError, EOFError) as failure:
        raise Stop(Unread.BROKEN) from failure


class _Document:
    def __init__(self, archive: zipfile.ZipFile, into: Collector) -> None:
        members = archive.infolist()
        if any(one.flag_bits & 1 for one in members):
            raise Stop(Unread.ENCRYPTED)
        if any(one.compress_type not in _FOLDINGS for one in members):
            raise Stop(Unread.UNKNOWN)
        self._archive, self._into, self._left = archive, into, UNFOLDED_LIMIT
        self._names = {one.filename: one for one in members}

    def read(self) -> None:
        if "xl/workbook.xml" in self._names:
            self._workbook()
        elif "content.xml" in self._names:
            self._feed("content.xml", OpenDocument(self._into))
            self._properties("meta.xml")
        else:
            parts = [*self._numbered(_WORD, first="word/document.xml"), *self._numbered(_SLIDES)]
            if not parts:
                raise Stop(Unread.UNKNOWN)
            for name in parts:
                self._part(name)
            self._properties("docProps/core.xml")

    def _numbered(self, names: re.Pattern[str], first: str = "") -> list[str]:
        found = [name for name in self._names if names.match(name)]
        return sorted(found, key=lambda name: (name != first, re.sub(r"\d+", "", name), _number(name)))

    def _part(self, name: str) -> None:
        if name != "word/document.xml":
            self._into.add(f"\n[{name.rpartition('/')[2].removesuffix('.xml')}]\n")
        self._feed(name, Words(self._into))

    def _properties(self, name: str) -> None:
        """Who wrote and changed it, and its title."""
        if name in self._names:
            self._into.add("\n[properties]\n")
            self._feed(name, Words(self._into, {"creator", "lastModifiedBy", "initial-creator", "title", "subject"}))

    def _workbook(self) -> None:
        listed = WorkbookSheets()
        self._feed("xl/workbook.xml", listed)
        self._feed("xl/_rels/workbook.xml.rels", listed)
        strings = Strings()
        if "xl/sharedStrings.xml" in self._names:
            self._feed("xl/sharedStrings.xml", strings)
        for title, name in listed.sheets():
            if name in self._names:
                self._into.add(f"\n[sheet: {title}]\n")
                self._feed(name, Sheet(self._into, strings.found))
        for name in self._numbered(re.compile(r"xl/comments/?\w*\d+\.xml$")):
            self._part(name)
        self._properties("docProps/core.xml")

    def _feed(self, name: str, reader: XmlReader) -> None:
        if name not in self._names:
            raise Stop(Unread.BROKEN)
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refused
        parser.StartElementHandler = lambda tag, attributes: reader.start(_local(tag), attributes)
        parser.EndElementHandler = lambda tag: reader.end(_local(tag))
        parser.CharacterDataHandler = reader.text
        for step in self._unfolded(name):
            parser.Parse(step, False)
        parser.Parse(b"", True)

    def _unfolded(self, name: str) -> Iterator[bytes]:
        with self._archive.open(self._names[name]) as member:
            while step := member.read(_STEP):
                self._left -= len(step)
                if self._left < 0:
                    raise Stop(Unread.TRUNCATED)
                yield step


def _local(tag: str) -> str:
    return tag.rpartition(" ")[2]


def _number(name: str) -> int:
    digits = re.findall(r"\d+", name)
    return int(digits[-1][:9]) if digits else 0


def _refused(*_: object) -> None:
    raise Stop(Unread.BROKEN)
