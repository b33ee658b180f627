# SPDX-License-Identifier: Apache-2.0
"""Two people: at the unlock screen, and at a reveal of a store that asks for a second one."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from auditor.archive import Archive
from auditor.store import Identity, admission
from auditor.store.format.records import Access
from tests.ui.conftest import Open, opened_call, settle
from tests.ui.material import CHEAP, EMAIL, PASSPHRASE, REASON, Desk, ordinary
from tests.ui.test_widgets import nameless
from tests.ui.test_workflow import Unlocked, texts
from ui.models.exporting import Depth
from ui.pages.revealing import NOT_SIGNED
from ui.pages.unlock import UnlockPage
from ui.widgets.dialogs.second import SecondDialog
from ui.widgets.person_fields import PersonFields
from ui.window import Window

KEYS = Qt.Key
LEFT = Qt.MouseButton.LeftButton
WORD = PASSPHRASE.decode()


def person(folder: Path, name: str) -> Path:
    """An identity of somebody who may hold a share."""
    made = Identity.create(name, PASSPHRASE, CHEAP)
    made.save(folder / f"{name}.identity")
    return folder / f"{name}.identity"


@pytest.fixture
def shared(own_desk: Desk, tmp_path: Path) -> Desk:
    """A store whose identity opens by two of alice, bob and carol; dave holds no share."""
    files = [person(tmp_path, name) for name in ("alice", "bob", "carol", "dave")]
    holders = [Identity.open(file, PASSPHRASE).auditor for file in files[:3]]
    own_desk.identity.shared_among(holders).save(own_desk.identity_path)
    return own_desk


def fill(fields: PersonFields, file: Path, word: str = WORD) -> None:
    fields.identity.field.setText(str(file))
    fields.passphrase.field.setText(word)


def refused(qtbot: QtBot, unlock: UnlockPage) -> str:
    """Try, and hear why not."""
    qtbot.mouseClick(unlock.submit, LEFT)
    qtbot.waitUntil(unlock.problem.isVisible)
    assert not any(one.passphrase.field.text() for one in unlock.keys.holders), "passphrases leave their fields"
    return unlock.problem.text()


def test_two_people_unlock_by_keyboard(show: Open, shared: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    window = show(shared)
    unlock = window.unlock
    assert unlock.keys.people == ("alice", "bob", "carol")
    assert "alice, bob and carol" in unlock.meaning.text()
    assert not unlock.passphrase.isVisible()
    assert nameless(unlock) == []
    first, second = unlock.keys.holders
    qtbot.waitUntil(first.identity.field.hasFocus)
    for fields, name in ((first, "carol"), (second, "alice")):
        qtbot.keyClicks(fields.identity.field, str(tmp_path / f"{name}.identity"))
        qtbot.keyClick(fields.identity.field, KEYS.Key_Return)
        qtbot.waitUntil(fields.passphrase.field.hasFocus)
        qtbot.keyClicks(fields.passphrase.field, WORD)
        qtbot.keyClick(fields.passphrase.field, KEYS.Key_Return)
    qtbot.waitUntil(lambda: window.frame is not None)
    settle(qtbot, window)


def test_what_does_not_unlock_is_said_in_one_sentence(show: Open, shared: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    unlock = show(shared).unlock
    first, second = unlock.keys.holders
    alice, bob, dave = (tmp_path / f"{name}.identity" for name in ("alice", "bob", "dave"))
    fill(first, alice)
    assert not unlock.submit.isEnabled(), "one alone"
    fill(second, bob, "wrong")
    assert refused(qtbot, unlock) == f"The passphrase does not open {bob}."
    fill(first, alice)
    fill(second, dave)
    assert refused(qtbot, unlock) == "dave holds no share of this identity."
    fill(first, alice)
    fill(second, alice)
    assert refused(qtbot, unlock) == "alice was given twice; this identity takes two different people."
    fill(first, alice)
    fill(second, tmp_path / "nobody.identity")
    assert "nobody.identity" in refused(qtbot, unlock)


def test_an_identity_of_one_asks_for_its_passphrase_again(show: Open, shared: Desk, tmp_path: Path) -> None:
    unlock = show(shared).unlock
    unlock.point_to(str(shared.store), str(tmp_path / "dave.identity"))
    assert unlock.passphrase.isVisible()
    assert not unlock.keys.holders[0].isVisible()


@pytest.fixture
def strict(own_desk: Desk) -> Desk:
    """A store in which a reveal takes two, with a second auditor, bob."""
    own_desk.record_exchanges(ordinary()[:2])
    own_desk.joined("bob")
    admission.decide(own_desk.location, own_desk.identity, two_to_reveal=True)
    return own_desk


def asked(qtbot: QtBot, window: Window) -> SecondDialog:
    """The dialog that asks for the second person."""
    qtbot.waitUntil(lambda: window.findChild(SecondDialog) is not None)
    dialog = window.findChild(SecondDialog)
    assert dialog is not None
    return dialog


def rejected(qtbot: QtBot, dialog: SecondDialog) -> str:
    qtbot.mouseClick(dialog.submit, LEFT)
    qtbot.waitUntil(dialog.problem.isVisible)
    return dialog.problem.text()


def readings(desk: Desk) -> list[Access]:
    with Archive.open(desk.location, desk.identity) as archive:
        archive.refresh()
        return [record.meta for record in archive.access_log() if isinstance(record.meta, Access)]


def test_a_second_person_signs_who_an_actor_is(unlocked: Unlocked, strict: Desk, qtbot: QtBot) -> None:
    window, frame = unlocked(strict)
    frame.show_named("actors")
    settle(qtbot, window)
    view = frame.actors.view
    view.gate.reason.setText(REASON)
    qtbot.mouseClick(view.gate.read, LEFT)
    dialog = asked(qtbot, window)
    assert REASON in texts(dialog)
    assert nameless(dialog) == []
    bob = strict.identity_path.with_name("bob.identity")
    fill(dialog.person, bob, "wrong")
    assert rejected(qtbot, dialog) == f"The passphrase does not open {bob}."
    fill(dialog.person, strict.identity_path)
    assert rejected(qtbot, dialog) == "auditor asks already: the second person has to be another auditor."
    fill(dialog.person, person(strict.identity_path.parent, "dave"))
    assert rejected(qtbot, dialog) == "dave is no auditor of this store."
    assert readings(strict) == [], "nothing is recorded, and nothing opened, before both agree"
    fill(dialog.person, bob)
    qtbot.keyClick(dialog.person.passphrase.field, KEYS.Key_Return)
    qtbot.waitUntil(view.revealed.isVisible)
    assert any(name in view.revealed.text() for name in ("alice", "bob"))
    frame.show_named("access")
    settle(qtbot, window)
    assert frame.access.table.item(0, 1).text() == "auditor, with bob"
    [access] = readings(strict)
    assert (access.auditor, access.second, access.reason) == ("auditor", "bob", REASON)


def test_without_a_signature_nothing_unmasked_is_opened(unlocked: Unlocked, strict: Desk, qtbot: QtBot) -> None:
    window, frame = unlocked(strict)
    inspector = frame.traffic.inspector
    opened_call(qtbot, frame, 0)
    inspector.tabs.setCurrentWidget(inspector.raw)
    inspector.request.wanted.emit()
    asked(qtbot, window).reject()
    assert frame.notice.isVisible()
    assert NOT_SIGNED in texts(frame.notice)
    assert EMAIL not in texts(inspector.request)
    settle(qtbot, window)
    inspector.request.wanted.emit()
    dialog = asked(qtbot, window)
    fill(dialog.person, strict.identity_path.with_name("bob.identity"))
    qtbot.mouseClick(dialog.submit, LEFT)
    qtbot.waitUntil(lambda: EMAIL in inspector.request.code.toPlainText())


def test_a_second_person_signs_an_export_that_is_not_masked(
    unlocked: Unlocked, strict: Desk, qtbot: QtBot, tmp_path: Path
) -> None:
    window, frame = unlocked(strict)
    frame.traffic.exporting.open()
    dialog = frame.traffic.exporting.dialog
    assert dialog is not None
    dialog.forms.button(1).click()
    dialog.depths[Depth.UNMASKED].click()
    dialog.reason.setText(REASON)
    dialog.path.setText(str(tmp_path / "out.jsonl"))
    qtbot.mouseClick(dialog.submit, LEFT)
    asked(qtbot, window).reject()
    assert dialog.problem.text() == NOT_SIGNED
    settle(qtbot, window)
    qtbot.mouseClick(dialog.submit, LEFT)
    ask = asked(qtbot, window)
    fill(ask.person, strict.identity_path.with_name("bob.identity"))
    qtbot.mouseClick(ask.submit, LEFT)
    qtbot.waitUntil((tmp_path / "out.jsonl").exists)
    settle(qtbot, window)
    assert EMAIL in (tmp_path / "out.jsonl").read_text()
    [access] = readings(strict)
    assert (access.action, access.second) == ("export", "bob")
