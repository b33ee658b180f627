# SPDX-License-Identifier: Apache-2.0
"""Where credentials travel and what they look like: tables, and the classification of a header by its name.

Known names come from the providers' documentation and their SDKs; a name that is not known is judged by its ending
("-token", "-key", …) and its value by the prefixes providers give their keys. When in doubt a value counts as secret:
losing a harmless header is cheap, keeping a key is not.
"""

import base64
import binascii
import re
from enum import Enum
from functools import lru_cache
from typing import Any, Final

import msgspec


class Kind(Enum):
    """How the value of a header is to be read."""

    PLAIN = "plain"
    """Known to carry no credential."""
    UNKNOWN = "unknown"
    """Not known: secret only where the value looks like a key."""
    ADDRESS = "address"
    """A URL, or a path with a query."""
    AUTHORIZATION = "authorization"
    """A scheme and a token (RFC 9110 §11.4), AWS Signature Version 4, or a bare key."""
    PROXY = "proxy"
    """As authorization, but towards the proxy: secret, never the provider's credential."""
    KEY = "key"
    """The whole value is an API key."""
    NAMED = "named"
    """The whole value is secret by the header's name; a credential only where nothing better is there."""
    COMPANION = "companion"
    """Secret, and goes along with a credential elsewhere (session tokens of a signature, proofs)."""
    COOKIE = "cookie"
    SET_COOKIE = "set-cookie"
    PROTOCOL = "protocol"
    """WebSocket subprotocols, which browsers use to carry keys."""


_KINDS: Final[dict[str, Kind]] = {
    "authorization": Kind.AUTHORIZATION,
    "proxy-authorization": Kind.PROXY,
    "cookie": Kind.COOKIE,
    "set-cookie": Kind.SET_COOKIE,
    "sec-websocket-protocol": Kind.PROTOCOL,
    **dict.fromkeys(("x-api-key", "api-key", "x-goog-api-key", "ocp-apim-subscription-key", "xi-api-key"), Kind.KEY),
    **dict.fromkeys(
        ("x-amz-security-token", "x-conduit-token", "x-forwarded-authorization", "x-serverless-authorization"),
        Kind.COMPANION,
    ),
    **dict.fromkeys(("referer", "location", "content-location", "link", ":path", "x-goog-upload-url"), Kind.ADDRESS),
    **dict.fromkeys(
        (
            *("accept", "accept-encoding", "accept-language", "cache-control", "connection", "content-encoding"),
            *("content-length", "content-type", "date", "host", "server", "transfer-encoding", "user-agent", "vary"),
            *("sec-websocket-key", "sec-websocket-accept", "idempotency-key", "x-idempotency-key", "x-ratelimit-key"),
            *("x-time-per-token", "surrogate-key", "x-cache-key", "x-amz-date", "x-amz-content-sha256", "via"),
            *(
                "www-authenticate",
                "proxy-authenticate",
                "access-control-allow-credentials",
                "x-stainless-lang",
                "x-stainless-package-version",
            ),
            *("strict-transport-security", "alt-svc", "anthropic-version", "cf-ray", "cf-cache-status"),
        ),
        Kind.PLAIN,
    ),
}

_SECRET_NAME = re.compile(
    r"(?:^|[-_.])(?:api-?key|apikey|key|token|secret|auth|authori[sz]ation|password|passwd|pwd|credentials?|jwt"
    r"|bearer|session-?key|signature|assertion|cookies?)$"
)
_FORWARDED = re.compile(r"^x-(?:original-|forwarded-)?(?:url|uri|path)$")


@lru_cache(maxsize=4096)
def header_kind(name: str) -> Kind:
    """How to read the header of this name (any case)."""
    lower = name.lower()
    known = _KINDS.get(lower)
    if known is not None:
        return known
    if _SECRET_NAME.search(lower):
        return Kind.COMPANION if "sentinel" in lower else Kind.NAMED
    return Kind.ADDRESS if _FORWARDED.match(lower) else Kind.UNKNOWN


_QUERY_NAMES: Final = frozenset({"code", "sig", "x-amz-credential"})
"""Names whose ending does not tell: OAuth and Azure Functions codes, Azure SAS, AWS presigned URLs."""


@lru_cache(maxsize=4096)
def is_secret_parameter(name: str) -> bool:
    """Whether a query parameter of this name (decoded, any case) carries a credential."""
    lower = name.lower()
    return lower in _QUERY_NAMES or _SECRET_NAME.search(lower) is not None


SESSION_COOKIE = re.compile(r"(?i)(?:session|auth|token|jwt|sid)(?:key|-?token|id)?(?:\.\d+)?$|^__Secure-\d?P?SID")
"""Names of cookies that log a person in; others (load balancers, consent) are hidden but identify nobody."""

AWS_CREDENTIAL = re.compile(r"(Credential=)([^/,\s]+)")
AWS_SIGNATURE = re.compile(r"(Signature=)([^,\s]+)")

SCHEMES: Final = frozenset(
    ("bearer", "basic", "digest", "token", "key", "apikey", "api-key", "negotiate", "ntlm", "goog-api-key", "sharedkey")
)

SAFE_PROTOCOL = re.compile(
    r"(?i)^(?:[a-z0-9-]{1,15}|openai-(?:beta|organization|project)\.[\w.-]+|graphql-(?:transport-)?ws)$"
)
"""Subprotocols that are names: short words, and OpenAI's organisation, project and beta labels."""
PROTOCOL_PREFIX = re.compile(
    r"^((?:openai-insecure-api-key|xai-client-secret|(?:[a-z0-9]+\.)*bearer(?:\.[a-z]\w*)*)\.)(.+)$"
)
BEARING_PROTOCOLS: Final = frozenset({"token", "bearer", "key", "apikey"})
"""Subprotocols after which the next one is a key (Deepgram: "token, KEY")."""

KEY_SHAPE = re.compile(
    r"(?<![A-Za-z0-9])(?:"
    r"(?:(?:sk|rk|pk|ek|csk|key|sess|xai|pplx|nvapi|glpat)-|(?:ek|tgp|fw|vck|gsk|hf|r8|lsv2|sk|pk)_)"
    r"(?=[A-Za-z_\-]*\d)[A-Za-z0-9_\-]{16,}"
    r"|AIza[\w\-]{30,}|ya29\.[\w.\-]{10,}|auth_tokens/[\w\-]{8,}"
    r"|gh[pousr]_\w{20,}|github_pat_\w{20,}|(?:AKIA|ASIA|ABSK)[0-9A-Za-z+/=]{12,}"
    r"|eyJ[\w\-]{8,}\.[\w\-]{2,}(?:\.[\w\-]*){1,3}|tid=[\w\-]+;[^\s,]*"
    r"|[Bb]earer [\w.\-+/=~]{8,})"
)
"""What keys of AI providers, their clouds and their tools look like, wherever they stand."""

_MEASURE = re.compile(r"^[\d.,:\s]*(?:ms|s|m|h|d|k)?(?:\d+(?:ms|s|m))*$")


def is_measure(value: str) -> bool:
    """Whether a value is a mere number or duration, as in counters of tokens."""
    return len(value) < 16 and _MEASURE.match(value) is not None


_SCRUBBED = re.compile(
    r"[\W_]*(?:(?:removed|redacted|filtered|scrubbed|masked|hidden|stripped|sanitized|anonymi[sz]ed|x{3,})[\W_]*)?",
    re.IGNORECASE,
)


def is_scrubbed(value: str) -> bool:
    """Whether somebody took the key out before us ("[removed]", "***"), as those who publish recordings do: it is
    nobody's, and the same in everybody's calls."""
    return len(value) < 32 and _SCRUBBED.fullmatch(value) is not None


def lasting_part(secret: str) -> str:
    """What stays of a credential when it is renewed: issuer and subject of a JWT (RFC 7519), the id of a Copilot token.

    Claims are read unverified: the provider verifies them, and the fingerprint says only what was presented.
    """
    if secret.startswith("eyJ") and secret.count(".") in {2, 4}:
        return _jwt_holder(secret) or secret
    if secret.startswith("tid="):
        return secret.partition(";")[0]
    return secret


def _jwt_holder(token: str) -> str | None:
    payload = token.split(".")[1]
    try:
        claims: Any = msgspec.json.decode(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (ValueError, binascii.Error):
        return None
    if not isinstance(claims, dict):
        return None
    subject = claims.get("oid") or claims.get("sub")
    return f"jwt {claims.get('iss', '')} {subject}" if isinstance(subject, str) and subject else None
