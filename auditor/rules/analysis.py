# SPDX-License-Identifier: Apache-2.0
"""What rules matched becomes findings: which clause it rests on, how high it may rank, what a reviewer reads.

Invariants: a finding on a clause whose text we did not see, or that binds nobody, is informational whatever the rule
says; a permission of the provider turns a match into a note that names it; a rule on terms says nothing of providers
whose clause it does not name, and where a provider serves another's model, both sets of terms are asked; every text
says that it is an indication, and what no traffic shows.
"""

import hashlib
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Final

from auditor.archive import Archive, rows
from auditor.archive.fields import Field, noun
from auditor.archive.times import microseconds, moment
from auditor.calls import Call
from auditor.findings import CitedClause, Evidence, Finding, Grade, Kind, RuleName
from auditor.policy import UNSAID, Policy
from auditor.rules.events import folded
from auditor.rules.groups import Group
from auditor.rules.marks import Marks
from auditor.rules.matching import AT_ONCE, Question, matched, newest, wide
from auditor.rules.model import Rule, Rules
from auditor.rules.said import NOT_ALLOWED, SAID, types_not_allowed, value
from auditor.terms import Clause, Registry, Role
from auditor.terms.ranking import ranked
from auditor.terms.registry import may_alarm

type Progress = Callable[[int, int], None]

SCORES: Final = {
    Grade.EVIDENCED: 0.9,
    Grade.PROBABLE: 0.7,
    Grade.WATCH: 0.4,
    Grade.INCONCLUSIVE: 0.2,
    Grade.INFORMATIONAL: 0.1,
}
"""A rule measures nothing but that it matched: its score is that of its grade."""

VERDICT: Final = "This is an indication for review, not a verdict."


def analyze(
    archive: Archive,
    registry: Registry,
    rules: Rules,
    progress: Progress | None = None,
    since: datetime | None = None,
    policy: Policy = UNSAID,
    marks: Marks | None = None,
) -> Iterator[Finding]:
    """The findings of all rules over the calls in the index, in whole weeks from the one of `since`; with `marks`,
    those that rest on calls which came since a rule was evaluated last."""
    start = None if since is None else microseconds(since)
    for done, (rule, asked) in enumerate(_asked(archive, registry, rules, policy, start, marks)):
        if progress:
            progress(done, len(rules.rules))
        with archive.index.reading() as connection:
            groups = list(matched(connection, rule, asked))
        for group in groups:
            for clause in clauses_of(registry, rule, group):
                yield finding_of(rule, group, clause, registry, policy)
    if progress:
        progress(len(rules.rules), len(rules.rules))


def _asked(
    archive: Archive, registry: Registry, rules: Rules, policy: Policy, start: int | None, marks: Marks | None
) -> list[tuple[Rule, Question]]:
    """What each rule asks: all of them up to the same call, and those that ask for everything in one pass."""
    with archive.index.reading() as connection:
        last = newest(connection)
        asked = [
            (rule, question(registry, rule, policy, start)._replace(
                last=last, after=marks.after(connection, rule, last) if marks else None))
            for rule in rules.rules
        ]  # fmt: skip
    shared = wide(asked) if start is None and last <= AT_ONCE else None
    return [(rule, one._replace(wide=shared)) for rule, one in asked]


def question(registry: Registry, rule: Rule, policy: Policy, since: int | None) -> Question:
    """What a rule asks of the index: a rule on terms only of those calls whose terms it speaks of."""
    terms = terms_of(registry, rule) if rule.section.kind is Kind.TERMS else None
    return Question(policy=policy, terms=terms, since=since)


def terms_of(registry: Registry, rule: Rule) -> dict[str, tuple[str, ...]]:
    """The terms a rule speaks of, with the providers they serve."""
    clauses = (registry.clause(name) for name in (*rule.section.clauses, *rule.section.permissions))
    return {clause.provider: registry.providers[clause.provider].serves for clause in clauses}


def clauses_of(registry: Registry, rule: Rule, group: Group) -> list[Clause | None]:
    """The clauses that speak on a match: of the provider's terms, and of the maker's where it serves another's model.
    A rule that is not on terms has one finding, whether a clause speaks or not."""
    provider = registry.serving(group.provider) if group.provider else None
    terms = [provider.id if provider else None, group.maker]
    found: list[Clause | None] = [clause for one in terms if one and (clause := _clause(registry, rule, one))]
    return found if rule.section.kind is Kind.TERMS else [next(iter(found), None)]


def _clause(registry: Registry, rule: Rule, terms: str) -> Clause | None:
    """The clause of these terms that speaks: their permission, else the one that binds, else (for a rule on terms,
    which has nothing else to go by) any."""
    named = [registry.clause(name) for name in (*rule.section.permissions, *rule.section.clauses)]
    here = [clause for clause in named if clause.provider == terms]
    permitted = [clause for clause in here if clause.role is Role.PERMISSION]
    others = here if rule.section.kind is Kind.TERMS else []
    return next(iter([*permitted, *filter(may_alarm, here), *others]), None)


def _practice(registry: Registry, rule: Rule, group: Group) -> Clause | None:
    """What a finding that cites no clause rests on all the same: what the provider says it does, or a text of its terms
    that we did not verify. It is told, and ranks nothing."""
    provider = registry.serving(group.provider) if group.provider else None
    named = (registry.clause(name) for name in rule.section.clauses)
    return next((one for one in named if one.provider in (provider.id if provider else None, group.maker)), None)


def finding_of(rule: Rule, group: Group, clause: Clause | None, registry: Registry, policy: Policy) -> Finding:
    """The finding of a group on a clause, no higher than the clause allows."""
    level, grade = ranked(rule.level, rule.section.grade, clause)
    return Finding(
        id=id_of(rule, group, clause),
        rule=RuleName(id=rule.id, title=rule.title, level=level),
        kind=rule.section.kind,
        clause=None if clause is None else cited(clause, registry),
        actor=group.actor,
        credential=group.credential,
        first_seen=moment(group.first),
        last_seen=moment(group.last),
        count=group.count,
        calls=group.ids,
        score=SCORES[grade],
        grade=grade,
        explanation=_explanation(rule, group, clause or _practice(registry, rule, group)),
        evidence=tuple(_evidence(rule, call, policy) for call in group.shown),
    )


def cited(clause: Clause, registry: Registry) -> CitedClause:
    """A clause as findings cite it."""
    document = registry.document(clause)
    return CitedClause(
        id=clause.id,
        provider=clause.provider,
        document=document.title,
        section=clause.section,
        url=clause.url,
        effective=clause.effective_or_updated,
        paraphrase=clause.paraphrase,
        status=clause.status.value,
    )


def id_of(rule: Rule, group: Group, clause: Clause | None) -> str:
    """The same for what is the same finding again: rule, group (in whatever case), week, and for a rule on terms its
    clause. A correlation's group is all that it is about: what its calls share may change as more come."""
    about = [f"{name}={value if value is None else folded(value)}" for name, value in group.about]
    if rule.correlation is None:
        about += [group.provider or "", group.maker or ""]
    told = clause.id if clause and rule.section.kind is Kind.TERMS else ""
    return hashlib.blake2b("\n".join([rule.id, *about, told, str(group.week)]).encode(), digest_size=16).hexdigest()


# --- texts ------------------------------------------------------------------------------------------------------


def _explanation(rule: Rule, group: Group, clause: Clause | None) -> str:
    """One paragraph a reviewer can read."""
    sentences = [_measured(rule, group), rule.description]
    if clause is not None:
        section = f", section {clause.section}" if clause.section else ""
        sentences.append(f"In our words, {clause.document_title}{section} says: {clause.paraphrase}")
        if clause.status.value != "verified":
            sentences.append(f"We have not verified this clause in force ({clause.status}): read it before acting.")
    sentences += [f"Traffic does not show {unknown}." for unknown in rule.section.unknown]
    if rule.falsepositives:
        sentences.append(f"It may be harmless: {'; '.join(rule.falsepositives)}.")
    return " ".join(_ended(sentence) for sentence in [*sentences, VERDICT] if sentence)


def _measured(rule: Rule, group: Group) -> str:
    about = " and ".join(f"{name} {value or 'unknown'}" for name, value in group.about)
    first, last = (moment(time).strftime("%Y-%m-%d %H:%M") for time in (group.first, group.last))
    when = f"at {first} UTC" if first == last else f"between {first} and {last} UTC"
    calls = f"{group.count} {'call' if group.count == 1 else 'calls'}"
    where = f" to {group.provider}" if group.provider else ""
    sentence = f"{calls}{where}{' by ' + about if about else ''} {when}"
    counted = rule.correlation.counted if rule.correlation else None
    return sentence if counted is None else f"{sentence}, with {group.distinct} different values of {noun(counted)}"


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."


def _evidence(rule: Rule, call: Call, policy: Policy) -> Evidence:
    facts = [fact for field in rule.fields if (fact := _fact(field, call, policy))]
    if rule.correlation is not None and rule.correlation.counted is not None:
        facts.append(_fact(rule.correlation.counted, call, policy))
    return Evidence(call=call.id, kind=rule.section.evidence, text="; ".join(filter(None, facts)) or rule.title)


def _fact(field: Field, call: Call, policy: Policy) -> str:
    """What a call, or the policy of it, says of a field: facts and counts, never content."""
    if field.name in SAID:
        said = ", ".join(_said(field, call, policy))
    elif field.name in ("data", "sent", "received"):
        found = [data for data in call.data if data.direction in field.kinds]
        said = ", ".join(f"{data.count} {data.type}" for data in sorted(found, key=lambda data: data.type))
    else:
        said = ", ".join(_values(field, call))
    return f"{noun(field)}: {said}" if said else ""


def _said(field: Field, call: Call, policy: Policy) -> list[str]:
    row = rows.columns(call)
    if field.name == NOT_ALLOWED:
        return types_not_allowed(policy, row, [data.type for data in call.data if data.direction == "sent"])
    said = value(field, policy, row)
    return [] if said is None else [{True: "yes", False: "no"}.get(said, str(said))]


_ATTRIBUTES: Final = {"label": "labels", "tool": "tool_calls", "finish": "finish_reasons", "cost": "cost_usd"}


def _values(field: Field, call: Call) -> list[str]:
    if field.name in _ATTRIBUTES:
        value = getattr(call, _ATTRIBUTES[field.name])
        return list(map(str, value)) if isinstance(value, tuple) else [] if value is None else [str(value)]
    values = [getattr(call, name, None) for name in field.columns]
    if field.name == "model":
        values = [call.response_model, call.request_model]
    return list(dict.fromkeys(str(value) for value in values if value is not None))
