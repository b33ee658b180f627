# SPDX-License-Identifier: Apache-2.0
"""Addresses and postal codes behind labels and introductions ("I live at"), in whatever form they are written."""

import re
from collections.abc import Iterable, Iterator

from auditor.calls import Match
from auditor.detectors.masks import found
from auditor.detectors.view import View


def labelled_address(view: View, start: int, end: int) -> Iterable[Match]:
    """The value behind a label for addresses, with the lines below that go on with it."""
    stop = _lines_end(view, start, end)
    if stop > end and not any(map(str.isdigit, view.text[start:end])):
        start = end + 1 + len(view.text[end + 1 : stop]) - len(view.text[end + 1 : stop].lstrip(" \t>|"))  # whose it is
    value = view.text[start:stop].rstrip(" ,.;")
    if not any(map(str.isdigit, value)) or sum(map(str.isalpha, value)) < 3 or not 6 <= len(value) <= 200:
        return ()
    if (
        "@" in value
        or "://" in value
        or re.match(r"(?:0x|[\d.:/]+$|[\w.-]+:\d|\d+\.\d+\.\d+)", value)
        or _CODE.search(value)
    ):
        return ()
    return (found("ADDRESS", start, start + len(value), value, None, 0.88 if " " in value or "," in value else 0.6),)


_CODE = re.compile(r"[=<>{}\[\]\\_;#]|\d\.\d+\.\d|\w\(|\.\w+\(|::")
_NEXT_LINE = re.compile(r"\n[ \t>?|]{0,6}([^\n:@|<>={}]{2,60})(?=\n|$|\.)")


def _lines_end(view: View, start: int, end: int) -> int:
    """Up to three lines below an address that have a postal code among them."""
    if view.text[end : end + 1] not in ("\n", " ", ","):
        return end
    stop, best = end, end
    for _ in range(3):
        line = _NEXT_LINE.match(
            view.text, stop + (len(view.text[stop : stop + 3]) - len(view.text[stop : stop + 3].lstrip(" ,")))
        )
        if line is None:
            break
        stop = line.end()
        if re.search(r"\d{4,}|\d{2,3}[ -]\d{2,3}", line[1]):
            best = stop
    return best


def introduced_addresses(view: View) -> Iterator[Match]:
    """What follows "I live at", "located at" and the like, up to the end of the sentence."""
    for _, end in view.paced(view.words("address.intro")):
        value = _INTRODUCED.match(view.text, end, end + 130)
        if (
            value
            and any(map(str.isdigit, value[1]))
            and not _CODE.search(value[1])
            and "@" not in value[1]
            and "://" not in value[1]
        ):
            text = value[1].rstrip(" ,.;?!")
            if sum(map(str.isalpha, text)) > 3 and (text[0].isdigit() or text[0].isupper() or not text[0].isascii()):
                yield found("ADDRESS", value.start(1), value.start(1) + len(text), text, None, 0.8)


_INTRODUCED = re.compile(
    r"[ :]{1,3}(?:[^\W\d_]{1,12}[ ](?=(?:[^\W\d_]{1,12}[ ])?[^\W_a-z])){0,2}"  # "at", "in the street"
    r"([^\W_](?:[^\n;:?!()\"]|\n(?=[^\n]{0,30}\d))*?)(?=\.\s|\.$|\n|[;:?!()\"]|$)"
)


def postal_codes(view: View) -> Iterator[Match]:
    """A postal code behind its name."""
    for _, end in view.paced(view.words("postal")):
        code = re.compile(
            r"[ \w]{0,12}?(?:[:=]|is|[ ])[ \"']{0,3}((?=[A-Z -]*\d)[A-Z\d][A-Z\d -]{2,9}[A-Z\d])\b"
        ).match(view.text, end, end + 40)
        if code:
            yield found("ADDRESS", code.start(1), code.end(1), code[1], "postal code", 0.75)
