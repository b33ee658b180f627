# SPDX-License-Identifier: Apache-2.0
"""Numbers, times and flags as a filter writes them: `20k`, `10MB`, `2.5s`, `-2h`, `2026-11-23`, `yes`.

A date or a time stands for a span: the day, the minute or the second it names. Times without an offset are UTC;
relative times count from the moment the filter is applied, so a saved filter stays what it says.
"""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

import msgspec

from auditor.archive.fields import Field


class Span(msgspec.Struct, frozen=True):
    """From `start` on, before `end`; an instant where both are equal."""

    start: datetime
    end: datetime

    @property
    def after(self) -> datetime:
        """The first moment behind it: an instant lasts for a microsecond, than which no time is kept finer."""
        return max(self.end, min(self.start, _LAST - _MICROSECOND) + _MICROSECOND)


_MICROSECOND: Final = timedelta(microseconds=1)
_LAST: Final = datetime.max.replace(tzinfo=UTC)
_NUMBER = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))\s*([a-zA-Z]*)")
_RELATIVE = re.compile(r"-(\d{1,6})\s*(ms|s|min|m|h|d|w)", re.IGNORECASE)
_MOMENT = re.compile(
    r"(\d{4})-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,6})\d*)?)?\s*(Z|[+-]\d\d:?\d\d)?)?)?",
    re.IGNORECASE,
)
_UNITS: Final = {
    "ms": timedelta(milliseconds=1),
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_FLAGS: Final = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
_DAY: Final = timedelta(days=1)


def number(field: Field, text: str) -> float | None:
    """The number in the field's column unit, or None where the text is none."""
    found = _NUMBER.fullmatch(text.strip().removeprefix("$").replace("_", ""))
    if found is None:
        return None
    factor = dict(field.units).get(found[2].lower()) if found[2] else 1.0
    if factor is None:
        return None
    value = float(found[1]) * factor * field.scale
    return value if abs(value) < 2**62 else None


def flag(text: str) -> bool | None:
    """Yes or no, or None where the text is neither."""
    return _FLAGS.get(text.lower())


def span(text: str, now: datetime) -> Span | None:
    """The span of time the text names at `now`, or None where it names none."""
    lower = text.strip().lower()
    if lower in {"today", "yesterday"}:
        day = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        start = day if lower == "today" else day - _DAY
        return Span(start, start + _DAY)
    if lower == "now":
        return Span(now, now)
    try:
        return _relative(lower, now) or _moment(lower)
    except (ValueError, OverflowError):
        return None


def _relative(text: str, now: datetime) -> Span | None:
    found = _RELATIVE.fullmatch(text)
    if found is None:
        return None
    at = now - int(found[1]) * _UNITS[found[2]]
    return Span(at, at)


def _moment(text: str) -> Span | None:
    found = _MOMENT.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second, fraction, offset = found.groups()
    start = datetime(
        int(year),
        int(month),
        int(day or 1),
        int(hour or 0),
        int(minute or 0),
        int(second or 0),
        int((fraction or "0").ljust(6, "0")),
        tzinfo=_offset(offset),
    ).astimezone(UTC)
    if fraction:
        return Span(start, start)
    if second:
        return Span(start, start + timedelta(seconds=1))
    if minute:
        return Span(start, start + timedelta(minutes=1))
    return Span(start, start + _DAY if day else _next_month(start))


def _offset(text: str | None) -> timezone:
    if text is None or text.upper() == "Z":
        return UTC
    sign = -1 if text[0] == "-" else 1
    digits = text[1:].replace(":", "")
    return timezone(sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:])))


def _next_month(start: datetime) -> datetime:
    return start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)
