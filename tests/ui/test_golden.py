# SPDX-License-Identifier: Apache-2.0
"""Golden images of what never changes by itself: the unlock screen, empty pages, a chart of streams, the shortcuts.

Rendered offscreen with the bundled fonts they are the same on every machine of one platform; a few pixels may differ
with another build of the font engine. After a change that is meant: `AUDITOR_GOLDEN=write pytest
tests/ui/test_golden.py`,
then look at every picture.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ui.models.flows import MEASURES, Flows, streams
from ui.models.flows import Path as Way
from ui.pages.unlock import UnlockPage
from ui.theme import Mode, theme
from ui.widgets.charts.sankey import Sankey
from ui.widgets.empty import Empty
from ui.widgets.help import ShortcutsDialog

FOLDER = Path(__file__).with_name("golden")
MOST_DIFFERENT = 0.02
"""Share of the pixels that may differ visibly."""

VISIBLE = 24
"""Of 255: a difference in one channel that is seen."""

WAYS = (
    Way(("support", "curl", "openai", "United States"), 40),
    Way(("support", "openai-python", "openai", "United States"), 90),
    Way(("finance", "openai-python", "mistral_ai", "France"), 30),
    Way(("no team", "LangChain", "anthropic", "United States"), 55),
)


def unlock() -> QWidget:
    page = UnlockPage("audit/store", "audit/auditor.identity")
    page.resize(900, 640)
    return page


def empty() -> QWidget:
    page = Empty()
    page.say("flows", "No calls in this period.", "Choose a longer period.", "All time", lambda: None)
    page.resize(600, 360)
    return page


def picture() -> QWidget:
    page = Sankey()
    page.resize(1000, 420)
    found = Flows(("Team", "Client", "Provider", "Country"), WAYS, ({}, {}, {}, {}))
    page.show_streams(streams(found, MEASURES[0]), found.columns, MEASURES[0].words)
    return page


def shortcuts() -> QWidget:
    page = ShortcutsDialog()
    page.resize(960, 640)
    return page


@pytest.mark.skipif(sys.platform != "linux", reason="golden images are Linux renderings")
@pytest.mark.parametrize("mode", [Mode.LIGHT, Mode.DARK])
@pytest.mark.parametrize("make", [unlock, empty, picture, shortcuts])
def test_it_looks_as_it_did(qtbot: QtBot, make: Callable[[], QWidget], mode: Mode) -> None:
    theme().start(mode)
    page = make()
    qtbot.addWidget(page)
    page.ensurePolished()
    page.show()
    qtbot.waitExposed(page)
    for _ in range(3):  # layouts inside layouts
        QApplication.sendPostedEvents()
    taken = page.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    path = FOLDER / f"{make.__name__}-{mode}.png"
    if os.environ.get("AUDITOR_GOLDEN") == "write":
        FOLDER.mkdir(exist_ok=True)
        assert taken.save(str(path))
    wanted = QImage(str(path)).convertToFormat(QImage.Format.Format_RGB32)
    assert not wanted.isNull(), f"{path.name} is missing"
    assert wanted.size() == taken.size()
    assert different(wanted, taken) <= MOST_DIFFERENT


def different(one: QImage, other: QImage) -> float:
    """Share of the pixels that differ visibly."""
    mine, theirs = bytes(one.constBits()), bytes(other.constBits())
    if mine == theirs:
        return 0.0
    pixels = zip(zip(*[iter(mine)] * 4, strict=True), zip(*[iter(theirs)] * 4, strict=True), strict=True)
    seen = sum(any(abs(a - b) > VISIBLE for a, b in zip(left, right, strict=True)) for left, right in pixels)
    return seen / (len(mine) // 4)
