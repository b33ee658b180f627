# SPDX-License-Identifier: Apache-2.0
"""Data flows, actors, rules, policy, lineage and settings on a real store, by keyboard and mouse."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from auditor.archive import Archive
from auditor.rules.folder import RuleFolder
from auditor.store.format.records import Access
from tests.ui.case_material import report, usual_findings
from tests.ui.conftest import settle
from tests.ui.material import REASON, Desk, ordinary, signs_of_life
from tests.ui.test_widgets import nameless
from tests.ui.test_workflow import Unlocked, texts
from ui.frame import Frame
from ui.models.flows import streams
from ui.models.policy import policy_file
from ui.theme import theme
from ui.window import Window

KEYS = Qt.Key
LEFT = Qt.MouseButton.LeftButton

type At = Callable[[Desk, str], tuple[Window, Frame]]


@pytest.fixture
def at(unlocked: Unlocked, qtbot: QtBot) -> At:
    """Unlocks a store and goes to a page."""

    def go(desk: Desk, page: str) -> tuple[Window, Frame]:
        window, frame = unlocked(desk)
        frame.show_named(page)
        settle(qtbot, window)
        return window, frame

    return go


# --- data flows ---


def test_streams_matrix_and_table_show_the_same_figures(at: At, desk: Desk, qtbot: QtBot) -> None:
    window, frame = at(desk, "flows")
    page = frame.flows
    page.periods.buttons["all"].click()
    settle(qtbot, window)
    found = page.found
    assert found is not None
    assert found.readable
    picture = streams(found, page.measure)
    assert picture.total == 30
    assert all(sum(node.amount for node in nodes) == 30 for nodes in picture.nodes)
    page.views.buttons["table"].click()
    assert sum(int(page.table.item(row, 4).text()) for row in range(page.table.rowCount())) == 30
    page.views.buttons["matrix"].click()
    last = page.matrix.columnCount() - 1
    assert sum(int(page.matrix.item(row, last).text()) for row in range(page.matrix.rowCount())) == 30
    assert nameless(window) == []


def test_a_node_leads_to_its_calls_by_mouse_and_keyboard(at: At, desk: Desk, qtbot: QtBot) -> None:
    window, frame = at(desk, "flows")
    page = frame.flows
    page.periods.buttons["all"].click()
    settle(qtbot, window)
    place = page.sankey.node(2, "anthropic")
    assert place is not None
    qtbot.mouseClick(page.sankey.viewport(), LEFT, pos=place.center().toPoint())
    settle(qtbot, window)
    assert frame.pages.currentWidget() is frame.traffic
    assert frame.traffic.filter_bar.text == "provider:anthropic"
    assert frame.traffic.model.rowCount() == 1
    frame.show_named("flows")
    settle(qtbot, window)
    page.sankey.setFocus()
    for key in (KEYS.Key_Down, KEYS.Key_Right, KEYS.Key_Right, KEYS.Key_Return):
        qtbot.keyClick(page.sankey, key)
    settle(qtbot, window)
    assert frame.traffic.filter_bar.text == "provider:openai"


def test_teams_of_the_policy_stand_for_actors(at: At, own_desk: Desk, qtbot: QtBot) -> None:
    own_desk.record_exchanges(ordinary()[:6])
    with Archive.open(own_desk.location, own_desk.identity) as archive:
        archive.refresh()
        actor = archive.top("actor")[0].value
    policy_file(str(own_desk.store)).write_text(f'[[team]]\nname = "finance"\nactors = ["{actor}"]\n')
    window, frame = at(own_desk, "flows")
    found = frame.flows.found
    assert found is not None
    assert found.columns[0] == "Team"
    assert {path.names[0] for path in found.paths} == {"finance", "no team"}
    frame.show_named("actors")
    settle(qtbot, window)
    assert "finance" in texts(frame.actors.view)


# --- actors ---


def test_who_an_actor_is_takes_a_reason_that_is_recorded(at: At, own_desk: Desk, qtbot: QtBot) -> None:
    own_desk.record_exchanges(ordinary()[:4])
    window, frame = at(own_desk, "actors")
    page = frame.actors
    page.search.setText("EMAIL")
    settle(qtbot, window)
    assert len(page.rows) == 1
    assert "alice" not in texts(page)
    gate = page.view.gate
    assert not gate.read.isEnabled()
    qtbot.keyClicks(gate.reason, REASON)
    qtbot.mouseClick(gate.read, LEFT)
    settle(qtbot, window)
    assert "alice" in page.view.revealed.text()
    with Archive.open(own_desk.location, own_desk.identity) as archive:
        archive.refresh()
        [access] = [record.meta for record in archive.access_log()]
    assert isinstance(access, Access)
    assert (access.action, access.reason) == ("reveal", REASON)
    page.search.clear()
    page.table.setCurrentCell(1 if page.table.currentRow() == 0 else 0, 0)
    settle(qtbot, window)
    assert "alice" not in texts(page), "another actor's name is dropped"
    page.view.calls.click()
    settle(qtbot, window)
    assert frame.traffic.filter_bar.text.startswith("actor:a-")


# --- rules and policy ---


def test_a_rule_is_turned_off_for_the_command_line_too(at: At, own_desk: Desk, qtbot: QtBot) -> None:
    window, frame = at(own_desk, "rules")
    page = frame.rules
    chosen = page.view.row
    assert chosen is not None
    qtbot.mouseClick(page.view.turn, LEFT)
    settle(qtbot, window)
    folder = RuleFolder.of(own_desk.location)
    assert folder.off() == {chosen.rule.id}
    assert chosen.rule.id not in {rule.id for rule in folder.running().rules}
    assert page.view.turn.text() == "Turn on"
    qtbot.mouseClick(page.view.turn, LEFT)
    settle(qtbot, window)
    assert folder.off() == frozenset()


def test_a_rule_is_written_checked_tried_saved_and_removed(at: At, own_desk: Desk, qtbot: QtBot) -> None:
    own_desk.record_exchanges(ordinary())
    window, frame = at(own_desk, "rules")
    page = frame.rules
    qtbot.mouseClick(page.new, LEFT)
    settle(qtbot, window)
    editor = page.editor
    sound = editor.editor.text.replace("sent: SECRET", "sent: EMAIL")
    editor.editor.code.setPlainText(sound.replace("condition: selection", "condition: elsewhere"))
    qtbot.waitUntil(lambda: "elsewhere" in editor.editor.state.text())
    assert not editor.save.isEnabled()
    editor.editor.code.setPlainText(sound)
    qtbot.waitUntil(editor.save.isEnabled)
    qtbot.mouseClick(editor.trial.run, LEFT)
    settle(qtbot, window)
    assert "1 call in 1 group would match" in editor.trial.said.text()
    qtbot.mouseClick(editor.save, LEFT)
    settle(qtbot, window)
    assert page.view.row is not None
    assert page.view.row.own
    assert page.right.currentWidget() is page.view
    file = page.view.row.rule.path
    assert file is not None
    assert file.exists()
    qtbot.mouseClick(page.view.remove, LEFT)
    assert page.question is not None
    page.question.button(QMessageBox.StandardButton.Discard).click()
    settle(qtbot, window)
    assert not file.exists()
    assert not any(row.own for row in page.rows)


def test_the_policy_is_checked_while_it_is_written(at: At, own_desk: Desk, qtbot: QtBot) -> None:
    window, frame = at(own_desk, "rules")
    pane = frame.rules.policy
    frame.rules.show_part("policy")
    pane.editor.code.setPlainText('[[provider]]\nname = "openai"\nstanding = "beloved"\n')
    qtbot.waitUntil(lambda: "line 3" in pane.editor.state.text())
    assert pane.editor.checked is not None
    assert pane.editor.checked.line == 3
    assert not pane.save.isEnabled()
    pane.editor.code.setPlainText('[[provider]]\nname = "openai"\nstanding = "tolerated"\n')
    qtbot.waitUntil(pane.save.isEnabled)
    qtbot.mouseClick(pane.save, LEFT)
    settle(qtbot, window)
    assert "tolerated" in policy_file(str(own_desk.store)).read_text()
    assert not pane.changed
    pane.example.click()
    settle(qtbot, window)
    qtbot.waitUntil(lambda: pane.editor.checked is not None)


# --- lineage ---


def test_a_session_is_shown_from_prompts_to_terms(at: At, own_desk: Desk, qtbot: QtBot) -> None:
    own_desk.record_exchanges(ordinary())
    own_desk.record(*signs_of_life(30))
    report(own_desk, usual_findings())
    window, frame = at(own_desk, "lineage")
    page = frame.lineage
    assert page.model.rowCount() == 2
    said = texts(page)
    for part in ("187 of 240 answers", "Skeleton with 2 slots", "temperature 1.0", "Training data"):
        assert part in said
    page.finding.click()
    settle(qtbot, window)
    assert frame.pages.currentWidget() is frame.findings
    assert [case.finding.id for case in frame.findings.chosen()] == ["f-distil"]


# --- settings and frame ---


def test_settings_hold_at_once_and_are_remembered(at: At, desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    window, frame = at(desk, "settings")
    page = frame.settings
    assert "auditor" in texts(page)
    assert "2026-" in texts(page)
    qtbot.mouseClick(page.modes.buttons["dark"], LEFT)
    assert theme().mode == "dark"
    qtbot.mouseClick(page.idle.buttons["10"], LEFT)
    page.with_screen.setChecked(False)
    settings = window.settings
    assert (settings.mode(), settings.idle_minutes(), settings.lock_with_screen()) == ("dark", 10, False)
    assert settings.page() == "settings"
    assert nameless(window) == []


def test_the_palette_finds_pages_commands_and_findings(at: At, own_desk: Desk, qtbot: QtBot) -> None:
    own_desk.record_exchanges(ordinary()[:2])
    report(own_desk, usual_findings())
    window, frame = at(own_desk, "overview")
    qtbot.keyClick(window, KEYS.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = frame.palette_
    assert palette is not None
    settle(qtbot, window)
    qtbot.keyClicks(palette.field, "secret sent provider")
    assert palette.list.item(0).text() == "A secret was sent to a provider"
    qtbot.keyClick(palette.field, KEYS.Key_Return)
    settle(qtbot, window)
    assert frame.pages.currentWidget() is frame.findings
    assert [case.finding.id for case in frame.findings.chosen()] == ["f-secret"]
    frame.show_palette()
    palette = frame.palette_
    assert palette is not None
    qtbot.keyClicks(palette.field, "no such thing at all")
    assert palette.nothing.isVisible()
    palette.field.clear()
    qtbot.keyClicks(palette.field, "access")
    qtbot.keyClick(palette.field, KEYS.Key_Return)
    settle(qtbot, window)
    assert frame.pages.currentWidget() is frame.access
