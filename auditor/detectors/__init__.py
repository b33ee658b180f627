# SPDX-License-Identifier: Apache-2.0
"""What data is in a text: one file per family of data, one table of patterns, one pass over the text."""

from auditor.detectors.own.organisation import Organisation
from auditor.detectors.scanner import KNOWN_TYPES, Scanner, ScanResult

__all__ = ["KNOWN_TYPES", "Organisation", "ScanResult", "Scanner"]
