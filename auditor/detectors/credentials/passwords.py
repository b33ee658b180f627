# SPDX-License-Identifier: Apache-2.0
"""Passwords: behind a name for one, in the user part of a URL, on command lines, in SQL and basic authentication."""

import re
from collections.abc import Iterable

from auditor.calls import Match
from auditor.detectors.credentials.assignments import SURE, Assigned, assigned
from auditor.detectors.credentials.secrets import is_basic
from auditor.detectors.credentials.values import is_code, is_gibberish, is_placeholder, is_random
from auditor.detectors.masks import found
from auditor.detectors.patterns import Family, Pattern
from auditor.detectors.view import View

_NOT_PASSWORD = re.compile(
    r"(?:^|[_.-]|(?<=[a-z]))(?:id|name|type|url|uri|path|file|length|len|max|min|expir\w*|policy|field|label|"
    r"title|text|"
    r"hint|placeholder|error|message|msg|prompt|reset|regex|pattern|hash|hasher|validator\w*|input|form|strength|"
    r"hashed|"
    r"column|attempts|page|view|link|template|salt|encoder|required|changed|history|protected|based|less)$",
    re.IGNORECASE,
)
_INTERFACE = re.compile(
    r"(?:^|[_.-])(?:label|msg|message|lang|i18n|text|title|string|txt|lbl|tooltip|error|hint|btn|button|menu)[_.-]",
    re.IGNORECASE,
)
_OTHER_WORD = re.compile(
    r"pass(?:thr|ive|eng|port(?!al)|age|over|back|band|fd|_fd)|(?:com|by|sur|tres)pass", re.IGNORECASE
)
_LONGEST = 100
"""Characters of a password at most."""
_NATURAL = re.compile(r"[A-Z]?[a-z]{2,}(?:[ ][A-Za-z][a-z']*)+|.*[.?:…]$|.* .*!$|[A-Z]?[a-z]+!|.*[^\x00-\x7f].*")
_VERB = re.compile(r"pass(?:es|ed|ing)?", re.IGNORECASE)
"""Also what one does with an argument: then a blank or a bracket is no joint."""


def _confirm_named(view: View, start: int, end: int) -> Iterable[Match]:
    value = assigned(view, start, end)
    if value and _is_password(value):
        score = 0.8 if is_random(value.text, 6) or is_gibberish(value.text) else 0.6
        yield found("PASSWORD", value.start, value.end, value.text, "named", score)


def _is_password(value: Assigned) -> bool:
    text = value.text
    if _OTHER_WORD.search(value.name):
        return False
    if not 4 <= len(text) <= _LONGEST or _NOT_PASSWORD.search(value.name) or _INTERFACE.search(value.name):
        return False
    if text.startswith(("./", "../", "~/")) or (not value.quoted and value.name.endswith(text)):
        return False
    if is_placeholder(text) or _NATURAL.fullmatch(text) or text.count(" ") > 1:
        return False
    if value.joint not in SURE and _VERB.fullmatch(value.name):
        return False
    if not value.is_sure:
        return is_random(text, 6) and not text.isalpha()
    if value.joint in ("prose", "tag"):
        return _is_mixed(text)
    if value.quoted or (value.environment and value.joint != "space"):
        return not text.startswith(("/", "./", "http")) and not (value.environment and is_code(text))
    if is_code(text) or text.endswith((":", "=")):
        return False
    return is_random(text, 6) or is_gibberish(text) or (value.alone and _is_mixed(text))


def _is_mixed(text: str) -> bool:
    """Letters with digits or signs among them that no identifier and no path has."""
    if not any(map(str.isalpha, text)) or text.startswith(("/", "./", "http", "--")):
        return False
    return any(map(str.isdigit, text)) or any(sign in text for sign in "!@#$%^&*+?~")


def _confirm_url(view: View, start: int, end: int) -> Iterable[Match]:
    """The user part of a URL (RFC 3986 3.2.1)."""
    begin = view.text.index("//", start, end) + 2
    user, _, password = view.text[begin : end - 1].partition(":")
    if not 3 <= len(password) <= _LONGEST or is_placeholder(password) or user.lower() == password.lower():
        return ()
    return (found("PASSWORD", begin, end - 1, view.text[begin : end - 1], "url", 0.85),)


def _confirm_basic(view: View, start: int, end: int) -> Iterable[Match]:
    begin = start + view.text[start:end].rindex(" ") + 1
    if not is_basic(view.text[begin:end]):
        return ()
    return (found("PASSWORD", begin, end, view.text[begin:end], "basic", 0.9),)


def _confirm_option(view: View, start: int, end: int) -> Iterable[Match]:
    """What follows an option for a password or for user:password."""
    value = re.compile(r"[ =]*[\"']?([^\s\"']+)").match(view.text, end, end + _LONGEST)
    if value is None:
        return ()
    text = value[1]
    both = view.text[start:end].strip(" \t=").lower() in ("-u", "--user", "--proxy-user")
    password = text.partition(":")[2] if both else text
    if (
        (both and ":" not in text)
        or len(password) < 4
        or is_placeholder(password)
        or is_code(password)
        or password[:1] in "-/[<$"
    ):
        return ()
    return (found("PASSWORD", value.start(1), value.end(1), text, "command line", 0.75),)


def _confirm_attached(view: View, start: int, end: int) -> Iterable[Match]:
    """What stands right behind `-p` (https://dev.mysql.com/doc/refman/en/password-security-user.html)."""
    value = re.compile(r"[^\s\"']+").match(view.text, end - 1, end + _LONGEST)
    if value is None or len(value[0]) < 4 or is_placeholder(value[0]) or is_code(value[0]):
        return ()
    return (found("PASSWORD", end - 1, value.end(), value[0], "command line", 0.75),)


def _confirm_statement(view: View, start: int, end: int) -> Iterable[Match]:
    """A quoted value right behind words of SQL, PowerShell or prose."""
    value = re.compile(r"[ (]*['\"]{1,4}([^'\"\n]{4,80})['\"]").match(view.text, end, end + 120)
    if value is None or is_placeholder(value[1]) or _NATURAL.fullmatch(value[1]) or " " in value[1]:
        return ()
    return (found("PASSWORD", value.start(1), value.end(1), value[1], "statement", 0.75),)


_NAME = (
    r"passw(?:or)?d|passwort|passphrase|pass_?code|passwd|pwd|pswd|psw|[_. -]pass|\bpass|(?:ssh|mail|db|"
    r"sql|user|root|smtp|ftp|admin|test|my|login|wifi|key|store)pass|senha|contrase(?:n|ñ)a|"
    r"mot_?de_?passe|"
    r"wachtwoord|parola|has(?:l|ł)o|heslo|l(?:o|ö)senord|adgangskode|salasana|(?:s|ş)ifre|kennwort|密码|"
    r"密碼|口令|パスワード|"
    r"비밀번호|пароль|parol|mật khẩu|kata sandi|clave"
)
PASSWORDS = Family(
    types=frozenset({"PASSWORD"}),
    patterns=(
        Pattern("password.named", f"(?:{_NAME})", _confirm_named, caseless=True),
        Pattern("password.camel", r"[a-z0-9]Pass\b", _confirm_named),
        Pattern("password.url", r"\b[A-Za-z][A-Za-z0-9+.-]*://[^\s:@/?#\"'<>{}$]*:[^\s@/?#\"'<>{}]+@", _confirm_url),
        Pattern("password.basic", r"basic [A-Za-z0-9+/]{8,200}={0,2}", _confirm_basic, caseless=True),
        Pattern(
            "password.option",
            r"[ \t](?:--?[a-z-]*passw(?:or)?d|--pass|--user|--proxy-user)[ =]|[ \t]-u[ =]?|-pass(?:in|out)? pass:",
            _confirm_option,
            caseless=True,
        ),
        Pattern(
            "password.attached",
            r"\b(?:mysql|mariadb)[a-z-]*[ \t](?:[^\n|;&]{0,80}[ \t])?-p['\"]?[^\s'\"$<{(\[=-]",
            _confirm_attached,
            late=120,
        ),
        Pattern(
            "password.statement",
            r"(?:identified by|with password|password is|securestring)[ =(]*['\"]",
            lambda view, start, end: _confirm_statement(view, start, _before_quote(view, end)),
            caseless=True,
        ),
    ),
)


def _before_quote(view: View, end: int) -> int:
    return end - 1
