# SPDX-License-Identifier: Apache-2.0
"""The registry of terms beside what is sent: facts with how sure we are, documents, clauses, and the way to calls."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from auditor.archive import Share
from auditor.archive.crossing import Crossing
from auditor.terms import Registry, Role
from tests.ui.conftest import settle
from tests.ui.material import Desk, many, ordinary
from tests.ui.test_widgets import nameless
from tests.ui.test_workflow import Unlocked, texts
from ui.frame import Frame
from ui.models.terms import FACTS, book, facts
from ui.pages.providers import ProvidersPage
from ui.widgets.clause_card import ClauseCard
from ui.widgets.provider_view import AT_ONCE
from ui.window import Window

TODAY = date(2026, 11, 24)
CTRL = Qt.KeyboardModifier.ControlModifier

type Open = Callable[[Desk], tuple[Window, Frame, ProvidersPage]]


@pytest.fixture
def browsing(unlocked: Unlocked, qtbot: QtBot) -> Open:
    """Unlocks a store and goes to the providers."""

    def open_page(desk: Desk) -> tuple[Window, Frame, ProvidersPage]:
        window, frame = unlocked(desk)
        frame.show_named("providers")
        settle(qtbot, window)
        return window, frame, frame.providers

    return open_page


def share(name: str, calls: int) -> Share:
    return Share(value=name, calls=calls, input_tokens=10, output_tokens=5, cost_usd=1.5)


def test_who_is_called_stands_first_and_is_shown_whole(browsing: Open, own_desk: Desk, qtbot: QtBot) -> None:
    own_desk.record_exchanges(ordinary())
    own_desk.record(*many(60))
    window, _, page = browsing(own_desk)
    first = page.entries[0]
    assert first.id == "openai"
    assert page.list.hasFocus()
    said = texts(page.view)
    assert f"{first.calls} calls" in said
    for _, question in FACTS:
        assert question in said
    assert "verified" in said
    assert "read the document itself before acting" in said
    registry = Registry.load()
    assert all(document.title in said.replace("\u200b", "") for document in registry.providers["openai"].document)
    qtbot.keyClick(page.list, Qt.Key.Key_Down)
    settle(qtbot, window)
    assert page.view.entry is page.entries[1]
    assert nameless(window) == []


def test_clauses_are_shown_by_role_and_step_by_step(browsing: Open, own_desk: Desk, qtbot: QtBot) -> None:
    window, _, page = browsing(own_desk)
    page.show_provider("openai")
    view = page.view
    assert view.entry is not None
    everything = len(view.entry.clauses())
    assert len(view.findChildren(ClauseCard)) == AT_ONCE < everything
    while more := [one for one in view.findChildren(QPushButton) if " more of " in one.text()]:
        qtbot.mouseClick(more[0], Qt.MouseButton.LeftButton)
    assert len(view.findChildren(ClauseCard)) == everything
    qtbot.mouseClick(view.roles[Role.PERMISSION], Qt.MouseButton.LeftButton)
    settle(qtbot, window)
    cards = view.findChildren(ClauseCard)
    assert len(cards) == min(len(view.entry.clauses(Role.PERMISSION)), AT_ONCE) > 0
    assert all("permits: " in texts(card) for card in cards)


def test_what_is_sent_leads_to_its_calls(browsing: Open, own_desk: Desk, qtbot: QtBot) -> None:
    own_desk.record(*many(200))
    window, frame, page = browsing(own_desk)
    page.show_provider("anthropic")
    way = next(one for one in page.view.findChildren(QPushButton) if " in " in one.text() and "Show" not in one.text())
    type_, _, number, _ = way.text().split()
    qtbot.mouseClick(way, Qt.MouseButton.LeftButton)
    settle(qtbot, window)
    assert frame.pages.currentWidget() is frame.traffic
    assert frame.traffic.filter_bar.text == f"provider:anthropic and sent:{type_}"
    assert frame.traffic.model.rowCount() == int(number)


def test_words_find_providers_by_their_clauses(browsing: Open, own_desk: Desk, qtbot: QtBot) -> None:
    window, _, page = browsing(own_desk)
    qtbot.keyClick(page.list, Qt.Key.Key_F, CTRL)
    qtbot.waitUntil(page.search.hasFocus)
    qtbot.keyClicks(page.search, "key_transfer")
    settle(qtbot, window)
    assert 0 < len(page.entries) < 24
    assert all(any(clause.kind == "key_transfer" for clause in entry.clauses()) for entry in page.entries)
    qtbot.keyClicks(page.search, " nowhere")
    assert page.nothing.isVisible()
    assert page.entries == []


def test_an_old_registry_says_so(browsing: Open, own_desk: Desk, qtbot: QtBot) -> None:
    window, _, page = browsing(own_desk)
    day = Registry.load().compiled_on
    page.clock = lambda: day + timedelta(days=120)
    page.look()
    settle(qtbot, window)
    assert "120 days ago" in page.age.text()
    assert "auditor terms check" in page.age.text()


def test_a_provider_without_terms_is_not_passed_over() -> None:
    made = book(Registry.load(), [share("my.own", 9), share("openai", 3)], [Crossing("EMAIL", "my.own", 2)], TODAY)
    unknown = made.entries[0]
    assert (unknown.id, unknown.terms, unknown.calls, unknown.sent) == ("my.own", None, 9, (("EMAIL", 2),))
    assert made.entries[1].id == "openai"
    assert len(made.entries) == len(Registry.load().providers) + 1


def test_it_is_said_that_nothing_is_known_of_it(browsing: Open, own_desk: Desk, qtbot: QtBot) -> None:
    window, _, page = browsing(own_desk)
    page.show_book(book(Registry.load(), [share("p" * 300, 9)], [], TODAY))
    page.show_provider("p" * 300)
    settle(qtbot, window)
    assert "holds no terms" in texts(page.view)
    assert window.width() == 1440


def test_facts_are_said_in_words_whatever_they_hold() -> None:
    said = [fact for terms in Registry.load().providers.values() for fact in facts(terms)]
    assert {"yes", "no", "30 days", "not known"} <= {fact.answer for fact in said}
    assert not any(fact.answer in ("True", "False", "None", "") for fact in said)
