# SPDX-License-Identifier: Apache-2.0
"""Recorded traffic in files: HAR, mitmproxy flows and NDJSON, read entry by entry, and taken into the desk's ledger."""

from auditor.imports.entries import BadEntry, Entry
from auditor.imports.recordings import Format, check, read

__all__ = ["BadEntry", "Entry", "Format", "check", "read"]
