# SPDX-License-Identifier: Apache-2.0
"""A note says to its identity what was noted, and nothing to anybody else."""

import stat
import sys

import pytest

from auditor.errors import CheckFailed
from auditor.store.keys.notes import SealedNote
from tests.auditor.store.material import Home


def note_of(home: Home) -> SealedNote:
    return SealedNote(home.made.identity, home.identity, home.made.store_id)


def test_what_was_noted_last_is_read_again(home: Home) -> None:
    assert note_of(home).load() is None
    note_of(home).save(b"actor:a-7f3k")
    note_of(home).save(b"actor:a-9q2m")
    assert note_of(home).load() == b"actor:a-9q2m"
    assert b"a-9q2m" not in note_of(home).path.read_bytes()
    if sys.platform != "win32":
        assert stat.S_IMODE(note_of(home).path.stat().st_mode) == 0o600


@pytest.mark.parametrize("damage", [b"", b"short", None])
def test_a_file_that_was_altered_is_refused(home: Home, damage: bytes | None) -> None:
    note = note_of(home)
    note.save(b"mine")
    raw = note.path.read_bytes()
    note.path.write_bytes(raw[:-1] + bytes([raw[-1] ^ 1]) if damage is None else damage)
    with pytest.raises(CheckFailed, match="altered"):
        note.load()
    other = SealedNote(home.made.identity, home.identity, "another store")
    assert other.path != note.path
