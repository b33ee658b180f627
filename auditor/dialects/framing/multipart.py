# SPDX-License-Identifier: Apache-2.0
"""Multipart forms (`multipart/form-data`, `multipart/related`): their parts, with names, types and bytes.

A form whose last boundary is missing gives the parts before it and the rest as the last one.
Format: RFC 7578, RFC 2046 §5.1
"""

import re
from email.message import Message
from typing import NamedTuple

_PARTS_LIMIT = 4096


class FormPart(NamedTuple):
    """One part: the field's name, the file's name where it is a file, its media type and its bytes."""

    name: str | None
    filename: str | None
    content_type: str | None
    data: bytes

    @property
    def text(self) -> str:
        """The bytes as text."""
        return self.data.decode("utf-8", "replace")


def read_form(body: bytes, content_type: str) -> tuple[FormPart, ...]:
    """The parts of a form, none where the body is none. Without a declared boundary the body's first line tells it."""
    boundary = _boundary(body, content_type)
    if not boundary:
        return ()
    edge = b"--" + boundary
    newline = b"\r\n" if edge + b"\r\n" in body else b"\n"
    pieces = (newline + body).split(newline + edge, _PARTS_LIMIT)
    return tuple(_part(piece) for piece in pieces[1:] if not piece.startswith(b"--") and piece.strip())


def _boundary(body: bytes, content_type: str) -> bytes | None:
    holder = Message()
    holder["content-type"] = content_type
    declared = holder.get_param("boundary")
    if isinstance(declared, str) and declared and declared.encode() in body:
        return declared.encode()
    found = re.match(rb"\s*--([^\r\n]{1,200})\r?\n", body)
    return found.group(1) if found else None


def _part(piece: bytes) -> FormPart:
    piece = piece.lstrip(b" \t").removeprefix(b"\r").removeprefix(b"\n")
    found = re.search(rb"\r?\n\r?\n", piece)
    head, data = (piece[: found.start()], piece[found.end() :]) if found else (b"", piece)
    holder = Message()
    for line in re.split(rb"\r?\n(?![ \t])", head):
        name, colon, value = line.decode("utf-8", "replace").partition(":")
        if colon and name.strip():
            holder[name.strip()] = value.strip()
    field = holder.get_param("name", header="content-disposition")
    return FormPart(
        name=field if isinstance(field, str) else None,
        filename=holder.get_filename(),
        content_type=holder.get_content_type() if "content-type" in holder else None,
        data=data,
    )
