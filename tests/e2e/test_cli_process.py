# SPDX-License-Identifier: Apache-2.0
"""The command as a process of its own: pipes, signals, and what a killed one leaves behind."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from auditor.store import create_store
from auditor.store.keys.identity import Argon2

pytestmark = pytest.mark.e2e

AUDITOR = [sys.executable, "-m", "auditor"]
CHEAP = Argon2(iterations=1, memory_kib=1024, lanes=1)
MANY = 5_000


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Many exchanges, enough to interrupt their import."""
    path = tmp_path_factory.mktemp("recording") / "many.ndjson"
    with path.open("w") as file:
        for number in range(MANY):
            prompt = f"Please translate sentence number {number} into French: the harvest was late this year."
            request = {"model": "gpt-4o", "messages": [{"role": "user", "content": prompt}]}
            said = {"role": "assistant", "content": f"La récolte numéro {number} fut tardive."}
            answer = {"model": "gpt-4o", "choices": [{"index": 0, "message": said, "finish_reason": "stop"}]}
            line = {
                "time": f"2026-11-23T{number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}Z",
                "client": {"user": "alice"},
                "request": {
                    "method": "POST",
                    "url": "https://api.openai.com/v1/chat/completions",
                    "headers": [["content-type", "application/json"]],
                    "body": json.dumps(request),
                },
                "response": {
                    "status": 200,
                    "headers": [["content-type", "application/json"]],
                    "body": json.dumps(answer),
                },
            }
            file.write(json.dumps(line) + "\n")
    return path


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A store of its own, named in the environment."""
    made = create_store(tmp_path / "audit", b"passphrase", argon2=CHEAP)
    (tmp_path / "pw").write_text("passphrase\n")
    return {
        **os.environ,
        "AUDITOR_STORE": str(made.store),
        "AUDITOR_IDENTITY": str(made.identity),
        "AUDITOR_PASSPHRASE_FILE": str(tmp_path / "pw"),
    }


def run(environment: dict[str, str], *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [*AUDITOR, *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


def ledger_size(environment: dict[str, str]) -> int:
    return sum(path.stat().st_size for path in Path(environment["AUDITOR_STORE"], "ledgers").glob("*.db*"))


@contextmanager
def importing(environment: dict[str, str], recording: Path) -> Iterator[subprocess.Popen[str]]:
    """An import that has committed its first batches, in a process group of its own as a terminal has it."""
    process = subprocess.Popen(
        [*AUDITOR, "import", str(recording)], env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        deadline = time.monotonic() + 90
        while ledger_size(environment) < 300_000 and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        assert process.poll() is None, "the import ended before it could be interrupted"
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        assert process.stderr is not None
        process.stderr.close()


def there(environment: dict[str, str]) -> int:
    """How many exchanges a ledger that holds has; the records that introduce people come on top."""
    assert run(environment, "verify").returncode == 0
    done = run(environment, "status", "--json")
    assert done.returncode == 0, done.stderr
    return int(json.loads(done.stdout.splitlines()[0])["recorded"])


def group_is_gone(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False


def test_ctrl_c_leaves_whole_batches_and_the_next_run_adds_the_rest(
    environment: dict[str, str], recording: Path
) -> None:
    with importing(environment, recording) as process:
        os.killpg(process.pid, signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err == "auditor: Interrupted.\n"
    kept = there(environment)
    assert 0 < kept < MANY
    assert kept % 256 == 0
    again = run(environment, "import", recording)
    assert again.stderr == f"{recording}: {MANY - kept} exchanges added, {kept} were here already.\n"
    assert there(environment) == MANY


def test_a_killed_import_takes_its_workers_along_and_leaves_whole_batches(
    environment: dict[str, str], recording: Path
) -> None:
    with importing(environment, recording) as process:
        process.kill()
        process.wait(timeout=60)
        deadline = time.monotonic() + 60
        while not group_is_gone(process.pid) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert group_is_gone(process.pid)
    kept = there(environment)
    assert 0 < kept < MANY
    assert kept % 256 == 0


def test_a_reader_that_has_enough_ends_a_list_quietly(environment: dict[str, str], tmp_path: Path) -> None:
    line = (
        '{"time": "2026-11-23T12:00:%02dZ", "request": {"method": "GET", "url": "https://api.openai.com/v1/models"}}\n'
    )
    (tmp_path / "few").write_text("".join(line % second for second in range(60)))
    assert run(environment, "import", tmp_path / "few").returncode == 0
    process = subprocess.Popen(
        [*AUDITOR, "calls", "--json"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    err = process.stderr.read()
    process.stderr.close()
    assert (process.wait(timeout=60), err) == (0, "")


def test_ctrl_c_before_anything_was_done_is_one_word(environment: dict[str, str]) -> None:
    process = subprocess.Popen(
        [*AUDITOR, "scan", "--batch"],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write('"ready?"\n')
    process.stdin.flush()
    assert process.stdout.readline() == "[]\n"
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, "", "auditor: Interrupted.\n")
