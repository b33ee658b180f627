# SPDX-License-Identifier: Apache-2.0
"""Keyed pseudonyms: the same name gives the same pseudonym under one key, and none gives its name back.

Every use has a key of its own, derived by HKDF (RFC 5869) from the store's pseudonym key, so that an actor, a
credential and a found value never share a digest even where their texts are equal. Digests are HMAC-SHA256 cut to 80
bits: among a million actors the chance that any two share one is below 1e-12.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from auditor.calls import Span
from auditor.privacy.credentials import lasting_part

KEY_BYTES: Final = 32
DIGEST_BYTES: Final = 10

_ACTORS_REMEMBERED = 1024

_BASE_32: Final = "abcdefghijklmnopqrstuvwxyz234567"
_TEN_BITS: Final = tuple(a + b for a in _BASE_32 for b in _BASE_32)

_SEPARATORS = re.compile(r"[\s\-./()]+")
_SPACES = re.compile(r"\s+")
_WRITTEN_IN_GROUPS: Final = frozenset({"PHONE", "PAYMENT_CARD", "IBAN", "NATIONAL_ID"})
_EXACT: Final = frozenset({"SECRET", "PASSWORD", "PRIVATE_KEY"})


_SPANS: Final[Mapping[Span, Callable[[datetime], str]]] = {
    "forever": lambda at: "",
    "year": lambda at: f"{at:%Y}",
    "quarter": lambda at: f"{at:%Y}-q{(at.month + 2) // 3}",
    "month": lambda at: f"{at:%Y-%m}",
}


def _subkey(key: bytes, use: str) -> bytes:
    return HKDFExpand(SHA256(), KEY_BYTES, b"auditor pseudonym " + use.encode()).derive(key)


def _keyed(key: bytes, use: str) -> HMAC:
    """What digests of one use begin from: a copy of it costs half of setting one up."""
    return HMAC(_subkey(key, use), SHA256())


def _digest(keyed: HMAC, text: str) -> str:
    """The first 80 bits in base 32 (RFC 4648), in lower case."""
    mac = keyed.copy()
    mac.update(text.encode("utf-8", "surrogatepass"))
    bits = int.from_bytes(mac.finalize()[:DIGEST_BYTES])
    return "".join([_TEN_BITS[bits >> place & 1023] for place in range(70, -1, -10)])


def normal_form(type_: str, value: str) -> str:
    """A found value without what differs between two ways of writing it: spaces, group separators, case."""
    if type_ in _EXACT:
        return value
    folded = unicodedata.normalize("NFKC", value).casefold().strip()
    if type_ in _WRITTEN_IN_GROUPS:
        return _SEPARATORS.sub("", folded)
    return _SPACES.sub(" ", folded)


class Pseudonyms:
    """Pseudonyms under one 32-byte key; gateways and the auditor's desk share it, so that theirs agree.

    With a `span`, an actor has another pseudonym each year, quarter or month (UTC), and who lacks the key cannot tell
    that they are the same.
    """

    def __init__(self, key: bytes, span: Span = "forever") -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"A pseudonym key has {KEY_BYTES} bytes, this one has {len(key)}.")
        self._key = key
        self._span = span
        self._actors: dict[str, HMAC] = {}
        self._credentials = _keyed(key, "credential")
        self._values: dict[str, HMAC] = {}
        # The same few people make call after call. Keys are not remembered: they would lie in memory for longer.
        self._actor = lru_cache(maxsize=_ACTORS_REMEMBERED)(self._actor_of)

    def subkey(self, use: str) -> bytes:
        """A key of its own for another use, the same wherever this key is."""
        return _subkey(self._key, use)

    def actor(self, name: str, at: datetime | None = None) -> str:
        """The actor of a user name or address: "a-" and 16 letters. Case and Unicode form make no difference.

        `at` says when, where the pseudonyms are of a span; raises `ValueError` where it is missing then.
        """
        if at is None and self._span != "forever":
            raise ValueError("pseudonyms of a span are asked for a moment")
        return self._actor(name, _SPANS[self._span](at.astimezone(UTC)) if at and self._span != "forever" else "")

    def actors(self, name: str, since: datetime, until: datetime) -> frozenset[str]:
        """All pseudonyms a name has from one moment to another."""
        days = range(max((until - since).days, 0) + 1)
        return frozenset(self.actor(name, since + timedelta(days=day)) for day in days) | {self.actor(name, until)}

    def credential(self, secret: str) -> str:
        """The fingerprint of an API key: "k-" and 16 letters. A token renewed by the hour keeps its holder's."""
        return "k-" + _digest(self._credentials, lasting_part(secret))

    def _actor_of(self, name: str, label: str) -> str:
        keyed = self._actors.get(label)
        if keyed is None:
            keyed = self._actors[label] = _keyed(self._key, f"actor/{label}" if label else "actor")
        return "a-" + _digest(keyed, unicodedata.normalize("NFKC", name).casefold().strip())

    def same(self, type_: str, value: str) -> str:
        """A digest equal for equal values of one data type, to find a value elsewhere without knowing it."""
        keyed = self._values.get(type_)
        if keyed is None:
            keyed = self._values[type_] = _keyed(self._key, "value/" + type_)
        return _digest(keyed, normal_form(type_, value))
