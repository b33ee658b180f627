# SPDX-License-Identifier: Apache-2.0
"""Values given to a name, in the dialects of code, configuration, command lines, mark-up and prose.

`name = "value"`, `name: value`, `"name": "value"`, `name => 'value'`, `<name>value</name>`, `<add key="name"
value="value"/>`, `- name: name` over `value: value`, `variable "name" { default = "value" }`, `ENV name value`,
`--name value`, `getenv("name", "value")`, `${name:-value}`, `| name | value |`, "the name is value". How much a value
may be trusted depends on what joins it to its name, and where it stands: in an environment file it is the value, in
code an expression.
"""

import re
import string
from typing import NamedTuple

from auditor.detectors.view import View

_CAPITALS = frozenset(string.ascii_uppercase + string.digits + "_")
_NAMING = string.ascii_letters + string.digits + "_.-"
_LONGEST_NAME, _LONGEST_JOINT, _LONGEST_VALUE = 60, 320, 800
_JOIN = re.compile(
    r"(?P<tail>[\w.-]{0,60}+)(?:\\?[\"'`]|[*\])}]){0,4}"
    r"(?:(?P<pair>,?[ \t]*\r?\n?[ \t]*(?:- )?[\"']?(?:value|Value|VALUE|default|defaultValue)[\"']?[ \t]*[:=][ \t]*"
    r"|[ \t]*\{[^{}]{0,200}?\bdefault[ \t]*=[ \t]*|[ \t\r\n]+(?:value|content|default)[ \t]*=[ \t]*(?=[\"']))"
    r"|(?P<sign>(?:\??:[ \t]*[A-Za-z][\w.\[\]<>*]{0,24}[ \t]*(?==[^=]))?"
    r"[ \t]*(?:=>|->|~>|:=|\?=|===?|!==?|\|\|=|:-|[:=：])[ \t]*(?:!!\w+[ \t]+)?(?:\r?\n[ \t]+(?=[\"']))?"
    r"(?:(?:str|String|bytes|SecretStr|string)[ \t]*[=(][ \t]*)?(?:(?:\|\||\?\?)[ \t]*)?"
    r"(?:[(\[][ \t]*(?=[\"']))?)"
    r"|(?P<default>[ \t]*(?:\|\||\?\?|or\b)[ \t]*(?=[\"'`]))"
    r"|(?P<call>[ \t]*[(,][ \t]*(?:(?:str|String|string)[ \t]*=[ \t]*)?(?=[brufL@$]?(?:\\?[\"'`]|&)))"
    r"|(?P<tag>>|[^<>\n\"'=]{0,40}>)"
    r"|(?P<cell>[ \t]*\|[ \t]*|\t+)"
    r"|(?P<prose>[ \t]+(?:is|was|ist|est|es|to)[ \t]*:?[ \t]+)"
    r"|(?P<space>[ \t]+))"
)
_QUOTED = re.compile(r"(?:b|r|u|f|@|\$|L)?(\"\"\"|&quot;|&#34;|\\?[\"'`])((?:\\.|(?!\1)[^\n\\])*?)\1")
_BARE = re.compile(r"[^\s\"'`,;<>&|(){}\[\]]+")
_ENVIRONMENT = re.compile(r"(?:^|[\s;\"'`#])(?:export |set |ENV |ARG |-e |--env |-D|\$env:)?[A-Z][A-Z0-9_]{2,}$")
_OPTION = re.compile(r"(?:^|\s)(?:ENV|ARG|export|setx?|--?[\w-]*)[ \t]*$")
_COMPARISONS = frozenset({"==", "===", "!=", "!=="})
SURE = frozenset({"sign", "default", "pair"})
"""Joints that make what follows a value and nothing else."""


class Assigned(NamedTuple):
    """A value, where it stands, the whole name it was given to, and how."""

    name: str
    text: str
    start: int
    end: int
    quoted: bool
    environment: bool
    """Whether the name is one of an environment variable."""
    alone: bool
    """Whether nothing else stands on the line behind the value: a line of configuration."""
    joint: str

    @property
    def is_sure(self) -> bool:
        """Whether the joint alone makes this a value: a sign, or quotes behind a blank or a verb."""
        return self.joint in SURE or (self.quoted and self.joint in ("space", "prose", "tag"))


def assigned(view: View, start: int, end: int) -> Assigned | None:
    """The value behind a name that was found at (start, end), if there is one."""
    text = view.text
    join = _JOIN.match(text, end, end + _LONGEST_NAME + _LONGEST_JOINT)
    if join is None:
        return None
    head = text[max(0, start - _LONGEST_NAME) : start]
    begin = start - (len(head) - len(head.rstrip(_NAMING)))
    stop = join.end("tail")
    if not _is_joined(text, begin, stop, join):
        return None
    value = _value(text, join)
    if value is None:
        return None
    start, end, quoted = value
    closing = text[end : view.line_end(end, 8)]
    return Assigned(
        name=text[begin:stop],
        text=text[start:end],
        start=start,
        end=end,
        quoted=quoted,
        environment=text[stop - 1] in _CAPITALS and _is_environment(view, begin, stop),
        alone=not closing.strip(" \t\r\\,;\"'"),
        joint=join.lastgroup or "",
    )


def _is_environment(view: View, begin: int, stop: int) -> bool:
    """Whether a name is in capitals, and where a name of the environment may stand."""
    return _ENVIRONMENT.search(view.text[view.line_start(begin, 120) : stop]) is not None


def _is_joined(text: str, begin: int, stop: int, join: re.Match[str]) -> bool:
    """Whether a joint that means something only here is meant so here."""
    kind, before = join.lastgroup, text[begin - 1 : begin]
    if kind == "tag":
        return before == "<" or (before in ('"', "'") and "<" in text[max(0, begin - 60) : begin])
    if kind == "space" and text[join.end() : join.end() + 1] not in ('"', "'"):
        name = text[begin:stop]
        return name.isupper() or name.startswith("-") or _OPTION.search(text[max(0, begin - 12) : begin]) is not None
    return True


def _value(text: str, join: re.Match[str]) -> tuple[int, int, bool] | None:
    """Where a value lies behind its joint, and whether it is quoted."""
    place = join.end()
    quoted = _QUOTED.match(text, place, place + _LONGEST_VALUE)
    if quoted:
        return quoted.start(2), quoted.end(2), True
    bare = _BARE.match(text, place, place + _LONGEST_VALUE)
    compared = (join["sign"] or "").strip() in _COMPARISONS  # with a name, where it is not quoted
    if (
        bare is None
        or compared
        or join.lastgroup in ("call", "default")
        or text[bare.end() : bare.end() + 1] in ("(", "[")
    ):
        return None
    return bare.start(), bare.start() + len(bare[0].rstrip(".\\")), False
