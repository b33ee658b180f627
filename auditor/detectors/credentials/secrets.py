# SPDX-License-Identifier: Apache-2.0
"""Secrets: tokens whose form tells what they are, and values behind a name for a key, token or secret."""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator

from auditor.calls import Match
from auditor.detectors.credentials.assignments import Assigned, assigned
from auditor.detectors.credentials.tokens import TOKENS, Token
from auditor.detectors.credentials.values import entropy, is_code, is_gibberish, is_placeholder, is_random, is_wordy
from auditor.detectors.masks import found
from auditor.detectors.patterns import Confirm, Family, Pattern
from auditor.detectors.view import View

_LONGEST = 600
_LONGEST_TOKEN = 2_000
_NOT_SECRET = re.compile(
    r"(?:^|[_.-])(?:public|id|ids|name|names|type|types|url|uri|path|file|count|length|size|max|min|limit|expir\w*|ttl|"
    r"lifetime|class|format|prefix|suffix|index|idx|node|list|map|dir|version|at|date|time|status|label|title|"
    r"description|message|error|regex|pattern|scope|scopes|endpoint|algorithm|alg|method|mode|column|field|prop|"
    r"bytes)$",
    re.IGNORECASE,
)
_NOT_SECRET_CAMEL = re.compile(
    r"mechanism$|[a-z](?:Ids?|Names?|Types?|Ur[li]|Path|File|Count|Length|Size|Max|Min|Limit|Class|Format|Prefix|Index|List|Map|"
    r"Version|Date|Time|Status|Label|Title|Message|Error|Pattern|Scopes?|Endpoint|Method|Mode|Field|Bytes)$|[pP]ublic"
)
_VENDOR = re.compile(
    r"(?:sha|commit|rev|ref|hash|checksum|image|digest|channel|tag|etag|branch|account|region|host)", re.IGNORECASE
)
_NO_KEY = re.compile(
    r"(?:primary|foreign|public|sort|partition|cache|row|object|s3|hash|range|group|index|map|dict|lookup|natural|"
    r"unique|composite|surrogate|candidate|event|route|routing|message|msg|i18n|translation|host|known|item|field|"
    r"column|attr|property|metadata|config|idempotency|dedup|sitemap|site|verification|product|fingerprint)[_.-]?"
    r"(?:key|pat|seed|code)$",
    re.IGNORECASE,
)
_URL = re.compile(r"^(?:https?|ftp|file|s3|gs)://|^[./~]|^\w:\\|^/")
_HEADER_REST = re.compile(r"[A-Za-z0-9._~+/%-]*=*")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_WORDS = re.compile(r"\s")


def _token(token: Token) -> Confirm:
    form = re.compile(token.expression)

    def confirm(view: View, start: int, end: int) -> Iterable[Match]:
        whole = form.match(view.text, start, start + _LONGEST_TOKEN)
        if whole is None:
            return ()
        value, end = whole[0], whole.end()
        before, after = view.text[start - 1 : start] if start else "", view.after(end, 1)
        if before.isalnum() or (before and before in "_-/+" and token.prefix == "") or after.isalnum() or after == "_":
            return ()
        tail = value[len(token.prefix) :] if value.startswith(token.prefix) else value
        if len(set(tail)) < 5 or entropy(tail) < 2.2 or "EXAMPLE" in value or not _is_mixed(tail, token):
            return ()
        return (found("SECRET", start, end, value, token.kind, 0.95 if token.prefix else 0.9, token.prefix),)

    return confirm


def _is_mixed(tail: str, token: Token) -> bool:
    """Without a long prefix of its own, a token must not read like words."""
    if len(token.prefix) > 3 or (token.prefix.endswith("_") and is_gibberish(tail)):
        return True
    mixed = any(map(str.isdigit, tail)) and any(map(str.isalpha, tail))
    return mixed and (token.prefix.isalpha() or not is_wordy(tail))


def _confirm_named(view: View, start: int, end: int) -> Iterable[Match]:
    """A value behind a name like api_key, client-secret or accessToken."""
    value = assigned(view, start, end)
    if value and _is_secret(value, 8 if value.is_sure else 16):
        yield found("SECRET", value.start, value.end, value.text, "named", 0.8)


def _confirm_key(view: View, start: int, end: int) -> Iterable[Match]:
    """A value behind any other name that ends in "key" and the like: many of these hold no secret."""
    value = assigned(view, start, end)
    if (
        value
        and value.is_sure
        and (value.quoted or value.alone)
        and not _NO_KEY.search(value.name)
        and "-" not in value.text[1:12]
        and _is_secret(value, 16)
        and any(map(str.isdigit, value.text))
    ):
        yield found("SECRET", value.start, value.end, value.text, "named", 0.6)


def _is_secret(value: Assigned, least: int) -> bool:
    text = value.text
    if not 8 <= len(text) <= _LONGEST or is_placeholder(text) or _WORDS.search(text):
        return False
    if value.name.lower().endswith("secret_id") and value.quoted:
        return _UUID.fullmatch(text) is not None
    if _NOT_SECRET.search(value.name) or _NOT_SECRET_CAMEL.search(value.name):
        return False
    if _URL.search(text) or (not value.quoted and (is_code(text) or text.endswith(value.name))):
        return False
    return is_random(text, least)


def _confirm_bare_key(view: View, start: int, end: int) -> Iterable[Match]:
    """A long random value behind nothing but "key"."""
    value = assigned(view, start, end)
    if value is None or not value.is_sure or value.name.lower() != "key" or "-" in value.text[1:12]:
        return
    if _is_secret(value, 20) and any(map(str.isdigit, value.text)):
        yield found("SECRET", value.start, value.end, value.text, "named", 0.55)


def _confirm_vendor(view: View, start: int, end: int) -> Iterable[Match]:
    """A long random value behind the name of a service."""
    value = assigned(view, start, end)
    if value is None or not value.is_sure or _VENDOR.search(value.name) or "-" in value.text[:12]:
        return
    if _is_secret(value, 20):
        yield found("SECRET", value.start, value.end, value.text, "service", 0.7)


def _confirm_header(view: View, start: int, end: int) -> Iterable[Match]:
    """`Authorization: Bearer …` and its like; its first characters were found."""
    rest = _HEADER_REST.match(view.text, end)
    end = rest.end() if rest else end
    value = view.text[start:end]
    begin = start + max(value.rfind(" "), value.rfind("\t")) + 1
    token = view.text[begin:end].rstrip(".,=")
    if len(token) < 10 or is_placeholder(token) or is_wordy(token) or view.after(end, 1) == "(":
        return ()
    if not (is_random(token, 10) or any(map(str.isdigit, token))):
        return ()
    return (found("SECRET", begin, end, token, "bearer", 0.85),)


def _confirm_list(view: View, start: int, end: int) -> Iterator[Match]:
    """Values in a list behind a plural name: `"tokens": ["…", "…"]`."""
    stop = view.text.find("]", end, end + 2_000)
    for item in re.finditer(r"[\"']([^\"'\n]{8,200})[\"']", view.text[end - 1 : stop if stop > 0 else end]):
        if is_random(item[1]) and not is_placeholder(item[1]):
            yield found("SECRET", end - 1 + item.start(1), end - 1 + item.end(1), item[1], "named", 0.75)


def is_basic(value: str) -> bool:
    """Whether base64 text holds `user:password` (RFC 7617)."""
    try:
        decoded = base64.b64decode(value + "=" * (-len(value) % 4), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return False
    return ":" in decoded and decoded.isprintable()


_NAME = (
    r"(?:api|app|auth|access|account|admin|client|consumer|encryption|master|oauth|private|secret|security|"
    r"service|shared|"
    r"signing|storage|session|subscription|webhook|deploy|license|licence|integration|ingest|insert|stream|io|"
    r"write|read|"
    r"personal|publish|upload|bot|verify|hmac|cipher|aes|crypt)[_. -]?(?:key|token|secret|hash|code|pat)"
    r"|token|secret|apikey|credential|nonce|authkey|accesskey|secretkey|privatekey|salt|bearer|x-api-key"
    r"|auth(?:orization)?|reporter_id|restapiid|sonar[._-]?login|instrumentationkey|accountkey|sharedaccesskey"
)
_SERVICES = (
    r"adafruit|adobe|airtable|algolia|alibaba|asana|atlassian|beamer|bitbucket|bittrex|codeclimate|codecov|coinbase|"
    r"confluent|contentful|datadog|discord|dropbox|droneci|etsy|facebook|fastly|finicity|finnhub|flickr|freshbooks|"
    r"gitter|grafana|heroku|hubspot|intercom|jenkins|jfrog|kraken|kucoin|launchdarkly|linkedin|looker|mailchimp|"
    r"mailgun|"
    r"mapbox|mattermost|messagebird|netlify|new_?relic|nytimes|okta|pagerduty|particle|plaid|rapidapi|sauce|sendbird|"
    r"sentry|snyk|sonar|squarespace|sumo|telegram|travis|twilio|twitch|twitter|typeform|yandex|zendesk|blynk|meraki"
)
SECRETS = Family(
    types=frozenset({"SECRET"}),
    patterns=(
        *(Pattern(f"token.{token.kind}.{number}", token.trigger, _token(token)) for number, token in enumerate(TOKENS)),
        Pattern("secret.named", f"(?:{_NAME})", _confirm_named, caseless=True),
        Pattern("secret.key", r"(?:[A-Za-z0-9](?:[_-]key|[_-]pat)|[a-z]Key|[a-z0-9]Pat|[_-]seed)\b", _confirm_key),
        Pattern("secret.key", r"[A-Z0-9]_(?:KEY|PAT|SEED|CODE)\b", _confirm_key),
        Pattern("secret.key", r"\b(?:key|Key|KEY)\b", _confirm_bare_key),
        Pattern("secret.service", rf"(?:{_SERVICES})", _confirm_vendor, caseless=True),
        Pattern(
            "secret.header",
            r"(?:bearer|token|api-?key|api-?token|apikey|x-[a-z-]*(?:key|token)|private-token)"
            r"[\"']?[:=]?[ \t]+[A-Za-z0-9._~+/%-]{10}",
            _confirm_header,
            caseless=True,
            late=120,
        ),
        Pattern(
            "secret.list", r"(?:tokens|secrets|api_?keys|keys)[\"']?[ \t]*[:=][ \t]*\[", _confirm_list, caseless=True
        ),
    ),
)
