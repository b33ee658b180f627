# SPDX-License-Identifier: Apache-2.0
"""Writes `docs/detection.md`: what is detected, and how well on the open set.

    python -m tests.benchmarks detection_table

The figures stand in `docs/detection.json`, so that the table can be checked where the open set is not at hand.
"""

import json
from pathlib import Path

from auditor.detectors.catalogue import ENTRIES, Entry
from tests.benchmarks.detection_scores import CREDENTIAL, OPEN_SET, Score, records, scores

DOCS = Path(__file__).parents[2] / "docs"
PAGE, FIGURES = DOCS / "detection.md", DOCS / "detection.json"
_HEAD = """\
# What is detected

Written by `python -m tests.benchmarks detection_table`; do not edit. Precision and recall are those on the open set the
detectors were developed beside, and flatter them: what to expect elsewhere stands in [Benchmarks](benchmarks.md). An
organisation's own dictionaries, expressions and documents come beside these types, see the [user guide](user-guide.md).

| type | covers | confirmed by | kinds | precision | recall |
|---|---|---|---|---|---|
"""
_MOST_KINDS = 12


def page(figures: dict[str, list[int]]) -> str:
    """The page, from the figures by type."""
    rows = "".join(_row(entry, figures) for entry in ENTRIES)
    kinds = "".join(f"- **{e.type}**: {', '.join(sorted(e.kinds()))}\n" for e in ENTRIES if tuple(e.kinds()))
    sources = "".join(f"- **{e.type}**: {', '.join(f'<{url}>' for url in e.sources)}\n" for e in ENTRIES if e.sources)
    credential = Score(*figures[CREDENTIAL])
    note = f"\nSECRET, PASSWORD and PRIVATE_KEY taken as one type: precision {_figure(credential.precision)}, recall "
    note += f"{_figure(credential.recall)}.\n"
    return f"{_HEAD}{rows}{note}\n## Kinds\n\n{kinds}\n## Sources\n\n{sources}"


def _row(entry: Entry, figures: dict[str, list[int]]) -> str:
    score = Score(*figures.get(entry.type, (0, 0, 0, 0)))
    kinds = sorted(entry.kinds())
    listed = ", ".join(kinds) if len(kinds) <= _MOST_KINDS else f"{len(kinds)}, below"
    figures_ = (_figure(score.precision), _figure(score.recall)) if score.gold else ("–", "–")
    return f"| {entry.type} | {entry.covers} | {entry.validators} | {listed or '–'} | {' | '.join(figures_)} |\n"


def _figure(share: float) -> str:
    return f"{share:.3f}"


def main() -> None:
    """Measure on the open set and write page and figures."""
    if not OPEN_SET.exists():
        print(f"{OPEN_SET.name} is not here: the table keeps its figures.")  # noqa: T201
    else:
        measured = {type_: list(score) for type_, score in scores(records()).items()}
        FIGURES.write_text(json.dumps(measured, indent=1) + "\n", "utf-8")
    PAGE.write_text(page(json.loads(FIGURES.read_text("utf-8"))), "utf-8")


if __name__ == "__main__":
    main()
