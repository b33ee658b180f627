# SPDX-License-Identifier: Apache-2.0
import subprocess
import sys
from pathlib import Path

import pytest

from auditor.errors import EnvironmentFailure
from auditor.store.ledger import locking

HOLD = """
import sys, time
from pathlib import Path
from auditor.store.ledger import locking
with locking.exclusive(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_writer_is_told_and_a_dead_one_lets_go(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.db"
    holder = subprocess.Popen([sys.executable, "-c", HOLD, ledger], stdout=subprocess.PIPE)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(EnvironmentFailure, match="in use by another"), locking.exclusive(ledger, 0.05):
            pass
    finally:
        holder.kill()
        holder.communicate()
    with locking.exclusive(ledger, 0.05):
        pass


def test_the_lock_is_released_and_holds_within_a_process(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.db"
    with locking.exclusive(ledger), pytest.raises(EnvironmentFailure), locking.exclusive(ledger, 0.05):
        pass
    with locking.exclusive(ledger, 0.05):
        pass


def test_whether_it_is_held_is_asked_without_a_trace(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.db"
    assert not locking.is_held(ledger)
    assert not list(tmp_path.iterdir())
    with locking.exclusive(ledger):
        assert locking.is_held(ledger)
    assert not locking.is_held(ledger)


def test_an_unwritable_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFailure, match="cannot be written"), locking.exclusive(tmp_path / "no" / "ledger.db"):
        pass
