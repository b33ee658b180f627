# SPDX-License-Identifier: Apache-2.0
"""The report of a period: gathered as values, rendered as one HTML page that needs nothing else."""

from auditor.exports.report.gathering import gather
from auditor.exports.report.model import Report
from auditor.exports.report.rendering import html

__all__ = ["Report", "gather", "html"]
