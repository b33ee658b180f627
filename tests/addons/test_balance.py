# SPDX-License-Identifier: Apache-2.0
"""Of processes on one socket, the one that holds fewer connections takes the next."""

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from addons import balance
from addons.balance import Loads, Shared


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as one:
        one.setblocking(False)
        yield one


def shared(listener: socket.socket, loads: Loads) -> Shared:
    one = Shared.of(listener.dup().detach(), loads)
    one.setblocking(False)
    return one


def taken(one: Shared) -> bool:
    """Whether a process takes what waits, asked once."""
    try:
        connection, _ = one.accept()
    except BlockingIOError:
        return False
    connection.close()
    return True


def test_all_see_what_each_holds(tmp_path: Path) -> None:
    first, second = (Loads(tmp_path, place, 2) for place in (0, 1))
    assert not first.is_fuller
    first.took()
    assert (first.is_fuller, second.is_fuller, second.total) == (True, False, 1)
    second.hold(3)
    assert (first.is_fuller, second.is_fuller) == (False, True)
    assert not Loads(tmp_path, 1, 2).is_fuller, "one that is started again holds nothing"


def test_connections_are_dealt_out_one_by_one(
    tmp_path: Path, listener: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(balance, "PATIENCE", 60.0)
    first, second = (shared(listener, Loads(tmp_path, place, 2)) for place in (0, 1))
    clients = [socket.create_connection(listener.getsockname()) for _ in range(6)]
    turns = [[taken(first), taken(first), taken(second)] for _ in range(3)]
    for one in (*clients, first, second):
        one.close()
    assert turns == [[True, False, True]] * 3


def test_one_that_nobody_comes_for_is_taken(tmp_path: Path, listener: socket.socket) -> None:
    busy, fuller = (Loads(tmp_path, place, 2) for place in (0, 1))
    fuller.hold(5)
    with shared(listener, fuller) as one, socket.create_connection(listener.getsockname()):
        assert not taken(one)
        until = time.monotonic() + 10
        while not taken(one):
            assert time.monotonic() < until
    assert (busy.total, busy.is_fuller) == (6, False)
