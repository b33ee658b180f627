# SPDX-License-Identifier: Apache-2.0
"""The inspector's tabs: findings on the call, times and tokens, one value revealed."""

from datetime import UTC, datetime
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from auditor.archive import Archive
from auditor.calls import Call, Exchange, Frame, Request, Response
from auditor.store.format.records import Access
from tests.ui.case_material import report, usual_findings
from tests.ui.conftest import read_content, settle
from tests.ui.material import EMAIL, REASON, Desk, ordinary
from tests.ui.test_workflow import Unlocked, texts
from ui.models.applying import terms_for
from ui.models.stream import stream_of
from ui.models.timing import cost_facts, stages, time_facts, token_facts, tokens_per_second
from ui.widgets.clause_card import ClauseCard
from ui.widgets.fold import Fold
from ui.widgets.selectable import Selectable
from ui.widgets.terms_group import TermsGroup

LEFT = Qt.MouseButton.LeftButton
T0 = datetime(2026, 11, 23, tzinfo=UTC)


def test_findings_of_a_call_stand_beside_it_and_one_value_is_revealed(
    unlocked: Unlocked, own_desk: Desk, qtbot: QtBot
) -> None:
    own_desk.record_exchanges(ordinary()[:2])
    report(own_desk, usual_findings())
    window, frame = unlocked(own_desk)
    frame.traffic.view.go_to(0)
    inspector = frame.traffic.inspector
    qtbot.waitUntil(lambda: inspector.call is not None)
    settle(qtbot, window)
    assert "A secret was sent to a provider" in texts(inspector.findings)
    assert "Output may not be used" in texts(inspector.findings), "the clause that applies"
    assert "120" in texts(inspector.facts)

    place = next(one for one in inspector.evidence.findChildren(Selectable) if "Leaf hash" in one.accessibleName())
    place.select_all()
    qtbot.keySequence(place, QKeySequence(QKeySequence.StandardKey.Copy))
    with Archive.open(own_desk.location, own_desk.identity) as archive:
        archive.refresh()
        leaf = archive.leaf(archive.place("exchange-0"))
    assert QApplication.clipboard().text() == leaf, "without the places to break"
    assert len(bytes.fromhex(leaf)) == 32

    assert not inspector.data.reveal.isVisible()
    read_content(qtbot, frame)
    inspector.tabs.setCurrentWidget(inspector.data)
    table = inspector.data.table
    row = next(row for row in range(table.rowCount()) if table.item(row, 0).text().startswith("EMAIL"))
    assert EMAIL not in table.item(row, 1).text()
    table.setCurrentCell(row, 0)
    qtbot.mouseClick(inspector.data.reveal, LEFT)
    settle(qtbot, window)
    assert table.item(row, 1).text() == EMAIL
    with Archive.open(own_desk.location, own_desk.identity) as archive:
        archive.refresh()
        access = archive.access_log()[0].meta
    assert isinstance(access, Access)
    assert access.reason == REASON
    assert "one value, not masked: EMAIL" in (access.scope or "")
    assert EMAIL not in str(access)

    terms = inspector.findings.findChildren(TermsGroup)
    assert ["OpenAI, who serves the model" in texts(one) for one in terms] == [True]
    prohibited = terms[0].findChildren(Fold)[0]
    assert not prohibited.findChildren(ClauseCard), "written when it is opened"
    prohibited.set_open(True)
    assert prohibited.findChildren(ClauseCard)
    inspector.findings.terms_wanted.emit("anthropic")
    settle(qtbot, window)
    assert frame.pages.currentWidget() is frame.providers
    assert frame.providers.view.entry is not None
    assert frame.providers.view.entry.id == "anthropic"

    inspector.findings.finding_wanted.emit("f-secret")
    settle(qtbot, window)
    assert frame.pages.currentWidget() is frame.findings


@pytest.mark.parametrize(
    ("call", "parts", "rate"),
    [
        (Call(id="a", time=T0), 0, None),
        (Call(id="b", time=T0, duration_ms=2000, output_tokens=100), 1, 50.0),
        (Call(id="c", time=T0, duration_ms=3000, ttft_ms=1000, output_tokens=100, stream=True), 2, 50.0),
        (Call(id="f", time=T0, duration_ms=2000, ttft_ms=1999, output_tokens=100), 2, 50.0),
        (Call(id="d", time=T0, duration_ms=100, ttft_ms=900), 1, None),
        (Call(id="e", time=T0, duration_ms=0, output_tokens=5), 1, None),
    ],
)
def test_times_are_told_as_far_as_they_are_known(call: Call, parts: int, rate: float | None) -> None:
    assert len(stages(call)) == parts
    assert tokens_per_second(call) == rate
    assert bool(time_facts(call)) is bool(parts)


def test_tokens_and_cost_are_never_invented() -> None:
    assert token_facts(Call(id="a", time=T0)) == [("Tokens", "not stated")]
    assert "not known" in cost_facts(Call(id="a", time=T0))[0][1]
    facts = dict(token_facts(Call(id="b", time=T0, input_tokens=1200, cache_read_input_tokens=1000, output_tokens=0)))
    assert facts == {"Input": "1,200", "  of them read from a cache": "1,000", "Output": "0"}
    assert dict(cost_facts(Call(id="c", time=T0, cost_usd=0.5, input_tokens=800, output_tokens=200))) == {
        "List price": "$0.5000",
        "For a thousand tokens": "$0.5000",
    }


def exchange(response: Response | None = None, **more: Any) -> Exchange:
    return Exchange(id="x", time=T0, request=Request(method="POST", url="https://h/v1"), response=response, **more)


def test_a_socket_is_told_message_by_message() -> None:
    frames = (
        Frame(direction="sent", text="{}", at_ms=40.0),
        Frame(direction="received", data=b"12345", at_ms=900.0),
        Frame(direction="received", text="late"),
    )
    found = stream_of(Call(id="x", time=T0), exchange(frames=frames, duration_ms=700.0))
    assert [(mark.at_ms, mark.sent, mark.size) for mark in found.marks] == [(40.0, True, 2), (900.0, False, 5)]
    assert found.lasted_ms == 900.0, "a clock that disagrees does not put a message outside"
    assert found.facts == [
        ("Messages", "1 sent, 2 received"),
        ("Without a time", "1 message"),
        ("40 ms", "sent, 2 B"),
        ("900 ms", "received, 5 B"),
    ]


def test_arrival_times_that_are_not_recorded_are_not_made_up() -> None:
    headers = (("content-type", "text/event-stream"),)
    answer = Response(status=200, headers=headers, body=b'data: {"a": 1}\n\ndata: {"a": 2}\n\n')
    call = Call(id="x", time=T0, stream=True)
    found = stream_of(call, exchange(answer, first_byte_ms=120.0, duration_ms=800.0))
    assert found.marks == ()
    assert found.facts == [("First byte", "120 ms"), ("Events of the stream", "2; when each came is not recorded")]
    noted = stream_of(call, exchange(answer, first_byte_ms=120.0, duration_ms=800.0, arrivals=(120, 15, 680, 16)))
    assert [(mark.at_ms, mark.sent, mark.size) for mark in noted.marks] == [(120.0, False, 15), (800.0, False, 16)]
    assert noted.facts[1:] == [
        ("Events of the stream", "2"),
        ("Came in", "2 pieces"),
        ("120 ms", "received, 15 B"),
        ("800 ms", "received, 16 B"),
    ]
    assert stream_of(call, exchange()).facts == []
    assert stream_of(call, None).facts == []


@pytest.mark.parametrize(
    ("provider", "model", "titles"),
    [
        ("openai", "gpt-4o", ["OpenAI, who serves the model"]),
        ("groq", "llama-3.3-70b", ["Groq (GroqCloud), who serves", "Meta"]),
        ("nobody-we-know", "m", ["nobody-we-know"]),
        (None, "m", []),
    ],
)
def test_the_terms_of_provider_and_maker_hold(provider: str | None, model: str, titles: list[str]) -> None:
    found = terms_for(Call(id="x", time=T0, provider=provider, request_model=model))
    assert [one.title.startswith(title) for one, title in zip(found, titles, strict=True)] == [True] * len(titles)
    assert all(bool(one.clauses) == bool(one.id) for one in found)
