# SPDX-License-Identifier: Apache-2.0
"""Sets of words, written as text."""


def words(text: str) -> frozenset[str]:
    """The words between the blanks."""
    return frozenset(text.split())
