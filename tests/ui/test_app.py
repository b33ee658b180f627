# SPDX-License-Identifier: Apache-2.0
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QApplication,
    QComboBox,
    QLineEdit,
    QStackedWidget,
    QTabWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from auditor.archive import Archive
from auditor.errors import EnvironmentFailure, InputError, UnlockError
from tests.ui.material import PASSPHRASE, REASON, Desk, ordinary, signs_of_life
from tests.ui.test_widgets import nameless
from tests.ui.test_workflow import Unlocked
from ui.app import run, screenshots
from ui.screenshots import Wanted, grabbed, render_store
from ui.theme import DARK, LIGHT, Mode, theme


def readings(desk: Desk) -> int:
    with Archive.open(desk.location, desk.identity) as archive:
        archive.refresh()
        return len(archive.access_log())


def test_screenshots_show_every_page_in_the_same_state_in_both_colours(
    tmp_path: Path, own_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a picture shows is what its widgets are set to: scrolled how far, which tab, what is chosen, which parts."""
    shown: dict[str, list[object]] = {}

    def noted(widget: QWidget, path: Path) -> Path:
        QApplication.processEvents()
        shown[path.stem] = [state(part) for part in widget.findChildren(QWidget) if part.isVisible()]
        return grabbed(widget, path)

    for module in ("ui.screenshots", "ui.gallery"):
        monkeypatch.setattr(f"{module}.grabbed", noted)
    own_desk.record_exchanges(ordinary()[:3])
    own_desk.record(*signs_of_life(3))
    paths = screenshots(
        tmp_path / "pictures", str(own_desk.store), own_desk.identity_path, PASSPHRASE, REASON, all_states=False
    )
    names = {path.stem for path in paths}
    pages = (
        "unlock",
        "unlock-two-people",
        "first-start",
        "settings-auditors",
        "dialog-second-person",
        "overview",
        "traffic",
        "traffic-call",
        "call-conversation",
        "call-data",
        "findings",
        "gateways",
        "access-log",
        "data-flows-streams",
        "actors",
        "policy",
        "rule-editor",
        "settings",
        "dialog-commands",
        "dialog-export",
        "dialog-shortcuts",
    )
    assert {f"{page}-{mode}" for page in pages for mode in ("light", "dark")} <= names
    assert sorted(paths) == sorted((tmp_path / "pictures").iterdir()), "nothing else is left there"
    for path in paths:
        image = QImage(str(path))
        dialog = path.stem.startswith("dialog-")
        assert dialog or (image.width(), image.height()) == (1440, 900)
        colors = {
            image.pixelColor(x, y).name() for x in range(0, image.width(), 19) for y in range(0, image.height(), 19)
        }
        ground = LIGHT if path.stem.endswith("light") else DARK
        assert len(colors) > (2 if dialog else 10), path.name
        assert ground.window in colors or (dialog and ground.raised in colors), path.name
    for light in [name for name in shown if name.endswith("-light")]:
        dark = light.removesuffix("light") + "dark"
        assert shown[light] == shown[dark], dark
    assert readings(own_desk) == 1, "content is read once for both"


def state(part: QWidget) -> tuple[object, ...]:
    """What a widget is set to. Labels are left out: they may tell how long ago something was."""
    kind = type(part).__name__
    if isinstance(part, QAbstractSlider):
        return kind, part.value(), part.maximum()
    if isinstance(part, QAbstractButton):
        colours = part.text() in ("Light", "Dark")  # of Settings: which are used is the one difference that is meant
        return kind, part.text(), colours or part.isChecked(), part.isEnabled()
    if isinstance(part, QStackedWidget | QTabWidget | QComboBox):
        return kind, part.currentIndex()
    if isinstance(part, QLineEdit):
        return kind, part.text()
    if isinstance(part, QAbstractItemView):
        chosen = part.selectionModel().selectedIndexes() if part.selectionModel() else []
        return kind, part.currentIndex().row(), sorted((one.row(), one.column()) for one in chosen)
    return (kind,)


def test_all_states_are_rendered_where_nothing_else_is_asked(
    tmp_path: Path, own_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered: list[tuple[str, float, tuple[Mode, ...]]] = []

    def noted(directory: Path, wanted: Wanted) -> Iterator[Path]:
        rendered.append((directory.name, wanted.scale, wanted.modes))
        yield directory / "overview.png"

    monkeypatch.setattr("ui.screenshots.render_store", noted)
    monkeypatch.setattr("ui.gallery.render_store", noted)
    monkeypatch.setattr("ui.gallery.first_start", lambda _: iter(()))
    given = str(own_desk.store), own_desk.identity_path, PASSPHRASE
    assert len(screenshots(tmp_path / "pictures", *given)) == 4
    both = (Mode.LIGHT, Mode.DARK)
    assert rendered == [
        ("pictures", 1.0, both), ("empty", 1.0, both), ("extreme", 1.0, both), ("twice-the-size", 2.0, both[:1])
    ]  # fmt: skip
    rendered.clear()
    screenshots(tmp_path / "pictures", *given, all_states=False)
    assert rendered == [("pictures", 1.0, both)]


def test_without_a_reason_no_content_is_rendered(tmp_path: Path, own_desk: Desk) -> None:
    own_desk.record_exchanges(ordinary()[:1])
    wanted = Wanted(str(own_desk.store), str(own_desk.identity_path), PASSPHRASE, None, modes=(Mode.LIGHT,))
    paths = list(render_store(tmp_path / "pictures", wanted))
    assert len(paths) > 30
    assert not [path for path in paths if path.stem.startswith("call-")]
    assert readings(own_desk) == 0


def test_a_store_that_stays_closed_is_told(tmp_path: Path, own_desk: Desk) -> None:
    with pytest.raises(UnlockError):
        screenshots(tmp_path / "a", str(own_desk.store), own_desk.identity_path, b"wrong")
    with pytest.raises(InputError):
        screenshots(tmp_path / "b", str(tmp_path / "nowhere"), own_desk.identity_path, PASSPHRASE)


def test_without_a_display_the_window_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    with pytest.raises(EnvironmentFailure, match="no display"):
        run("store", "auditor.identity")


def test_every_control_has_a_name(unlocked: Unlocked, desk: Desk) -> None:
    window, _ = unlocked(desk)
    assert nameless(window) == []


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_the_window_fits_its_screen_at_every_text_size(
    unlocked: Unlocked, desk: Desk, qtbot: QtBot, scale: float
) -> None:
    theme().set_scale(scale)
    window, frame = unlocked(desk)
    assert window.frame is frame
    hint = window.minimumSizeHint()
    assert hint.width() <= 1080 * scale
    assert hint.height() <= 640 * scale


def test_what_is_loaded_at_the_start_is_left_out_of_garbage_collection() -> None:
    """Else every thread waits for a tenth of a second and more when all of it is looked through."""
    asked = (
        "import gc; from ui.app import application; application(); print(len(gc.get_objects()), gc.get_freeze_count())"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    looked_at, left_alone = map(int, done.stdout.split())
    assert looked_at < left_alone / 10
