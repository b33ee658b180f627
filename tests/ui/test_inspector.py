# SPDX-License-Identifier: Apache-2.0
"""The inspector's tabs: findings on the call, times and tokens, one value revealed."""

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from auditor.archive import Archive
from auditor.calls import Call
from auditor.store.records import Access
from tests.ui.case_material import report, usual_findings
from tests.ui.conftest import settle
from tests.ui.material import EMAIL, REASON, Desk, ordinary
from tests.ui.test_workflow import Unlocked, texts
from ui.models.timing import cost_facts, stages, time_facts, token_facts, tokens_per_second

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
    assert "First token" not in texts(inspector.timing)
    assert "120" in texts(inspector.timing)

    assert not inspector.data.reveal.isVisible()
    inspector.gate.reason.setText(REASON)
    inspector.gate.read.click()
    qtbot.waitUntil(lambda: inspector.opened is not None, timeout=20_000)
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

    inspector.findings.finding_wanted.emit("f-secret")
    settle(qtbot, window)
    assert frame.pages.currentWidget() is frame.findings


@pytest.mark.parametrize(
    ("call", "parts", "rate"),
    [
        (Call(id="a", time=T0), 0, None),
        (Call(id="b", time=T0, duration_ms=2000, output_tokens=100), 1, 50.0),
        (Call(id="c", time=T0, duration_ms=3000, ttft_ms=1000, output_tokens=100, stream=True), 2, 50.0),
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
