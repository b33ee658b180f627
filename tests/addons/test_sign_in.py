# SPDX-License-Identifier: Apache-2.0
"""Accounts are asked off the loop, once a pair, and never hold others up."""

import asyncio
import threading
import time
from collections.abc import Callable

from addons import sign_in
from addons.sign_in import Accounts


class Directory:
    def __init__(self, wait: Callable[[], object] = lambda: None) -> None:
        self.asked: list[str] = []
        self._wait = wait

    def __call__(self, username: str, password: str) -> bool:
        self.asked.append(username)
        self._wait()
        if username == "broken":
            raise OSError("the directory is away")
        return password == f"{username}'s"


def test_a_pair_is_asked_once() -> None:
    directory = Directory()
    accounts = Accounts(directory)

    async def work() -> None:
        for _ in range(3):
            await accounts.learn("alice", "alice's")
            await accounts.learn("bob", "wrong")
            await accounts.learn("broken", "x")

    asyncio.run(work())
    accounts.close()
    assert accounts("alice", "alice's")
    assert not accounts("alice", "")
    assert not accounts("bob", "wrong")
    assert not accounts("broken", "x")
    assert directory.asked.count("alice") == 1


def test_pairs_are_told_apart() -> None:
    accounts = Accounts(lambda username, _: username == "ab")
    asyncio.run(accounts.learn("ab", "c"))
    accounts.close()
    assert accounts("ab", "c")
    assert not accounts("a", "bc")


def test_a_slow_directory_does_not_stop_the_loop() -> None:
    turned = threading.Event()
    accounts = Accounts(Directory(lambda: turned.wait(20)))

    async def work() -> None:
        asking = asyncio.create_task(accounts.learn("alice", "alice's"))
        for _ in range(20):
            await asyncio.sleep(0.005)
        assert not asking.done()
        turned.set()
        await asking

    asyncio.run(work())
    accounts.close()
    assert accounts("alice", "alice's")


def test_guessing_fills_no_memory() -> None:
    accounts = Accounts(Directory(lambda: time.sleep(0.001)))

    async def work() -> None:
        guesses = (accounts.learn("alice", f"guess {number}") for number in range(sign_in.WAITING * 2))
        await asyncio.gather(*guesses)

    asyncio.run(work())
    accounts.close()
    assert not accounts._accepted
