# SPDX-License-Identifier: Apache-2.0
"""Pictures and files of a call: told of at once, a picture shown after a reveal, and none that is not harmless."""

import base64
import struct
import zlib
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from auditor.archive import Archive
from auditor.store.format.records import Access
from tests.ui.conftest import opened_call, settle
from tests.ui.material import REASON, Desk, chat
from tests.ui.test_workflow import Unlocked, texts
from ui.models import attachments
from ui.models.attachments import picture
from ui.widgets.contents.attachment_card import AttachmentCard, Shown

LEFT = Qt.MouseButton.LeftButton


def painted(width: int = 320, height: int = 180, form: str = "PNG") -> bytes:
    """A picture of our own making."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("#3366cc"))
    for at in range(min(width, height)):
        image.setPixelColor(at, at, QColor("white"))
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    assert image.save(buffer, form)  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def data_url(data: bytes, kind: str = "image/png") -> str:
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def asking_about(data: bytes) -> list[dict[str, object]]:
    """A question with a picture, a picture elsewhere, a file, and one that was uploaded before."""
    document = base64.b64encode(b"Minutes of the meeting, for nobody else.").decode()
    parts = [
        {"type": "text", "text": "What is on it?"},
        {"type": "image_url", "image_url": {"url": data_url(data)}},
        {"type": "image_url", "image_url": {"url": "https://pictures.example/cat.png"}},
        {"type": "file", "file": {"filename": "minutes.txt", "file_data": f"data:text/plain;base64,{document}"}},
        {"type": "file", "file": {"file_id": "file-4711"}},
    ]
    return [{"role": "user", "content": parts}]


def test_a_picture_is_shown_after_a_reveal_of_its_own(unlocked: Unlocked, own_desk: Desk, qtbot: QtBot) -> None:
    own_desk.record_exchanges([chat(0, asking_about(painted()))])
    window, frame = unlocked(own_desk)
    inspector = frame.traffic.inspector
    opened_call(qtbot, frame, 0)
    shown, link, file, before = inspector.conversation.findChildren(AttachmentCard)
    assert "image/png" in shown.accessibleName()
    assert "SHA-256" in texts(shown)
    assert "https://pictures.example/cat.png" in texts(link)
    assert "minutes.txt" in texts(file)
    assert "for nobody else" in texts(file)
    assert "file-4711" in texts(before)
    assert [card.show_button.isHidden() for card in (shown, link, file, before)] == [False, True, True, True]
    assert shown.findChild(Shown) is None, "covered until it is asked for"

    qtbot.mouseClick(shown.show_button, LEFT)
    qtbot.waitUntil(lambda: shown.findChild(Shown) is not None)
    settle(qtbot, window)
    image = shown.findChild(Shown)
    assert image is not None
    assert not image.pixmap().isNull()
    assert "PNG, 320 × 180 pixels" in texts(shown)
    with Archive.open(own_desk.location, own_desk.identity) as archive:
        archive.refresh()
        access = archive.access_log()[0].meta
    assert isinstance(access, Access)
    assert (access.scope, access.reason) == ("one picture, not masked: input/0/1", REASON)
    inspector.show_nothing()
    assert inspector.conversation.findChild(Shown) is None, "nothing is left of it"


def test_a_file_is_saved_where_it_is_wanted_after_a_reveal_of_its_own(
    unlocked: Unlocked, own_desk: Desk, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_desk.record_exchanges([chat(0, asking_about(painted()))])
    window, frame = unlocked(own_desk)
    inspector = frame.traffic.inspector
    opened_call(qtbot, frame, 0)
    shown, link, file, before = inspector.conversation.findChildren(AttachmentCard)
    assert [card.save_button.isHidden() for card in (shown, link, file, before)] == [False, True, False, True]
    offered: list[str] = []
    chosen = [str(tmp_path / "nowhere" / "kept.txt"), "", str(tmp_path / "kept.txt")]

    def choose(_parent: object, _title: str, suggested: str) -> tuple[str, str]:
        offered.append(suggested)
        return chosen[len(offered) - 1], ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    qtbot.mouseClick(file.save_button, LEFT)
    qtbot.waitUntil(lambda: frame.notice.isVisible())
    assert "could not be written" in frame.notice.words.text()
    qtbot.waitUntil(file.save_button.isEnabled)
    qtbot.mouseClick(file.save_button, LEFT)
    assert file.save_button.isEnabled(), "nothing was asked for"
    qtbot.mouseClick(file.save_button, LEFT)
    qtbot.waitUntil(lambda: (tmp_path / "kept.txt").exists())
    settle(qtbot, window)
    assert offered == ["minutes.txt"] * 3
    assert (tmp_path / "kept.txt").read_bytes() == b"Minutes of the meeting, for nobody else."
    assert sorted(path.name for path in tmp_path.iterdir() if "kept" in path.name) == ["kept.txt"]
    assert "recorded" in texts(file)
    with Archive.open(own_desk.location, own_desk.identity) as archive:
        archive.refresh()
        scopes = [entry.meta.scope for entry in archive.access_log() if isinstance(entry.meta, Access)]
    assert scopes[:2] == ["one file, not masked, saved: input/0/3"] * 2, "the one that failed was opened, too"


@pytest.mark.parametrize(
    ("title", "kind", "name"),
    [
        ("minutes.txt", "text/plain", "minutes.txt"),
        ("../../etc/pass\u202ewd\n", "application/pdf", "passwd.pdf"),
        ("C:\\x\\a<b>.docx", "application/msword", "ab.docx"),
        ("", "image/png", "file-0123abcd.png"),
        ("...", "no/such", "file-0123abcd.bin"),
        ("n" * 400 + "." + "e" * 40, "text/plain", "n" * 120 + "." + "e" * 11),
    ],
)
def test_a_name_somebody_else_chose_is_made_harmless(title: str, kind: str, name: str) -> None:
    assert attachments.file_name(title, kind, "0123abcdef") == name


@pytest.mark.parametrize("form", ["PNG", "JPG", "BMP"])
def test_pictures_are_decoded_no_larger_than_shown(form: str, qapp: object) -> None:
    whole = picture(painted(64, 32, form))
    assert whole.image is not None
    assert (whole.image.width(), whole.image.height()) == (64, 32)
    large = picture(painted(4_000, 100, form))
    assert large.image is not None
    assert (large.image.width(), large.image.height()) == (attachments.LARGEST, 40)
    assert "4,000 × 100 pixels" in large.facts


def bomb(width: int, height: int) -> bytes:
    """The head of a PNG that claims to be so large."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "no picture of a known format"),
        (b"plain text", "no picture of a known format"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>", "no picture of a known format"),
        (bomb(100_000, 100_000), "100,000 × 100,000 pixels are too many"),
        (painted()[:20], "damaged"),
        (painted()[:60], "damaged"),
        (bytes(attachments.MOST_BYTES + 1), "are more than"),
    ],
    ids=["empty", "text", "svg", "bomb", "headless", "cut", "huge"],
)
@pytest.mark.qt_log_ignore("libpng", "QImageReader", extend=True)
def test_what_is_no_harmless_picture_is_not_shown(data: bytes, said: str, qapp: object) -> None:
    found = picture(data)
    assert found.image is None
    assert said in found.facts
