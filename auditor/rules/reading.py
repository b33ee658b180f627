# SPDX-License-Identifier: Apache-2.0
"""Reads Sigma rules (https://sigmahq.io/sigma-specification/) from files and folders, built-in ones and the user's.

A file may hold several documents, so that a correlation can name the rules it counts. What cannot be read, or asks for
what a call does not have, is reported with its file and its reason, and the others are kept.
"""

import hashlib
import uuid
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

import msgspec
import yaml
from sigma.collection import SigmaCollection
from sigma.correlations import (
    SigmaCorrelationCondition,
    SigmaCorrelationConditionOperator,
    SigmaCorrelationRule,
    SigmaCorrelationType,
)
from sigma.exceptions import SigmaError
from sigma.rule import SigmaRule
from sigma.rule.base import SigmaYAMLLoader

from auditor.archive.fields import Field, Holds
from auditor.errors import InputError
from auditor.findings import Level
from auditor.rules.model import BadRule, Correlation, Detection, Rule, Rules, Section
from auditor.rules.said import SAID
from auditor.rules.sql import Unsupported, named
from auditor.terms import Registry

PRODUCT: Final = "ai-usage-auditor"
_SUFFIXES: Final = (".yml", ".yaml")
_NAMESPACE: Final = uuid.UUID("6a1b2c0e-7f52-5b7e-9a63-0f8f4a3f1d11")
"""Ids of rules that have none are made of their titles under this name."""

type _Sigma = SigmaRule | SigmaCorrelationRule


def load(folders: Iterable[Path] = (), *, built_in: bool = True) -> Rules:
    """The built-in rules, and those of the user's folders. Raises `InputError` where a folder is none."""
    read = [*(_built_in() if built_in else ()), *map(_file, _files(folders))]
    rules = [rule for rules in read for rule in rules.rules]
    bad = [bad for rules in read for bad in rules.bad]
    unique: dict[str, Rule] = {}
    for rule in rules:
        if rule.id in unique:
            bad.append(BadRule(path=str(rule.path), title=rule.title, what=f"another rule has the id {rule.id}"))
        unique.setdefault(rule.id, rule)
    return Rules(tuple(unique.values()), tuple(bad))


@cache
def _built_in() -> tuple[Rules, ...]:
    """Read once: they are frozen, and stay as they are while a program runs."""
    own = resources.files("auditor.rules") / "builtin"
    files = sorted((file for file in own.iterdir() if file.name.endswith(_SUFFIXES)), key=lambda file: file.name)
    return tuple(map(_file, files))


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        if not folder.is_dir():
            what = "is no folder" if folder.exists() else "does not exist"
            raise InputError(f"{folder} {what}.", "Name a folder of Sigma rules (*.yml).")
        yield from sorted(path for path in folder.rglob("*") if path.name.endswith(_SUFFIXES))


def _file(file: Traversable) -> Rules:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return Rules((), (BadRule(path=str(file), title="", what=_said(error)),))
    return read(text, file)


def read(text: str, file: Traversable) -> Rules:
    """The rules of a file's text, as it would be written to `file`; what cannot be read is among the bad ones.

    By pySigma's own loader on libyaml: less time than the one its collections take, and a key written twice is an error
    instead of the loss of the first.
    """
    try:
        documents = list(yaml.load_all(text, SigmaYAMLLoader))
        collection = SigmaCollection.from_dicts(documents, collect_errors=True)
    except yaml.YAMLError as error:
        return Rules((), (BadRule(path=str(file), title="", what=f"it is no YAML: {_said(error)}"),))
    except (SigmaError, ValueError) as error:
        return Rules((), (BadRule(path=str(file), title="", what=_said(error)),))
    except Exception as error:  # of what is YAML but no mapping pySigma asks for keys all the same
        return Rules((), (BadRule(path=str(file), title="", what=f"it is no Sigma rule ({type(error).__name__})"),))
    told = {id(error) for rule in collection.rules for error in rule.errors}
    own = [error for error in collection.errors if id(error) not in told]
    good, bad = [], [BadRule(path=str(file), title="", what=_said(error)) for error in own]
    counted = _counted(collection.rules)
    source = hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
    for sigma in collection.rules:
        try:
            rule = _rule(sigma, file, source)
        except (Unsupported, SigmaError, msgspec.ValidationError, ValueError) as error:
            bad.append(BadRule(path=str(file), title=sigma.title, what=_said(error)))
        else:
            good += [rule] if id(sigma) not in counted else []
    return Rules(tuple(good), tuple(bad))


def _counted(rules: Iterable[_Sigma]) -> set[int]:
    """Rules that report nothing themselves, since a correlation counts them and does not ask them to."""
    return {
        id(reference.rule)
        for rule in rules
        if isinstance(rule, SigmaCorrelationRule) and not rule.generate
        for reference in rule.rules or ()
        if hasattr(reference, "rule")
    }


def _rule(sigma: _Sigma, file: Traversable, source: str) -> Rule:
    if sigma.errors:
        raise sigma.errors[0]
    if isinstance(sigma, SigmaCorrelationRule):
        stages = _stages(sigma)
        detection, correlation = Detection(tuple(node for one in stages for node in one.nodes)), _correlation(sigma)
        if sigma.type in _TEMPORAL:
            correlation = msgspec.structs.replace(correlation, stages=stages)
    else:
        detection, correlation = _detection(sigma), None
    return Rule(
        id=str(sigma.id or uuid.uuid5(_NAMESPACE, sigma.title)),
        title=sigma.title,
        level=Level[sigma.level.name] if sigma.level else Level.MEDIUM,
        description=" ".join((sigma.description or "").split()),
        falsepositives=tuple(map(str, sigma.falsepositives or ())),
        references=tuple(map(str, sigma.references or ())),
        section=_section(sigma.custom_attributes.get("auditor", {})),
        detection=detection,
        fields=detection.fields(),
        correlation=correlation,
        source=source,
        path=file if isinstance(file, Path) else None,
    )


def _section(written: object) -> Section:
    """Our own section of a rule; its clauses exist."""
    section = msgspec.convert(written, Section)
    for name in (*section.clauses, *section.permissions):
        if name not in Registry.load().clauses:
            raise Unsupported(f"the registry has no clause {name}")
    return section


def _detection(sigma: SigmaRule) -> Detection:
    if sigma.logsource.product != PRODUCT:
        raise Unsupported(f"its logsource is not product: {PRODUCT}")
    return Detection(tuple(condition.parsed for condition in sigma.detection.parsed_condition))


def _stages(sigma: SigmaCorrelationRule) -> tuple[Detection, ...]:
    """What a correlation counts, or waits for: the calls of each rule it names, in its order."""
    stages = []
    for reference in sigma.rules or ():
        if not isinstance(reference.rule, SigmaRule):
            raise Unsupported("it correlates correlations")
        if reference.rule.errors:
            raise reference.rule.errors[0]
        stages.append(_detection(reference.rule))
    return tuple(stages)


_TEMPORAL: Final = (SigmaCorrelationType.TEMPORAL, SigmaCorrelationType.TEMPORAL_ORDERED)
_LEAST: Final = {SigmaCorrelationConditionOperator.GTE: 0, SigmaCorrelationConditionOperator.GT: 1}


def _correlation(sigma: SigmaCorrelationRule) -> Correlation:
    if sigma.type not in (SigmaCorrelationType.EVENT_COUNT, SigmaCorrelationType.VALUE_COUNT, *_TEMPORAL):
        raise Unsupported(f"correlations of type {sigma.type.name.lower()} are not evaluated")
    if sigma.aliases.aliases:
        raise Unsupported("it gives fields other names (aliases)")
    by_value = sigma.type is SigmaCorrelationType.VALUE_COUNT
    return Correlation(
        group_by=tuple(map(_single, sigma.group_by or ())),
        counted=_single(str(_asked(sigma).fieldref)) if by_value else None,
        least=_least(sigma),
        seconds=sigma.timespan.seconds,
        ordered=sigma.type is SigmaCorrelationType.TEMPORAL_ORDERED,
    )


def _least(sigma: SigmaCorrelationRule) -> int:
    """How many calls or values it takes; of each stage one, where a rule waits for all of them."""
    if sigma.type in _TEMPORAL:
        stages = len(sigma.rules or ())
        if _count(sigma) != stages:
            raise Unsupported("it waits for some of its rules, not for all")
        return stages
    return _count(sigma)


def _count(sigma: SigmaCorrelationRule) -> int:
    condition = _asked(sigma)
    return int(condition.count) + _LEAST[condition.op]


def _asked(sigma: SigmaCorrelationRule) -> SigmaCorrelationCondition:
    condition = sigma.condition
    if not isinstance(condition, SigmaCorrelationCondition) or condition.op not in _LEAST:
        raise Unsupported("its correlation asks for something else than gte or gt")
    return condition


def _single(name: str) -> Field:
    """A field that has one value a call."""
    field = named(name)
    if field.holds is not Holds.TEXT or field.name in SAID:
        raise Unsupported(f"calls are not grouped or counted by {field.name}")
    return field


def _said(error: Exception) -> str:
    """What is wrong in one line."""
    return " ".join(str(error).split()) or type(error).__name__
