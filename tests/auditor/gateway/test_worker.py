# SPDX-License-Identifier: Apache-2.0
"""The recorder's worker: what is read waits for what is loaded, and an end for neither without need."""

import threading
from collections.abc import Iterator

import pytest

from auditor.gateway.worker import Worker


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Holds up loading until it is set."""
    one = threading.Event()
    yield one
    one.set()


def test_what_is_read_waits_until_all_is_loaded(gate: threading.Event) -> None:
    worker, done = Worker(), list[str]()

    def load() -> None:
        gate.wait(20)
        done.append("loaded")

    worker.load(load)
    for number in range(3):
        worker.read(done.append, f"read {number}")
    assert not done
    gate.set()
    worker.close()
    assert done == ["loaded", "read 0", "read 1", "read 2"]
    assert not worker.is_loading


def test_where_nothing_is_to_be_read_an_end_does_not_wait_for_loading(gate: threading.Event) -> None:
    worker, done = Worker(), list[str]()
    worker.load(lambda: gate.wait(20))
    worker.do(done.append, "needs nothing")
    worker.close()
    assert worker.is_loading
    assert done == ["needs nothing"]


def test_without_anything_to_load() -> None:
    worker, done = Worker(), list[str]()
    worker.read(done.append, "read")
    worker.close()
    assert done == ["read"]
    with pytest.raises(RuntimeError):
        worker.do(done.append, "too late")
