# SPDX-License-Identifier: Apache-2.0
"""Asks for words to look for in what was said, and for the reason to read it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from ui.models import formats
from ui.widgets.dialogs.reason import ReasonDialog


class SearchDialog(ReasonDialog):
    """`wanted` carries words and reason."""

    wanted = Signal(str, str)

    def __init__(self, listed: int, filter_said: str, parent: QWidget) -> None:
        meaning = (
            f"{formats.count(listed, 'call')} will be searched; what came since the last search is opened first, which "
            "may take a while. Your reason and the calls that are opened or found are recorded before anything is "
            "shown; the words are not recorded."
        )
        words = QLineEdit()
        words.setAccessibleName("Words to look for")
        words.setPlaceholderText("Words that must all occur")
        words.setMaxLength(200)
        super().__init__("Search what was said", "Search", (filter_said, meaning), parent, (("Words", words),))
        self.words = words
        self.given.connect(self._give)
        self.words.setFocus()

    def _give(self, reason: str) -> None:
        words = self.words.text().strip()
        if not words:
            self.fail("Say what to look for.")
            self.words.setFocus()
            return
        self.wanted.emit(words, reason)
