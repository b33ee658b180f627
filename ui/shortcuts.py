# SPDX-License-Identifier: Apache-2.0
"""Every keyboard shortcut of the desktop in one place; a test keeps them unique within their reach.

Pages are reached by `page_key`, Ctrl+1 to Ctrl+8 in the rail's order.
"""

from enum import Enum

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget


class Shortcut(Enum):
    """A shortcut: its keys (the first is shown), and what it does."""

    FILTER = (("Ctrl+F", "Ctrl+L"), "Go to the filter")
    LIVE = (("Ctrl+Space",), "Pause or resume the live list")
    COPY = (("Ctrl+C",), "Copy the selected calls' addresses")
    COPY_CSV = (("Ctrl+Shift+C",), "Copy the selected calls as CSV")
    SELECT_ALL = (("Ctrl+A",), "Select all calls that match")
    PANE_NEXT = (("Ctrl+]", "F6"), "Go to the next pane")
    PANE_BACK = (("Ctrl+[", "Shift+F6"), "Go to the pane before")
    CLEAR_TIME = (("Ctrl+0",), "Show the whole time range")
    REFRESH = (("F5",), "Look for new calls now")
    COLUMNS = (("Ctrl+Shift+K",), "Choose columns")
    SEVERITY = (("1", "2", "3", "4", "5"), "Call the finding critical, high, medium, low, informational")
    TAKE_UP = (("T",), "Take the finding up")
    CONFIRM = (("F",), "Confirm the finding")
    REMEDIATE = (("R",), "Mark the finding as remediated")
    ASSIGN = (("A",), "Assign the finding")
    COMMENT = (("C",), "Comment on the finding")
    EVIDENCE = (("E",), "Show the finding's calls in Traffic")
    ACCEPT = (("X",), "Accept the risk for a time")
    DISMISS = (("D",), "Dismiss the finding with a reason")
    NEXT = (("N",), "Go to the next finding")
    LARGER = (("Ctrl++", "Ctrl+="), "Larger text")
    SMALLER = (("Ctrl+-",), "Smaller text")
    THEME = (("Ctrl+Shift+T",), "Change between light, dark and the system's colours")
    LOCK = (("Ctrl+Shift+L",), "Lock")
    HELP = (("F1", "?"), "Show the shortcuts")
    QUIT = (("Ctrl+Q",), "Quit")

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


def page_key(number: int) -> str:
    """The keys of the rail's page `number`, counted from 1."""
    return f"Ctrl+{number}"


def action(parent: QWidget, shortcut: Shortcut) -> QAction:
    """An action of `parent` that fires on the shortcut, named for screen readers and menus."""
    result = QAction(shortcut.meaning, parent)
    result.setShortcuts([QKeySequence(keys) for keys in shortcut.keys])
    parent.addAction(result)
    return result
