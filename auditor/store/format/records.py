# SPDX-License-Identifier: Apache-2.0
"""What a ledger holds, before it is sealed: one small `meta` value a record, and for exchanges a `body`.

`meta` is what lists, filters and counters need; `body` is the exchange itself and where data was found in it. Both
are sealed apart, so that a page of calls opens no content. Values are msgpack by msgspec, tagged by their kind.
"""

from datetime import datetime
from typing import Literal

import msgspec

from auditor.calls import Call, Compact, Exchange, PlacedMatch
from auditor.findings import Finding, Step
from auditor.store.format.layout import Column


class Meta(Compact, frozen=True, kw_only=True, tag_field="kind"):
    """Base of the record kinds. `time` is when the recorded thing happened, UTC."""

    time: datetime


class Intent(Meta, frozen=True, kw_only=True, tag="intent"):
    """A request is about to leave. Written before it does; its completion carries the same exchange id."""

    exchange: str
    method: str
    server_address: str
    path: str
    provider: str | None = None
    actor: str | None = None
    credential: str | None = None


class Named(Meta, frozen=True, kw_only=True, tag="named"):
    """Who stands behind a pseudonym. Its body is `Names`, sealed with keys of their own; `actor` is the pseudonym."""

    actor: str


class Withheld(Meta, frozen=True, kw_only=True, tag="withheld"):
    """What was taken out of an exchange before it was stored, to be had back. Its body is `Values`, sealed with the
    keys of names: whoever may read content does not learn it by that."""

    exchange: str


class Passage(Meta, frozen=True, kw_only=True, tag="passage"):
    """What calls of one conversation send again and again, kept once. Its body is `Texts`, sealed with a key of its own
    that lies in the bodies which rest on it, and nowhere else: it goes with the last of them."""


class Fingerprints(Compact, frozen=True, kw_only=True):
    """Keyed fingerprints of what one call of an exchange sent and received for the first time, 8 bytes each.

    `form` says how they were made (`auditor.privacy.fingerprints.FORM`).
    """

    form: int = 0
    call: int = 0
    sent: bytes = b""
    received: bytes = b""


class Completion(Meta, frozen=True, kw_only=True, tag="completion"):
    """An exchange ended, well or not: the calls read in it. Its body is a `SealedExchange`.

    `fingerprints` has an entry for each call that was fingerprinted, also where nothing new was in it.
    """

    exchange: str
    calls: tuple[Call, ...]
    fingerprints: tuple[Fingerprints, ...] = ()


class Gap(Meta, frozen=True, kw_only=True, tag="gap"):
    """Something passed that could not be recorded: how much, and why. `until` closes the span."""

    reason: Literal["store_failure", "queue_full", "body_truncated", "crash", "recorder_away", "clock_jump"]
    count: int
    until: datetime | None = None
    detail: str = ""


class Counters(Compact, frozen=True, kw_only=True):
    """A gateway's running totals since it started, to account for every call.

    `unshipped` leaves of the ledger are not on the server yet.
    `denied`, `refused` and `turned_away` count what strangers wanted, `discovered` hosts that may be AI endpoints.
    """

    seen: int = 0
    recorded: int = 0
    lost: int = 0
    blocked: int = 0
    tunnelled: int = 0
    undecryptable: int = 0
    unparsed: int = 0
    backlog: int = 0
    unshipped: int = 0
    denied: int = 0
    refused: int = 0
    turned_away: int = 0
    discovered: int = 0


class Started(Meta, frozen=True, kw_only=True, tag="started"):
    """A gateway started; `unfinished` intents of an earlier run have no known outcome."""

    version: str
    unfinished: int = 0


class Stopped(Meta, frozen=True, kw_only=True, tag="stopped"):
    """A gateway drained and stopped in order."""

    counters: Counters


class Heartbeat(Meta, frozen=True, kw_only=True, tag="heartbeat"):
    """A sign of life with totals, at least every minute, so that silence is noticed."""

    counters: Counters


class Access(Meta, frozen=True, kw_only=True, tag="access"):
    """An auditor read content: who, what, why. Written before anything is shown.

    `second` is the other person a reveal took, and `approval` their signature over the rest, by identity `second_id`.
    """

    auditor: str
    action: str
    reason: str
    calls: tuple[str, ...] = ()
    actor: str | None = None
    scope: str | None = None
    second: str | None = None
    second_id: str | None = None
    approval: bytes | None = None


class Reported(Meta, frozen=True, kw_only=True, tag="reported"):
    """An analysis reported a finding, or more for one that was known: the whole finding as it stands since."""

    finding: Finding


class Triaged(Meta, frozen=True, kw_only=True, tag="triaged"):
    """A person worked on the finding of this id."""

    finding: str
    step: Step


class Erasure(Meta, frozen=True, kw_only=True, tag="erasure"):
    """An auditor had content erased: which leaves of which ledger (inclusive ranges), why, and how it was asked for.

    `completions` of these leaves were completions. Whose content it was is left out: that is erased, too.
    """

    auditor: str
    reason: str
    scope: Literal["actor", "call", "period", "class"]
    ledger: str
    leaves: tuple[tuple[int, int], ...]
    completions: int


class KeysDestroyed(Meta, frozen=True, kw_only=True, tag="keys_destroyed"):
    """An auditor destroyed their epoch keys of these months ("2026-11"): what they sealed can no longer be opened.

    `keys` says of which purposes: "2026-11 content".
    """

    auditor: str
    reason: str
    epochs: tuple[str, ...]
    keys: tuple[str, ...] = ()


type AnyMeta = (
    Intent
    | Named
    | Withheld
    | Passage
    | Completion
    | Gap
    | Started
    | Stopped
    | Heartbeat
    | Access
    | Reported
    | Triaged
    | Erasure
    | KeysDestroyed
)


class SealedExchange(Compact, frozen=True, kw_only=True):
    """The body of a completion: the exchange without its credentials, and the data found in it.

    `gaps`: the texts of the passage it rests on belong into the request's body, each behind so many more bytes of it.
    """

    exchange: Exchange
    matches: tuple[PlacedMatch, ...] = ()
    gaps: tuple[int, ...] = ()


class Names(Compact, frozen=True, kw_only=True):
    """The body of a `Named`: the name the proxy authenticated, or the import stated, and the network address."""

    user: str | None = None
    address: str | None = None


class Values(Compact, frozen=True, kw_only=True):
    """The body of a `Withheld`: the values by the names that stand for them in the exchange, `[SECRET#1]`."""

    values: dict[str, str]
    spelled: dict[str, tuple[bytes, ...]] = msgspec.field(default_factory=dict)
    """How they stood in the exchange, by place and one behind the other (`auditor.spelling`)."""


class Texts(Compact, frozen=True, kw_only=True):
    """The body of a `Passage`: texts, each with its place among those of the passages before it, in ascending order."""

    texts: tuple[tuple[int, bytes], ...]


class Draft(msgspec.Struct, frozen=True):
    """A record to be sealed and appended; the body of a `Named` is `Names`, of a `Withheld` `Values`."""

    meta: AnyMeta
    body: SealedExchange | Names | Values | None = None


class Record(msgspec.Struct, frozen=True):
    """An opened record: its place, and its meta. The body is opened apart, on demand."""

    ledger: str
    seq: int
    meta: AnyMeta
    has_body: bool


encode = msgspec.msgpack.Encoder().encode
decode_meta = msgspec.msgpack.Decoder(AnyMeta).decode
decode_body = msgspec.msgpack.Decoder(SealedExchange).decode
decode_names = msgspec.msgpack.Decoder(Names).decode
decode_values = msgspec.msgpack.Decoder(Values).decode
decode_texts = msgspec.msgpack.Decoder(Texts).decode


def body_column(meta: AnyMeta) -> Column:
    """As what a record's body is sealed."""
    match meta:
        case Named():
            return Column.NAMES
        case Withheld():
            return Column.VALUES
        case Passage():
            return Column.PASSAGE
        case _:
            return Column.BODY
