# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from auditor.archive import Archive
from auditor.errors import EnvironmentFailure, InputError, UnlockError
from tests.ui.material import PASSPHRASE, REASON, Desk, ordinary, signs_of_life
from tests.ui.test_widgets import nameless
from tests.ui.test_workflow import Unlocked
from ui.app import run, screenshots
from ui.screenshots import Wanted, render_store
from ui.theme import DARK, LIGHT, Mode, theme


def readings(desk: Desk) -> int:
    with Archive.open(desk.location, desk.identity) as archive:
        archive.refresh()
        return len(archive.access_log())


def test_screenshots_show_every_page_in_both_colours(tmp_path: Path, own_desk: Desk) -> None:
    own_desk.record_exchanges(ordinary()[:3])
    own_desk.record(*signs_of_life(3))
    paths = screenshots(tmp_path / "pictures", str(own_desk.store), own_desk.identity_path, PASSPHRASE, REASON)
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
    assert readings(own_desk) == 1


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
