# SPDX-License-Identifier: Apache-2.0
"""The archive's own fixtures: a small real store."""

from tests.auditor.archive.conftest import filled, store

__all__ = ["filled", "store"]
