# SPDX-License-Identifier: Apache-2.0
import errno
import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
import typer

from auditor.cli.failures import guarded
from auditor.errors import CheckFailed, EnvironmentFailure, InputError, UnlockError

CANARY = "canary-7f3k"


@pytest.fixture(autouse=True)
def _level() -> Iterator[None]:
    logger = logging.getLogger("auditor")
    before = logger.level
    yield
    logger.setLevel(before)


def raising(error: BaseException) -> Callable[[], int]:
    def work() -> int:
        raise error

    return work


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (CheckFailed("It does not hold."), 1, "It does not hold."),
        (InputError("Bad file.", "Give another."), 2, "Bad file. Give another."),
        (UnlockError("Wrong passphrase."), 3, "Wrong passphrase."),
        (EnvironmentFailure("No space."), 4, "No space."),
        (OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "f"), 4, "The system refused: No space left on device: f."),
        (MemoryError(), 4, "The machine has too little memory for this."),
        (KeyboardInterrupt(), 130, "Interrupted."),
    ],
)
def test_a_failure_is_one_sentence_and_a_code(
    error: BaseException, code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert guarded(raising(error)) == code
    out, err = capsys.readouterr()
    assert (out, err) == ("", f"auditor: {said}\n")


def test_success_and_exit_pass_their_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(lambda: 0) == 0
    assert guarded(raising(typer.Exit(3))) == 3
    assert capsys.readouterr() == ("", "")


def test_a_defect_says_where_but_never_what_passed_through(capsys: pytest.CaptureFixture[str]) -> None:
    def work() -> int:
        return int(json.loads(f'{{"a": "{CANARY}"}}')["a"])

    assert guarded(work) == 70
    err = capsys.readouterr().err
    assert err.startswith("auditor: This is a defect of the program (ValueError at ")
    assert err.count("\n") == 1
    assert CANARY not in err


def test_a_defect_names_the_last_place_of_ours(capsys: pytest.CaptureFixture[str]) -> None:
    from auditor.calls import Call
    from auditor.exports.call_json import call_json

    call = Call(id="x", time=datetime(2026, 11, 23, tzinfo=UTC), labels=(object(),))  # type: ignore[arg-type]
    assert guarded(lambda: len(call_json(call))) == 70
    assert "(TypeError at auditor/exports/call_json.py:" in capsys.readouterr().err


def test_frames_are_shown_only_at_vv_and_without_the_message(capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("auditor").setLevel(logging.DEBUG)
    cause = KeyError(CANARY)
    error = InputError("Bad file.")
    error.__cause__ = cause
    assert guarded(raising(error)) == 2
    err = capsys.readouterr().err
    assert "builtins.KeyError" in err
    assert "auditor.errors.InputError" in err
    assert 'File "' in err
    assert CANARY not in err


def test_a_reader_that_leaves_is_no_failure() -> None:
    program = "from auditor.cli.failures import guarded; import sys; sys.exit(guarded(lambda: print('x' * 9) or 0))"
    reading, writing = os.pipe()
    os.close(reading)
    run = subprocess.run([sys.executable, "-c", program], stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (run.returncode, run.stderr) == (0, b"")
