# SPDX-License-Identifier: Apache-2.0
"""The colours, by what they mean, in a light and a dark set.

Every text colour reaches 4.5:1 on every ground it is used on (WCAG 2.2, success criterion 1.4.3); `pairs` names the
combinations in use, and a test computes them. Colour never says anything alone: shape and word say it too.
"""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Colors:
    """One set of colours as `#rrggbb`. Grounds from back to front: sunken, window, surface, raised."""

    name: str
    sunken: str
    window: str
    surface: str
    raised: str
    hover: str
    border: str
    border_strong: str
    text: str
    muted: str
    accent: str
    accent_fill: str
    accent_soft: str
    on_accent: str
    selection: str
    good: str
    good_soft: str
    warn: str
    warn_soft: str
    bad: str
    bad_soft: str
    bar: str
    bar_warn: str
    bar_bad: str
    bar_none: str


LIGHT = Colors(
    name="light",
    sunken="#eef0f4",
    window="#f6f7f9",
    surface="#ffffff",
    raised="#ffffff",
    hover="#f0f3f8",
    border="#dfe3ea",
    border_strong="#8b94a3",
    text="#1a1e26",
    muted="#576072",
    accent="#1d5bbf",
    accent_fill="#2563c9",
    accent_soft="#e3ecfb",
    on_accent="#ffffff",
    selection="#dbe7fb",
    good="#17683f",
    good_soft="#e0f3e8",
    warn="#7d4f00",
    warn_soft="#fdf0d5",
    bad="#b3202f",
    bad_soft="#fde7e8",
    bar="#5b8ee0",
    bar_warn="#bd7f14",
    bar_bad="#d3505d",
    bar_none="#848d9c",
)

DARK = Colors(
    name="dark",
    sunken="#0f1115",
    window="#14171c",
    surface="#191c23",
    raised="#20242c",
    hover="#222731",
    border="#2b303a",
    border_strong="#6b7486",
    text="#e4e7ed",
    muted="#9ba5b5",
    accent="#7fb0ff",
    accent_fill="#3169cc",
    accent_soft="#1d2c47",
    on_accent="#ffffff",
    selection="#24395e",
    good="#5fcf97",
    good_soft="#163226",
    warn="#e8b75d",
    warn_soft="#372b14",
    bad="#ff8d91",
    bad_soft="#411f25",
    bar="#4d84dc",
    bar_warn="#d19a3c",
    bar_bad="#dd5f69",
    bar_none="#69727f",
)


def luminance(color: str) -> float:
    """Relative luminance of `#rrggbb`, 0 to 1 (WCAG 2.2, definition of relative luminance)."""
    channels = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2, definition of contrast ratio)."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def text_pairs() -> Iterator[tuple[str, str]]:
    """Every (text, ground) combination the desktop paints, by the names of their colours."""
    grounds = ("sunken", "window", "surface", "raised", "hover", "selection", "accent_soft")
    yield from ((text, ground) for text in ("text", "muted", "accent") for ground in grounds)
    for tone in ("good", "warn", "bad"):
        yield from ((tone, ground) for ground in ("window", "surface", "raised", "hover", "selection", f"{tone}_soft"))
        yield ("text", f"{tone}_soft")
    yield ("on_accent", "accent_fill")


def shape_pairs() -> Iterator[tuple[str, str]]:
    """Shapes that carry meaning and the ground they lie on; these need 3:1 (success criterion 1.4.11)."""
    yield from (
        (shape, "surface") for shape in ("border_strong", "accent_fill", "bar", "bar_warn", "bar_bad", "bar_none")
    )
