# SPDX-License-Identifier: Apache-2.0
"""From the archive to the analysis: two passes in time order, each access recorded before anything is opened.

The first pass opens only calls at the addresses of sinks. Fingerprints made at capture tell which calls hold text of
an upload, so that the second pass, over all answers, follows texts in those alone, and in calls without fingerprints.
Content is asked for in batches, one access record each; broken off, nothing is left behind, and the next run begins
anew and comes to the same findings.
"""

from collections.abc import Iterable, Iterator, Mapping, Set
from datetime import datetime
from itertools import batched
from typing import Final

import numpy as np

from auditor.archive import Archive, Filter, Opened, Progress, Sort
from auditor.calls import Call
from auditor.detectors import Scanner
from auditor.distillation.analysis import Analysis
from auditor.distillation.observation import is_generative
from auditor.distillation.sinks import Sink, find_sink, may_be_sink
from auditor.findings import Finding
from auditor.policy import UNSAID, Policy
from auditor.terms import Registry

REASON: Final = "Distillation and lineage analysis"
ACTION: Final = "analyze"
BATCH: Final = 2_000
"""Calls opened under one access record."""

_ALSO: Final = frozenset({"files", "batch", "uploads", "conversations", "realtime", "stored_completions"})
"""Operations beside the generative ones whose texts tell where a text was first seen."""


def analyze(
    archive: Archive,
    registry: Registry,
    progress: Progress | None = None,
    since: datetime | None = None,
    policy: Policy = UNSAID,
) -> Iterator[Finding]:
    """The findings on distillation and lineage over the store, calls from `since` on.

    `policy` says what the organisation trains. `progress` is told how many calls were read, of how many. Raises what
    opening content raises.
    """
    sinks = _sinks(archive, since)
    wanted = [call.id for call in _calls(archive, since) if _matters(call)]
    followed = _followed(archive, sinks)
    analysis = Analysis(registry, sinks, archive.fingerprinter(), Scanner().scan, follow=followed, policy=policy)
    for done, one in enumerate(_opened(archive, wanted), 1):
        exchange = one.sealed.exchange if one.sealed else None
        yield from analysis.take(one.call, one.content, exchange)
        if progress:
            progress(done, len(wanted))
    yield from analysis.close()


def _calls(archive: Archive, since: datetime | None) -> Iterator[Call]:
    return archive.calls(Filter.between(since, None), Sort("time", descending=False))


def _matters(call: Call) -> bool:
    return is_generative(call) or call.operation in _ALSO or may_be_sink(call)


def _sinks(archive: Archive, since: datetime | None) -> dict[str, Sink]:
    """The sinks of the store by the call they were seen in."""
    wanted = [call.id for call in _calls(archive, since) if may_be_sink(call)]
    found = (
        (one.call.id, find_sink(one.call, one.sealed.exchange)) for one in _opened(archive, wanted) if one.sealed
    )  # fmt: skip
    return {id_: sink for id_, sink in found if sink is not None}


def _followed(archive: Archive, sinks: Mapping[str, Sink]) -> Set[str]:
    """The calls that may hold text of an upload: those that share a fingerprint with it, and those without any."""
    prints = archive.fingerprinter()
    rows = (row for sink in sinks.values() for row in sink.rows)
    found = [prints.kept(text) for row in rows for text in (*row.prompts, *row.targets)]
    if not found:
        return frozenset()
    return archive.holders(np.unique(np.concatenate(found))).keys() | set(archive.not_fingerprinted())


def _opened(archive: Archive, ids: Iterable[str]) -> Iterator[Opened]:
    for batch in batched(ids, BATCH):
        yield from archive.content(batch, REASON, action=ACTION, scope="distillation")
