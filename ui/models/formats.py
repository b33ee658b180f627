# SPDX-License-Identifier: Apache-2.0
"""How values are written for people: times in UTC, grouped numbers, sizes, money, durations; one line each.

Text of the traffic is untrusted: control characters and bidirectional overrides are replaced, so that a name can
neither break a row nor show itself reversed (Trojan Source, CVE-2021-42574).
"""

import re
from datetime import UTC, datetime, timedelta

ABSENT = "–"
UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+")
UNSAFE_IN_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")


def one_line(text: str | None, limit: int = 400) -> str:
    """Untrusted text as one safe line, at most `limit` characters."""
    if not text:
        return ABSENT
    return UNSAFE.sub("·", text[:limit]) + ("…" if len(text) > limit else "")


def safe_text(text: str) -> str:
    """Untrusted text of several lines with the same length, without characters that reorder or hide."""
    return UNSAFE_IN_TEXT.sub("·", text)


def timestamp(time: datetime | None) -> str:
    """Date and time in UTC to the second."""
    return time.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S") if time else ABSENT


def exact_time(time: datetime | None) -> str:
    """Date and time in UTC to the millisecond, with the zone named."""
    if time is None:
        return ABSENT
    utc = time.astimezone(UTC)
    return f"{utc:%Y-%m-%d %H:%M:%S}.{utc.microsecond // 1000:03d} UTC"


def number(value: int | None) -> str:
    """A whole number, grouped by thousands."""
    return ABSENT if value is None else f"{value:,}"


def size(value: int | None) -> str:
    """A number of bytes in the unit a person would use (decimal units)."""
    if value is None:
        return ABSENT
    if value < 1000:
        return f"{value} B"
    amount = float(value)
    for unit in ("kB", "MB", "GB", "TB"):
        amount /= 1000
        if amount < 999.5 or unit == "TB":
            break
    return f"{amount:.1f} {unit}"


def money(usd: float | None) -> str:
    """US dollars: four decimals below a dollar, two above."""
    if usd is None:
        return ABSENT
    return f"${usd:,.4f}" if usd < 1 else f"${usd:,.2f}"


def duration(milliseconds: float | None) -> str:
    """A span of time: milliseconds, seconds, or minutes."""
    if milliseconds is None:
        return ABSENT
    if milliseconds < 1000:
        return f"{milliseconds:.0f} ms"
    seconds = milliseconds / 1000
    return f"{seconds:.1f} s" if seconds < 100 else f"{int(seconds // 60)} min {int(seconds % 60)} s"


def ago(time: datetime, now: datetime) -> str:
    """How long ago something was, in one unit."""
    seconds = max(0, int((now - time).total_seconds()))
    for limit, unit, name in ((60, 1, "s"), (3600, 60, "min"), (86400, 3600, "h")):
        if seconds < limit:
            return f"{seconds // unit} {name} ago"
    days = seconds // 86400
    return f"{days} day{'s' if days != 1 else ''} ago"


def span(length: timedelta) -> str:
    """The length of a period or bucket in its largest unit: "15 min", "1 h", "2 days"."""
    seconds = int(length.total_seconds())
    for unit, name in ((86400, "day"), (3600, "h"), (60, "min")):
        if seconds >= unit:
            count = seconds // unit
            return f"{count} {name}{'s' if name == 'day' and count != 1 else ''}"
    return f"{max(1, seconds)} s"


def count(value: int, one: str, many: str | None = None) -> str:
    """A number with its noun: "1 call", "12,403 calls"."""
    return f"{value:,} {one if value == 1 else many or one + 's'}"
