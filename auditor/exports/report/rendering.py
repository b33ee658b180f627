# SPDX-License-Identifier: Apache-2.0
"""A report as one HTML page: style within, no script, nothing loaded from anywhere; made to be printed, too.

`paper` gives the same page in the few words of HTML and CSS that Qt's text engine lays out for a PDF.
"""

from datetime import datetime
from functools import cache
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from auditor.exports.report.model import Report

_TEMPLATE: Final = "report.html.j2"


def html(report: Report, *, paper: bool = False) -> str:
    """The page."""
    return _environment().get_template(_TEMPLATE).render(report=report, paper=paper)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("auditor.exports.report", ""),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"day": _day, "moment": _moment, "number": _number, "listed": _listed}
    return environment


def _day(time: datetime) -> str:
    return time.strftime("%Y-%m-%d")


def _moment(time: datetime | None) -> str:
    return "never" if time is None else time.strftime("%Y-%m-%d %H:%M UTC")


def _number(value: Any) -> str:
    """With thin spaces between thousands, as ISO 31-0 writes numbers."""
    text = f"{value:,.2f}" if isinstance(value, float) else f"{value:,}"
    return text.replace(",", "\N{NARROW NO-BREAK SPACE}")


def _listed(counts: dict[str, int]) -> str:
    found = sorted(counts.items(), key=lambda pair: -pair[1])
    return ", ".join(f"{name} ({_number(count)})" for name, count in found) or "none found"
