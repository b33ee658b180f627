# SPDX-License-Identifier: Apache-2.0
"""A picture, a recording, a file or a link in a conversation: its name and facts, and a picture on request.

A picture cannot be masked, so it is covered until it is asked for, which is recorded; so is saving what was inline.
"""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QLabel, QSizePolicy, QWidget

from ui.models import formats
from ui.models.attachments import Picture, file_name
from ui.models.conversation import Piece
from ui.theme import MONO, theme
from ui.widgets.basics import across, button, down, follow_theme, label, picture
from ui.widgets.contents.flow_text import FlowText
from ui.widgets.facts import breakable
from ui.widgets.fold import Fold

HIGHEST = 420


class Shown(QLabel):
    """A picture as wide as there is room, at most as large as it is."""

    def __init__(self, image: QPixmap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = image
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft)
        self.setAccessibleName("Picture, not masked")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width is another size."""
        super().resizeEvent(event)
        room = QSize(self.width(), theme().px(HIGHEST)).boundedTo(self._whole.size())
        size = self._whole.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        if size.height() != self.height():
            self.setFixedHeight(max(size.height(), 1))
        ratio = self.devicePixelRatioF()
        scaled = self._whole.scaled(
            size * ratio, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        scaled.setDevicePixelRatio(ratio)
        self.setPixmap(scaled)


class AttachmentCard(QFrame):
    """See the module; `wanted` asks for the picture, `file_wanted` for the file."""

    wanted = Signal(str, str)
    """Place and hash of the picture."""

    file_wanted = Signal(str, str, str)
    """Place and hash of the file, and where it is to be saved."""

    def __init__(self, piece: Piece, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.piece = piece
        known = piece.attachment
        assert known is not None
        self.setProperty("look", "inset")
        name = piece.title or {"image": "Picture", "audio": "Recording", "link": "Link"}.get(known.icon, "File")
        self.setAccessibleName(f"{name}: {', '.join(known.facts)}")
        said = label(breakable(name), "strong", wrap=True, selectable=True)
        head = across(picture(known.icon, "muted", 16), said, spacing=8)
        head.setStretch(1, 1)
        self.show_button = button("Show picture")
        self.show_button.setToolTip("A picture cannot be masked; showing it is recorded with the same reason")
        self.show_button.clicked.connect(self._ask)
        self.show_button.setVisible(known.picture)
        self.save_button = button("Save…")
        self.save_button.setToolTip(
            "What was sent, as it is, to a file you choose; this is recorded with the same reason"
        )
        self.save_button.clicked.connect(self._ask_file)
        self.save_button.setVisible(known.sha256 is not None)
        for way in (self.show_button, self.save_button):
            head.addWidget(way, alignment=Qt.AlignmentFlag.AlignTop)
        self._saved = label("", "warn", wrap=True, selectable=True)
        self._saved.hide()
        self._facts = label(" · ".join(known.facts), "caption", wrap=True)
        layout = down(margins=(10, 8, 10, 8), spacing=4)
        layout.addLayout(head)
        layout.addWidget(self._facts)
        if known.sha256:
            layout.addWidget(_digest(known.sha256))
            layout.addWidget(self._saved)
        if piece.text:
            words = FlowText(piece.segments, mono=known.icon == "link")
            layout.addWidget(
                words if known.icon == "link" else Fold(f"Text in it · {len(piece.text):,} characters", words)
            )
        self.setLayout(layout)

    def _ask(self) -> None:
        known = self.piece.attachment
        if known is not None and known.sha256 is not None:
            self.show_button.setEnabled(False)
            self.wanted.emit(self.piece.place, known.sha256)

    def _ask_file(self) -> None:
        known = self.piece.attachment
        if known is None or known.sha256 is None:
            return
        suggested = file_name(self.piece.title, known.kind, known.sha256)
        path, _ = QFileDialog.getSaveFileName(self, f"Save {suggested} ({known.kind})", suggested)
        if path:
            self.save_button.setEnabled(False)
            self.file_wanted.emit(self.piece.place, known.sha256, path)

    def show_saved(self, sentence: str) -> None:
        """Say what was saved; nothing where it was not. It may be saved again."""
        self.save_button.setEnabled(True)
        self._saved.setText(breakable(sentence))
        self._saved.setVisible(bool(sentence))

    def show_picture(self, shown: Picture) -> None:
        """Show it, or say why not."""
        self.show_button.hide()
        layout = self.layout()
        assert layout is not None
        tone = "muted" if shown.image is None else "warn"
        words = shown.facts if shown.image is None else f"{shown.facts}. Not masked; this view was recorded."
        layout.addWidget(label(words, tone, wrap=True))
        if shown.image is not None:
            layout.addWidget(Shown(QPixmap.fromImage(shown.image)))


def _digest(sha256: str) -> QWidget:
    shown = label(f"SHA-256 {breakable(formats.one_line(sha256), 16)}", "caption", wrap=True, selectable=True)
    shown.setAccessibleName(f"SHA-256 {sha256}")
    follow_theme(shown, lambda: shown.setFont(theme().font(11, family=MONO)))
    return shown
