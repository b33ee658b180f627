# SPDX-License-Identifier: Apache-2.0
"""Recipes and harmless kinds of work in words of our own: mechanisms are found, their look-alikes are left alone."""

import pytest

from tests.auditor.distillation.sessions import TEMPLATES, Template, graded

FLAGGED = {"evidenced", "probable"}

DEEDS_ALONE = {"tool instructions", "chain without words", "both sides", "maths rewording", "constraints"}
"""Recipes that nothing tells but that outputs are sent on as prompts, as a planner or a drill would send them."""


@pytest.fixture(scope="module")
def grades() -> dict[str, str]:
    """The grades of all sessions, analysed together."""
    return graded((*TEMPLATES.recipe, *TEMPLATES.kind))


@pytest.mark.parametrize("template", [one for one in TEMPLATES.recipe if one.lot == 1], ids=lambda one: one.name)
def test_a_recipe_is_found_without_an_upload(template: Template, grades: dict[str, str]) -> None:
    assert grades[template.name] in ({"watch"} if template.name in DEEDS_ALONE else FLAGGED)


@pytest.mark.parametrize("template", TEMPLATES.kind, ids=lambda one: one.name)
def test_harmless_work_is_left_alone(template: Template, grades: dict[str, str]) -> None:
    assert grades[template.name] not in FLAGGED


def test_most_later_recipes_are_found_too(grades: dict[str, str]) -> None:
    later = [one.name for one in TEMPLATES.recipe if one.lot > 1]
    assert sum(grades[name] in FLAGGED for name in later) >= 0.65 * len(later)


def test_every_recipe_and_kind_has_a_name_of_its_own() -> None:
    names = [one.name for one in (*TEMPLATES.recipe, *TEMPLATES.kind)]
    assert len(set(names)) == len(names)
