# SPDX-License-Identifier: Apache-2.0
"""Asks what to export, in which form, and where to; tells how far it is, and ends with where the file lies."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QDialog, QFileDialog, QLineEdit, QProgressBar, QRadioButton, QWidget

from ui.models import formats
from ui.models.exporting import FORMATS, Format
from ui.theme import theme
from ui.widgets.basics import across, button, down, label, picture, rule

WIDTH = 560
MASKED = "Facts of calls only: no prompts, no answers, no values found. Actors stay pseudonyms."


class ExportDialog(QDialog):
    """`wanted` carries whether the selection alone is meant, the form, and the path."""

    wanted = Signal(bool, object, object)
    cancelled = Signal()

    def __init__(self, selected: int, listed: int, filter_said: str, folder: Path, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.form: Format = FORMATS[0]
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
        layout.addLayout(across(self.path, self.choose))
        said = across(picture("hidden", "muted", 15), label(MASKED, "muted", wrap=True), spacing=8)
        said.setStretch(1, 1)
        layout.addLayout(said)
        layout.addWidget(self.problem)
        layout.addWidget(self.progress)
        layout.addLayout(across(1, self.leave, self.submit))
        self.setLayout(layout)
        self.setMinimumWidth(theme().px(WIDTH))
        self.submit.setDefault(True)

    def _connect(self) -> None:
        self.forms.idClicked.connect(self._choose_form)
        self.choose.clicked.connect(self._choose_path)
        self.submit.clicked.connect(self._give)
        self.leave.clicked.connect(self.reject)
        self.path.textChanged.connect(lambda text: self.submit.setEnabled(bool(text.strip())))

    def _choose_form(self, place: int) -> None:
        self.form = FORMATS[place]
        self.meaning.setText(self.form.meaning)
        old = Path(self.path.text())
        self.path.setText(str(old.with_name(f"{old.name.partition('.')[0]}.{self.form.suffix}")))

    def _choose_path(self) -> None:
        path, _ = QFileDialog.getSaveFileName(self, "Export to", self.path.text())
        if path:
            self.path.setText(path)

    def _give(self) -> None:
        self.problem.hide()
        self.submit.setEnabled(False)
        self.progress.setRange(0, 0)
        self.progress.show()
        self.wanted.emit(self.selection.isChecked(), self.form, Path(self.path.text().strip()).expanduser())

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
