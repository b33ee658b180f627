# SPDX-License-Identifier: Apache-2.0
"""Every keyboard shortcut of the desktop in one place; a test keeps them unique within their reach.

Pages are reached by `page_key`, Ctrl+1 to Ctrl+9 in the rail's order; those after the ninth by the command palette.
Keys that belong to a kind of widget (the table's J and K) are told in `OF_WIDGETS`.
"""

from enum import Enum

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

EVERYWHERE, TRAFFIC, FINDINGS = "Everywhere", "Traffic", "Findings"
NUMBERED_PAGES = 9
"""Pages that have a key of their own."""


class Shortcut(Enum):
    """A shortcut: its keys (the first is shown), what it does, and where."""

    PALETTE = (("Ctrl+K", "Ctrl+Shift+P"), "Find a page, a command, a view or a finding", EVERYWHERE)
    FILTER = (("Ctrl+F", "Ctrl+L"), "Go to the filter or the search", EVERYWHERE)
    REFRESH = (("F5",), "Look for new calls now", EVERYWHERE)
    LARGER = (("Ctrl++", "Ctrl+="), "Larger text", EVERYWHERE)
    SMALLER = (("Ctrl+-",), "Smaller text", EVERYWHERE)
    THEME = (("Ctrl+Shift+T",), "Change between light, dark and the system's colours", EVERYWHERE)
    LOCK = (("Ctrl+Shift+L",), "Lock", EVERYWHERE)
    HELP = (("F1", "?"), "Show the shortcuts", EVERYWHERE)
    QUIT = (("Ctrl+Q",), "Quit", EVERYWHERE)
    LIVE = (("Ctrl+Space",), "Pause or resume the live list", TRAFFIC)
    SAVE_VIEW = (("Ctrl+S",), "Save filter, columns, order and time as a view", TRAFFIC)
    COPY = (("Ctrl+C",), "Copy the selected calls' addresses", TRAFFIC)
    COPY_CSV = (("Ctrl+Shift+C",), "Copy the selected calls as CSV", TRAFFIC)
    COPY_CURL = (("Ctrl+Alt+C",), "Copy the selected calls as cURL, without key and body", TRAFFIC)
    EXPORT = (("Ctrl+E",), "Export the selected calls, or all that match", TRAFFIC)
    SELECT_ALL = (("Ctrl+A",), "Select all that match", TRAFFIC)
    PANE_NEXT = (("Ctrl+]", "F6"), "Go to the next pane", TRAFFIC)
    PANE_BACK = (("Ctrl+[", "Shift+F6"), "Go to the pane before", TRAFFIC)
    CLEAR_TIME = (("Ctrl+0",), "Show the whole time range", TRAFFIC)
    COLUMNS = (("Ctrl+Shift+K",), "Choose columns", TRAFFIC)
    SEVERITY = (("1", "2", "3", "4", "5"), "Call it critical, high, medium, low, informational", FINDINGS)
    TAKE_UP = (("T",), "Take the finding up", FINDINGS)
    CONFIRM = (("F",), "Confirm the finding", FINDINGS)
    REMEDIATE = (("R",), "Mark the finding as remediated", FINDINGS)
    ASSIGN = (("A",), "Assign the finding", FINDINGS)
    COMMENT = (("C",), "Comment on the finding", FINDINGS)
    EVIDENCE = (("E",), "Show the finding's calls in Traffic", FINDINGS)
    ACCEPT = (("X",), "Accept the risk for a time", FINDINGS)
    DISMISS = (("D",), "Dismiss the finding with a reason", FINDINGS)
    REPORT = (("P",), "Write a report of the finding", FINDINGS)
    NEXT = (("N",), "Go to the next finding", FINDINGS)

    @property
    def keys(self) -> tuple[str, ...]:
        """The key sequences, portable spelling."""
        keys: tuple[str, ...] = self.value[0]
        return keys

    @property
    def meaning(self) -> str:
        """What it does, for people."""
        meaning: str = self.value[1]
        return meaning

    @property
    def place(self) -> str:
        """Where it works."""
        place: str = self.value[2]
        return place


OF_WIDGETS: dict[str, tuple[tuple[tuple[str, ...], str], ...]] = {
    EVERYWHERE: (
        ((f"Ctrl+1 … Ctrl+{NUMBERED_PAGES}",), "Go to a page"),
        (("Tab", "Shift+Tab"), "Next and previous control"),
        (("Esc",), "Close what is open"),
        (("T",), "In a chart of calls over time: show it as a table"),
    ),
    TRAFFIC: (
        (("J", "K"), "Next and previous call"),
        (("Home", "End"), "First and last call"),
        (("Return",), "Inspect the call"),
        (("Shift+click", "Ctrl+click"), "On a value: add it to the filter, exclude it"),
        (("Tab", "Alt+Down"), "In the filter: take or ask for a completion"),
        (("Shift+Left", "Shift+Right"), "In the chart: brush a span of time"),
        (("Esc",), "Clear the filter"),
    ),
    FINDINGS: (
        (("J", "K"), "Next and previous finding"),
        (("Ctrl+A",), "Choose all that are listed"),
        (("Ctrl+Return",), "Take the step of the form"),
    ),
}
"""Keys that widgets handle themselves, by where they work."""


def page_key(number: int) -> str:
    """The keys of the rail's page `number`, counted from 1; empty for those that have none."""
    return f"Ctrl+{number}" if number <= NUMBERED_PAGES else ""


def action(parent: QWidget, shortcut: Shortcut) -> QAction:
    """An action of `parent` that fires on the shortcut, named for screen readers and menus."""
    result = QAction(shortcut.meaning, parent)
    result.setShortcuts([QKeySequence(keys) for keys in shortcut.keys])
    parent.addAction(result)
    return result
