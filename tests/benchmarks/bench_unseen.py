# SPDX-License-Identifier: Apache-2.0
"""Prompts in words no rule was fitted to: how many recipes are found by them alone, and how much harmless work accused.

    python -m tests.benchmarks unseen [LOT]

Sessions without an upload, made of the templates in `unseen.toml`, each an actor of its own. A lot that was looked at
while rules were changed tells nothing about new prompts any more, which is why they are counted apart.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from tests.auditor.distillation.sessions import Template, Templates, graded

UNSEEN: Final = msgspec.toml.decode((Path(__file__).parent / "unseen.toml").read_bytes(), type=Templates)
FLAGGED: Final = {"evidenced", "probable"}


def _flagged(templates: Sequence[Template]) -> list[str]:
    grades = graded(templates)
    return [one.name for one in templates if grades[one.name] in FLAGGED]


def _scored(lot: int) -> None:
    recipes = [one for one in UNSEEN.recipe if one.lot == lot]
    kinds = [one for one in UNSEEN.kind if one.lot == lot]
    found, accused = _flagged(recipes), _flagged(kinds)
    missed = sorted({one.name for one in recipes} - set(found))
    print(f"lot {lot}: {len(found)} of {len(recipes)} recipes found, {len(accused)} of {len(kinds)} kinds accused")  # noqa: T201
    print(f"  missed: {', '.join(missed) or 'none'}; accused: {', '.join(accused) or 'none'}")  # noqa: T201


def main() -> None:
    """Score one lot, or all."""
    chosen = [int(one) for one in sys.argv[1:] if one.isdigit()]
    for lot in chosen or sorted({one.lot for one in UNSEEN.recipe}):
        _scored(lot)


if __name__ == "__main__":
    main()
