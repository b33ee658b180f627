# SPDX-License-Identifier: Apache-2.0
"""What a rule would match among the newest calls: asked with a button, answered as a table that leads to the calls."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from auditor.archive.times import moment
from auditor.rules.groups import Group
from auditor.rules.trial import Trial
from ui.models import formats
from ui.models.rules import TRIED
from ui.theme import theme
from ui.widgets.basics import across, button, down, label
from ui.widgets.choice import Choice
from ui.widgets.plain_table import PlainTable

COLUMNS = (("Calls", -70), ("Of", 0), ("Provider", 120), ("First (UTC)", 160), ("Last (UTC)", 160))
MOST = 200


class TrialView(QWidget):
    """`wanted` carries over how many calls; `calls_wanted` the ids of a group's calls."""

    wanted = Signal(int)
    calls_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._groups: Sequence[Group] = ()
        self.last = Choice()
        self.last.setAccessibleName("Over how many calls")
        for number in TRIED:
            self.last.addItem(f"the last {number:,} calls", number)
        self.last.setCurrentIndex(1)
        self.run = button("Try it")
        self.said = label("Nothing is reported: it only says what would match.", "muted", wrap=True)
        self.table = PlainTable("What would match", COLUMNS)
        self.table.setMinimumHeight(theme().px(120))
        layout = down(spacing=6)
        layout.addLayout(across(self.run, label("on", "muted"), self.last, 1, spacing=8))
        layout.addWidget(self.said)
        layout.addWidget(self.table, 1)
        self.setLayout(layout)
        self.table.hide()
        self.run.clicked.connect(lambda: self.wanted.emit(self.last.currentData()))
        self.table.opened.connect(lambda row_: self.calls_wanted.emit(list(self._groups[row_].ids)))

    def reset(self) -> None:
        """Forget what was tried."""
        self._groups = ()
        self.table.hide()
        self.said.setText("Nothing is reported: it only says what would match.")

    def show_trials(self, trials: Sequence[tuple[str, Trial]]) -> None:
        """Show what matched."""
        groups = [group for _, trial in trials for group in trial.groups]
        looked_at = max((trial.looked_at for _, trial in trials), default=0)
        total = sum(group.count for group in groups)
        self._groups = groups[:MOST]
        part = f", the first {MOST} groups are listed" if len(groups) > MOST else ""
        how = f"{formats.count(total, 'call')} in {formats.count(len(groups), 'group')}"
        since = next((trial.since for _, trial in trials if trial.since), None)
        self.said.setText(
            f"{how} would match, of {formats.count(looked_at, 'call')} since {formats.timestamp(since)} UTC{part}."
        )
        self.table.show_rows([_row(group) for group in self._groups])
        self.table.setVisible(bool(groups))

    def fail(self, sentence: str) -> None:
        """Say why it could not be tried."""
        self.said.setText(sentence)


def _row(group: Group) -> tuple[str, ...]:
    about = ", ".join(f"{name} {formats.one_line(value, 60)}" for name, value in group.about)
    first, last = formats.timestamp(moment(group.first)), formats.timestamp(moment(group.last))
    return (f"{group.count:,}", about, formats.one_line(group.provider, 60), first, last)
