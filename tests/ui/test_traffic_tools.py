# SPDX-License-Identifier: Apache-2.0
"""Views, exports, copies and the search of content, on a real store."""

import csv
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from auditor.archive import Archive, Filter
from auditor.store.format.records import Access
from tests.ui.conftest import settle
from tests.ui.material import EMAIL, REASON, Desk, ordinary
from tests.ui.test_workflow import Unlocked, texts
from ui.models.commands import Command, ranked
from ui.models.exporting import FORMATS, Depth
from ui.models.views import SUGGESTED, View, load_views, problem, with_view

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier


def test_a_view_is_saved_sealed_and_shown_again(unlocked: Unlocked, own_desk: Desk, qtbot: QtBot) -> None:
    own_desk.record_exchanges(ordinary())
    window, frame = unlocked(own_desk)
    traffic = frame.traffic
    assert [view.name for view in traffic.views.views] == [view.name for view in SUGGESTED]
    traffic.filter_bar.set_text("outcome:error")
    traffic.view.set_columns(["time", "model", "status"])
    settle(qtbot, window)
    qtbot.keyClick(window, Qt.Key.Key_S, CTRL)
    ask = traffic.views.ask
    assert ask is not None
    assert not ask.submit.isEnabled()
    qtbot.keyClicks(ask.field, "Slow down")
    qtbot.mouseClick(ask.submit, LEFT)
    settle(qtbot, window)
    traffic.filter_bar.set_text("")
    traffic.view.set_columns(["time", "actor"])
    settle(qtbot, window)
    assert frame.session.note.path.exists()
    assert b"outcome" not in frame.session.note.path.read_bytes(), "nothing of the traffic lies in the open"
    saved = load_views(frame.session.note)[-1]
    frame.show_view(saved)
    settle(qtbot, window)
    assert traffic.model.rowCount() == 1
    assert traffic.view.columns() == ["time", "model", "status"]
    menu = traffic.views.menu()
    assert "Slow down" in [entry.text() for entry in menu.actions()]
    menu.deleteLater()


def test_views_have_one_name_each() -> None:
    views = with_view((View(name="a", filter="x"),), View(name="A", filter="y"))
    assert [view.filter for view in views] == ["y"]
    assert problem("  ")
    assert problem("x" * 61)
    assert not problem("x")


def entries(form: str, written: str) -> list[object]:
    """What a file of this form holds."""
    if form == "csv":
        return list(csv.DictReader(written.splitlines()))
    if form == "har":
        found: list[object] = msgspec.json.decode(written)["log"]["entries"]
        return found
    return [msgspec.json.decode(line) for line in written.splitlines()]


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.key)
def test_all_that_match_are_exported_without_content(
    unlocked: Unlocked, desk: Desk, qtbot: QtBot, tmp_path: Path, form: object
) -> None:
    window, frame = unlocked(desk)
    traffic = frame.traffic
    traffic.filter_bar.set_text("outcome:complete")
    settle(qtbot, window)
    qtbot.keyClick(window, Qt.Key.Key_E, CTRL)
    dialog = traffic.exporting.dialog
    assert dialog is not None
    dialog.forms.button(FORMATS.index(form)).click()  # type: ignore[arg-type]
    path = tmp_path / f"out.{form.suffix}"  # type: ignore[attr-defined]
    dialog.path.setText(str(path))
    qtbot.mouseClick(dialog.submit, LEFT)
    settle(qtbot, window)
    assert "exported" in frame.notice.words.text()
    written = path.read_text()
    assert EMAIL not in written
    assert "alice" not in written
    assert len(entries(form.key, written)) == traffic.model.rowCount()  # type: ignore[attr-defined]
    assert [path.name for path in tmp_path.glob(".*part")] == []


@pytest.mark.parametrize(
    ("form", "depth"), [(1, Depth.MASKED), (4, Depth.MASKED), (1, Depth.UNMASKED), (2, Depth.UNMASKED)]
)
def test_content_is_exported_after_a_recorded_reason(
    unlocked: Unlocked, own_desk: Desk, qtbot: QtBot, tmp_path: Path, form: int, depth: Depth
) -> None:
    own_desk.record_exchanges(ordinary()[:3])
    window, frame = unlocked(own_desk)
    frame.traffic.exporting.open()
    dialog = frame.traffic.exporting.dialog
    assert dialog is not None
    assert dialog.chosen_depth is Depth.FACTS, "facts alone, where nothing is chosen"
    dialog.forms.button(form).click()
    path = tmp_path / "out"
    dialog.path.setText(str(path))
    qtbot.mouseClick(dialog.depths[depth], LEFT, pos=QPoint(8, dialog.depths[depth].height() // 2))
    assert not dialog.submit.isEnabled(), "content takes a reason"
    qtbot.keyClicks(dialog.reason, REASON)
    qtbot.mouseClick(dialog.submit, LEFT)
    settle(qtbot, window)
    assert "The reading is in the access log." in frame.notice.words.text()
    written = path.read_text()
    assert "invoice 4711" in written
    assert (EMAIL in written) == (depth is Depth.UNMASKED)
    with Archive.open(own_desk.location, own_desk.identity) as archive:
        archive.refresh()
        [access] = [record.meta for record in archive.access_log()]
    assert isinstance(access, Access)
    assert (access.action, access.reason, len(access.calls)) == ("export", REASON, 3)


def test_nothing_is_exported_where_nothing_is_listed(unlocked: Unlocked, desk: Desk, qtbot: QtBot) -> None:
    window, frame = unlocked(desk)
    traffic = frame.traffic
    assert traffic.exporting.button.isEnabled()
    traffic.filter_bar.set_text("status:599")
    settle(qtbot, window)
    assert not traffic.exporting.button.isEnabled()
    qtbot.keyClick(window, Qt.Key.Key_E, CTRL)
    assert traffic.exporting.dialog is None
    assert "nothing to export" in frame.notice.words.text()


def test_forms_without_a_place_for_content_offer_none(unlocked: Unlocked, desk: Desk) -> None:
    _, frame = unlocked(desk)
    frame.traffic.exporting.open()
    dialog = frame.traffic.exporting.dialog
    assert dialog is not None
    dialog.forms.button(1).click()
    dialog.depths[Depth.MASKED].click()
    assert dialog.reason.isVisible()
    dialog.forms.button(2).click()  # an HTTP archive holds bodies as they are
    assert dialog.chosen_depth is Depth.FACTS
    assert [entry.isEnabled() for entry in dialog.depths.values()] == [True, False, True]
    dialog.forms.button(0).click()
    assert [entry.isEnabled() for entry in dialog.depths.values()] == [True, False, False]
    assert not dialog.reason.isVisible()
    dialog.reject()


def test_a_selection_is_exported_and_a_bad_path_is_told_in_place(
    unlocked: Unlocked, desk: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    window, frame = unlocked(desk)
    traffic = frame.traffic
    traffic.view.go_to(2)
    qtbot.keyClick(traffic.view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    traffic.exporting.open()
    dialog = traffic.exporting.dialog
    assert dialog is not None
    assert dialog.selection.isChecked()
    dialog.path.setText(str(tmp_path / "no" / "such" / "folder.csv"))
    qtbot.mouseClick(dialog.submit, LEFT)
    qtbot.waitUntil(dialog.problem.isVisible)
    assert "could not be written" in dialog.problem.text()
    dialog.path.setText(str(tmp_path / "two.csv"))
    qtbot.mouseClick(dialog.submit, LEFT)
    settle(qtbot, window)
    assert len((tmp_path / "two.csv").read_text().splitlines()) == 3


def test_a_call_is_copied_as_curl_without_key_and_body(unlocked: Unlocked, desk: Desk, qtbot: QtBot) -> None:
    _, frame = unlocked(desk)
    frame.traffic.view.go_to(0)
    frame.traffic.actions_.copy_curl()
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("curl -X POST https://api.openai.com/v1/chat/completions")
    assert "$API_KEY" in copied
    assert "sk-test" not in copied


def test_content_is_searched_after_a_recorded_reason(unlocked: Unlocked, own_desk: Desk, qtbot: QtBot) -> None:
    own_desk.record_exchanges(ordinary()[:8])
    window, frame = unlocked(own_desk)
    frame.traffic.search.open()
    dialog = frame.traffic.search.dialog
    assert dialog is not None
    dialog.gate.reason.setText(REASON)
    qtbot.mouseClick(dialog.gate.read, LEFT)
    assert "what to look for" in dialog.gate.problem.text()
    dialog.words.setText("INVOICE 4711")
    qtbot.keyClick(dialog.words, Qt.Key.Key_Return)
    settle(qtbot, window)
    assert frame.traffic.model.rowCount() == 1
    assert "1 call of 8 hold the words" in frame.notice.words.text()
    with Archive.open(own_desk.location, own_desk.identity) as archive:
        archive.refresh()
        found, taken_in = (record.meta for record in archive.access_log())
        assert archive.count(Filter.parse("id:exchange-0")) == 1
    assert isinstance(found, Access)
    assert isinstance(taken_in, Access)
    assert (found.action, found.reason, found.calls, found.scope) == ("search", REASON, ("exchange-0",), "8 calls")
    assert (taken_in.action, taken_in.reason, len(taken_in.calls)) == ("index", REASON, 8)
    assert "invoice" not in str(found).lower(), "the words are not recorded"
    assert "invoice" not in texts(frame.traffic.inspector)


def test_commands_are_ranked_by_how_they_are_named() -> None:
    def command(title: str, words: str = "") -> Command:
        return Command(title, "page", lambda: None, words=words)

    found = ranked([command("Data flows"), command("Findings"), command("Overview", "find")], "find")
    assert [one.title for one in found] == ["Findings", "Overview"]
    assert [one.title for one in ranked([command("Access log"), command("Lineage")], "acl")] == ["Access log"]
    assert ranked([command("Findings")], "zzz") == []
