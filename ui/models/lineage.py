# SPDX-License-Identifier: Apache-2.0
"""Sessions in which outputs may have trained a model: the findings of kind distillation and lineage, in their parts."""

from collections.abc import Sequence
from dataclasses import dataclass

from auditor.archive import Archive
from auditor.findings import Case, Evidence, Kind
from ui.models.findings import ordered
from ui.models.flows import MOST_VALUES, any_of
from ui.models.reading import timeline
from ui.models.timeline import Timeline

KINDS = frozenset({Kind.DISTILLATION, Kind.LINEAGE})


@dataclass(frozen=True, slots=True)
class Stage:
    """One part of the way from prompts to a model, and what was found of it."""

    key: str
    title: str
    icon: str
    meaning: str
    missing: str
    kinds: frozenset[str]


STAGES = (
    Stage(
        "asked", "Prompts", "comment", "What the prompts have in common, and what they ask for.",
        "No purpose was read in the prompts.", frozenset({"intent"}),
    ),
    Stage(
        "gathered", "Gathering", "history", "How the calls hang together: their number, pace and form.",
        "Nothing in the pace or the form of the calls.", frozenset({"pattern", "data"}),
    ),
    Stage(
        "used", "Training data", "file", "Uploads and jobs, and rows that were first seen in outputs.",
        "No upload or training job was seen; it may have left another way.", frozenset({"lineage"}),
    ),
    Stage(
        "terms", "Terms", "providers", "What the provider's terms say of it.",
        "No clause speaks of it.", frozenset({"config"}),
    ),
)  # fmt: skip
"""From asking to training, in order."""


@dataclass(frozen=True, slots=True)
class SessionParts:
    """One session: its finding, its calls over time, and the evidence by stage."""

    case: Case
    trend: Timeline | None
    stages: tuple[tuple[Stage, tuple[Evidence, ...]], ...]


def read_sessions(archive: Archive) -> list[Case]:
    """The findings of these kinds, the gravest first."""
    return ordered(case for case in archive.cases() if case.finding.kind in KINDS)


def read_session(archive: Archive, case: Case) -> SessionParts:
    """One session in its parts."""
    calls = case.finding.calls[:MOST_VALUES]
    trend = timeline(archive, any_of("id", calls), None, None) if calls else None
    return SessionParts(case, trend, tuple((stage, of_stage(case.finding.evidence, stage)) for stage in STAGES))


def of_stage(evidence: Sequence[Evidence], stage: Stage) -> tuple[Evidence, ...]:
    """The evidence of one stage."""
    return tuple(one for one in evidence if one.kind in stage.kinds)
