# SPDX-License-Identifier: Apache-2.0
"""The documentation of the detectors says what they do."""

import json

import pytest

from auditor.detectors.catalogue import ENTRIES
from auditor.detectors.table import TYPES
from tests.benchmarks.bench_detection_table import FIGURES, PAGE, page
from tests.benchmarks.detection_scores import OPEN_SET, Score, records, scores


def test_every_type_is_described_once() -> None:
    assert sorted(entry.type for entry in ENTRIES) == sorted(TYPES)


def test_the_page_is_current() -> None:
    figures = json.loads(FIGURES.read_text("utf-8"))
    assert PAGE.read_text("utf-8") == page(figures), "run `python -m tests.benchmarks detection_table`"


@pytest.mark.skipif(not OPEN_SET.exists(), reason="the open set lies beside the project, not in it")
def test_the_figures_are_those_of_the_open_set() -> None:
    stated = {type_: Score(*counts) for type_, counts in json.loads(FIGURES.read_text("utf-8")).items()}
    for type_, score in scores(records()).items():
        assert score.f1 == pytest.approx(stated[type_].f1, abs=0.003), type_
