# SPDX-License-Identifier: Apache-2.0
"""An exchange is put together from its messages, and a failing disk costs its bytes, not its record."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from auditor.calls import Connection, Frame, Origin
from auditor.gateway.assembly import Assembly
from auditor.gateway.messages import Answer, Ended, Opened, Passed
from auditor.gateway.spill import Spill

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def assembly(folder: Path, bound: int = 100) -> Assembly:
    origin = Origin(address="10.0.0.7", user="alice")
    opened = Opened(id="e", time=NOW, method="POST", url="https://x/y", headers=(("a", "b"),), origin=origin)
    return Assembly(opened, lambda: Spill(folder, bound))


def test_the_head_is_what_an_intent_needs(tmp_path: Path) -> None:
    head = assembly(tmp_path).head()
    assert (head.id, head.request.method, head.request.url, head.request.body) == ("e", "POST", "https://x/y", b"")
    assert head.origin.user == "alice"


def test_pieces_make_the_whole(tmp_path: Path) -> None:
    one = assembly(tmp_path)
    for body in (b"first ", b"second"):
        one.passed(Passed(id="e", request=body))
    one.passed(Passed(id="e", answer=Answer(status=404, headers=()), response=b"no", skipped=7))
    whole = one.finish(Ended(id="e", duration_ms=3.0, connection=Connection(alpn="h2"), interrupted="provider"))
    assert whole.request.body == b"first second"
    assert whole.response is not None
    assert (whole.response.status, whole.response.body) == (404, b"no")
    assert (whole.truncated, whole.interrupted, whole.connection.alpn) == (7, "provider", "h2")


def test_its_weight_is_known_before_it_is_put_together(tmp_path: Path) -> None:
    one = assembly(tmp_path)
    one.passed(Passed(id="e", request=b"x" * 600_000, frames=(Frame(direction="sent", text="four"),)))
    one.passed(Passed(id="e", answer=Answer(status=200, headers=()), response=b"y" * 50))
    expected = one.weight
    assert one.finish(Ended(id="e", duration_ms=1.0)).weight == expected
    assert expected > 600_054


def test_one_without_an_answer_has_no_response(tmp_path: Path) -> None:
    assert assembly(tmp_path).finish(Ended(id="e", duration_ms=0.0, blocked="full")).response is None


def test_an_abandoned_one_is_the_gateways_doing(tmp_path: Path) -> None:
    whole = assembly(tmp_path).abandoned(NOW + timedelta(seconds=2))
    assert (whole.interrupted, whole.duration_ms) == ("gateway", 2000.0)


def test_a_disk_that_gives_nothing_back_costs_the_bytes_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = assembly(tmp_path)
    one.passed(Passed(id="e", request=b"x" * 1_000_000))

    def fails(self: Spill) -> bytes:
        raise OSError("read error")

    monkeypatch.setattr(Spill, "_read_back", fails)
    whole = one.finish(Ended(id="e", duration_ms=1.0))
    assert whole.request.body == b""
    assert whole.truncated > 500_000
