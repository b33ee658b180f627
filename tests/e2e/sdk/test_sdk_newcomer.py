# SPDX-License-Identifier: Apache-2.0
"""A person who never saw the desktop, on the demo's store: who sent a secret to which provider? Reveal it for a reason,
dismiss one finding, export the report. Clicks are counted and timed; `pytest -s` prints them.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from auditor.archive import Archive
from auditor.findings import Case, State
from auditor.store import Identity, Location
from auditor.store.format.records import Access
from tests.e2e.sdk.played import Played
from tests.ui.conftest import qtbot, settle
from tests.ui.hand import Hand
from tests.ui.test_workflow import texts
from ui.settings import Settings
from ui.theme import Mode, theme
from ui.window import Window

__all__ = ["qtbot"]  # the patient one

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(500),
    pytest.mark.qt_log_ignore("^This plugin does not support "),
]

WHY = "incident 4711: a key in a prompt"
MOST_CLICKS, MOST_WORDS = 18, 4


@pytest.fixture
def audit(played: Played, tmp_path: Path) -> Path:
    """The demo's store and identity, and the passphrase in a file beside them, for this test alone."""
    shutil.copytree(played.stage.command.folder / "audit", tmp_path / "audit")
    shutil.copy(played.stage.command.passphrase_file, tmp_path / "passphrase")
    return tmp_path / "audit"


@pytest.fixture
def window(audit: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    """The desktop as it opens."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    theme().start(Mode.LIGHT)
    look = Settings(QSettings(str(tmp_path / "look.ini"), QSettings.Format.IniFormat))
    opened = Window(str(audit / "store"), str(audit / "auditor.identity"), look)
    opened.resize(1440, 900)
    opened.show()
    qtbot.waitExposed(opened)
    yield opened
    opened.close()
    opened.deleteLater()


def test_a_newcomer_finds_the_secret_and_closes_the_finding(
    window: Window, audit: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    hand = Hand(qtbot, window)
    hand.type(window.unlock.passphrase, (tmp_path / "passphrase").read_text())
    hand.button("Unlock")
    qtbot.waitUntil(lambda: window.frame is not None, timeout=60_000)
    settle(qtbot, window)
    frame = window.frame
    assert frame is not None

    # Overview: data sent, by type and provider; a click on the secrets' cell leads to the call
    matrix = frame.overview.matrix
    rows = [matrix.verticalHeaderItem(row).text() for row in range(matrix.rowCount())]
    columns = [matrix.horizontalHeaderItem(at).text() for at in range(matrix.columnCount())]
    cell = matrix.item(rows.index("SECRET"), columns.index("anthropic"))
    hand.click(matrix.viewport(), matrix.visualItemRect(cell).center())
    traffic, inspector = frame.traffic, frame.traffic.inspector
    assert frame.pages.currentWidget() is traffic
    assert traffic.model.rowCount() == 1
    qtbot.waitUntil(lambda: inspector.call is not None, timeout=60_000)
    assert inspector.call is not None
    actor = inspector.call.actor or ""
    assert actor.startswith("a-")
    assert f"{actor} with anthropic-python to anthropic" in texts(inspector.header)

    # why, and the value
    hand.click(inspector.gate.reason)
    hand.type(inspector.gate.reason, WHY)
    hand.button("Read content")
    qtbot.waitUntil(lambda: inspector.opened is not None, timeout=60_000)
    bar, table = inspector.tabs.tabBar(), inspector.data.table
    hand.click(bar, bar.tabRect(inspector.tabs.indexOf(inspector.data)).center())
    kinds = [table.item(row, 0).text().split(" ")[0] for row in range(table.rowCount())]
    value = table.item(kinds.index("SECRET"), 1)
    covered = value.text()
    hand.click(table.viewport(), table.visualItemRect(value).center())
    hand.button("Reveal the chosen value")
    qtbot.waitUntil(lambda: value.text() != covered, timeout=60_000)

    # the finding: report it, dismiss it
    hand.button("Overview")
    hand.button("Analyse now")
    qtbot.waitUntil(lambda: frame.findings.model.rowCount() > 0, timeout=120_000)
    settle(qtbot, window)
    page = frame.findings
    titles = [case.finding.rule.title for case in page.model.cases]
    place = page.model.index(titles.index("Credential sent to an AI provider"), 0)
    hand.click(page.list.viewport(), page.list.visualRect(place).center())
    hand.button("Report…")
    assert page.dialog is not None
    page.dialog.field.setText(str(tmp_path / "report.html"))
    hand.button("Write", page.dialog)
    qtbot.waitUntil((tmp_path / "report.html").exists, timeout=60_000)
    hand.button("Dismiss")
    form = page.view.form
    form.reason.setCurrentIndex(1)
    hand.clicks += 2  # opening the list of reasons, choosing one
    hand.click(form.comment)
    hand.type(form.comment, "the key was a sample of the demo")
    hand.button("Dismiss", form)
    hand.button("Lock")
    print(f"\n{hand.clicks} clicks, {hand.words} texts\n{hand.told()}")  # noqa: T201 - the measure itself

    assert actor in (tmp_path / "report.html").read_text()
    assert hand.clicks <= MOST_CLICKS
    assert hand.words <= MOST_WORDS
    case, readings = left(audit, (tmp_path / "passphrase").read_bytes())
    assert (case.finding.status, case.finding.actor) == (State.DISMISSED, actor)
    scopes = [one.scope or "" for one in readings if one.reason == WHY]
    assert len(scopes) == 2, "the conversation with its data covered, then the one value"
    assert scopes[0].startswith("one value, not masked: SECRET")


def left(audit: Path, passphrase: bytes) -> tuple[Case, list[Access]]:
    """The finding as it lies in the store, and the accesses, newest first."""
    identity = Identity.open(audit / "auditor.identity", passphrase)
    with Archive.open(Location.parse(audit / "store"), identity) as archive:
        archive.refresh()
        cases = [one for one in archive.cases() if one.finding.rule.title == "Credential sent to an AI provider"]
        return cases[0], [one.meta for one in archive.access_log() if isinstance(one.meta, Access)]
