# SPDX-License-Identifier: Apache-2.0
"""The Overview answers what left, to whom, and whether anything is wrong or missing; each answer leads to its calls."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from auditor.archive.crossing import Crossing
from auditor.store.format.records import Counters, Draft, Gap, Heartbeat
from tests.ui.case_material import report, usual_findings
from tests.ui.conftest import settle
from tests.ui.material import MOMENT, Desk, many, ordinary, signs_of_life
from tests.ui.test_widgets import nameless
from tests.ui.test_workflow import Unlocked, texts
from ui.frame import Frame
from ui.models.overview import MOST_PROVIDERS, OTHERS, PERIODS, change, dollars, matrix
from ui.pages.overview import OverviewPage
from ui.theme import theme
from ui.widgets.charts.matrix import weight
from ui.window import Window

KEYS = Qt.Key

type Open = Callable[[Desk], tuple[Window, Frame, OverviewPage]]


@pytest.fixture
def looking(unlocked: Unlocked, qtbot: QtBot) -> Open:
    """Unlocks a store and looks at the overview, on the day of the calls."""

    def open_page(desk: Desk) -> tuple[Window, Frame, OverviewPage]:
        window, frame = unlocked(desk)
        frame.overview.clock = lambda: MOMENT
        frame.show_named("overview")
        settle(qtbot, window)
        return window, frame, frame.overview

    return open_page


@pytest.fixture
def busy_desk(own_desk: Desk) -> Desk:
    """Calls of a morning to several providers, and findings."""
    own_desk.record_exchanges(ordinary())
    own_desk.record(*many(300))
    own_desk.record(*signs_of_life(330))
    report(own_desk, usual_findings())
    return own_desk


def test_the_tiles_say_the_figures_of_the_period(looking: Open, busy_desk: Desk) -> None:
    _, _, page = looking(busy_desk)
    said = {key: tile.number.text_whole for key, tile in page.tiles.items()}
    assert said["calls"] == "330"
    assert said["providers"] == "4"
    assert said["findings"] == "3"
    assert said["spend"].startswith("$")
    assert page.tiles["calls"].change.text_whole == "none in the 30 days before"
    assert page.tiles["findings"].change.text_whole == "5 reported, 0 before"
    assert page.tiles["calls"].accessibleName() == "Calls: 330. none in the 30 days before"


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_tiles_say_all_they_have_to_say_at_every_text_size(
    looking: Open, busy_desk: Desk, qtbot: QtBot, scale: float
) -> None:
    theme().set_scale(scale)
    window, _, page = looking(busy_desk)
    window.resize(1440, 900)
    said = [text for tile in page.tiles.values() for text in (tile.number, tile.change)]
    qtbot.waitUntil(lambda: all(text.text() == text.text_whole for text in said))


def test_another_period_has_its_own_figures_and_compares(looking: Open, busy_desk: Desk, qtbot: QtBot) -> None:
    window, _, page = looking(busy_desk)
    page.clock = lambda: MOMENT + timedelta(days=1)
    qtbot.mouseClick(page.periods["today"], Qt.MouseButton.LeftButton)
    settle(qtbot, window)
    assert page.tiles["calls"].number.text_whole == "0"
    assert page.tiles["calls"].change.text_whole == "▼ 100 % on the day before"
    assert page.no_data.isVisible()
    qtbot.mouseClick(page.periods["all"], Qt.MouseButton.LeftButton)
    settle(qtbot, window)
    assert page.tiles["calls"].number.text_whole == "330"
    assert page.tiles["calls"].change.text_whole.strip() == ""


def test_a_cell_of_the_matrix_leads_to_its_calls(looking: Open, busy_desk: Desk, qtbot: QtBot) -> None:
    window, frame, page = looking(busy_desk)
    types = [page.matrix.verticalHeaderItem(row).text() for row in range(page.matrix.rowCount())]
    providers = [page.matrix.horizontalHeaderItem(at).text() for at in range(page.matrix.columnCount())]
    row, column = types.index("SECRET"), providers.index("anthropic")
    number = int(page.matrix.item(row, column).text())
    page.matrix.setFocus()
    page.matrix.setCurrentCell(row, column)
    qtbot.keyClick(page.matrix, KEYS.Key_Return)
    settle(qtbot, window)
    traffic = frame.traffic
    assert frame.pages.currentWidget() is traffic
    assert traffic.filter_bar.text == "sent:SECRET and provider:anthropic"
    assert traffic.model.rowCount() == number > 0


def test_the_sum_of_a_row_leads_to_all_its_calls(looking: Open, busy_desk: Desk, qtbot: QtBot) -> None:
    window, frame, page = looking(busy_desk)
    last = page.matrix.columnCount() - 1
    number = int(page.matrix.item(0, last).text())
    place = page.matrix.visualItemRect(page.matrix.item(0, last)).center()
    qtbot.mouseClick(page.matrix.viewport(), Qt.MouseButton.LeftButton, pos=place)
    settle(qtbot, window)
    assert frame.traffic.model.rowCount() == number
    assert "provider" not in frame.traffic.filter_bar.text


def test_a_finding_a_provider_and_a_span_lead_on(looking: Open, busy_desk: Desk, qtbot: QtBot) -> None:
    window, frame, page = looking(busy_desk)
    wanted = page.newest.cases[1].finding.id
    page.findings.setFocus()
    page.findings.go_to(1)
    qtbot.keyClick(page.findings, KEYS.Key_Return)
    settle(qtbot, window)
    assert frame.pages.currentWidget() is frame.findings
    assert [case.finding.id for case in frame.findings.chosen()] == [wanted]

    frame.show_named("overview")
    page.providers.chosen.emit("mistral_ai")
    settle(qtbot, window)
    assert frame.traffic.filter_bar.text == "provider:mistral_ai"

    frame.show_named("overview")
    page.trend.spanned.emit(MOMENT - timedelta(minutes=5), MOMENT)
    settle(qtbot, window)
    assert frame.traffic.filter_bar.text == ""
    assert 0 < frame.traffic.model.rowCount() < 330
    assert "UTC" in frame.traffic.time_bar.span.text()


def test_what_is_missing_is_said(looking: Open, own_desk: Desk) -> None:
    own_desk.record_exchanges(ordinary()[:3])
    lost = Counters(seen=5, recorded=3, lost=2, undecryptable=7)
    own_desk.record(Draft(Gap(time=MOMENT, reason="queue_full", count=2)), Draft(Heartbeat(time=MOMENT, counters=lost)))
    _, _, page = looking(own_desk)
    said = texts(page.completeness)
    assert "2 lost" in said
    names = [box.accessibleName() for box in page.completeness.findChildren(QWidget)]
    assert any(name.startswith("Not decrypted: 7") for name in names)
    assert any(name.startswith("Gaps: 1") for name in names)


def test_an_empty_store_says_what_to_do(looking: Open, own_desk: Desk) -> None:
    window, _, page = looking(own_desk)
    assert page.empty.isVisible()
    assert "auditor gateway run" in page.empty.hint.text()
    assert nameless(window) == []


def test_a_matrix_keeps_its_sums_however_many_there_are() -> None:
    cells = [Crossing(f"T{row}", f"p{column}", row * column + 1) for row in range(30) for column in range(20)]
    found = matrix(cells)
    assert sum(found.total(type_) for type_ in found.types) == sum(cell.calls for cell in cells)
    assert len(found.providers) == MOST_PROVIDERS
    assert found.providers[-1] == OTHERS
    assert found.types[0] == "T29"
    assert matrix([]).types == ()


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (0, 0, "as in the 7 days before"),
        (5, 0, "none in the 7 days before"),
        (112, 100, "▲ 12 % on the 7 days before"),
        (50, 100, "▼ 50 % on the 7 days before"),
        (5000, 10, "▲ 500 times on the 7 days before"),
        (5, None, ""),
    ],
)
def test_changes_are_said_in_words(now: float, before: float | None, said: str) -> None:
    assert change(now, before, PERIODS[1]) == said


def test_weights_and_sums_of_money() -> None:
    assert weight(0, 10) == 0.0
    assert weight(10, 10) == 1.0
    assert 0 < weight(1, 1000) < weight(10, 1000) < 1
    assert [dollars(usd) for usd in (0.0, 0.1234, 12.0, 4321.9)] == ["$0", "$0.1234", "$12.00", "$4,322"]
