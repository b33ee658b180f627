# SPDX-License-Identifier: Apache-2.0
"""The page of providers is current, and the table behind it is sound."""

from pathlib import Path

import pytest

from auditor.dialects.catalogue import page
from auditor.dialects.routing import ROUTES
from auditor.providers import FAMILIES

DOCS = Path(__file__).parents[3] / "docs"

AGREED = """
chat generate_content text_completion embeddings create_agent invoke_agent retrieval assistants batch caches containers
conversations count_tokens files uploads fine_tuning image_generation video_generation moderation models ocr realtime
rerank skills speech stored_completions stored_responses transcription translation vector_stores admin traces_ingest
other prediction operations
"""


def test_the_page_is_current() -> None:
    current = (DOCS / "providers.md").read_text(encoding="utf-8")
    assert current == page(), "run: python -m auditor.dialects.catalogue > docs/providers.md"


def test_operations_are_those_agreed() -> None:
    assert {one.operation for one in ROUTES} <= set(AGREED.split())


def test_families_are_known() -> None:
    assert {family for one in ROUTES for family in one.families} <= set(FAMILIES)


def test_every_dialect_names_its_source_and_what_it_extracts() -> None:
    for route in ROUTES:
        assert route.dialect.source, route.dialect.name
        assert route.dialect.extracts, route.dialect.name


@pytest.mark.parametrize("forbidden", ["..", ".*.*"])
def test_paths_stay_cheap(forbidden: str) -> None:
    assert not [one.path.pattern for one in ROUTES if forbidden in one.path.pattern]
