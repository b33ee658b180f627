# SPDX-License-Identifier: Apache-2.0
"""From exchanges to records ready to be sealed: what a worker of an import does."""

from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from auditor.calls import Call, Exchange
from auditor.detectors import Organisation, Scanner
from auditor.dialects.parsing import UNLISTED
from auditor.imports.orders import Order, Outcome
from auditor.pipeline import Pipeline
from auditor.privacy import Pseudonyms
from auditor.providers import FAMILIES, Providers
from auditor.store.format.prepare import prepare
from auditor.store.format.records import Completion, Draft
from auditor.store.ledger.conversations import Conversations


def begin() -> None:
    """Of another run nothing is remembered: what that one told may not have been written, or be erased by now."""
    _pipeline.cache_clear()


def made_ready(batch: list[Exchange], order: Order) -> list[Outcome]:
    """The outcomes of some exchanges, in their order."""
    pipeline = _pipeline(order)
    drafts = pipeline.process_all(batch)
    conversations = Conversations(whole=False)  # a batch is committed at once: what a call rests on is there
    return [
        _outcome(pipeline, conversations, exchange, draft, keep_elsewhere=order.keep_elsewhere)
        for exchange, draft in zip(batch, drafts, strict=True)
    ]


@lru_cache(maxsize=1)
def _pipeline(order: Order) -> Pipeline:
    """The pipeline, one for all batches: it remembers what it has scanned."""
    scanner = Scanner(Organisation.of(Path(order.folder)) if order.folder else None)
    pseudonyms = Pseudonyms(order.key, order.span)
    return Pipeline(Providers.load(), pseudonyms, scanner, remove=order.remove, withhold=order.withhold)


def _outcome(
    pipeline: Pipeline, conversations: Conversations, exchange: Exchange, draft: Draft, *, keep_elsewhere: bool
) -> Outcome:
    calls = draft.meta.calls if isinstance(draft.meta, Completion) else ()
    if not keep_elsewhere and not any(call.provider or call.dialect for call in calls):
        return Outcome()
    beside = (pipeline.introduction(exchange), pipeline.withheld(exchange))
    *passages, record = conversations.prepare(draft)
    return Outcome(
        record=record,
        beside=(*map(prepare, filter(None, beside)), *passages),
        proposed=next((_proposal(exchange, call) for call in calls if call.provider == UNLISTED), None),
    )


def _proposal(exchange: Exchange, call: Call) -> str:
    place = urlsplit(exchange.request.url)
    port = f":{place.port}" if place.port else ""
    family = (call.dialect or "").partition(".")[0]
    return f"{call.server_address}{port}={family if family in FAMILIES else 'openai'}"
