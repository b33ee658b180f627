# SPDX-License-Identifier: Apache-2.0
"""Small questions over the window: one line of text, or a file to write, with what is wrong with it in place."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QLineEdit, QWidget

from ui.theme import theme
from ui.widgets.basics import across, button, down, label

WIDTH = 420


class AskLine(QDialog):
    """Asks for one line; `given` carries it."""

    given = Signal(str)

    def __init__(
        self, title: str, hint: str, does: str, problem: Callable[[str], str], text: str, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._problem = problem
        self.field = QLineEdit(text)
        self.field.setAccessibleName(title)
        self.problem = label("", "muted", wrap=True)
        self.submit = button(does, "primary")
        cancel = button("Cancel")
        cancel.clicked.connect(self.reject)
        self.submit.clicked.connect(self._give)
        self.field.textChanged.connect(lambda _: self._check())
        layout = down(label(title, "heading"), margins=(22, 18, 22, 18), spacing=10)
        if hint:
            layout.addWidget(label(hint, "muted", wrap=True))
        layout.addWidget(self.field)
        layout.addWidget(self.problem)
        layout.addLayout(across(1, cancel, self.submit))
        self.setLayout(layout)
        self.setMinimumWidth(theme().px(WIDTH))
        self.submit.setDefault(True)
        self._check()
        self.field.setFocus()
        self.field.selectAll()

    def _check(self) -> None:
        said = self._problem(self.field.text())
        self.problem.setText(said if self.field.text() else "")
        self.submit.setEnabled(not said)

    def _give(self) -> None:
        text = self.field.text().strip()
        self.accept()
        self.given.emit(text)


class AskPath(QDialog):
    """Asks where a file shall be written; `given` carries the path."""

    given = Signal(object)

    def __init__(self, title: str, hint: str, does: str, path: Path, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.field = QLineEdit(str(path))
        self.field.setAccessibleName("File")
        self.submit = button(does, "primary")
        choose, cancel = button("Choose…"), button("Cancel")
        cancel.clicked.connect(self.reject)
        choose.clicked.connect(self._choose)
        self.submit.clicked.connect(self._give)
        self.field.textChanged.connect(lambda text: self.submit.setEnabled(bool(text.strip())))
        layout = down(label(title, "heading"), label(hint, "muted", wrap=True), margins=(22, 18, 22, 18), spacing=10)
        layout.addLayout(across(self.field, choose))
        layout.addLayout(across(1, cancel, self.submit))
        self.setLayout(layout)
        self.setMinimumWidth(theme().px(WIDTH + 80))
        self.submit.setDefault(True)

    def _choose(self) -> None:
        path, _ = QFileDialog.getSaveFileName(self, self.windowTitle(), self.field.text())
        if path:
            self.field.setText(path)

    def _give(self) -> None:
        path = Path(self.field.text().strip()).expanduser()
        self.accept()
        self.given.emit(path)
