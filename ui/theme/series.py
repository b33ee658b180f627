# SPDX-License-Identifier: Apache-2.0
"""Colours of series that stand beside each other in a chart: eight hues for each ground, then grey for the rest.

Every one reaches 3:1 against the chart's ground (WCAG 2.2, success criterion 1.4.11), and names stand beside them, so
that hue alone says nothing.
"""

from PySide6.QtGui import QColor

from ui.theme.theme import theme

LIGHT_SERIES = ("#2f6fd0", "#b8611a", "#2c8a57", "#a13a8e", "#8a7a12", "#c23b4b", "#1a8594", "#6a55c9")
DARK_SERIES = ("#5b93ea", "#dd8a45", "#4fb781", "#cf6fbd", "#bfae3d", "#ea6a78", "#3fb3c2", "#9685ea")
LIGHT_REST, DARK_REST = "#7b8594", "#7d8796"


def series(place: int) -> QColor:
    """The colour of the series at a place; grey beyond the eighth, and for a negative place."""
    dark = theme().colors.name == "dark"
    hues = DARK_SERIES if dark else LIGHT_SERIES
    if 0 <= place < len(hues):
        return QColor(hues[place])
    return QColor(DARK_REST if dark else LIGHT_REST)
