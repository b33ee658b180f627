# SPDX-License-Identifier: Apache-2.0
"""What waits to be forwarded: sealed, bounded, in order, and still there after the process was killed."""

import subprocess
import sys
from pathlib import Path

import pytest

from auditor.errors import EnvironmentFailure
from auditor.gateway.outbox import Outbox, name_of

KEY = bytes(range(32))


def test_events_come_back_in_order_for_each_target(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "queue.db", KEY)
    for number in range(3):
        outbox.put("one", b"%d" % number)
    outbox.put("two", b"other")
    for number in range(3):
        waiting = outbox.oldest("one")
        assert waiting is not None
        assert waiting.event == b"%d" % number
        outbox.settle("one", waiting.n, delivered=True)
        outbox.settle("one", waiting.n, delivered=True)
    assert outbox.oldest("one") is None
    assert outbox.standing("one") == ("one", 0, 3, 0)
    assert outbox.standing("two") == ("two", 1, 0, 0)


def test_the_oldest_go_where_it_is_full_and_are_counted_for_good(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "queue.db", KEY, most=3)
    for number in range(5):
        outbox.put("one", b"%d" % number)
    outbox.close()
    again = Outbox(tmp_path / "queue.db", KEY, most=3)
    assert again.standing("one") == ("one", 3, 0, 2)
    oldest = again.oldest("one")
    assert oldest is not None
    assert oldest.event == b"2"


def test_a_killed_process_leaves_what_waits(tmp_path: Path) -> None:
    path = tmp_path / "queue.db"
    code = (
        "import os, sys; from pathlib import Path; from auditor.gateway.outbox import Outbox\n"
        "outbox = Outbox(Path(sys.argv[1]), bytes(range(32))); outbox.put('one', b'canary-event')\n"
        "os.kill(os.getpid(), 9)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(path)], timeout=60, check=False).returncode == -9
    assert all(b"canary" not in one.read_bytes() for one in tmp_path.iterdir())
    assert path.stat().st_mode & 0o777 == 0o600
    waiting = Outbox(path, KEY).oldest("one")
    assert waiting is not None
    assert waiting.event == b"canary-event"


def test_a_damaged_queue_is_begun_anew_and_said(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "queue.db"
    Outbox(path, KEY).put("one", b"event")
    outbox = Outbox(path, bytes(32))
    assert "cannot be read" in caplog.text
    assert outbox.oldest("one") is None
    outbox.put("one", b"event")
    assert outbox.standing("one").waiting == 1


def test_a_place_where_no_file_can_be_is_said(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFailure, match="no queue can be kept"):
        Outbox(tmp_path / "missing" / "queue.db", KEY)


def test_a_disk_that_fails_is_an_error_of_the_system(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "queue.db", KEY)
    outbox.close()
    with pytest.raises(OSError, match="queue on disk failed"):
        outbox.put("one", b"event")
    with pytest.raises(OSError, match="queue on disk failed"):
        outbox.oldest("one")


def test_another_address_has_another_queue() -> None:
    assert name_of("webhook", "https://a.example/x") != name_of("webhook", "https://b.example/x")
    assert name_of("webhook", "https://a.example/x").startswith("webhook-")
    assert "example" not in name_of("webhook", "https://a.example/x")
