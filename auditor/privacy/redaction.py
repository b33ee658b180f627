# SPDX-License-Identifier: Apache-2.0
"""Takes every credential out of an exchange and leaves its fingerprint in its place.

Invariants: no key that the exchange presents, in a header, in the URL or as a subprotocol, is left in what is
returned, and all of that can be written as UTF-8; a key of 16 characters or more is also removed wherever else it is
repeated in clear (other headers, bodies, WebSocket messages). Bodies that are still compressed are not searched. What
a person or program wrote into a prompt stays: it is content, is scanned, and is sealed.

This runs for every exchange, so headers known to be harmless cost one dictionary lookup.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final
from urllib.parse import unquote, unquote_plus

import msgspec

from auditor.calls import Exchange, Frame, Headers, Origin, Request, Response
from auditor.privacy.credentials import (
    AWS_CREDENTIAL,
    AWS_SIGNATURE,
    BEARING_PROTOCOLS,
    KEY_SHAPE,
    PROTOCOL_PREFIX,
    SAFE_PROTOCOL,
    SCHEMES,
    SESSION_COOKIE,
    Kind,
    header_kind,
    is_measure,
    is_scrubbed,
    is_secret_parameter,
)
from auditor.privacy.pseudonyms import Pseudonyms

LONG_ENOUGH: Final = 16
"""Shorter keys ("ollama", "none") are words: they are hidden where they stand, not hunted elsewhere."""

_USERINFO = re.compile(r"^([a-zA-Z][a-zA-Z0-9+.\-]*:)?//([^/?#]*)@")
_PARAMETER = re.compile(r"([?&;#])([^=&;#?]+)=([^&;#]*)")
_RANK: Final = {Kind.AUTHORIZATION: 0, Kind.KEY: 1, Kind.ADDRESS: 2, Kind.PROTOCOL: 2, Kind.NAMED: 3, Kind.COOKIE: 4}
"""Which of several credentials names the call: lower wins; kinds that are not here never do."""


class _Sweep:
    """One exchange's secrets, as they are met."""

    def __init__(self, pseudonyms: Pseudonyms) -> None:
        self._pseudonyms = pseudonyms
        self._rank = 99
        self.credential: str | None = None
        self.secrets: dict[str, str] = {}
        self.hunted: list[tuple[str, str]] = []

    def hide(self, secret: str, kind: Kind | None = None) -> str:
        """The fingerprint that takes the secret's place; the best-ranked one becomes the call's credential."""
        secret = secret.strip()
        if not secret:
            return ""
        print_ = self.secrets.get(secret)
        if print_ is None:
            print_ = self.secrets[secret] = self._pseudonyms.credential(secret)
            if len(secret) >= LONG_ENOUGH:
                self.hunted.append((secret, print_))
                self.hunted.sort(key=lambda pair: -len(pair[0]))  # the whole before its part
        rank = _RANK.get(kind, 99) if kind and not is_scrubbed(secret) else 99
        if rank < self._rank:
            self._rank, self.credential = rank, print_
        return print_

    def shapes(self, text: str, kind: Kind | None = None) -> str:
        """The text with everything that looks like a key hidden."""
        return KEY_SHAPE.sub(lambda found: self.hide(found[0], kind), text)

    def repeated(self, text: str) -> str:
        """The text without the long secrets met so far."""
        for secret, print_ in self.hunted:
            if secret in text:
                text = text.replace(secret, print_)
        return text

    def repeated_bytes(self, data: bytes) -> bytes:
        """The bytes without the long secrets met so far."""
        for secret, print_ in self.hunted:
            raw = secret.encode("utf-8", "surrogatepass")
            if raw in data:
                data = data.replace(raw, print_.encode())
        return data


# --- header values ----------------------------------------------------------------------------------------------


def _authorization(value: str, sweep: _Sweep, kind: Kind) -> str:
    if AWS_CREDENTIAL.search(value):
        signed = AWS_SIGNATURE.sub(lambda found: found[1] + sweep.hide(found[2]), value)
        return AWS_CREDENTIAL.sub(lambda found: found[1] + sweep.hide(found[2], kind), signed)
    scheme, space, token = value.strip().partition(" ")
    if space and scheme.lower() in SCHEMES:
        return f"{scheme} {sweep.hide(token, kind)}"
    return sweep.hide(value, kind)


def _whole(value: str, sweep: _Sweep, kind: Kind) -> str:
    if kind is Kind.NAMED and is_measure(value):
        return value
    scheme, space, token = value.strip().partition(" ")
    if space and scheme.lower() in SCHEMES:
        return f"{scheme} {sweep.hide(token, kind)}"
    return sweep.hide(value, kind)


def _cookie_pair(pair: str, sweep: _Sweep) -> str:
    name, equals, value = pair.partition("=")
    if not equals:
        return sweep.hide(pair)
    kind = Kind.COOKIE if SESSION_COOKIE.search(name.strip()) else None
    return f"{name}={sweep.hide(value, kind)}"


def _cookies(value: str, sweep: _Sweep, _kind: Kind) -> str:
    return ";".join(_cookie_pair(pair, sweep) for pair in value.split(";"))


def _set_cookie(value: str, sweep: _Sweep, _kind: Kind) -> str:
    pair, semicolon, attributes = value.partition(";")
    return _cookie_pair(pair, sweep) + semicolon + attributes


def _protocols(value: str, sweep: _Sweep, kind: Kind) -> str:
    clean: list[str] = []
    for protocol in (item.strip() for item in value.split(",")):
        prefixed = PROTOCOL_PREFIX.match(protocol)
        if clean and clean[-1].lower() in BEARING_PROTOCOLS:
            clean.append(sweep.hide(protocol, kind))
        elif prefixed:
            clean.append(prefixed[1] + sweep.hide(prefixed[2], kind))
        elif SAFE_PROTOCOL.match(protocol) and not KEY_SHAPE.search(protocol):
            clean.append(protocol)
        else:
            clean.append(sweep.hide(protocol, kind))
    return ", ".join(clean)


def _url(value: str, sweep: _Sweep, kind: Kind = Kind.ADDRESS) -> str:
    if "@" in value:
        value = _USERINFO.sub(lambda found: f"{found[1] or ''}//{sweep.hide(unquote(found[2]), kind)}@", value)
    if "=" in value:
        value = _PARAMETER.sub(lambda found: _parameter(found, sweep, kind), value)
    return sweep.shapes(value, kind)


def _parameter(found: re.Match[str], sweep: _Sweep, kind: Kind) -> str:
    mark, name, value = found[1], found[2], unquote_plus(found[3])
    if is_secret_parameter(unquote_plus(name)):
        return f"{mark}{name}={sweep.hide(value, kind)}"
    if KEY_SHAPE.search(value):
        return f"{mark}{name}={sweep.shapes(value, kind)}"
    return found[0]


_READERS: Final[dict[Kind, Callable[[str, _Sweep, Kind], str]]] = {
    Kind.AUTHORIZATION: _authorization,
    Kind.PROXY: _authorization,
    Kind.KEY: _whole,
    Kind.NAMED: _whole,
    Kind.COMPANION: _whole,
    Kind.COOKIE: _cookies,
    Kind.SET_COOKIE: _set_cookie,
    Kind.PROTOCOL: _protocols,
    Kind.ADDRESS: _url,
}


@lru_cache(maxsize=4096)
def _way(name: str) -> tuple[Kind, Callable[[str, _Sweep, Kind], str] | None]:
    """The kind of a header, and what reads its value, where it is to be read."""
    kind = header_kind(name)
    return kind, _READERS.get(kind)


def _headers(headers: Headers, sweep: _Sweep) -> Headers:
    """The headers with known carriers read by their kind, and unknown values searched for keys, all at once."""
    clean: list[tuple[str, str]] = []
    unknown: list[int] = []
    for header in headers:
        name, value = header
        kind, reader = _way(name)
        if kind is Kind.UNKNOWN:
            unknown.append(len(clean))
        if not (name.isascii() and value.isascii()):
            header = name, value = _encodable(name), _encodable(value)
        clean.append((name, reader(value, sweep, kind)) if reader else header)
    if unknown and KEY_SHAPE.search("\n".join(clean[place][1] for place in unknown)):
        for place in unknown:
            name, value = clean[place]
            clean[place] = (name, sweep.shapes(value, Kind.NAMED))
    return tuple(clean)


# --- the exchange -----------------------------------------------------------------------------------------------


def _encodable(text: str) -> str:
    """The text without lone surrogates, by which some programs carry bytes that are no UTF-8; no store takes them."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _origin(origin: Origin) -> Origin:
    if (origin.user or "").isascii() and (origin.address or "").isascii():
        return origin
    return Origin(address=origin.address and _encodable(origin.address), user=origin.user and _encodable(origin.user))


def _clear_headers(headers: Headers, sweep: _Sweep) -> Headers:
    if not sweep.hunted:
        return headers
    return tuple((name, sweep.repeated(value)) for name, value in headers)


def _clear_frame(frame: Frame, sweep: _Sweep) -> Frame:
    text = sweep.repeated(_encodable(frame.text)) if frame.text is not None else None
    data = sweep.repeated_bytes(frame.data) if frame.data is not None else None
    if text is frame.text and data is frame.data:
        return frame
    return msgspec.structs.replace(frame, text=text, data=data)


def without_carriers(exchange: Exchange) -> Exchange:
    """The last resort where an exchange breaks `redact`: no headers, no user information, no parameters."""
    asked, answered = exchange.request, exchange.response
    address = _USERINFO.sub(lambda found: f"{found[1] or ''}//", _encodable(asked.url))
    request = Request(method=_encodable(asked.method), url=re.split("[?#;]", address)[0], body=asked.body)
    response = answered and Response(status=answered.status, body=answered.body)
    frames = tuple(
        msgspec.structs.replace(frame, text=None if frame.text is None else _encodable(frame.text))
        for frame in exchange.frames
    )
    return Exchange(
        id=exchange.id,
        time=exchange.time,
        request=request,
        response=response,
        duration_ms=exchange.duration_ms,
        origin=_origin(exchange.origin),
        frames=frames,
        interrupted=exchange.interrupted,
        truncated=exchange.truncated,
    )


def redact(exchange: Exchange, pseudonyms: Pseudonyms) -> tuple[Exchange, str | None]:
    """The exchange without its keys, and the fingerprint of the credential it was made with, where there is one."""
    asked, answered = exchange.request, exchange.response
    sweep = _Sweep(pseudonyms)
    headers = _headers(asked.headers, sweep)
    url = _url(_encodable(asked.url), sweep)
    credential = sweep.credential
    answer_headers = _headers(answered.headers, sweep) if answered else ()
    request = Request(
        method=asked.method,
        url=sweep.repeated(url),
        headers=_clear_headers(headers, sweep),
        body=sweep.repeated_bytes(asked.body),
    )
    response = answered and Response(
        status=answered.status,
        headers=_clear_headers(answer_headers, sweep),
        body=sweep.repeated_bytes(answered.body),
    )
    frames = tuple(_clear_frame(frame, sweep) for frame in exchange.frames)
    origin = _origin(exchange.origin)
    safe = msgspec.structs.replace(exchange, request=request, response=response, frames=frames, origin=origin)
    return safe, credential
