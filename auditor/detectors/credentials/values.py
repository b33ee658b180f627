# SPDX-License-Identifier: Apache-2.0
"""What a value behind a label looks like: a placeholder, code, prose, or something nobody would guess.

Shared by passwords and secrets. Nothing here knows which label it was.
"""

import itertools
import math
import re
from collections import Counter

from auditor.detectors.words import words

_PLACEHOLDER_WORDS = (
    "example|sample|dummy|placeholder|change ?me|changeit|replace|your|insert|enter|todo|fixme|redacted|hidden|masked|"
    "xxx|\\*\\*\\*|\\.\\.\\.|####|secret_?here|goes_?here|undefined|default|required|optional|some_?|fake|foobar|barfoo"
)
_PLACEHOLDER = re.compile(_PLACEHOLDER_WORDS, re.IGNORECASE)
_TEMPLATE = re.compile(
    r"\$\{|\$\(|\{\{|\}\}|<[^>]*>|%[sdv(]|%\w+%|\{\w*\}|#\{|\\\(|^\$[A-Za-z_]\w*|\$[A-Z_]{3,}|@\w+@|\[\w+\]|__\w+__|"
    r"^#[\w.]+#$|%~\w+"
)
_NAME_OF_ONE = re.compile(r"(?:[A-Z0-9]+_)+(?:PASSWORD|PASSWD|PASS|PWD|SECRET|TOKEN|KEY)(?:_[A-Z0-9]+)*")
"""The name of a variable or of a value to be filled in, in capitals."""
_REMOVED = re.compile(r"\[[A-Z_]+#\d+\]?")
"""What stands in the place of a value removed at capture."""
_TEMPLATE_SURE = re.compile(r"\$\{|\{\{|^<.*>$|^\$[A-Za-z_]\w*$|%\w{3,}%")
_CODE = re.compile(
    r"[\w.]+\(|[\w\]]+\.\w+\.\w+$|^[a-z]\w*(?:\.[a-z_]\w*)*[.:][A-Z][a-z]\w*$|^\w+(?:\.\w+)+:\w+$|^(?:self|this|os|env|process|config|settings|args|request|req|data|options)\.|"
    r"\w+\[|->|::|=>|&&|\|\|"
)
_PLAIN = words(
    "none null nil true false yes no on off string str int bytes bool boolean number any object text char varchar "
    "password passwd pass passphrase pwd secret token key apikey api_key credential credentials username user "
    "name login admin root guest test tests testing tester foo bar baz qux hello world value values abc abcd "
    "abcdef 123 1234 12345 123456 required optional empty blank unknown default auto basic bearer digest oauth "
    "oauth2 input output field hash md5 sha1 sha256 hmac plain encrypted invalid wrong incorrect bad good valid "
    "new old current confirm forgot reset change email public private session cookie header body query form json "
    "file path url mock stub tiger"
)
_KEYWORD = re.compile(
    r"(?:pass(?:word|wd|phrase)?|pwd|secret|token|key|cred(?:ential)?s?|api|auth|user(?:name)?|login|test|my|the|"
    r"new|old|invalid|wrong|bad|good|valid|correct|incorrect|client|access|refresh|bearer|admin|a|for|is|not|"
    r"with|id|value|string|db|database|root|field|some|private|public|session|csrf|jwt|hash|hashed|plain|confirm|"
    r"2|1|another|different|mail|email|senha|sua|seu|minha|contrase(?:n|ñ)a|clave|mi|tu|su|passwort|kennwort|dein|ihr|mein|"
    r"mot|de|passe|votre|mon|wachtwoord|jouw|parola|tua|mia|has(?:l|ł)o|twoje|heslo|(?:s|ş)ifre|пароль|ваш|mật|khẩu)+",
    re.IGNORECASE,
)
_COUNT = re.compile(r"^(?:\d|123?4?5?6?7?8?9?0?)(?!\d)|(?<!\d)(?:\d|123?4?5?6?7?8?9?0?)$")
_HEX = re.compile(r"[0-9a-f]+|[0-9A-F]+")
_TIME = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:|$)")


def is_placeholder(value: str) -> bool:
    """Whether a value stands for one: a word for it, a template, repeated characters."""
    bare = value.strip("\"'<>[]{}()*. ")
    if _REMOVED.search(value) or _NAME_OF_ONE.fullmatch(bare):
        return True
    if len(value) >= 24 and " " not in value and len(set(value)) > 20 and not _PLACEHOLDER.search(value):
        return _TEMPLATE_SURE.search(value) is not None
    if len(set(bare)) <= 2 or bare.lower() in _PLAIN or _TEMPLATE.search(value) or _PLACEHOLDER.search(value):
        return True
    letters = re.sub(r"[\W_]+", "", bare)
    return not letters or _is_keyword(letters) or _is_sequence(bare)


def _is_keyword(letters: str) -> bool:
    """Words for credentials, and such words with a number as one counts (`token1`, `test123456`)."""
    words = _COUNT.sub("", letters)
    return _KEYWORD.fullmatch(letters) is not None or (bool(words) and _KEYWORD.fullmatch(words) is not None)


def _is_sequence(value: str) -> bool:
    """Mostly steps of one, like abcdef or 1234567."""
    steps = sum(abs(ord(b) - ord(a)) <= 1 for a, b in itertools.pairwise(value))
    return len(value) > 5 and steps > 0.7 * len(value)


def is_code(value: str) -> bool:
    """Whether an unquoted value is an expression rather than a value."""
    return _CODE.search(value) is not None


def entropy(value: str) -> float:
    """Shannon entropy in bits per character."""
    size = len(value)
    return -sum(count / size * math.log2(count / size) for count in Counter(value).values())


def is_random(value: str, least: int = 8) -> bool:
    """Whether a value looks generated: hex, or a mix of kinds of characters beyond what words have."""
    if len(value) < least or value.isdigit() or _TIME.match(value):
        return False
    if _HEX.fullmatch(value):
        return len(value) >= 10 and entropy(value) > 2.2 and any(map(str.isdigit, value))
    digits = sum(map(str.isdigit, value))
    if digits >= 1 and entropy(value) > min(3.0, math.log2(len(value)) - 0.7) and not is_wordy(value):
        return True
    return len(value) >= 12 and is_gibberish(value)


def is_wordy(value: str) -> bool:
    """Words with a number at their end or between separators: names of things, not secrets."""
    parts = [part.strip("0123456789") for part in re.split(r"[-_./: ]+|(?<=[a-z0-9])(?=[A-Z][a-z])", value)]
    plain = sum(len(part) for part in parts if part.isalpha() and len(part) > 2 and not is_gibberish(part))
    return plain > 0.6 * len(value)


def is_gibberish(value: str) -> bool:
    """Whether letters do not read like words: rare pairs of letters, and vowels missing or out of place."""
    letters = [c for c in value.lower() if c.isascii() and c.isalpha()]
    if len(letters) < 4:
        return False
    pairs = list(itertools.pairwise(letters))
    rare = sum("".join(pair) not in _COMMON_PAIRS for pair in pairs)
    return rare >= max(2, 0.3 * len(pairs))


_COMMON_PAIRS = words(
    "th he in er an re on at en nd ti es or te of ed is it al ar st to nt ng se ha as ou io le ve co me de hi ri "
    "ro ic ne ea ra ce li ch ll be ma si om ur ca el ta la ns di fo ho pe ec pr no ct us ac ot il tr ly nc et ut "
    "ss so rs un lo wa ge ie wh ee wi em ad ol rt po we na ul ni ts mo ow pa im mi ai sh ir su id os iv ia am fi "
    "ci vi pl ig tu ev ld ry mp fe bl ab gh ty op wo sa ay ex ke ui fr oo ag od ck if ap gr bo sp rd do uc bu ei "
    "ov by rm ep tt oc fa ef cu rn sc gi da yo cr cl du ga qu ue ff ba ey ls va um pp ua up lu go ht ru ug ds lt "
    "pi rc rr eg au ck ew mu br bi pt ak pu ui rg ib tl ny ki rk ys ob mm fu ph og ms ye ud mb ip ub oi rl gu dr "
    "hr cc tw ft wn nu af hu nn eo vo rv nf xp gn sm fl iz ok nl my gl aw ju oa eq sy sl ps jo lf nv je nk kn gs "
    "dy hy ze ks xt bs ik dd pt uk eh oe sw ja lk az lp gy ku za zi ws wr ox rp ix mn uf wl dm dn hn dl"
)
"""The pairs of letters that make up nearly all of English text and identifiers."""
