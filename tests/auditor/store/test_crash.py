# SPDX-License-Identifier: Apache-2.0
"""What kill -9, a failure between two steps and a full disk leave behind: every acknowledged record, and no fault."""

import itertools
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from auditor.errors import EnvironmentFailure
from auditor.gateway import committer
from auditor.gateway.committer import Committer, Entry
from auditor.store import LedgerWriter, files
from auditor.store.format.records import Draft, Passage
from auditor.store.format.signing import KeyFile
from auditor.store.ledger import segment
from auditor.store.ledger.conversations import Conversations
from auditor.store.verification.verify import verify
from tests.auditor.store.material import Home, completion, intent, upload
from tests.auditor.store.talk import read_back, woven

ROUNDS = 12
ROOT = Path(__file__).parents[3]


class Gateways:
    """Gateways of a store, one after the other, each killed while it writes."""

    def __init__(self, home: Home) -> None:
        command = [sys.executable, "-m", "tests.auditor.store.write_until_killed", str(home.folder)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, text=True)

    def __enter__(self) -> "Gateways":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def acknowledged(self, lines: int) -> list[int]:
        """Kill a gateway once that many records are acknowledged; the numbers of all that were."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("go\n")
        self._process.stdin.flush()
        pid = int(self._process.stdout.readline().removeprefix("pid "))
        seen = [int(self._process.stdout.readline()) for _ in range(lines)]
        os.kill(pid, signal.SIGKILL)
        return seen + [int(line) for line in iter(self._process.stdout.readline, "dead\n")]


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
def test_kill_9_loses_nothing_that_was_acknowledged(home: Home) -> None:
    chance, durable = random.Random(9), []
    with Gateways(home) as gateways:
        for _ in range(ROUNDS):
            durable += gateways.acknowledged(chance.randrange(0, 30))
            report = verify(home.location)
            assert report.holds, report.faults
    assert verify(home.location, home.identity).holds
    present = [record.seq for record in home.records()]
    assert set(durable) <= set(present)
    assert len(durable) == len(set(durable)) > ROUNDS
    calls, wrong = read_back(home.reader(), home.gateway)
    assert calls > ROUNDS
    assert wrong == []
    assert any(isinstance(record.meta, Passage) for record in home.records())


class Crash(BaseException):
    """The process stops here."""


def crashing_at(target: object, name: str, before: bool) -> Callable[[pytest.MonkeyPatch], None]:
    """Let the process stop just before or just after a step."""
    real = getattr(target, name)

    def step(*arguments: object, **named: object) -> None:
        if not before:
            real(*arguments, **named)
        raise Crash

    return lambda patch: patch.setattr(target, name, step)


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize(
    ("target", "name"),
    [
        (KeyFile, "prepare"),
        (segment, "begin"),
        (LedgerWriter, "_insert_facts"),
        (LedgerWriter, "_insert_checkpoint"),
        (LedgerWriter, "_commit"),
        (KeyFile, "drop_others"),
        (files, "sync_folder"),
    ],
)
@pytest.mark.parametrize("runs", [0, 1])
def test_a_stop_at_any_step_of_a_roll_leaves_a_ledger_that_goes_on(
    home: Home, target: object, name: str, before: bool, runs: int
) -> None:
    for _ in range(runs):
        home.write(2)
    sealed_before = [record.seq for record in home.records()] if runs else []
    with pytest.MonkeyPatch.context() as patch:
        writer = home.writer()
        crashing_at(target, name, before)(patch)
        patch.setattr(LedgerWriter, "_finish", lambda *_: None)
        with pytest.raises(Crash):
            writer.append([completion(1)])
        writer._segment = None
        writer.close()
    assert home.write(1)
    report = verify(home.location, home.identity)
    assert report.holds, report.faults
    assert [record.seq for record in home.records()][: len(sealed_before)] == sealed_before


def test_the_old_signing_key_is_gone_after_a_roll(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who takes the gateway over now cannot sign anything in the place of an earlier segment."""
    monkeypatch.setattr(segment, "MAX_RECORDS", 2)
    key_path, seen = home.made.gateway / "signing.key", []
    real = Ed25519PrivateKey.generate
    monkeypatch.setattr(Ed25519PrivateKey, "generate", lambda: seen.append(real()) or seen[-1])
    with home.writer() as writer:
        for _ in range(4):
            writer.append([intent(1), intent(2)])
            held = key_path.read_bytes()
            assert [key.private_bytes_raw() in held for key in seen] == [False] * (len(seen) - 1) + [True]


def limit_pages(writer: LedgerWriter, pages: int) -> None:
    connection = writer._connection.connection.driver_connection
    assert connection is not None
    connection.execute(f"PRAGMA max_page_count={pages}")


@pytest.mark.parametrize(
    "group",
    [[completion(number, size=200_000) for number in range(300)], [intent(1), upload(2, 8 << 20)]],
    ids=["many", "large"],
)
def test_a_full_disk_keeps_nothing_of_a_group_and_recording_resumes(home: Home, group: list[Draft]) -> None:
    with home.writer() as writer:
        writer.append([completion(1)])
        limit_pages(writer, 1)
        for _ in range(3):
            with pytest.raises(EnvironmentFailure, match="full"):
                writer.append(group)
            assert len(home.records()) == 1
            assert verify(home.location, home.identity).holds
        limit_pages(writer, 1 << 30)
        assert len(writer.append([completion(2), completion(3)])) == 2
    assert len(home.records()) == 3
    report = verify(home.location, home.identity)
    assert report.holds, report.faults


def test_a_full_disk_for_keys_keeps_the_segment_going(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The key file cannot be written: a roll fails whole, and a stale key is dropped once there is room."""
    monkeypatch.setattr(segment, "MAX_RECORDS", 2)
    real = files.write

    def full(path: Path, content: bytes, mode: int = 0) -> None:
        raise EnvironmentFailure("The disk is full.")

    with home.writer() as writer:
        writer.append([intent(1), intent(2)])
        monkeypatch.setattr(files, "write", full)
        with pytest.raises(EnvironmentFailure):
            writer.append([intent(3)])
        assert len(home.records()) == 2
        monkeypatch.setattr(files, "write", real)
        monkeypatch.setattr(KeyFile, "drop_others", lambda *_: full(Path(), b""))
        writer.append([intent(3)])
        monkeypatch.undo()
    assert len(home.records()) == 3
    assert verify(home.location, home.identity).holds


@pytest.mark.parametrize("trouble", ["max_page_count = 1", "query_only = ON"], ids=["full", "read-only"])
def test_conversations_outlive_a_disk_that_takes_nothing(
    home: Home, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    """Calls made ready behind passages that were refused; the ledger is opened anew, which knows no passage."""
    monkeypatch.setattr(committer, "RETRY", 0.05)
    opened: list[LedgerWriter] = []
    failed, memory = threading.Event(), Conversations()

    def open_ledger() -> LedgerWriter:
        opened.append(home.writer())
        return opened[-1]

    writer = Committer(open_ledger, lambda outcome: failed.set() if outcome.refused else None)
    writer.start()
    for number, draft in enumerate(itertools.islice(woven(), 24)):
        if number == 8:
            eventually(lambda: not len(writer))
            connection = opened[0]._connection.connection.driver_connection
            assert connection is not None
            connection.execute(f"PRAGMA {trouble}")
        for one in memory.prepare(draft):
            writer.add(Entry(record=one))
        if number == 16:
            assert failed.wait(20)
    assert writer.close(20) == 0
    assert len(opened) > 1
    assert read_back(home.reader(), home.gateway) == (24, [])
    report = verify(home.location, home.identity)
    assert report.holds, report.faults


def eventually(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.01)


SMALL_FILES = """
import resource, sys
from pathlib import Path
from auditor.errors import EnvironmentFailure
from auditor.store import Enrolment, LedgerWriter, Location
from auditor.store.ledger.conversations import Conversations
from tests.auditor.store.talk import woven
folder, memory, talk = Path(sys.argv[1]), Conversations(), woven()
def calls(count):
    return [one for _ in range(count) for one in memory.prepare(next(talk))]
writer = LedgerWriter.for_gateway(Enrolment.load(folder / "gateway"), Location.parse(folder / "store"))
stored = len(writer.append(calls(1)))
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))
refused = 0
for _ in range(60):
    try:
        stored += len(writer.append(calls(3)))
    except EnvironmentFailure:
        refused += 1
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
stored += len(writer.append(calls(6)))
writer.close()
print(stored, refused)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of processes are POSIX")
def test_a_disk_that_takes_no_more_bytes_loses_nothing_acknowledged(home: Home) -> None:
    run = subprocess.run(
        [sys.executable, "-c", SMALL_FILES, home.folder],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    stored, refused = map(int, run.stdout.split())
    assert refused > 0
    assert len(home.records()) == stored
    assert read_back(home.reader(), home.gateway)[1] == []
    assert verify(home.location, home.identity).holds
