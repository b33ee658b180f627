# SPDX-License-Identifier: Apache-2.0
"""Asks what to export, in which form, with how much of what was said, and where to; tells how far it is.

Facts alone unless something else is chosen; content asks for a reason, which is recorded before anything is opened.
"""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QRadioButton,
    QWidget,
)

from ui.models import formats
from ui.models.exporting import FORMATS, Depth, Form, Order
from ui.theme import theme
from ui.widgets.basics import across, button, down, label, picture, rule, set_look, set_picture
from ui.widgets.contents.reason_gate import LONGEST, SHORTEST
from ui.widgets.dialogs.ground import Dialog

WIDTH = 600
DEPTHS = {
    Depth.FACTS: (
        "Facts only",
        "Facts of calls only: no prompts, no answers, no values found. Actors stay pseudonyms.",
    ),
    Depth.MASKED: ("With content, masked", "What was said, with the data that was found in it masked."),
    Depth.UNMASKED: ("With content as it is", "What was said as it was captured, personal data and secrets included."),
}
"""What each depth is called, and what it means."""


class ExportDialog(Dialog):
    """`wanted` carries whether the selection alone is meant, and the `Order`."""

    wanted = Signal(bool, object)
    cancelled = Signal()

    def __init__(self, selected: int, listed: int, filter_said: str, folder: Path, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export")
        self.form: Form = FORMATS[0]
        self.depths = {depth: QRadioButton(name) for depth, (name, _) in DEPTHS.items()}
        self.depths[Depth.FACTS].setChecked(True)
        self.reason = QLineEdit()
        self.reason.setAccessibleName("Reason for reading the content")
        self.reason.setPlaceholderText("Say why you export it; the reason is recorded before anything is opened")
        self.reason.setMaxLength(LONGEST)
        self._mark, self.said = picture("hidden", "muted", 15), label("", "muted", wrap=True)
        self.everything = QRadioButton(f"All {formats.count(listed, 'call')} that match")
        self.selection = QRadioButton(f"The {formats.count(selected, 'call')} selected")
        self.selection.setEnabled(selected > 0)
        (self.selection if selected > 1 else self.everything).setChecked(True)
        self.path = QLineEdit(str(folder / f"calls.{self.form.suffix}"))
        self.path.setAccessibleName("File")
        self.choose = button("Choose…")
        self.meaning = label("", "muted", wrap=True)
        self.problem = label("", "bad", wrap=True)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName("Exporting")
        self.submit = button("Export", "primary")
        self.leave = button("Cancel")
        self.forms = QButtonGroup(self)
        self._arrange(filter_said)
        self._connect()
        self._choose_form(0)
        for part in (self.problem, self.progress):
            part.hide()

    def _arrange(self, filter_said: str) -> None:
        which = QButtonGroup(self)
        forms = across(spacing=18)
        for entry in (self.everything, self.selection):
            which.addButton(entry)
        for place, form in enumerate(FORMATS):
            entry = QRadioButton(form.name)
            entry.setChecked(place == 0)
            self.forms.addButton(entry, place)
            forms.addWidget(entry)
        forms.addStretch(1)
        layout = down(label("Export calls", "title"), margins=(24, 20, 24, 20), spacing=10)
        layout.addWidget(label(filter_said, "muted", wrap=True))
        layout.addWidget(self.everything)
        layout.addWidget(self.selection)
        layout.addWidget(rule())
        layout.addLayout(forms)
        layout.addWidget(self.meaning)
        layout.addWidget(rule())
        for depth_part in self._depth_parts():
            layout.addLayout(depth_part)
        layout.addWidget(self.reason)
        layout.addWidget(rule())
        layout.addLayout(across(self.path, self.choose))
        layout.addWidget(self.problem)
        layout.addWidget(self.progress)
        layout.addLayout(across(1, self.leave, self.submit))
        self.setLayout(layout)
        self.setMinimumWidth(theme().px(WIDTH))
        self.submit.setDefault(True)

    def _depth_parts(self) -> tuple[QHBoxLayout, QHBoxLayout]:
        group = QButtonGroup(self)
        row = across(spacing=18)
        for entry in self.depths.values():
            group.addButton(entry)
            row.addWidget(entry)
            entry.toggled.connect(self._look_again)
        row.addStretch(1)
        said = across(self._mark, self.said, spacing=8)
        said.setStretch(1, 1)
        return row, said

    def _connect(self) -> None:
        self.forms.idClicked.connect(self._choose_form)
        self.choose.clicked.connect(self._choose_path)
        self.submit.clicked.connect(self._give)
        self.leave.clicked.connect(self.reject)
        self.path.textChanged.connect(self._look_again)
        self.reason.textChanged.connect(self._look_again)

    def _choose_form(self, place: int) -> None:
        self.form = FORMATS[place]
        self.meaning.setText(self.form.meaning)
        old = Path(self.path.text())
        self.path.setText(str(old.with_name(f"{old.name.partition('.')[0]}.{self.form.suffix}")))
        for depth, entry in self.depths.items():
            entry.setEnabled(self.form.holds(depth))
        if not self.form.holds(self.chosen_depth):
            self.depths[Depth.FACTS].setChecked(True)
        self._look_again()

    @property
    def chosen_depth(self) -> Depth:
        """How much is to be written."""
        return next(depth for depth, entry in self.depths.items() if entry.isChecked())

    def _look_again(self) -> None:
        """What the choice means, and whether enough is said to begin."""
        content = self.chosen_depth is not Depth.FACTS
        bare = self.chosen_depth is Depth.UNMASKED
        self.said.setText(DEPTHS[self.chosen_depth][1])
        set_look(self.said, "warn" if bare else "muted")
        set_picture(self._mark, "info" if bare else "hidden", "warn" if bare else "muted", 15)
        self.reason.setVisible(content)
        reasoned = not content or len(self.reason.text().strip()) >= SHORTEST
        self.submit.setEnabled(bool(self.path.text().strip()) and reasoned)

    def _choose_path(self) -> None:
        path, _ = QFileDialog.getSaveFileName(self, "Export to", self.path.text())
        if path:
            self.path.setText(path)

    def _give(self) -> None:
        self.problem.hide()
        self.submit.setEnabled(False)
        self.progress.setRange(0, 0)
        self.progress.show()
        path = Path(self.path.text().strip()).expanduser()
        reason = "" if self.chosen_depth is Depth.FACTS else self.reason.text().strip()
        self.wanted.emit(self.selection.isChecked(), Order(self.form, path, self.chosen_depth, reason))

    def show_progress(self, done: int, total: int) -> None:
        """How far it is."""
        self.progress.setRange(0, total)
        self.progress.setValue(done)

    def fail(self, sentence: str) -> None:
        """Say in place why there is no file, ready for another try."""
        self.progress.hide()
        self.submit.setEnabled(True)
        self.problem.setText(sentence)
        self.problem.show()

    def done(self, result: int) -> None:
        """Closed: what is under way is cancelled."""
        self.cancelled.emit()
        super().done(result)
