# SPDX-License-Identifier: Apache-2.0
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from auditor.errors import CheckFailed
from auditor.store.format import checkpoint
from auditor.store.format.checkpoint import Checkpoint
from auditor.store.format.signing import public_of

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = public_of(KEY)
STATED = Checkpoint(origin="ai-usage-auditor/s/gateway-1", size=5, root=bytes(32), segment=0, at_ms=7, previous=-1)


def test_the_note_is_laid_out_as_c2sp_says() -> None:
    origin, size, root, *extensions, blank, signature, end = checkpoint.sign(STATED, KEY, PUBLIC).split("\n")
    assert (origin, size, root) == ("ai-usage-auditor/s/gateway-1", "5", "A" * 43 + "=")
    assert extensions == ["segment 0", "time 7", "previous -1"]
    assert signature.startswith(f"\u2014 {origin} ")
    assert (blank, end) == ("", "")


def test_a_signed_note_verifies_with_its_key_only() -> None:
    note = checkpoint.sign(STATED, KEY, PUBLIC)
    assert checkpoint.verify(note, public_of(KEY)) == STATED
    with pytest.raises(CheckFailed, match="another key"):
        checkpoint.verify(note, public_of(Ed25519PrivateKey.generate()))


@given(st.data())
def test_no_altered_character_verifies(data: st.DataObject) -> None:
    note = checkpoint.sign(STATED, KEY, PUBLIC)
    at = data.draw(st.integers(0, len(note) - 1))
    character = data.draw(st.characters(min_codepoint=1, max_codepoint=0x2FFF).filter(lambda c: c != note[at]))
    with pytest.raises(CheckFailed):
        checkpoint.verify(note[:at] + character + note[at + 1 :], public_of(KEY))


@given(st.text(max_size=200))
def test_other_texts_are_refused(note: str) -> None:
    with pytest.raises(CheckFailed):
        checkpoint.read(note)


@pytest.mark.parametrize("spelling", ["+5", "05", " 5", "5_0", "\u0665"])
def test_a_number_has_one_spelling(spelling: str) -> None:
    with pytest.raises(CheckFailed):
        checkpoint.read(checkpoint.sign(STATED, KEY, PUBLIC).replace("\n5\n", f"\n{spelling}\n", 1))
