# SPDX-License-Identifier: Apache-2.0
"""Findings for the desktop's tests, on the calls of `material.ordinary`: one of each queue, and absurd ones."""

from datetime import timedelta

from auditor.archive import Archive
from auditor.findings import CitedClause, Evidence, Finding, Grade, Kind, Level, RuleName
from tests.ui.material import MOMENT, Desk

CLAUSE = CitedClause(
    id="openai.services-agreement.3.3.e",
    provider="openai",
    document="OpenAI Services Agreement",
    section="3.3(e)",
    url="https://openai.com/policies/services-agreement/",
    effective="2026-01-01",
    paraphrase="Output may not be used to develop models that compete with the provider's.",
    status="verified",
)


def finding(id_: str, title: str, level: Level, **facts: object) -> Finding:
    """A finding on the newest call."""
    known = {
        "id": id_,
        "rule": RuleName(id=f"rule-{id_}", title=title, level=level),
        "kind": Kind.DATA,
        "actor": "a-7f3k9q2m",
        "first_seen": MOMENT - timedelta(hours=3),
        "last_seen": MOMENT,
        "count": 2,
        "calls": ("exchange-0", "exchange-1"),
        "score": 0.71,
        "grade": Grade.PROBABLE,
        "explanation": "A customer's address was sent to a provider without an agreement on personal data.",
        "evidence": (Evidence(call="exchange-0", kind="data", text="sent: EMAIL j•••@e•••.com"),),
    }
    return Finding(**{**known, **facts})  # type: ignore[arg-type]


def usual_findings() -> list[Finding]:
    """What an analysis of an ordinary morning reports."""
    return [
        finding(
            "f-distil", "Outputs gathered as training data for another model", Level.HIGH,
            kind=Kind.DISTILLATION, clause=CLAUSE, credential="k-19ab77c0", score=0.93, grade=Grade.EVIDENCED,
            count=40, calls=tuple(f"exchange-{number}" for number in range(6, 30)),
            explanation="240 prompts were filled from one skeleton with two slots within 18 minutes; 187 answers "
            "appear again, in the same order, as rows of a file uploaded for fine-tuning at another provider. "
            "This calls for review: a licence or an agreement may permit it.",
            evidence=(
                Evidence(call="exchange-6", kind="pattern", text="Skeleton with 2 slots, 240 prompts, 18 minutes"),
                Evidence(call="exchange-7", kind="lineage", text="187 of 240 answers are rows of the upload"),
                Evidence(call="exchange-8", kind="intent", text="purpose: fine-tune, file “teacher-•••.jsonl”"),
                Evidence(kind="config", text="temperature 1.0, n = 4"),
            ),
        ),
        finding("f-secret", "A secret was sent to a provider", Level.CRITICAL, grade=Grade.EVIDENCED, score=0.99),
        finding("f-email", "Personal data without an agreement", Level.MEDIUM, count=1, calls=("exchange-0",)),
        finding("f-watch", "Many prompts from one template", Level.LOW, kind=Kind.DISTILLATION, grade=Grade.WATCH),
        finding(
            "f-permit", "Synthetic data with permission", Level.INFORMATIONAL,
            kind=Kind.TERMS, clause=CLAUSE, grade=Grade.INFORMATIONAL, score=0.2,
        ),
    ]  # fmt: skip


def absurd_findings() -> list[Finding]:
    """Names of 300 characters, writing from right to left, an override, evidence without end."""
    long = CitedClause(
        id="p." + "c" * 300, provider="p" * 300, document="d" * 300, url="javascript:alert(1)",
        paraphrase="word " * 400, status="unverified",
    )  # fmt: skip
    points = tuple(Evidence(call=f"exchange-{n}", kind="data", text=f"sent: SECRET {'x' * 200}") for n in range(120))
    return [
        finding("f-long", "t" * 300, Level.CRITICAL, actor="a" * 300, clause=long, explanation="why " * 2000),
        finding("f-rtl", "مفتاح سري \u202egnp.exe\u202c أُرسل", Level.HIGH, explanation="شرح " * 50, evidence=points),
        *(finding(f"f-many-{n:04d}", f"Finding number {n}", list(Level)[n % 5], count=n + 1) for n in range(1000)),
    ]


def report(desk: Desk, findings: list[Finding]) -> None:
    """What an analysis writes into the auditor's ledger."""
    with Archive.open(desk.location, desk.identity) as archive:
        archive.refresh()
        archive.report(findings)
