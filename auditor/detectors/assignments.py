# SPDX-License-Identifier: Apache-2.0
"""Values assigned to a name: `name = "value"`, `name: value`, `name=value`, `"name": "value"`, `name => 'value'`.

How much an unquoted value may be trusted depends on where it stands: in an environment file or a connection string it
is the value, in code it is an expression.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from auditor.detectors.view import View

_NAME = re.compile(r"[\w.-]*$")
_ASSIGN = re.compile(
    r"[\w.-]*[\"'`*\])]{0,3}[ \t]*(?:=>|:=|===?|!==?|[:=]|\|\||,|\()[ \t]*(?:(?:str|String|bytes|Optional\[str\]|"
    r"string)[ \t]*=[ \t]*)?"
    r"(?:\|\|[ \t]*|\?\?[ \t]*)?"
)
_QUOTED = re.compile(r"(?:b|r|u|f|@|\$|L)?(\"\"\"|&quot;|&#34;|\\?[\"'`])((?:\\.|(?!\1)[^\n\\])*?)\1")
_BARE = re.compile(r"[^\s\"'`,;<>&|(){}\[\]]+")
_ENVIRONMENT = re.compile(r"(?:^|[\s;\"'`#])(?:export |set |ENV |-e |--env |-D|\$env:)?[A-Z][A-Z0-9_]{2,}$")


class Assigned(NamedTuple):
    """A value, where it stands, the whole name it was given to, and how."""

    name: str
    text: str
    start: int
    end: int
    quoted: bool
    environment: bool
    separator: str


def assigned(view: View, start: int, end: int) -> Iterator[Assigned]:
    """The value behind a name that was found at (start, end): at most one."""
    head = _NAME.search(view.text, max(0, start - 60), start)
    begin = head.start() if head else start
    sign = _ASSIGN.match(view.text, start, min(len(view.text), end + 40))
    if sign is None:
        return
    name = re.match(r"[\w.-]*", view.text[begin : sign.end()])
    label = name[0] if name else ""
    separator = sign[0][len(label) - (start - begin) :].strip("\"'`*]) \t")
    if separator.startswith(("==", "!=")) and len(separator) > 1:
        separator = "=="
    line = view.text[view.line_start(begin, 120) : begin + len(label)]
    environment = _ENVIRONMENT.search(line) is not None
    quoted = _QUOTED.match(view.text, sign.end(), sign.end() + 800)
    if quoted:
        yield Assigned(label, quoted[2], quoted.start(2), quoted.end(2), True, environment, separator)
        return
    bare = _BARE.match(view.text, sign.end(), sign.end() + 800)
    if bare and separator not in (",", "(") and view.text[bare.end() : bare.end() + 1] not in ("(", "["):
        text = bare[0].rstrip(".\\")
        yield Assigned(label, text, bare.start(), bare.start() + len(text), False, environment, separator)
