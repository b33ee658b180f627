# SPDX-License-Identifier: Apache-2.0
import pytest
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from ui.theme import DARK, LIGHT, MONO, SANS, Colors, Mode, colors, icons, theme
from ui.theme.series import DARK_REST, DARK_SERIES, LIGHT_REST, LIGHT_SERIES
from ui.widgets.basics import follow_theme

BOTH = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=lambda palette: palette.name)


def test_contrast_is_that_of_the_standard() -> None:
    assert colors.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert colors.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@BOTH
def test_every_text_can_be_read_on_every_ground(palette: Colors) -> None:
    for text, ground in colors.text_pairs():
        ratio = colors.contrast(getattr(palette, text), getattr(palette, ground))
        assert ratio >= 4.5, f"{text} on {ground}: {ratio:.2f}"


@BOTH
def test_every_shape_can_be_told_from_its_ground(palette: Colors) -> None:
    for shape, ground in colors.shape_pairs():
        ratio = colors.contrast(getattr(palette, shape), getattr(palette, ground))
        assert ratio >= 3, f"{shape} on {ground}: {ratio:.2f}"


def test_every_series_can_be_told_from_its_ground() -> None:
    for hues, palette in (((*LIGHT_SERIES, LIGHT_REST), LIGHT), ((*DARK_SERIES, DARK_REST), DARK)):
        for hue in hues:
            assert colors.contrast(hue, palette.surface) >= 3, f"{hue} on {palette.name}"
        assert len(set(hues)) == len(hues)


def test_the_fonts_are_our_own(qapp: QApplication) -> None:
    assert {SANS, MONO} <= set(QFontDatabase.families())


@pytest.mark.parametrize("name", icons.names())
def test_every_drawing_takes_the_colour(qapp: QApplication, name: str) -> None:
    image = icons.pixmap(name, "#ff0000", 24, 2.0).toImage()
    assert image.width() == 48
    painted = [image.pixelColor(x, y) for x in range(48) for y in range(48) if image.pixelColor(x, y).alpha() > 200]
    assert painted
    assert all(color.red() > 200 and color.green() < 60 for color in painted)


def test_mode_and_size_reach_the_application(qapp: QApplication, qtbot: QtBot) -> None:
    look = theme()
    with qtbot.waitSignal(look.changed):
        look.set_mode(Mode.DARK)
    assert qapp.palette().window().color().name() == DARK.window
    assert qapp.font().pixelSize() == 13
    look.set_scale(2.0)
    assert qapp.font().pixelSize() == 26
    look.zoom(1)
    assert look.scale == 2.0, "200 % is the largest"
    look.zoom(0)
    assert look.scale == 1.0


def test_a_widget_that_is_gone_no_longer_follows(qtbot: QtBot) -> None:
    dressed: list[str] = []
    parent = QWidget()
    follow_theme(QLabel(parent), lambda: dressed.append("x"))
    parent.deleteLater()
    qtbot.waitSignal(parent.destroyed).wait()
    theme().set_mode(Mode.DARK)
    assert dressed == ["x"]
