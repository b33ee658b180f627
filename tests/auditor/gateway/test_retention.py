# SPDX-License-Identifier: Apache-2.0
"""What a proxy remembers is enough to tell again, and bounded."""

from datetime import UTC, datetime

from auditor.calls import Frame, Origin
from auditor.gateway.messages import Answer, Ended, Opened, Passed
from auditor.gateway.retention import Retention, payload_size

ANSWER = Answer(status=200, headers=())


def opened(name: str = "e") -> Opened:
    return Opened(id=name, time=datetime.now(UTC), method="POST", url="https://x", headers=(), origin=Origin())


def test_everything_is_told_again_in_order() -> None:
    kept = Retention(per_exchange=100, total=1000)
    kept.add(opened())
    passed = [Passed(id="e", request=b"12345"), Passed(id="e", response=b"678", answer=ANSWER)]
    for message in passed:
        kept.passed(message)
    end = Ended(id="e", duration_ms=1.0)
    kept.ended(end)
    (told,) = kept
    first, *rest = told.again()
    assert isinstance(first, Opened)
    assert not first.resumed
    assert rest == [*passed, end]


def test_a_committed_intent_is_not_told_as_new() -> None:
    kept = Retention(100, 1000)
    kept.add(opened())
    kept.committed("e")
    (told,) = kept
    assert next(told.again()).resumed  # type: ignore[union-attr]


def test_beyond_the_bound_of_one_exchange_only_the_count_stays() -> None:
    kept = Retention(per_exchange=10, total=1000)
    kept.add(opened())
    kept.passed(Passed(id="e", request=b"12345", answer=ANSWER))
    kept.passed(Passed(id="e", response=b"1234567"))
    kept.passed(Passed(id="e", response=b"8", skipped=2))
    (told,) = kept
    assert list(told.again())[1:] == [Passed(id="e", answer=ANSWER, skipped=15)]


def test_the_bound_of_all_is_freed_by_what_is_durable() -> None:
    kept = Retention(per_exchange=10, total=10)
    for name in ("a", "b"):
        kept.add(opened(name))
    kept.passed(Passed(id="a", request=b"12345678"))
    kept.forget("a")
    assert "a" not in kept
    kept.passed(Passed(id="b", request=b"12345678"))
    (told,) = kept
    assert list(told.again())[1:] == [Passed(id="b", request=b"12345678")]
    kept.forget("b")
    kept.forget("b")
    assert len(kept) == 0


def test_frames_weigh_as_content() -> None:
    frames = (Frame(direction="sent", text="abc"), Frame(direction="received", data=b"12"))
    assert payload_size(Passed(id="e", request=b"1", response=b"22", frames=frames)) == 8
