# SPDX-License-Identifier: Apache-2.0
"""Names of persons, at medium confidence: behind labels and introductions, in running text, in other scripts."""

from collections.abc import Iterator
from itertools import chain

from auditor.calls import Match
from auditor.detectors.patterns import Family, context
from auditor.detectors.persons.bylines import without_bylines
from auditor.detectors.persons.fields import introduced_names, labelled_name, weakly_labelled_name, whole_name
from auditor.detectors.persons.repeats import with_repeats
from auditor.detectors.persons.runs import names_in_lower_case, names_in_runs
from auditor.detectors.persons.uncased import cjk_names, spaced_names
from auditor.detectors.persons.words import CLOSINGS, INTRODUCTIONS, LABELS, TITLES, WEAK_LABELS
from auditor.detectors.view import View


def _named_in_text(view: View) -> Iterator[Match]:
    sure = chain(introduced_names(view), names_in_runs(view))
    return without_bylines(view, with_repeats(view, sure))


PERSONS = Family(
    types=frozenset({"PERSON"}),
    patterns=(
        *context("person.title", *TITLES, label=True, behind="(?:[ \t\n\"'*]|\u00a0)"),
        *context("person", *LABELS),
        *context("person.weak", *WEAK_LABELS, label=True),
        *context("person.intro", *INTRODUCTIONS),
        *context("person.close", *CLOSINGS),
    ),
    fields={"person": labelled_name, "person.weak": weakly_labelled_name},
    readers=(_named_in_text, whole_name, names_in_lower_case, spaced_names, cjk_names),
)
