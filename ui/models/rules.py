# SPDX-License-Identifier: Apache-2.0
"""The rules as the page shows them: what each says, whether it is on, what is wrong with one that is being written."""

import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from auditor.archive import Archive
from auditor.calls import Value
from auditor.errors import AuditorError
from auditor.policy import Policy, parse
from auditor.rules import BadRule, Rule, Rules
from auditor.rules.folder import RuleFolder
from auditor.rules.linting import problems
from auditor.rules.reading import read
from auditor.rules.trial import Trial, trial
from auditor.terms import Registry
from ui.models import formats
from ui.models.findings import LEVELS

TRIED = (1_000, 10_000, 100_000)
"""Over how many calls, the newest, a rule can be tried."""

TEMPLATE = """\
title: A rule of ours
id: {id}
status: experimental
description: >-
  Says what it looks for, in a sentence a reviewer understands.
logsource:
  product: ai-usage-auditor
  category: call
detection:
  selection:
    gen_ai.provider.name: openai
    sent: SECRET
  condition: selection
falsepositives:
  - say what may be harmless
level: medium
auditor:
  kind: policy
  grade: probable
  evidence: data
"""


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One rule in the list; `source` is the text of its file, empty where that is not at hand."""

    rule: Rule
    on: bool
    own: bool
    source: str

    @property
    def texts(self) -> tuple[str, ...]:
        """The cells of its row."""
        return (
            "on" if self.on else "off",
            LEVELS[self.rule.level].word,
            formats.one_line(self.rule.title, 200),
            self.rule.section.kind,
            "yours" if self.own else "built in",
        )


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All rules, the gravest first, and what cannot be run."""

    folder: RuleFolder
    rows: tuple[RuleRow, ...]
    bad: tuple[BadRule, ...]

    @property
    def running(self) -> int:
        """How many are on."""
        return sum(row.on for row in self.rows)


def read_rules(archive: Archive) -> RuleBook:
    """The rules of a store."""
    folder = RuleFolder.of(archive.location)
    found, off = folder.all(), folder.off()
    rank = {level: place for place, level in enumerate(LEVELS)}
    ordered = sorted(found.rules, key=lambda rule: (rank[rule.level], rule.title.casefold()))
    rows = (RuleRow(rule, rule.id not in off, folder.is_own(rule), _source(rule)) for rule in ordered)
    return RuleBook(folder, tuple(rows), found.bad)


def _source(rule: Rule) -> str:
    try:
        return rule.path.read_text(encoding="utf-8") if rule.path is not None else ""
    except OSError:
        return ""


def holds(row: RuleRow, words: Iterable[str]) -> bool:
    """Whether all words stand in what a rule says."""
    rule = row.rule
    said = (*row.texts, rule.description, rule.id, *rule.section.clauses, *(field.name for field in rule.fields))
    text = " ".join(said).casefold()
    return all(word in text for word in words)


# --- writing ----------------------------------------------------------------------------------------------------


class Checked(Value, frozen=True, kw_only=True):
    """What came of a text: rules that run, or sentences on what is wrong; `line` is where, from 1, if known.

    `warnings` are what should be mended before the rule is trusted.
    """

    rules: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    line: int | None = None

    @property
    def sound(self) -> bool:
        """Whether it may be saved."""
        return bool(self.rules) and not self.wrong


_AT_LINE = re.compile(r"line (\d+)")


def check_rule(text: str, file: Path) -> Checked:
    """Read a text as a file of rules; never raises for what a person wrote."""
    found = read(text, file)
    wrong = tuple(formats.one_line(f"{one.title}: {one.what}" if one.title else one.what) for one in found.bad)
    if not wrong and not found.rules:
        wrong = ("There is no rule in it.",)
    careless = tuple(one.what for one in problems(Rules(found.rules)))
    at = _AT_LINE.search(" ".join(wrong))
    return Checked(
        rules=tuple(rule.title for rule in found.rules),
        wrong=wrong,
        warnings=careless,
        line=int(at[1]) if at else None,
    )


def check_policy(text: str, file: Path) -> Checked:
    """Read a text as the organisation's policy."""
    try:
        policy = parse(text, file)
    except AuditorError as error:
        said = str(error).replace(str(file), file.name)
        at = _AT_LINE.search(said)
        return Checked(wrong=(said,), line=int(at[1]) if at else None)
    parts = (
        formats.count(len(policy.provider), "provider"),
        formats.count(len(policy.account), "account"),
        formats.count(len(policy.team), "team"),
        formats.count(len(policy.training), "model in training", "models in training"),
    )
    return Checked(rules=parts)


def new_rule() -> str:
    """The text of a rule to begin with."""
    return TEMPLATE.format(id=uuid.uuid4())


def copied(row: RuleRow) -> str:
    """The text of a rule as one of one's own: with an id of its own."""
    return row.source.replace(row.rule.id, str(uuid.uuid4()))


def file_name(title: str, taken: Sequence[str]) -> str:
    """A name for the file of a rule, not among those taken."""
    stem = re.sub(r"[^a-z0-9]+", "_", title.casefold()).strip("_")[:60] or "rule"
    names = (f"{stem}{'' if number == 1 else f'_{number}'}.yml" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


# --- trying -----------------------------------------------------------------------------------------------------


def try_rules(archive: Archive, policy: Policy, text: str, file: Path, last: int) -> list[tuple[str, Trial]]:
    """What every rule of a text would match among the last calls; nothing is reported."""
    registry = Registry.load()
    return [(rule.title, trial(archive, registry, rule, last, policy)) for rule in read(text, file).rules]
