# SPDX-License-Identifier: Apache-2.0
"""The way of a call, on one page: an exchange comes in with its keys, a record to be sealed comes out without them.

    redact → parse → scan → count → read its signs → name the actor → remove what is not to be stored →
    fingerprint → draft

and beside it, to be sealed apart: once a month who stands behind the actor's pseudonym, and what was withheld.

Invariants: the draft holds no credential, and neither name nor address of who made the call; every exchange gives one
draft, whatever it holds, and nothing is raised: what cannot be read is recorded without its keys, as `unparsed`.
"""

import logging
from collections.abc import Collection, Iterable
from itertools import islice
from typing import NamedTuple
from urllib.parse import urlsplit

import msgspec

from auditor import dialects, signs
from auditor.batching import by_weight
from auditor.calls import Call, Exchange, Origin, Outcome, PlacedMatch, Reading, Request
from auditor.fingerprinting import FingerprintMemory, Unseen
from auditor.privacy import PlacedText, Pseudonyms, redact, texts
from auditor.privacy.fingerprints import FINGERPRINTS
from auditor.privacy.redaction import without_carriers
from auditor.providers import Providers
from auditor.removing import Removal, Stored
from auditor.scanning import UNSCANNED, ScanMemory, TextScanner, counted, unread
from auditor.store.format.records import (
    Completion,
    Draft,
    Fingerprints,
    Intent,
    Named,
    Names,
    SealedExchange,
    Values,
    Withheld,
    encode,
)

logger = logging.getLogger(__name__)


_TOGETHER = 1 << 20
"""Bytes of exchanges whose texts are held at a time, to be searched together."""


class _Parsed(NamedTuple):
    """An exchange without its keys, its credential, and what it says; or why that could not be read."""

    exchange: Exchange
    credential: str | None
    presented: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = ()
    said: tuple[tuple[PlacedText, ...], ...] = ()
    failure: Exception | None = None


class _Read(NamedTuple):
    """A completion, and what of its calls is still to be fingerprinted."""

    draft: Draft
    unseen: tuple[Unseen, ...] = ()


class Pipeline:
    """Makes drafts of exchanges. One instance serves one thread."""

    def __init__(
        self,
        providers: Providers,
        pseudonyms: Pseudonyms,
        scanner: TextScanner,
        gateway: str | None = None,
        remove: Collection[str] = (),
        withhold: Collection[str] = (),
    ) -> None:
        self._providers = providers
        self._pseudonyms = pseudonyms
        self._scan = ScanMemory(scanner, pseudonyms)
        self._fingerprints = FingerprintMemory(pseudonyms.subkey(FINGERPRINTS))
        self._gateway = gateway
        self._introduced: tuple[tuple[int, int], set[Names]] = ((0, 0), set())
        self._removal = Removal(remove, withhold)
        self._withheld: dict[str, Draft] = {}

    def process(self, exchange: Exchange) -> Draft:
        """The completion of an exchange: its calls as `meta`, itself without keys and with its matches as `body`."""
        return self.process_all((exchange,))[0]

    def process_all(self, exchanges: Iterable[Exchange]) -> list[Draft]:
        """The completions of some exchanges, as `process` makes them; the more at once, the less time for each."""
        self._withheld.clear()
        read = [one for some in by_weight(exchanges, lambda each: each.weight, _TOGETHER) for one in self._read(some)]
        made = iter(self._fingerprints.fingerprints([call for one in read for call in one.unseen]))
        return [_fingerprinted(one.draft, tuple(islice(made, len(one.unseen)))) for one in read]

    def _read(self, exchanges: Iterable[Exchange]) -> list[_Read]:
        """The completions of some exchanges, but for their fingerprints."""
        parsed = [self._parsed(one) for one in exchanges]
        with self._scan.ahead(text.text for one in parsed for texts_ in one.said for text in texts_):
            return [self._completed(one) for one in parsed]

    def _parsed(self, exchange: Exchange) -> _Parsed:
        safe, credential = self._redacted(exchange)
        try:
            readings = self._parse(safe)
            said = tuple(tuple(texts(reading.content)) for reading in readings)
            return _Parsed(safe, credential, signs.presented(exchange), readings, said)
        except Exception as failure:  # `_completed` keeps it raw
            return _Parsed(safe, credential, failure=failure)

    def _completed(self, parsed: _Parsed) -> _Read:
        failure = parsed.failure
        if failure is None:
            try:
                read = self._draft(parsed)
                _check_encodable(read.draft)
                return read
            except Exception as defect:  # an exchange that breaks us is still recorded
                failure = defect
        logger.error("An exchange could not be read and is kept raw: %s.", type(failure).__name__)
        return _Read(self._raw(parsed.exchange, parsed.credential, failure))

    def introduction(self, exchange: Exchange) -> Draft | None:
        """Who stands behind the pseudonym of an exchange's actor, the first time in a month; None afterwards.

        By months, since that is how long the keys last that names are sealed to.
        """
        names = Names(user=exchange.origin.user, address=exchange.origin.address)
        month, met = (exchange.time.year, exchange.time.month), self._introduced[1]
        if month != self._introduced[0]:
            met = set()
            self._introduced = (month, met)
        actor = self._actor(exchange, None)
        if actor is None or names in met:
            return None
        met.add(names)
        try:
            draft = Draft(Named(time=exchange.time, actor=actor), names)
            _check_encodable(draft)
        except Exception as failure:  # without a name the calls are still recorded
            logger.error("The name of an actor could not be written: %s.", type(failure).__name__)
            return None
        return draft

    def withheld(self, exchange: Exchange) -> Draft | None:
        """What was taken out of one of the exchanges processed last, to be sealed apart; None where nothing was."""
        return self._withheld.pop(exchange.id, None)

    def intent(self, exchange: Exchange) -> Draft:
        """The record that a request is about to leave; needs the request and the connection only."""
        safe, credential = self._redacted(exchange)
        try:
            return Draft(self._intent(safe, credential))
        except Exception as failure:  # a bare intent is better than a call that may not leave
            logger.error("A request could not be read before it left: %s.", type(failure).__name__)
            bare = Exchange(id=exchange.id, time=exchange.time, request=Request(method="", url=""))
            return Draft(self._intent(bare, credential))

    def _redacted(self, exchange: Exchange) -> tuple[Exchange, str | None]:
        try:
            return redact(exchange, self._pseudonyms)
        except Exception as failure:  # without our care for its keys, all that may carry one goes
            logger.error("The keys of an exchange could not be found: %s.", type(failure).__name__)
            return without_carriers(exchange), None

    def _draft(self, parsed: _Parsed) -> _Read:
        exchange, said = parsed.exchange, parsed.said
        actor = self._actor(exchange, parsed.credential)
        calls, found = self._calls(parsed, actor)
        stored = self._removal.apply(exchange, calls, parsed.readings, found, self._parse, self._find)
        if stored.exchange is not exchange:  # what is removed leaves no fingerprint either
            said = tuple(tuple(texts(reading.content)) for reading in self._parse(stored.exchange))
        if stored.withheld:
            self._withhold(exchange, stored)
        unseen = tuple(
            self._fingerprints.unseen(number, one, actor, call.time)
            for number, (one, call) in enumerate(zip(said, stored.calls, strict=False))
        )
        meta = Completion(time=exchange.time, exchange=exchange.id, calls=stored.calls)
        body = SealedExchange(exchange=_anonymous(stored.exchange), matches=stored.matches)
        return _Read(Draft(meta, body), unseen)

    def _calls(self, parsed: _Parsed, actor: str | None) -> tuple[list[Call], list[PlacedMatch]]:
        """The calls of an exchange, with who made them and what data is in them; and that data, place by place."""
        calls: list[Call] = []
        found: list[PlacedMatch] = []
        for number, reading in enumerate(parsed.readings):
            matches, labels = self._scan.said(number, parsed.said[number])
            found += matches
            calls.append(
                msgspec.structs.replace(
                    reading.call,
                    actor=actor,
                    credential=parsed.credential,
                    data=counted(matches),
                    labels=(
                        *reading.call.labels,
                        *sorted(labels | unread(reading.content)),
                        *parsed.presented,
                        *signs.labels(reading.content),
                    ),
                    gateway=reading.call.gateway or self._gateway,
                )
            )
        return calls, found

    def _withhold(self, exchange: Exchange, stored: Stored) -> None:
        """Keep what was taken out of an exchange until `withheld` asks for it."""
        values = Values(values=dict(stored.withheld), spelled=dict(stored.spelled))
        beside = Draft(Withheld(time=exchange.time, exchange=exchange.id), values)
        _check_encodable(beside)
        self._withheld[exchange.id] = beside

    def _parse(self, exchange: Exchange) -> tuple[Reading, ...]:
        return dialects.parse(exchange, self._providers)

    def _find(self, number: int, reading: Reading) -> tuple[PlacedMatch, ...]:
        return self._scan.said(number, texts(reading.content))[0]

    def _actor(self, exchange: Exchange, credential: str | None) -> str | None:
        name = exchange.origin.user or exchange.origin.address or credential
        return self._pseudonyms.actor(name, exchange.time) if name else None

    def _intent(self, exchange: Exchange, credential: str | None) -> Intent:
        address = urlsplit(exchange.request.url)
        host = (address.hostname or exchange.connection.server_address or "").lower()
        provider = self._providers.match(host, address.port, address.path)
        return Intent(
            time=exchange.time,
            exchange=exchange.id,
            method=exchange.request.method,
            server_address=host,
            path=address.path,
            provider=provider.name if provider else None,
            actor=self._actor(exchange, credential),
            credential=credential,
        )

    def _raw(self, exchange: Exchange, credential: str | None, failure: Exception) -> Draft:
        call = Call(
            id=exchange.id,
            time=exchange.time,
            duration_ms=exchange.duration_ms,
            actor=self._actor(exchange, credential),
            credential=credential,
            request_bytes=len(exchange.request.body),
            response_bytes=len(exchange.response.body) if exchange.response else None,
            outcome=Outcome.UNPARSED,
            labels=(UNSCANNED,),
            error=type(failure).__name__,
            gateway=self._gateway,
        )
        meta = Completion(time=exchange.time, exchange=exchange.id, calls=(call,))
        return Draft(meta, SealedExchange(exchange=_anonymous(self._removal.unread(exchange))))


def _anonymous(exchange: Exchange) -> Exchange:
    """The exchange without who made it: who may read what was said does not learn that by it."""
    return msgspec.structs.replace(exchange, origin=Origin())


def _fingerprinted(draft: Draft, made: tuple[Fingerprints | None, ...]) -> Draft:
    if not made:
        return draft
    meta = msgspec.structs.replace(draft.meta, fingerprints=tuple(filter(None, made)))
    return Draft(meta, draft.body)


def _check_encodable(draft: Draft) -> None:
    """Raises where the store could not write a draft (half of a surrogate pair, say). Bytes, which may be many, can
    always be written."""
    encode(draft.meta)
    body = draft.body
    if isinstance(body, SealedExchange):
        request, response = body.exchange.request, body.exchange.response
        bare = msgspec.structs.replace(
            body.exchange,
            request=msgspec.structs.replace(request, body=b""),
            response=response and msgspec.structs.replace(response, body=b""),
        )
        body = msgspec.structs.replace(body, exchange=bare)
    encode(body)
